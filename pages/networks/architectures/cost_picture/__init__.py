"""An architecture in the browser: its layers as columns drawn to scale, and below each what it costs."""

from __future__ import annotations

from collections.abc import Callable

from explainer.figures import theme
from explainer.networks.folding import Architecture
from explainer.ui.components.kit import CANVAS, ELEMENTS, component, words
from pages.networks.architectures.rows import encode

_QUALITATIVE = theme.QUALITATIVE
KINDS = {  # colours of the kinds of layers
    "input": _QUALITATIVE[9],
    "convolution": _QUALITATIVE[1],
    "fully-connected": _QUALITATIVE[4],
    "attention": _QUALITATIVE[5],
    "max-pooling": _QUALITATIVE[2],
    "average-pooling": _QUALITATIVE[2],
    "normalization": _QUALITATIVE[3],
    "activation": _QUALITATIVE[0],
    "sum": _QUALITATIVE[7],
    "product": _QUALITATIVE[7],
    "concatenation": _QUALITATIVE[7],
    "matrix-product": _QUALITATIVE[5],
    "failed": "var(--st-red-color)",  # of a line, not filled
}
_mount = component(__file__, ELEMENTS, CANVAS, "../telling.js", "layout.js", "index.js")


def cost_picture(architecture: Architecture, name: str, chosen: str, key: str, on_chosen: Callable[[], None]) -> None:
    """Draws the architecture called ``name``; ``chosen`` is the name of a layer, which is marked.

    Pointing, folding and zooming never ask the server, and outlive another choice within the same architecture. A click
    on a layer reports its name as ``chosen`` of the component ``key``, as the browser sent it, to be checked.
    """
    data = {
        **encode(architecture),
        "network": name,
        "chosen": chosen,
        "kinds": KINDS,
        "words": words("architecture_picture"),
    }
    _mount(key=key, data=data, on_chosen_change=on_chosen)
