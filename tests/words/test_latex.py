"""Numbers in formulas."""

from __future__ import annotations

import pytest

from explainer.words.latex import bracketed, grouped, latex


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((0.5, "0.5"), (-0.0, "0"), (1234.5678, "1235"), (-1.5, "-1.5")),
        *((2.785e-7, r"2.785 \cdot 10^{-7}"), (-3e20, r"-3 \cdot 10^{20}"), (12345.0, r"1.234 \cdot 10^{4}")),
    ],
)
def test_numbers_to_four_digits(value: float, text: str) -> None:
    assert latex(value) == text


def test_more_digits_brackets_and_groups() -> None:
    assert latex(12345.0, digits=5) == "12345"
    assert [bracketed(value) for value in (0.5, -2, -0.0)] == ["0.5", "(-2)", "0"]
    assert [grouped(count) for count in (999, 1_234_567)] == ["999", r"1\,234\,567"]
