"""A bar of light before a simple and a complex cell in the browser: turned and shifted by hand, with exact numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from explainer.figures import theme
from explainer.layers.visual_cells import ANGLES, MOST_ANGLE, MOST_SHIFT, PLACES, SHIFTS, SIDE, best, field
from explainer.ui.components.kit import CANVAS, COLOURS, ELEMENTS, NUMBERS, component, words

_mount = component(__file__, ELEMENTS, CANVAS, COLOURS, NUMBERS, "model.js", "index.js")


def cell_picture(angle: int, shift: int, key: str, on_held: Callable[[], None]) -> None:
    """Draws the retina with the bar at ``angle`` degrees and ``shift`` pixels, and both cells' tuning curves.

    Dragging and the arrow keys never ask the server; once the bar is let go, the component ``key`` reports where, for
    ``held``.
    """
    data = encode() | {"angle": angle, "shift": shift, "words": words("cell_picture")}
    _mount(key=key, data=data, on_held_change=on_held)


def encode() -> dict[str, Any]:
    """What does not change: the weights, row by row, and what the curves are drawn for."""
    return {
        "side": SIDE,
        "field": field().ravel().tolist(),
        "shifts": list(SHIFTS),
        "angles": list(ANGLES),
        "places": list(PLACES),
        "best": best(),
        "colours": list(theme.QUALITATIVE[:2]),
        "signs": [theme.diverging(dark) for dark in (False, True)],
    }


def held(key: str) -> tuple[int, int] | None:
    """Angle and shift that the browser reports of the component ``key``, None for what is neither."""
    sent = st.session_state.get(key, {}).get("held")
    angle, shift = (sent.get("angle"), sent.get("shift")) if hasattr(sent, "get") else (None, None)
    if type(angle) is not int or type(shift) is not int:
        return None
    return (angle, shift) if 0 <= angle <= MOST_ANGLE and abs(shift) <= MOST_SHIFT else None
