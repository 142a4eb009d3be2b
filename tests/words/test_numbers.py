from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from explainer.words.numbers import joined, plural, written

FORMS = ["", ",", "g", ".0f", ".1f", ".2f", ",.0f", ".1g", ".3g", ".4g", ",.4g", ".1e"]


@given(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from(FORMS))
@example(10.0, ".1g")
@example(1e7, ".3g")
@example(1e-5, "g")
def test_english_writes_numbers_as_python_does(value: float, form: str) -> None:
    """But for a power of ten of a form in "g" that is small enough to be written out: the same number without it."""
    made, plain = written(value, form, "en"), format(value, form)
    if form.endswith("g") and "e" in plain and 1e-7 <= abs(value) < 1e7:
        assert "e" not in made and float(made) == float(plain)
    else:
        assert made == plain


@pytest.mark.parametrize(
    ("value", "form", "language", "text"),
    [
        (1234.5, ",.1f", "de", "1.234,5"),
        (1234.5, ",.1f", "fr", "1\u202f234,5"),
        (-0.25, ".2f", "de", "-0,25"),
        (-0.25, "−.2f", "de", "−0,25"),
        (-0.25, "−.2f", "en", "−0.25"),
        (3.5e10, ".3g", "fr", "3,5e+10"),
        (1e-5, ".3g", "de", "0,00001"),
        (1500.0, ".1g", "en", "2000"),
        (-2.5e-6, "−.3g", "en", "−0.0000025"),
    ],
)
def test_other_languages_have_their_own_separators(value: float, form: str, language: str, text: str) -> None:
    assert written(value, form, language) == text


def test_lists_are_joined_as_the_language_does() -> None:
    assert joined(["a", "b", "c"], "", "en") == "a, b, c"
    assert joined(["a", "b", "c"], "or", "de") == "a, b oder c"
    with pytest.raises(ValueError, match="not ',f'"):
        joined(["a"], ",f", "en")


@pytest.mark.parametrize(
    ("count", "language", "category"),
    [(1, "en", "one"), (0, "en", "other"), (0, "fr", "one"), (2, "pl", "few"), (5, "pl", "many"), (7, "ja", "other")],
)
def test_counts_have_the_plural_of_the_language(count: int, language: str, category: str) -> None:
    assert plural(count, language) == category
