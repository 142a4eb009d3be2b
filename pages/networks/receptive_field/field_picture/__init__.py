"""The field of one unit in the browser: nested frames over a photograph, and a pyramid of who reads whom."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from explainer.figures import theme
from explainer.inspection.effective_field import Effective
from explainer.networks.stack import Ladder
from explainer.ui.components.kit import CANVAS, COLOURS, ELEMENTS, NUMBERS, component, words
from explainer.ui.language import text_of

_mount = component(
    __file__,
    *(ELEMENTS, CANVAS, COLOURS, NUMBERS),
    *("model.js", "drawing.js", "pyramid.js", "photo.js", "index.js"),
)


@dataclass(frozen=True, eq=False)
class Shown:
    """What is drawn: the ``unit`` of ``layer`` (0 is the input) along each of 1 or 2 ``axes`` of ``ladder``.

    ``pixels`` (height, width[, 3]) uint8 lie behind the frames; ``effective`` is the unit's, None where none is shown.
    """

    ladder: Ladder
    layer: int
    unit: int
    axes: int
    pixels: NDArray[np.uint8]
    effective: Effective | None


def field_picture(shown: Shown, key: str, on_chosen: Callable[[], None]) -> None:
    """Draw the field; called again under ``key`` it changes in place.

    A visitor who points at a unit, or moves to it with the arrow keys, sees all that it reads and all that read it,
    and never asks the server. A click, or Enter, gives ``chosen``, {"layer", "unit"} as the browser sent them, to be
    checked by ``on_chosen``.
    """
    data = {
        **encode(shown),
        "scale": [theme.sequential(dark) for dark in (False, True)],
        "words": words("field_picture"),
    }
    _mount(key=key, data=data, on_chosen_change=on_chosen)


def encode(shown: Shown) -> dict[str, Any]:
    """What the browser gets: layers as numbers, the heat as base64 of one byte a pixel, 255 at its strongest."""
    return {
        "size": shown.ladder.size,
        "axes": shown.axes,
        "layer": shown.layer,
        "unit": shown.unit,
        "rungs": [
            {
                "title": text_of(rung.title),
                "size": rung.size,
                "kernel": rung.item.step.kernel,
                "stride": rung.item.step.stride,
                "padding": rung.item.step.padding,
                "after": rung.item.after,
                "dilation": rung.item.step.dilation,
            }
            for rung in shown.ladder.rungs
        ],
        "photo": _photo(shown.pixels) if shown.axes == 2 else None,
        "heat": _heat(shown.effective) if shown.effective is not None else None,
    }


def _heat(effective: Effective) -> dict[str, Any]:
    """The magnitude of the gradient, 0 outside of what holds 95 %; and along the columns, all rows together."""
    held = effective.holding()
    magnitudes = np.sqrt(effective.squares / (effective.squares.max() or 1.0))
    values = np.where(held, np.maximum(np.rint(255 * magnitudes), 1), 0).astype(np.uint8)
    along = effective.squares.sum(0)
    return {
        "top": effective.top,
        "left": effective.left,
        "shape": list(values.shape),
        "values": base64.b64encode(values.tobytes()).decode("ascii"),
        "profile": np.round(along / (along.max() or 1.0), 4).tolist(),
    }


@st.cache_data(max_entries=32, show_spinner=False)
def _photo(pixels: NDArray[np.uint8]) -> str:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG" if pixels.size < 20_000 else "JPEG", quality=88)
    kind = "png" if pixels.size < 20_000 else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(file.getvalue()).decode('ascii')}"
