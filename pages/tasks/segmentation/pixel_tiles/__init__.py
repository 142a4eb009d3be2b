"""Pictures in the browser whose pixels have classes, which a feed may change, and a pixel to choose."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from explainer.ui.components.feed import HEAR
from explainer.ui.components.kit import CANVAS, COLOURS, ELEMENTS, NUMBERS, RASTER, component, words

Bytes = NDArray[np.uint8]
Mode = Literal["classes", "errors", "overlap"]
_mount = component(__file__, ELEMENTS, CANVAS, NUMBERS, COLOURS, RASTER, HEAR, "model.js", "index.js")


@dataclass(frozen=True, eq=False)
class PixelTile:
    """One view of the picture of a number: ``pixels`` (h, w) or (h, w, 3), and, where it has classes, its ``mask``.

    ``mask`` and ``truth`` (h, w): of each pixel the class that is shown, and the true one. ``likely`` (h, w, 6) are its
    three likeliest classes, each before its probability in per cent: all tiles of the picture tell of them.
    """

    picture: int
    caption: str
    pixels: Bytes
    mask: Bytes | None = None
    truth: Bytes | None = None
    likely: Bytes | None = None


@dataclass(frozen=True)
class Classes:
    """The classes' names and colours (#rrggbb); class 0, the background, is drawn as the picture is."""

    names: tuple[str, ...]
    colors: tuple[str, ...]


@dataclass(frozen=True)
class ChosenPixel:
    """A pixel of a picture, all from 0 on, and what it sees: left, top, right and bottom, the ends left out."""

    picture: int
    row: int
    column: int
    field: tuple[int, int, int, int] | None = None


def pixel_tiles(
    tiles: Sequence[PixelTile],
    classes: Classes,
    chosen: ChosenPixel,
    key: str,
    *,
    columns: int,
    mode: Mode = "classes",
    of: int = 0,
    feed: str = "",
    on_pixel: Callable[[], None],
) -> None:
    """Draw the tiles in so many columns.

    ``mode`` shows the classes, where they are wrong, or the overlap of class ``of`` with its truth.

    ``on_pixel`` is called when a pixel is pressed. Fed by the name ``feed`` with what ``encode`` gives, tiles change in
    place.
    """
    data = {
        "feed": feed,
        "tiles": [_tile(tile) for tile in tiles],
        "names": list(classes.names),
        "colors": list(classes.colors),
        "columns": columns,
        "mode": mode,
        "of": of,
        "chosen": [chosen.picture, chosen.row, chosen.column],
        "field": _frame(chosen.field),
        "words": words("pixel_tiles"),
    }
    _mount(key=key, data=data, on_pixel_change=on_pixel)


def encode(changed: Sequence[tuple[int, Bytes]]) -> dict[str, Any]:
    """What a feed sends: of tiles, by their numbers, the new classes (h, w), or pixels where they have no classes."""
    return {"changed": [[number, _text(values)] for number, values in changed]}


def pressed(pixel: object) -> tuple[int, int, int] | None:
    """The picture, the row and the column that was pressed; None for what no tile would send."""
    if not (isinstance(pixel, list) and len(pixel) == 3 and all(isinstance(each, int) for each in pixel)):
        return None
    picture, row, column = pixel
    return picture, row, column


def _tile(tile: PixelTile) -> dict[str, Any]:
    height, width = tile.pixels.shape[:2]
    return {
        "picture": tile.picture,
        "caption": tile.caption,
        "height": height,
        "width": width,
        "channels": 3 if tile.pixels.ndim == 3 else 1,
        "pixels": _text(tile.pixels),
        "mask": None if tile.mask is None else _text(tile.mask),
        "truth": None if tile.truth is None else _text(tile.truth),
        "likely": None if tile.likely is None else _text(tile.likely),
    }


def _frame(field: tuple[int, int, int, int] | None) -> dict[str, int] | None:
    if field is None:
        return None
    left, top, right, bottom = field
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


def _text(values: Bytes) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")
