"""The browser's Back from another page, which brings back the controls as they were left."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_mount = st.components.v2.component(
    "explainer.going_back", js=(Path(__file__).parent / "index.js").read_text(encoding="utf-8")
)


def restore_on_back(path: str) -> None:
    """Keeps each page's address as a click left it, for Back and Forward to it; the open one is at ``path``."""
    _mount(key="going_back", data={"path": path})
