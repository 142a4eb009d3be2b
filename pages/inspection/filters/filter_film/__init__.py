"""The filters of a run through its steps in the browser: a slider, and playing."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.figures import theme
from explainer.ui.components.feed import HEAR
from explainer.ui.components.kit import PAINTED, TRANSPORT, component, words

_mount = component(__file__, HEAR, *PAINTED, TRANSPORT, "../filter_wall/painting.js", "index.js")


def filter_film(
    name: str, frames: NDArray[np.floating], said: Sequence[str], key: str, *, feed: str = "", height: int = 330
) -> None:
    """Draw the film called ``name``: ``frames`` (moments, filters, height, width) on one scale, each with a sentence.

    Called again under the same ``key``, or fed by the name ``feed`` with what ``encode`` makes, it takes the new frames
    and stays at the moment that a visitor chose; one who looks at the last sees the new last one. ``height`` is that of
    all filters in CSS pixels, at most. Raises ValueError for no frames, or another number of sentences.
    """
    data = {
        "feed": feed,
        "words": words("transport") | words("filter_film"),
        "scales": [theme.diverging(dark) for dark in (False, True)],
        "height": height,
        **encode(name, frames, said),
    }
    _mount(key=key, data=data)


def encode(name: str, frames: NDArray[np.floating], said: Sequence[str]) -> dict[str, Any]:
    """What the browser gets: a byte a weight, 1 to 255 from -limit to limit, 0 where it is not finite."""
    if not len(frames) or len(said) != len(frames):
        raise ValueError(f"A film has frames, and a sentence for each: not {len(frames)} and {len(said)}.")
    values = frames.astype(np.float64)
    finite = np.isfinite(values)
    limit = float(np.abs(values[finite]).max(initial=0.0)) or 1.0
    codes = 128 + np.rint(127 * np.where(finite, values, 0.0) / limit)
    codes[~finite] = 0
    return {
        "name": name,
        "shape": list(frames.shape[1:]),
        "limit": limit,
        "said": list(said),
        "frames": base64.b64encode(codes.astype(np.uint8).tobytes()).decode("ascii"),
    }
