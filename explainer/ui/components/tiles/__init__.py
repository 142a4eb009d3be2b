"""Many small pictures as tiles, in the browser: digits, filters and feature maps, redrawn during training."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from explainer.figures import theme
from explainer.ui.components.feed import HEAR
from explainer.ui.components.kit import CANVAS, COLOURS, ELEMENTS, GALLERY, RASTER, component, words

Scale = Literal["grey", "sequential", "diverging", "colour", "signed-colour"]
Emphasis = Literal["none", "strong", "faint"]

_SIZES = range(16, 257)
_mount = component(__file__, HEAR, ELEMENTS, CANVAS, COLOURS, RASTER, GALLERY, "inspector.js", "index.js")


@dataclass(frozen=True, eq=False)
class Tile:
    """One small picture: ``pixels`` (height, width), row 0 on top; what is not finite is hatched.

    In a row in colour they are (height, width, 3): red, green and blue; what is not finite is dark there.

    ``caption`` stands below it, with its line breaks; ``detail`` is shown to a visitor who points at it.
    ``emphasis`` frames it (strong) or makes it pale (faint).
    """

    pixels: NDArray[np.float32]
    caption: str = ""
    detail: str = ""
    emphasis: Emphasis = "none"


@dataclass(frozen=True, eq=False)
class TileRow:
    """A row of tiles of one size under a title, all on one colour scale.

    ``scale`` is grey (0 black, ``limit`` white), sequential (magnitudes from 0 to ``limit``) or diverging
    (signed values from -``limit`` to ``limit``, 0 in the middle), colour (three of grey's at a pixel) or signed-colour
    (three signed values, 0 is half as bright as can be). Without a ``limit`` it is the row's largest
    magnitude. ``size`` is about the side of a picture in CSS pixels, 16 to 256.
    """

    title: str
    tiles: tuple[Tile, ...]
    scale: Scale = "sequential"
    limit: float | None = None
    size: int = 56


def tiles(rows: Sequence[TileRow], key: str, feed: str = "") -> None:
    """Draw rows of tiles.

    Called again under the same ``key``, or fed by the name ``feed`` with encoded "rows", it changes the pictures in
    place.

    A visitor who points at a tile, touches it or moves to it with the keyboard sees it large, with its detail
    and the value of the pixel under the pointer. Values travel as one byte each: the one shown is the nearest
    of the 255 or 256 levels of the colour scale, given with its error; a value off the scale is shown as its
    end.

    Raises ValueError for a row of pictures that differ in size or are not what its scale says, and for a limit or a
    size out of range.
    """
    data = {
        "feed": feed,
        "words": words("tiles"),
        "scales": {
            "sequential": [theme.sequential(dark) for dark in (False, True)],
            "diverging": [theme.diverging(dark) for dark in (False, True)],
        },
        "rows": [encode(row) for row in rows],
    }
    _mount(key=key, data=data)


def encode(row: TileRow) -> dict[str, Any]:
    """What the browser gets of a row.

    ``pixels`` is the base64 text of one byte a pixel, or three in colour, tile by tile, row by row. A byte ``b`` stands
    for the value ``low + (b - base) * (high - low) / (255 - base)``; where ``base`` is 1, byte 0 is one that is not
    finite.
    """
    pixels = _stack(row)
    finite = np.isfinite(pixels)
    high = _limit(row, pixels[finite])
    low = -high if row.scale in ("diverging", "signed-colour") else 0.0
    base = 1 if row.scale == "diverging" or not (_in_colour(row) or finite.all()) else 0
    codes = base + np.rint((np.clip(pixels, low, high) - low) * ((255 - base) / (high - low)))
    return {
        "title": row.title,
        "scale": row.scale,
        "low": low,
        "high": high,
        "base": base,
        "size": row.size,
        "height": pixels.shape[1],
        "width": pixels.shape[2],
        "pixels": base64.b64encode(np.where(finite, codes, 0).astype(np.uint8).tobytes()).decode("ascii"),
        "tiles": [{"caption": t.caption, "detail": t.detail, "emphasis": t.emphasis} for t in row.tiles],
    }


def _stack(row: TileRow) -> NDArray[np.float64]:
    """The pixels of a row's tiles (n, height, width), or (n, height, width, 3); (0, 1, 1) for a row without tiles."""
    if row.size not in _SIZES:
        raise ValueError(f"A tile is {_SIZES[0]} to {_SIZES[-1]} pixels large, not {row.size} ({row.title}).")
    if not row.tiles:
        return np.zeros((0, 1, 1))
    shapes = {tile.pixels.shape for tile in row.tiles}
    shape = next(iter(shapes))
    if len(shapes) > 1 or shape[2:] != ((3,) if _in_colour(row) else ()) or len(shape) < 2 or 0 in shape:
        raise ValueError(f"The tiles of a row have one size (height, width), not {sorted(shapes)} ({row.title}).")
    return np.stack([tile.pixels for tile in row.tiles]).astype(np.float64)


def _in_colour(row: TileRow) -> bool:
    return row.scale in ("colour", "signed-colour")


def _limit(row: TileRow, finite: NDArray[np.float64]) -> float:
    if row.limit is None:
        return float(np.abs(finite).max(initial=0.0)) or 1.0
    if not 0 < row.limit < np.inf:
        raise ValueError(f"A colour scale ends above 0, not at {row.limit} ({row.title}).")
    return row.limit
