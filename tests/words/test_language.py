"""The visitor's language is in the address, and stays while they turn the pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from opening import opened, turn
from pseudo import LANGUAGE, bracketed, english_words, pseudo_book
from streamlit.testing.v1 import AppTest


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with pseudo_book(tmp_path, monkeypatch):
        yield


def sources(at: AppTest) -> str:
    """The label of what holds a page's sources, which is a word of every page."""
    assert not at.exception
    return next(expander.label for expander in at.expander if "Sources" in expander.label)


def links(at: AppTest) -> list[str]:
    found = [json.loads(e.proto.json) for e in at.main if e.type == "bidi_component" and e.proto.json]
    return [link["query"] for data in found for link in data.get("links", ())]


def test_brackets_words_but_not_what_is_filled_in() -> None:
    assert bracketed("It's **{count:,}** `code` at $x$") == "⟦It's⟧ **{count:,}** `code` ⟦at⟧ $x$"
    assert english_words("⟦It's⟧ **1 234** rows $x$") == ["rows"]


def test_a_page_opens_in_the_language_of_its_address() -> None:
    at = opened("layers/pooling", {"lang": LANGUAGE})
    assert sources(at) == "⟦Sources⟧"
    assert any("⟦" in block.value and len(block.value) > 500 for block in at.markdown)  # its prose


@pytest.mark.parametrize("query", [{}, {"lang": "tlh"}, {"lang": ""}, {"lang": "../en"}, {"lang": "en"}])
def test_other_addresses_open_in_english(query: dict[str, str]) -> None:
    at = opened("layers/pooling", query)
    assert sources(at) == "Sources"
    assert not any("lang" in query for query in links(at))


def test_another_page_keeps_the_language() -> None:
    at = opened("layers/pooling", {"lang": LANGUAGE})
    at.query_params = {}
    turn(at, "layers/dropout").run()
    assert sources(at) == "⟦Sources⟧"
    at.query_params["lang"] = "en"
    assert sources(at.run()) == "Sources"


def test_links_lead_to_the_same_language() -> None:
    queries = links(opened("layers/pooling", {"lang": LANGUAGE}))
    assert queries
    assert all(f"lang={LANGUAGE}" in query.split("&") for query in queries)
