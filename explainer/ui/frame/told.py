"""What the open page says, part by part as it was last drawn: for whoever takes it home."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

import streamlit as st

Kind = Literal["title", "question", "notice", "formula", "code", "prose", "source"]

_PARTS = "told.parts"
_drawn: ContextVar[list[Note] | None] = ContextVar("told", default=None)  # by the part that is being drawn


@dataclass(frozen=True)
class Note:
    """Something that the page says: Markdown, of a formula LaTeX, of code Python."""

    kind: Kind
    text: str


@contextmanager
def page() -> Iterator[None]:
    """The whole page is drawn: what another said, or this one before, is forgotten."""
    st.session_state[_PARTS] = {}
    with part("page"):
        yield


@contextmanager
def part(name: str) -> Iterator[None]:
    """A part of the page is drawn, which Streamlit may run alone: what it said before is forgotten."""
    notes: list[Note] = []
    parts: dict[str, list[Note]] = st.session_state.setdefault(_PARTS, {})
    parts[name] = notes
    token = _drawn.set(notes)
    try:
        yield
    finally:
        _drawn.reset(token)


def note(kind: Kind, text: str) -> None:
    """The part that is being drawn says this. What is drawn outside of any is not noted."""
    if (notes := _drawn.get()) is not None:
        notes.append(Note(kind, text))


def notes() -> tuple[Note, ...]:
    """All that the open page says, part by part."""
    parts: dict[str, list[Note]] = st.session_state.get(_PARTS, {})
    return tuple(each for part in parts.values() for each in part)
