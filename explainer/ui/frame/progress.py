"""How far work in the background is, on a line that changes by itself, and a button that ends it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from explainer.inspection.steps import SoFar
from explainer.ui.components.live_text import Line, encode, live_text
from explainer.ui.frame.background import Background, waits


def progress(work: Background[SoFar[Any]], key: str, says: str) -> None:
    """Draws it; ``says`` what is being done. A feed changes the line by the name ``key``."""
    said, stop = st.columns([4, 1], vertical_alignment="center")
    with said:
        live_text(_line(work, says), f"{key}_line", key)
    stop.button("Stop", key=f"{key}_stop", on_click=work.stop)


def fresh(work: Background[SoFar[Any]], key: str, says: str) -> dict[str, dict[str, Any]]:
    """What a feed hands to the line."""
    return {key: encode(_line(work, says))}


def _line(work: Background[SoFar[Any]], says: str) -> Line:
    share = work.latest.share if work.latest else 0.0
    return Line([waits(work) or says], share=share)
