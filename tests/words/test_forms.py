"""Sizes, percents and minus signs have one form everywhere: 7 × 7, 98.7 %, −26, with spaces at which no line ends."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import catalogue
import pytest
from opening import NAMES, opened
from streamlit.testing.v1 import AppTest
from test_all_pages import presets
from test_pages_in_the_book import texts

# What stands for a number: a digit, or a placeholder.
WRONG = {
    "a size with the letter x, or with other spaces": re.compile(
        r"[\d}] ?x ?[\d{]|(?:[\d}]|\b[a-zA-Z])(?! × ) ?× ?[\w{]"
    ),
    "a percent sign without its space": re.compile(r"[\d}](?! %)[ ]?%(?![\w{(}])"),
    "a hyphen for a minus": re.compile(r"(?<![\w.,;:/\-–+}\])%\[({=^&?])-(?=\d)"),
}
TYPED = {"synonyms"}  # pages of the book that hold what visitors type
NO_TEXT = re.compile(r"[\w+/=]{60,}|[\d\s.,;-]+")  # encoded pictures, and what visitors type into a grid
NAMES_OF_THINGS = re.compile(r"arXiv|doi:|https?:|\.(py|toml|safetensors)\b")
CODE = re.compile(r"`[^`]*`|\$[^$]*\$")


def wrong(text: str) -> set[str]:
    """What is wrong in a text; formulas, code and sources have rules of their own."""
    read = "" if NO_TEXT.fullmatch(text) else CODE.sub("", text)
    return {what for what, pattern in WRONG.items() if not NAMES_OF_THINGS.search(read) and pattern.search(read)}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7 x 7", 1), ("7x7", 1), ("{a} x {b}", 1), ("7×7", 1), ("7 × 7", 1), ("7 × 7", 0), ("k×k", 1), ("k × k", 0),
        ("98.7%", 1), ("98.7 %", 1), ("98.7 %", 0), ("{share:.1f} %", 1), ("{share:.1f} %", 0),
        ("{share:.1%}", 0), ("Noise, % of it", 0),
        ("about -26.", 1), ("at -0.5", 1), ("−26", 0), ("1-2", 0), ("ResNet-18", 0), ("`x = -1`", 0), ("$-1$", 0),
    ],
)  # fmt: skip
def test_knows_right_from_wrong(text: str, number: int) -> None:
    assert len(wrong(text)) == number


def entries(table: Any) -> Iterator[str]:
    """All texts of a page of the book."""
    match table:
        case str():
            yield table
        case dict():
            for each in table.values():
                yield from entries(each)
        case list():
            for each in table:
                yield from entries(each)


@pytest.mark.parametrize(
    "file", sorted(catalogue.TEXT.rglob("*.*")), ids=lambda file: f"{file.parent.name}/{file.name}"
)
def test_the_book_writes_them_so(file: Any) -> None:
    text = file.read_text(encoding="utf-8")
    if file.stem not in TYPED:
        said = text.split("\n") if file.suffix == ".md" else list(entries(tomllib.loads(text)))
        assert {each: wrong(each) for each in said if wrong(each)} == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_page_shows_them_so(name: str) -> None:
    """As it opens, and as each of its links opens it."""
    found = {}
    for query in ({}, *(dict(parse_qsl(link)) for _, link in presets(name))):
        at = opened(name, query)
        found |= {each: wrong(each) for each in (*texts(at), *cells(at)) if wrong(each)}
    assert found == {}


def cells(at: AppTest) -> list[str]:
    """What the tables of a page say."""
    return [str(cell) for table in at.table for cell in table.value.to_numpy().flat]


def test_the_table_of_layers_shows_them_so() -> None:
    said = cells(opened("training/train", {"view": "network"}))
    assert "4 × 28 × 28" in said and not any(map(wrong, said))
