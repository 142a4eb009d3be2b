"""The network by hand in the browser: every number of every step, a pen for the pixels, and weights to drag."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.figures import theme
from explainer.networks.by_hand import ARTICLE, Weights
from explainer.ui.components.kit import CANVAS, COLOURS, ELEMENTS, TRANSPORT, component, words

_mount = component(__file__, ELEMENTS, CANVAS, COLOURS, TRANSPORT, "model.js", "layout.js", "scene.js", "index.js")


@dataclass(frozen=True)
class Made:
    """What a visitor has drawn or dragged, as texts: ``pixels``, ``features`` and ``votes``; not checked."""

    pixels: str
    features: str
    votes: str


def hand_network(pixels: NDArray[np.float64], weights: Weights, key: str, on_made: Callable[[], None]) -> None:
    """Draw the network with the picture (9, 9) and the weights.

    A visitor points at values, plays them one by one, draws on the picture and drags weights, all in the browser;
    ``on_made`` is called once a pointer is lifted, and ``made`` tells what was made then. Other pixels or weights
    under the same ``key`` change the picture in place.
    """
    data = {
        **encode(pixels, weights),
        "article": {"features": ARTICLE.features.ravel().tolist(), "votes": ARTICLE.votes.ravel().tolist()},
        "scales": [theme.diverging(dark) for dark in (False, True)],
        "words": words("transport") | words("hand_network"),
    }
    _mount(key=key, data=data, on_made_change=on_made)


def encode(pixels: NDArray[np.float64], weights: Weights) -> dict[str, Any]:
    """What the browser computes from."""
    return {
        "pixels": pixels.ravel().tolist(),
        "features": weights.features.ravel().tolist(),
        "votes": weights.votes.ravel().tolist(),
    }


def made(reported: object) -> Made | None:
    """What the browser reports; None for what no picture would send."""
    if not isinstance(reported, dict):
        return None
    texts = [reported.get(name) for name in ("pixels", "features", "votes")]
    if not all(isinstance(text, str) for text in texts):
        return None
    return Made(*(str(text) for text in texts))
