"""A page that comes right by itself after a lost connection."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_mount = st.components.v2.component(
    "explainer.reconnecting", js=(Path(__file__).parent / "index.js").read_text(encoding="utf-8")
)


def redraw_after_reconnecting() -> None:
    """Runs the whole script whenever the browser has found the server again; to be called outside of any fragment.

    Streamlit leaves the page as it was. But what its parts said meanwhile is lost, and where the server has not kept
    the session it knows none of the page's fragments: their controls would do nothing.
    """
    _mount(key="reconnecting", data={}, on_back_change=lambda: None)
