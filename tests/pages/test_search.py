"""What the search knows of the pages is what they show: its index was made by drawing them, assets/make_search.py."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from opening import NAMES, opened
from test_all_pages import presets

from assets.make_search import controls
from explainer.ui.frame import search_index
from explainer.words.book import ENGLISH

MADE_ANEW = "the search knows the pages as they were before: run python -m assets.make_search"
FOUND = search_index.on_pages(ENGLISH)
every_page = pytest.mark.parametrize("name", NAMES)


def of(name: str, wanted: str) -> dict[str, tuple[str, str]]:
    """Queries and keys of what a page has of one kind, by their labels."""
    return {label: (query, key) for kind, label, _, query, key in FOUND[name] if kind == wanted}


def test_knows_the_pages_of_the_menu() -> None:
    assert list(FOUND) == NAMES, MADE_ANEW


@every_page
def test_knows_every_link(name: str) -> None:
    assert {label: query for label, (query, _) in of(name, "preset").items()} == dict(presets(name)), MADE_ANEW


@every_page
def test_knows_every_bound_control(name: str) -> None:
    """Those of the page as it opens, and as each of its links opens it."""
    known = set(of(name, "control"))
    for query in ({}, *(dict(parse_qsl(link)) for _, link in presets(name))):
        shown = controls(opened(name, query))
        assert set(shown) <= known, MADE_ANEW


@every_page
def test_a_control_is_where_the_search_leads(name: str) -> None:
    links: dict[str, set[tuple[str, str]]] = {}
    for label, (query, key) in of(name, "control").items():
        links.setdefault(query, set()).add((label, key))
    for query, expected in links.items():
        shown = controls(opened(name, dict(parse_qsl(query))))
        assert expected <= set(shown.items()), f"{query}: {MADE_ANEW}"
