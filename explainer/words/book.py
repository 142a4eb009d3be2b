"""Sentences by their keys: what is said is a key and its values, and becomes text only where it is shown.

The templates stand in assets/text/<language>/<page>.toml, the prose of a page in <page>.md. A template is a text with
placeholders, ``{count:,}``, or a table of plural forms, of which its ``by`` (a placeholder, "count" where none is
given) decides::

    unread = "{unread:,} of {total:,} pixels are never read."

    [rows]
    one = "{count} row"
    other = "{count} rows"

A share of 1 has a format in "%", ``{share:.1%}``, and a probability one in "p": "98.7 %", but "more than 99.9 %" for
what is not all. With "#" before it, ``{share:#.1%}``, that is "> 99.9 %".
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any, NamedTuple, TypeAlias, Union

from explainer.data.assets import assets_path
from explainer.words.numbers import is_share, joined, plural, share, written

ENGLISH = "en"
CATEGORIES = frozenset({"zero", "one", "two", "few", "many", "other"})
_COUNT, _BY = "count", "by"
_SHARES = {"share": "numbers.share", "below": "numbers.below", "above": "numbers.above"}
_SIGNS = {"share": "numbers.share", "below": "numbers.signs.below", "above": "numbers.signs.above"}

Value: TypeAlias = Union[str, int, float, "Said", tuple["Value", ...]]


class BookError(LookupError):
    """The book has no such page or key, or a template was given other values than it has placeholders."""


@dataclass(frozen=True, init=False, slots=True)
class Said:
    """A sentence: its ``key``, page.name, and the values of its placeholders, sorted by name.

    A value is a text that is the same in all languages, a number, another sentence, or a tuple of these, which is
    written as a list. ``str`` is English.
    """

    key: str
    values: tuple[tuple[str, Value], ...]

    def __init__(self, key: str, /, **values: Value) -> None:
        """Raises BookError for a key that the book does not have, and for values that are missing or too many."""
        expected = template(ENGLISH, key).names
        if values.keys() != expected:
            raise BookError(f"{key} needs the values {_listed(expected)}, and was given {_listed(values.keys())}.")
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "values", tuple(sorted(values.items())))

    def __str__(self) -> str:
        return self.text(ENGLISH)

    def text(self, language: str = ENGLISH) -> str:
        """The sentence in a language, one of ``languages()``. Raises BookError where its book lacks the key."""
        return template(language, self.key).text(dict(self.values), language)


class SaidError(Exception):
    """An error whose message is a sentence for the visitor: ``said``; ``str`` is English.

    It is a text where the page is not in the book yet.
    """

    def __init__(self, said: Said | str) -> None:
        super().__init__(said)
        self.said = said


class Part(NamedTuple):
    """Of a template: a text, and the placeholder after it, if there is one, with its format."""

    before: str
    name: str | None
    form: str


@dataclass(frozen=True)
class Template:
    """A sentence in one language: its plural ``forms``, each in parts, and the placeholder that decides among them."""

    forms: Mapping[str, tuple[Part, ...]]
    by: str | None
    names: frozenset[str]

    def text(self, values: Mapping[str, Value], language: str) -> str:
        """The sentence with its placeholders filled in."""
        parts = self.forms["other"]
        if self.by is not None:
            count = values[self.by]
            assert isinstance(count, int | float), f"{self.by} decides on the plural and is no number: {count!r}"
            parts = self.forms.get(plural(count, language), parts)
        return "".join(
            part.before if part.name is None else part.before + _shown(values[part.name], part.form, language)
            for part in parts
        )


def _shown(value: Value, form: str, language: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Said):
        return value.text(language)
    if isinstance(value, tuple):
        return joined([_shown(each, "", language) for each in value], form, language)
    return _share(value, form, language) if is_share(form) else written(value, form, language)


def _share(value: float, form: str, language: str) -> str:
    bound, percent = share(value, form, language)
    key = (_SIGNS if form.startswith("#") else _SHARES)[bound]
    return template(language, key).text({"percent": percent}, language)


def percent(value: float, form: str = ".0%") -> str:
    """A share of 1, or with a form in "p" a probability, in percent: English, for pages not in the book yet."""
    return _share(value, form, ENGLISH)


def template(language: str, key: str) -> Template:
    """The template of a key. Raises BookError where the book of that language has none."""
    page, _, name = key.partition(".")
    found = page_templates(language, page).get(name)
    if found is None:
        raise BookError(f"The book ({language}) has no {key}: assets/text/{language}/{page}.toml lacks {name!r}.")
    return found


@functools.cache
def page_templates(language: str, page: str) -> Mapping[str, Template]:
    """All templates of a page, by their keys without its name. Raises BookError where there is no such page."""
    return dict(_templates(words(page, language), ""))


@functools.cache
def words(page: str, language: str) -> dict[str, Any]:
    """A page as it is written, for the browser's components. Raises BookError where the book has none."""
    file = assets_path() / "text" / language / f"{page}.toml"
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BookError(f"The book has no page {page!r} in {language!r}.") from None


@functools.cache
def prose(page: str, language: str) -> str:
    """The prose of a page, in Markdown. Raises FileNotFoundError where there is none."""
    return (assets_path() / "text" / language / f"{page}.md").read_text(encoding="utf-8")


@functools.cache
def languages() -> frozenset[str]:
    """The languages that the book is written in, by their codes: "en"."""
    return frozenset(folder.name for folder in (assets_path() / "text").iterdir() if folder.is_dir())


def _templates(table: Mapping[str, Any], before: str) -> Iterator[tuple[str, Template]]:
    for name, entry in table.items():
        if isinstance(entry, str):
            yield before + name, _template({"other": entry}, None)
        elif entry.keys() - {_BY} <= CATEGORIES:
            forms = {category: text for category, text in entry.items() if category != _BY}
            yield before + name, _template(forms, entry.get(_BY, _COUNT))
        else:
            yield from _templates(entry, f"{before}{name}.")


def _template(forms: Mapping[str, str], by: str | None) -> Template:
    if "other" not in forms:
        raise BookError(f"A template needs the plural form 'other': {dict(forms)}")
    parts = {category: tuple(_parts(text)) for category, text in forms.items()}
    names = {part.name for form in parts.values() for part in form if part.name is not None}
    return Template(parts, by, frozenset(names | ({by} if by else set())))


def _parts(text: str) -> Iterator[Part]:
    for before, name, form, _ in Formatter().parse(text):
        yield Part(before, name, form or "")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
