"""The views of a page in one row, which has room for what belongs to the chosen one."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.ui.controls.choice import segmented


def view_row(place: DeltaGenerator, label: str, names: Mapping[str, str], key: str) -> DeltaGenerator:
    """Draws the choice of a view, ``names`` by their identifiers, into ``place``; the row that it stands in."""
    with place:
        row = st.container(horizontal=True, gap="medium", vertical_alignment="center", key=f"{key}s")
    with row:
        segmented(label, names, key, label_visibility="collapsed", wrap=True)
    return row
