"""Numbers, lists and plurals as a language writes them, by the Unicode CLDR."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from babel import Locale

NO_BREAK = "\u00a0"
MINUS = "−"  # before a format: negative numbers have a true minus sign
_LEAST_WRITTEN_OUT, _MOST_WRITTEN_OUT = 1e-7, 1e7
LISTS: dict[str, Literal["unit", "standard", "or"]] = {"": "unit", "and": "standard", "or": "or"}  # by their formats


def written(value: float, form: str, language: str) -> str:
    """``value`` in Python's format ``form``, such as ",", ".2f" or ".3g", with the language's separators.

    A form that begins with ``MINUS`` gives negative numbers a true minus sign. What a form that ends in
    "g" gives with a power of ten, as 1e-05, is written out up to seven places. Raises ValueError for a form that is
    none.
    """
    text = format(value, form.removeprefix(MINUS))
    if form.endswith("g") and "e" in text and _LEAST_WRITTEN_OUT <= abs(value) < _MOST_WRITTEN_OUT:
        text = format(Decimal(text), "f")
    if form.startswith(MINUS):
        text = text.replace("-", MINUS)
    signs = _signs(language)
    return text.translate(signs) if signs else text


def decimal(value: float, form: str) -> str:
    """``value`` in Python's format ``form``, as English text with a true minus sign."""
    return format(value, form).replace("-", MINUS)


def is_share(form: str) -> bool:
    """Whether a format writes a share of 1, ".1%", or a probability, ".1p", in percent."""
    return form.endswith(("%", "p"))


def share(value: float, form: str, language: str) -> tuple[Literal["below", "share", "above"], str]:
    """A share of 1 in percent, without its sign, and whether it is above or below what is written.

    One that is not 0 or 1 is not written so: 0.99996 is above 99.9 in the form ".1%". No probability is 0 or 1, though
    a computed one may round to that: the form ".1p" writes none so.
    """
    digits = form.lstrip("#")[:-1] + "f"
    text, is_certain = format(100 * value, digits), form.endswith("%")
    step = float(format(10.0 ** -int(digits[1:-1]), digits))
    if abs(float(text)) == 0 and not (is_certain and value == 0):
        return "below", written(step, digits, language)
    if float(text) == 100 and value <= 1 and not (is_certain and value == 1):
        return "above", written(100 - step, digits, language)
    return "share", written(100 * value, digits, language)


def readable(value: float) -> str:
    """``value`` to two digits for a sentence, as English text, with a power of ten where it is far from 1."""
    digits, _, exponent = f"{value:.2g}".partition("e")
    if not exponent:
        return digits
    power = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{digits}{NO_BREAK}·{NO_BREAK}10{power}"


def joined(parts: Sequence[str], form: str, language: str) -> str:
    """The parts as a list: "a, b, c"; with the form "and" or "or" the last is joined by that word.

    Raises ValueError for another form.
    """
    if form not in LISTS:
        raise ValueError(f"A list has the format {' or '.join(map(repr, LISTS))}, not {form!r}.")
    from babel.lists import format_list  # noqa: PLC0415  most sentences have no list

    return format_list(parts, style=LISTS[form], locale=_locale(language))


def plural(value: float, language: str) -> str:
    """The plural category of a count: "one", "few", "many", "other", ..."""
    return _rule(language)(value)


@functools.cache
def _locale(language: str) -> Locale:
    from babel import Locale  # noqa: PLC0415  not for what holds no number

    return Locale.parse(language, sep="-")


@functools.cache
def _rule(language: str) -> Callable[[float], str]:
    return _locale(language).plural_form


@functools.cache
def _signs(language: str) -> dict[int, str]:
    """What the signs of Python's numbers become; empty where they are the language's own."""
    from babel.numbers import get_decimal_symbol, get_group_symbol  # noqa: PLC0415

    locale = _locale(language)
    signs = {",": get_group_symbol(locale), ".": get_decimal_symbol(locale)}
    return str.maketrans({sign: own for sign, own in signs.items() if sign != own})
