"""The map of codes in the browser, with a place on it to drag, and the digit that the decoder makes of that place."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.ui.components.feed import HEAR
from explainer.ui.components.kit import CANVAS, COLOURS, ELEMENTS, NUMBERS, RASTER, component, words

# Of the digits 0 to 9: hues apart from each other, on a light and on a dark page
_COLORS = (
    *("#1f77d0", "#f07a10", "#1e9e50", "#e0409a", "#8a5a2b"),
    *("#10b5c4", "#d81f2a", "#b09a10", "#7a4fd0", "#7d8794"),
)
_LEVELS = 65_535  # of a point's place along each side
_mount = component(__file__, ELEMENTS, CANVAS, NUMBERS, COLOURS, RASTER, HEAR, "model.js", "index.js")


@dataclass(frozen=True, eq=False)
class CodeMap:
    """``points`` (n, 2), 0..1 from the left and from below, those outside left out; ``labels`` (n,) uint8, 0 to 9.

    ``grid`` (side, side, 28, 28) uint8: digits at even steps from the lower left corner, rows up, columns to the right.
    ``low`` and ``high`` (2,) are the places of the map's corners, in the units of codes.
    """

    points: NDArray[np.float64]
    labels: NDArray[np.uint8]
    grid: NDArray[np.uint8]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def code_plane(shown: CodeMap, key: str, *, feed: str, axes: tuple[str, str], on_place: Callable[[], None]) -> None:
    """Draw the map. ``axes`` name its two directions.

    While a visitor drags the place, the browser mixes the digit of the four on the grid around it; ``on_place`` is
    called once it is let go. Fed by the name ``feed`` with what ``encode`` gives, it moves the place and shows the
    exact digit. The data are the same wherever the place is, so that a move sends no grid again.
    """
    is_inside = ((shown.points >= 0) & (shown.points <= 1)).all(axis=1)
    data = {
        "feed": feed,
        "points": _text(np.rint(shown.points[is_inside] * _LEVELS).astype("<u2")),
        "labels": _text(shown.labels[is_inside]),
        "colors": list(_COLORS),
        "side": len(shown.grid),
        "grid": _text(shown.grid),
        "low": shown.low.tolist(),
        "high": shown.high.tolist(),
        "axes": list(axes),
        "words": words("code_plane"),
    }
    _mount(key=key, data=data, on_place_change=on_place)


def encode(place: tuple[float, float], digit: NDArray[np.float32]) -> dict[str, Any]:
    """What a feed sends: the place, 0..1 on both sides, and the digit (28, 28), 0..1, that the network makes of it."""
    pixels = np.rint(np.clip(np.nan_to_num(digit), 0, 1) * 255).astype(np.uint8)
    return {"place": list(place), "pixels": _text(pixels)}


def dragged_to(place: object) -> tuple[float, float] | None:
    """Where the place was let go, 0..1 on both sides; None for what no map would send."""
    if not (isinstance(place, list) and len(place) == 2 and all(isinstance(each, int | float) for each in place)):
        return None
    if not all(math.isfinite(each) for each in place):
        return None
    across, up = (min(max(float(each), 0.0), 1.0) for each in place)
    return across, up


def _text(values: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")
