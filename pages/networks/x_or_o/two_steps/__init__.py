"""Two steps of backpropagation in the browser: every gradient on its way back, and what each weight becomes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.figures import theme
from explainer.networks.by_hand import CLASSES, Step, Weights, probabilities
from explainer.ui.components.kit import CANVAS, COLOURS, ELEMENTS, NUMBERS, TRANSPORT, component, words

_SHARED = [Path(__file__).parents[1] / "hand_network" / name for name in ("model.js", "layout.js")]
_mount = component(
    __file__, ELEMENTS, CANVAS, COLOURS, NUMBERS, TRANSPORT, *_SHARED, "places.js", "drawing.js", "index.js"
)


def two_steps(picture: NDArray[np.float64], label: int, made: Sequence[Step], rate: float, key: str) -> None:
    """Draw steps of backpropagation on a picture (9, 9) of class ``label``.

    A visitor plays how the error goes back, from p - y to the weights, and points at any gradient to see its sum. Other
    steps under the same ``key`` change the picture in place.
    """
    data = {
        "pixels": picture.ravel().tolist(),
        "label": label,
        "rate": rate,
        "steps": [encode(step, label) for step in made],
        "scales": [theme.diverging(dark) for dark in (False, True)],
        "words": words("transport") | words("two_steps"),
    }
    _mount(key=key, data=data)


def encode(step: Step, label: int) -> dict[str, Any]:
    """What the browser gets of a step: plain lists, as they stand in the network."""
    return {
        "before": _flat(step.before),
        "gradient": _flat(step.gradient.weights),
        "after": _flat(step.after),
        "listed": step.computed.listed[0].tolist(),
        "listedGradient": step.gradient.listed[0].tolist(),
        "maps": step.gradient.maps[0].reshape(len(step.gradient.maps[0]), -1).tolist(),
        "votes": step.computed.votes[0].tolist(),
        "p": probabilities(step.computed.votes)[0].tolist(),
        "y": np.eye(CLASSES)[label].tolist(),
        "error": step.error,
    }


def _flat(weights: Weights) -> dict[str, list[float]]:
    return {"features": weights.features.ravel().tolist(), "votes": weights.votes.ravel().tolist()}
