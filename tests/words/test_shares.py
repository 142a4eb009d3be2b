"""Shares and probabilities in percent: what is not all or none is never written so."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from explainer.words.book import Said, percent
from explainer.words.numbers import share


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (0.987, ".1%", "98.7 %"),
        (0.5, ".0%", "50 %"),
        (0.0, ".1%", "0.0 %"),
        (1.0, ".1%", "100.0 %"),
        (0.99996, ".1%", "more than 99.9 %"),
        (0.99996, "#.1%", "> 99.9 %"),
        (1 / 10_000, ".0%", "less than 1 %"),
        (1 / 10_000, "#.2%", "0.01 %"),
        (9_999 / 10_000, ".2%", "99.99 %"),
        (1.0, ".1p", "more than 99.9 %"),
        (0.0, ".2p", "less than 0.01 %"),
        (0.0, "#.0p", "< 1 %"),
        (1.5, ".0%", "150 %"),
        (-0.25, ".0%", "-25 %"),
    ],
)
def test_a_share_is_all_or_none_only_where_it_is_and_a_probability_never(value: float, form: str, text: str) -> None:
    assert percent(value, form).replace("\u00a0", " ") == text


@given(st.floats(0, 1), st.integers(0, 3), st.sampled_from("%p"))
@example(1 - 2**-53, 1, "%")
@example(5e-324, 0, "%")
def test_what_is_written_is_true(value: float, digits: int, kind: str) -> None:
    bound, text = share(value, f".{digits}{kind}", "en")
    written, step = float(text), 10.0**-digits
    assert re.fullmatch(r"\d+" + (rf"\.\d{{{digits}}}" if digits else ""), text)
    if bound == "below":
        assert 100 * value < step == pytest.approx(written)
    elif bound == "above":
        assert 100 * value > written == pytest.approx(100 - step)
    else:
        assert abs(100 * value - written) <= 0.500001 * step
        assert (written in (0, 100)) <= (kind == "%" and value in (0, 1))


def test_the_book_writes_shares_so() -> None:
    said = Said("train.watch.right", share=0.98765, digits=10_000)
    assert str(said).replace("\u00a0", " ") == "Test accuracy 98.77 % on 10,000 digits"
    assert "less than 0.01" in str(Said("train.watch.right", share=1e-9, digits=10_000))
