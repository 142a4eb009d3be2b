"""Hill climbing and gradient descent in the browser: two curves over evaluations, and the weights at any moment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from explainer.figures import theme
from explainer.networks.hill_climbing import Search
from explainer.ui.components.kit import CANVAS, COLOURS, ELEMENTS, NUMBERS, TRANSPORT, component, words

MOMENTS = 120  # of the player, in even steps of the logarithm
LEAST_ERROR = 1e-3  # where the axis ends
_SHARED = [Path(__file__).parents[1] / "hand_network" / name for name in ("model.js", "layout.js")]
_mount = component(__file__, ELEMENTS, CANVAS, COLOURS, NUMBERS, TRANSPORT, *_SHARED, "curves.js", "index.js")


def two_searches(climbing: Search, descent: Search, wanted: float, key: str) -> None:
    """Draw the errors of both over evaluations, and their features and vote weights at the moment that is played.

    ``wanted`` is the error that they shall reach. Other searches under the same ``key`` change the picture in place.
    """
    moments = moments_of(int(climbing.evaluations[-1]))
    data = {
        "moments": moments,
        "searches": [encode(each, moments) for each in (descent, climbing)],
        "reached": [each.reached(wanted) for each in (descent, climbing)],
        "wanted": wanted,
        "least": LEAST_ERROR,
        "colors": list(theme.QUALITATIVE[:2]),
        "scales": [theme.diverging(dark) for dark in (False, True)],
        "words": words("transport") | words("two_searches"),
    }
    _mount(key=key, data=data)


def moments_of(budget: int) -> list[int]:
    """Numbers of evaluations from 1 to ``budget``, the nearer to each other the earlier."""
    return sorted({round(each) for each in np.geomspace(1, budget, MOMENTS).tolist()})


def encode(search: Search, moments: list[int]) -> dict[str, Any]:
    """Error and weights at each moment."""
    points = [search.at(moment) for moment in moments]
    return {
        "errors": search.errors[points].tolist(),
        "weights": np.round(search.weights[points], 4).tolist(),
    }
