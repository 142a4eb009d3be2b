"""A map of many digits, in the browser: each is a number in the colour of its class, and a picture when pointed at."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from explainer.figures import theme
from explainer.ui.components.feed import HEAR
from explainer.ui.components.kit import CANVAS, ELEMENTS, NUMBERS, component, words

COLUMNS = 50  # digits in a row of the sheet that holds all of them
_LEVELS = 16  # of grey in it
_mount = component(__file__, HEAR, ELEMENTS, CANVAS, NUMBERS, "pointing.js", "index.js")


@dataclass(frozen=True, eq=False)
class Cloud:
    """n digits of ten classes: their ``numbers`` (n,) in the test set, ``labels`` (n,), what a network ``reads`` (n,)
    of them, and its ``shares`` (n,), the probability that it gives that class.

    ``names`` are those of the classes; ``sheet`` is what ``sheet_of`` made of their pictures.
    """

    numbers: NDArray[np.int64]
    labels: NDArray[np.uint8]
    reads: NDArray[np.uint8]
    shares: NDArray[np.float32]
    names: tuple[str, ...]
    sheet: str


def embedding(cloud: Cloud, points: NDArray[np.float32], caption: str, key: str, feed: str = "") -> None:
    """Draw the digits of ``cloud`` at ``points`` (n, 2), to the same scale on both axes, with ``caption`` below.

    Called again under the same ``key``, or fed by the name ``feed`` with encoded "points", the digits move to their
    new places. Raises ValueError for another number of points.
    """
    if points.shape != (len(cloud.numbers), 2):
        raise ValueError(f"{len(cloud.numbers)} digits cannot be drawn at points of shape {points.shape}.")
    _mount(key=key, data={"feed": feed, "caption": caption, "points": encode(points), **_encoded(cloud)})


def encode(points: NDArray[np.float32]) -> str:
    """What the browser gets of ``points`` (n, 2): base64 of float32, x and y in turn."""
    return base64.b64encode(np.ascontiguousarray(points, "<f4").tobytes()).decode("ascii")


def sheet_of(pictures: NDArray[np.uint8]) -> str:
    """The data URL of a PNG file with all ``pictures`` (n, side, side), ``COLUMNS`` in a row, in 16 levels of grey."""
    count, side, _ = pictures.shape
    rows = -(-count // COLUMNS)
    padded = np.zeros((rows * COLUMNS, side, side), np.uint8)
    padded[:count] = pictures // (256 // _LEVELS)
    sheet = padded.reshape(rows, COLUMNS, side, side).transpose(0, 2, 1, 3).reshape(rows * side, COLUMNS * side)
    image, file = Image.fromarray(sheet, "P"), io.BytesIO()
    image.putpalette([level * 17 for level in range(_LEVELS) for _ in range(3)])
    image.save(file, "PNG", bits=4)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")


def _encoded(cloud: Cloud) -> dict[str, Any]:
    def bytes_of(values: NDArray[Any], kind: str) -> str:
        return base64.b64encode(np.ascontiguousarray(values, kind).tobytes()).decode("ascii")

    return {
        "numbers": bytes_of(cloud.numbers, "<u4"),
        "labels": bytes_of(cloud.labels, "u1"),
        "reads": bytes_of(cloud.reads, "u1"),
        "shares": bytes_of(cloud.shares, "<f4"),
        "names": list(cloud.names),
        "colors": list(theme.QUALITATIVE),
        "sheet": cloud.sheet,
        "columns": COLUMNS,
        "words": words("embedding"),
    }
