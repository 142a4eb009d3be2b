"""Pages whose every word is the book's: in a language that a test makes, no English word is left on screen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opening import MENU, opened
from pseudo import LANGUAGE, english_words, pseudo_book
from streamlit.testing.v1 import AppTest

from explainer.words.book import Said

# The views of each page that say all that it can say.
VIEWS: dict[str, list[dict[str, str]]] = {
    "layers/convolution": [
        {},
        {"sy": "3", "sx": "3"},
        {"flip": "true"},
        {"flip": "true", "kernel": "gaussian"},
        {"padding": "numbers"},
        {"padding": "numbers", "mode": "reflect", "pt": "10"},
        {"grid": "1 2\n3"},
        {"grid": "?"},
        {"grid": "1"},
        {"kernel": "laplacian", "kh": "2", "weights": ""},
        {"input": "Your drawing"},
        {"input": "Your picture"},
    ],
}
# Names and notation that no language changes.
SAME_EVERYWHERE = {"CPU", "cores", "out", "H", "W"}
_TEXT_OF_FORMULA = re.compile(r"\\text\{([^}]*)\}")
_SILENT = {"code", "text_area"}  # their value is what a program or a visitor wrote
_CHOICES = {"selectbox", "multiselect", "radio", "select_slider", "button_group"}  # options are still labels in code
_READ = {"title", "label", "caption", "detail", "alt", "parts", "why", "about"}  # of a component's data


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with pseudo_book(tmp_path, monkeypatch):
        yield


def texts(at: AppTest) -> Iterator[str]:
    """All that is to be read on the page."""
    for element in at.main:
        proto: Any = getattr(element, "proto", None)
        if element.type == "bidi_component":
            yield from strings(json.loads(proto.json) if proto.json else {})
            continue
        yield from (getattr(proto, name, "") for name in ("label", "help", "alt"))
        value = getattr(element, "value", "")
        if element.type == "latex":
            yield from _TEXT_OF_FORMULA.findall(value)
        elif isinstance(value, str) and element.type not in _SILENT | _CHOICES:
            yield value
    yield from (block.label for block in (*at.expander, *at.tabs))


def strings(data: object, is_read: bool = False) -> Iterator[str]:
    """The texts that a component is given beside its words."""
    match data:
        case str() if is_read:
            yield data
        case dict():
            for name, each in data.items():
                yield from strings(each, name in _READ)
        case list():
            for each in data:
                yield from strings(each, is_read)


def folded(at: AppTest) -> set[str]:
    """The sources, which are in the language of who wrote them."""
    return {block.value for expander in at.expander if "Sources" in expander.label for block in expander.markdown}


@pytest.mark.parametrize(("name", "query"), [(name, query) for name, views in VIEWS.items() for query in views])
def test_not_one_english_word_is_left(name: str, query: dict[str, str]) -> None:
    at = opened(name, {**query, "lang": LANGUAGE})
    assert not at.exception
    read = set(texts(at)) - folded(at)
    assert {text: left for text in read if (left := set(english_words(text)) - SAME_EVERYWHERE)} == {}


@pytest.mark.parametrize("name", VIEWS)
def test_its_menu_entry_is_in_the_book(name: str) -> None:
    entry = next(entry for section in MENU.values() for entry in section if entry.name == name)
    assert isinstance(entry.title, Said)
    assert isinstance(entry.help, Said)
