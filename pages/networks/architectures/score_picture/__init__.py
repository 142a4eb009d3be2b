"""A photograph, and over it the map of scores of a class, in the browser: the scores of the place under the pointer."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.inspection.score_map import ScoreMap
from explainer.ui.components.kit import PAINTED, RASTER, component, words

_mount = component(__file__, *PAINTED, RASTER, "index.js")


def score_picture(pixels: NDArray[np.uint8], found: ScoreMap, number: int, classes: Sequence[str], key: str) -> None:
    """Draws ``pixels`` (height, width, 3), and the map of one of the five classes of ``found`` over them.

    ``classes`` are the names of all that the network knows. Pointing, and the arrow keys, never ask the server.
    """
    best, numbers = np.unique(found.best, return_inverse=True)
    data = {
        "width": pixels.shape[1],
        "height": pixels.shape[0],
        "pixels": _text(pixels),
        "rows": found.maps.shape[1],
        "columns": found.maps.shape[2],
        "first": found.first,
        "jump": found.jump,
        "name": classes[found.classes[number]],
        "scores": _text(found.maps[number].astype("<f4")),
        "best": _text(numbers.reshape(-1).astype("<i2")),
        "highest": _text(found.highest.astype("<f4")),
        "names": [classes[each] for each in best],
        "words": words("score_picture"),
    }
    _mount(key=key, data=data)


def _text(values: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")
