"""What the search is given: every page, the words of the book, and what was drawn on the pages."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from opening import MENU, NAMES, path_of
from pseudo import LANGUAGE, pseudo_book
from starlette.requests import Request
from starlette.responses import Response

from explainer.ui.components import search
from explainer.ui.frame import search_index
from explainer.ui.frame.menu import entries_of
from explainer.words.book import ENGLISH

ENTRIES = entries_of(MENU)
MOST_BYTES = 90_000  # of 29 pages


def read(language: str = ENGLISH) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(search_index.index(ENTRIES, language).body)
    return found


def test_has_every_page_of_the_menu_by_its_path() -> None:
    assert [(page["page"], page["title"], page["about"]) for page in read()["pages"]] == [
        (path_of(entry.name), str(entry.title), str(entry.help)) for entry in ENTRIES
    ]


def test_every_page_is_called_something_else_too() -> None:
    assert [page["title"] for page in read()["pages"] if not page["also"]] == []


def test_no_word_of_a_page_is_for_one_that_is_gone() -> None:
    names = {name.rsplit("/", 1)[-1] for name in NAMES}
    assert set(search_index._names("pages")) <= names


def test_no_term_stands_twice_in_its_group() -> None:
    for group in read()["terms"]:
        terms = [term.strip() for term in group.split(",")]
        assert len(set(terms)) == len(terms) > 1, group
        assert all(terms), group


def test_is_small_and_its_name_changes_with_it() -> None:
    whole = search_index.index(ENTRIES, ENGLISH)
    assert len(whole.body) <= MOST_BYTES
    assert whole.name.startswith("en-")
    assert search_index.index(ENTRIES[:-1], ENGLISH).name != whole.name
    assert search_index.index(ENTRIES, ENGLISH) is whole


def test_speaks_the_languages_of_the_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    search_index.index.cache_clear()
    with pseudo_book(tmp_path, monkeypatch):
        other = read(LANGUAGE)
        assert other["terms"] != read(ENGLISH)["terms"]
        assert [page["page"] for page in other["pages"]] == [page["page"] for page in read(ENGLISH)["pages"]]
    search_index.index.cache_clear()


def answer(name: str) -> Response:
    (route,) = search.routes(lambda name: search_index.body(ENTRIES, name))
    assert route.path == "/search/{name}.json"
    return asyncio.run(route.endpoint(Request({"type": "http", "path_params": {"name": name}})))


def test_the_browser_gets_it_by_its_name_and_may_keep_it() -> None:
    whole = search_index.index(ENTRIES, ENGLISH)
    got = answer(whole.name)
    assert got.body == whole.body
    assert got.media_type == "application/json"
    assert "immutable" in got.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["xx-123", "..-1", "-", "en"])
def test_a_language_that_is_none_is_not_found(name: str) -> None:
    assert answer(name).status_code == 404
