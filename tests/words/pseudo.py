"""A language that a test makes of the English book: each word in brackets, the numbers as Icelandic writes them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from bookshelf import opened_book

from explainer.data.assets import assets_path

LANGUAGE = "is"
# What is no word: placeholders, formulas, code, icons and colours of Streamlit, where links lead to.
_WORDLESS = re.compile(
    r"\{[^}]*\}|\$\$.*?\$\$|\$[^$]+\$|`[^`]+`|:[a-z_]+/[a-z_]+:|:[a-z-]+(?=\[)|\]\([^)]*\)", re.DOTALL
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_BRACKETED = re.compile(r"⟦[^⟧]*⟧")


def bracketed(text: str) -> str:
    """The text with each of its words in brackets."""
    made, end = "", 0
    for match in _WORDLESS.finditer(text):
        made += _WORD.sub(r"⟦\g<0>⟧", text[end : match.start()]) + match[0]
        end = match.end()
    return made + _WORD.sub(r"⟦\g<0>⟧", text[end:])


def english_words(text: str) -> list[str]:
    """The words of a text that do not come from this language's book."""
    return _WORD.findall(_WORDLESS.sub(" ", _BRACKETED.sub(" ", text)))


@contextmanager
def pseudo_book(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The book in English and in this language, for as long as it is open."""
    english, folder = assets_path() / "text" / "en", root / "text" / LANGUAGE
    folder.mkdir(parents=True)
    (root / "text" / "en").symlink_to(english)
    for file in english.iterdir():
        text = file.read_text(encoding="utf-8")
        made = bracketed(text) if file.suffix == ".md" else "\n".join(_lines(tomllib.loads(text), ""))
        (folder / file.name).write_text(made, encoding="utf-8")
    with opened_book(root, monkeypatch):
        yield


def _lines(table: dict[str, Any], before: str) -> Iterator[str]:
    """TOML of the table, a dotted key a line."""
    for name, entry in table.items():
        if isinstance(entry, dict):
            yield from _lines(entry, f"{before}{name}.")
        else:
            yield f"{before}{name} = {_value(entry) if name != 'by' else _quoted(entry)}"


def _value(entry: str | list[str]) -> str:
    if isinstance(entry, str):
        return _quoted(bracketed(entry))
    return f"[{', '.join(map(_value, entry))}]"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
