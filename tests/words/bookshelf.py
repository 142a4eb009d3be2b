"""A book that a test writes: languages in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from explainer.words import book


@contextmanager
def opened_book(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The book is read from ``root``/text for as long as it is open."""
    _forget()
    with monkeypatch.context() as patched:
        patched.setattr(book, "assets_path", lambda: root)
        yield
    _forget()


def write(root: Path, language: str, pages: Mapping[str, str]) -> None:
    """Puts the ``pages``, TOML by their names, into ``root``/text."""
    folder = root / "text" / language
    folder.mkdir(parents=True)
    for name, text in pages.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def _forget() -> None:
    for cached in (book.page_templates, book.words, book.prose, book.languages):
        cached.cache_clear()
