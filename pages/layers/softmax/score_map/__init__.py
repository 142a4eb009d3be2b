"""A picture and the scores that a network gives each of its parts, in the browser: point at one to see the other."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.figures import theme
from explainer.ui.components.kit import COLOURS, ELEMENTS, NUMBERS, RASTER, component, words

_mount = component(__file__, ELEMENTS, COLOURS, NUMBERS, RASTER, "index.js")


def score_map(
    picture: NDArray[np.uint8], scores: NDArray[np.float64], chosen: int, *, side: int, stride: int, key: str
) -> None:
    """Draw ``picture`` (height, width) and the map of class ``chosen`` out of ``scores`` (classes, rows, columns).

    The score in row i and column j is that of the ``side`` x ``side`` pixels from row i * stride and column
    j * stride on; its cell lies at their middle. A visitor who points at either, or moves with the arrow keys, sees
    that part framed and the scores of all classes. Raises ValueError for a picture that has other parts.
    """
    _mount(key=key, data={**encode(picture, scores, side, stride), "chosen": chosen, "words": words("score_map")})


def encode(picture: NDArray[np.uint8], scores: NDArray[np.float64], side: int, stride: int) -> dict[str, Any]:
    """What the browser gets: pixels as base64 of one byte each, scores as base64 of float32, class by class."""
    parts = tuple((length - side) // stride + 1 for length in picture.shape)
    if scores.shape[1:] != parts:
        raise ValueError(f"A picture of {picture.shape} pixels has {parts} parts, not {scores.shape[1:]}.")
    return {
        "size": list(picture.shape),
        "shape": list(scores.shape),
        "side": side,
        "stride": stride,
        "pixels": base64.b64encode(picture.tobytes()).decode("ascii"),
        "scores": base64.b64encode(scores.astype("<f4").tobytes()).decode("ascii"),
        "scales": [theme.diverging(dark) for dark in (False, True)],
    }
