"""One neuron's weighted sum in the browser: feature maps, its weights, their products, and the sum term by term."""

from __future__ import annotations

from typing import Any

from explainer.figures import theme
from explainer.layers.fully_connected import WeightedSum
from explainer.ui.components.kit import CANVAS, COLOURS, ELEMENTS, TRANSPORT, component, words

_mount = component(__file__, ELEMENTS, CANVAS, COLOURS, TRANSPORT, "drawing.js", "index.js")


def weighted_sum(given: WeightedSum, label: str, key: str) -> None:
    """Draw ``given`` of the neuron called ``label``: all maps, and the running sum over the flattened vector.

    A visitor who points at a value, a weight or a product, or plays the sum, or steps through it with the arrow keys,
    sees the three belong together, the place in the vector, the product written out, and the sum so far. Called again
    under the same ``key`` it changes the picture in place and stays at the same term.
    """
    data = {
        **encode(given),
        "label": label,
        "scales": {
            "sequential": [theme.sequential(dark) for dark in (False, True)],
            "diverging": [theme.diverging(dark) for dark in (False, True)],
        },
        "words": words("transport") | words("weighted_sum"),
    }
    _mount(key=key, data=data)


def encode(given: WeightedSum) -> dict[str, Any]:
    """What the browser gets: all numbers map by map, row by row."""
    return {
        "shape": list(given.values.shape),
        "values": given.values.ravel().tolist(),
        "weights": given.weights.ravel().tolist(),
        "terms": given.terms.ravel().tolist(),
        "sums": given.per_map.tolist(),
        "bias": given.bias,
        "result": given.result,
    }
