"""What the search in the menu finds: the pages of the menu, and what is on them.

Pages are called as the menu calls them. Which links, controls and choices they have is known only when they are drawn:
assets/make_search.py has drawn them, and notes it for every language in assets/search/. What else people call them
stands in the book, assets/text/<language>/synonyms.toml.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from explainer.data.assets import assets_path
from explainer.words import book
from explainer.words.book import ENGLISH, Said

if TYPE_CHECKING:
    from explainer.ui.frame.menu import Entry

Found = tuple[str, str, str, str, str]  # its kind, its label, the label of its control, its link's query, its key


@dataclass(frozen=True)
class Index:
    """The index in one language: JSON, and its ``name``, which changes with what it holds."""

    name: str
    body: bytes


@functools.lru_cache(maxsize=8)
def index(entries: tuple[Entry, ...], language: str) -> Index:
    """The index of these pages, of which the first opens at the app's own address."""
    found = on_pages(language)
    pages = [_page(each, found.get(each.name, []), language, is_first=each is entries[0]) for each in entries]
    terms = [_text(Said(f"synonyms.terms.{name}"), language) for name in _names("terms")]
    body = json.dumps({"pages": pages, "terms": terms}, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return Index(f"{language}-{hashlib.sha256(body).hexdigest()[:12]}", body)


def body(entries: tuple[Entry, ...], name: str) -> bytes | None:
    """The index that is called ``name``, or was before the app changed; None where there is no such language."""
    language = name.rpartition("-")[0]
    return index(entries, language).body if language in book.languages() else None


def on_pages(language: str) -> dict[str, list[Found]]:
    """The links, controls and choices of every page, by its name; in English where they were not drawn otherwise."""
    folder = assets_path() / "search"
    file = folder / f"{language}.json"
    drawn = json.loads((file if file.exists() else folder / f"{ENGLISH}.json").read_text(encoding="utf-8"))
    return {name: list(_found(rows)) for name, rows in drawn.items()}


def _found(rows: Mapping[str, list[list[str]]]) -> Iterator[Found]:
    for label, query in rows["presets"]:
        yield "preset", label, "", query, ""
    for label, key, query in rows["controls"]:
        yield "control", label, "", query, key
    for label, of, query in rows["options"]:
        yield "option", label, of, query, ""


def _page(entry: Entry, found: list[Found], language: str, is_first: bool) -> dict[str, Any]:
    path = entry.name.rsplit("/", 1)[-1]
    return {
        "page": "" if is_first else path,
        "title": _text(entry.title, language),
        "about": _text(entry.help, language),
        "also": _text(Said(f"synonyms.pages.{path}"), language) if path in _names("pages") else "",
        "found": found,
    }


def _text(text: Said | str, language: str) -> str:
    return text if isinstance(text, str) else text.text(language)


def _names(table: str) -> list[str]:
    """The keys of one table of the synonyms."""
    keys = (key.split(".") for key in book.page_templates(ENGLISH, "synonyms"))
    return [key for first, key in keys if first == table]
