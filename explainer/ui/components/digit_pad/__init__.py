"""A pad to draw a digit on, in the browser: with mouse, pen, finger or arrow keys."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.data.drawing import PEN_WIDTH, InvalidStrokesError, Strokes, prepared, validate_strokes
from explainer.ui.components.kit import component, words

# What the pad lets a visitor draw: enough to fill it with scribbles, and a fifth of what Python accepts.
_MAX_STROKES = 100
_MAX_POINTS = 4000
_LARGEST_REVISION = 2**31
PENS = 0.03, 0.18  # the thinnest and the thickest, as parts of the pad's side
_SIDES = range(100, 1025)

_logger = logging.getLogger(__name__)
_mount = component(__file__, "ink.js", "index.js")


@dataclass(frozen=True)
class _Drawing:
    """What a pad holds, and the width of its pen as a part of its side.

    Putting other strokes there raises ``revision``: what is on its way is outdated.
    """

    strokes: Strokes = ()
    revision: int = 0
    pen: float = PEN_WIDTH


def digit_pad(key: str, height: int = 280) -> Strokes:
    """Show the pad and return what is drawn on it.

    While a visitor draws, the script runs again about six times a second, and once more when the pen is
    lifted: put the pad, and what shows its drawing, into a fragment. The drawing stays under ``key`` for the
    whole session, on whatever page the pad is shown.

    Args:
        key: names the pad.
        height: side of the square pad in pixels, 100 to 1024; a narrower column makes it smaller. The buttons
            and the brush below it take 97 more.

    Returns:
        Strokes of points (x, y) in 0 to 1, for ``explainer.data.drawing.rasterize``; () for a blank pad.

    Raises:
        ValueError: height out of range.
    """
    if height not in _SIDES:
        raise ValueError(f"A pad is {_SIDES[0]} to {_SIDES[-1]} pixels high, not {height}.")
    kept = _kept(key)
    data = {
        "name": key,
        "height": height,
        "pen": kept.pen,
        "pens": PENS,
        "maxStrokes": _MAX_STROKES,
        "maxPoints": _MAX_POINTS,
        "words": words("digit_pad"),
        "revision": kept.revision,
        "strokes": kept.strokes,
    }
    _mount(key=key, data=data, on_drawing_change=lambda: None)
    return drawn_on(key)


def drawn_on(key: str) -> Strokes:
    """What is drawn on the pad called ``key``, before it is shown as well as after; () for a blank pad."""
    drawing = _newer(_kept(key), st.session_state.get(key, {}).get("drawing"))
    st.session_state[_place(key)] = drawing
    return drawing.strokes


def digit_on(key: str) -> NDArray[np.uint8]:
    """What is drawn on the pad called ``key``, ``prepared`` for readers of digits (28, 28).

    Raises EmptyDrawingError for a blank pad.
    """
    strokes = drawn_on(key)
    return prepared(strokes, _kept(key).pen)


def put_strokes(key: str, strokes: Strokes) -> None:
    """Replace what is drawn on the pad called ``key``, now or when it is next shown; () wipes it.

    Raises:
        InvalidStrokesError: see ``explainer.data.drawing.validate_strokes``.
    """
    st.session_state[_place(key)] = replace(
        _kept(key), strokes=validate_strokes(strokes), revision=_kept(key).revision + 1
    )


def _place(key: str) -> str:
    """Where the drawing is kept: no widget's key, so that it outlives the page that shows the pad."""
    return f"{key}.drawing"


def _kept(key: str) -> _Drawing:
    kept = st.session_state.get(_place(key), _Drawing())
    assert isinstance(kept, _Drawing)
    return kept


def _newer(kept: _Drawing, reported: object) -> _Drawing:
    """What the browser reports, unless it is older than what is kept, or nothing that a pad would send."""
    if reported is None:
        return kept
    try:
        drawing = _checked(reported)
    except InvalidStrokesError as error:
        _logger.warning("A drawing was refused: %s", error)
        return kept
    return kept if drawing.revision < kept.revision else drawing


def _checked(reported: object) -> _Drawing:
    if not isinstance(reported, dict):
        raise InvalidStrokesError(f"A drawing is an object, not a value of type {type(reported).__name__}.")
    revision = reported.get("revision")
    if type(revision) is not int or not 0 <= revision <= _LARGEST_REVISION:
        raise InvalidStrokesError("A drawing has a revision, a whole number.")
    return _Drawing(validate_strokes(reported.get("strokes")), revision, _pen(reported.get("pen", PEN_WIDTH)))


def _pen(width: object) -> float:
    if isinstance(width, bool) or not isinstance(width, int | float) or not PENS[0] <= width <= PENS[1]:
        raise InvalidStrokesError(f"The width of a pen lies between {PENS[0]} and {PENS[1]}.")
    return float(width)
