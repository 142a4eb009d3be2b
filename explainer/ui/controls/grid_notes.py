"""Beside the editor of a grid: how what was typed was read, where it can be read in two ways."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.data.grid_text import meanings
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.language import say


def note_meanings(text: str | None, place: DeltaGenerator | None = None, *, has_rows: bool = True) -> None:
    """Says which meaning was taken, and how to write the other; ``has_rows`` where the ends of rows matter."""
    for said in meanings(text or "", has_rows=has_rows):
        (place or st).caption(verbatim(say(said)))
