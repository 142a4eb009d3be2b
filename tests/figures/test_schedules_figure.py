"""The drawing of learning-rate schedules."""

from __future__ import annotations

import pytest

from explainer.figures.schedules import schedule_curves

SHARES = {"constant": [1.0] * 5, "falling": [1.0, 0.8, 0.6, 0.4, 0.2]}


@pytest.mark.parametrize("dark", [False, True])
def test_the_rates_are_the_shares_of_the_highest(dark: bool) -> None:
    figure = schedule_curves(SHARES, "falling", 0.05, dark)
    assert list(figure.data[1].x) == [0, 1, 2, 3, 4]
    assert list(figure.data[1].y) == pytest.approx([0.05, 0.04, 0.03, 0.02, 0.01])
    assert figure.data[1].line.width > figure.data[0].line.width
    assert "<b>" in figure.data[1].name and "<b>" not in figure.data[0].name


def test_long_schedules_keep_their_ends() -> None:
    figure = schedule_curves({"line": [1 - step / 1000 for step in range(1000)]}, "line", 1.0, False)
    assert (figure.data[0].x[0], figure.data[0].x[-1]) == (0, 999)
    assert len(figure.data[0].x) <= 201


def test_an_unknown_schedule_is_refused() -> None:
    with pytest.raises(ValueError, match="other"):
        schedule_curves(SHARES, "other", 0.1, False)
