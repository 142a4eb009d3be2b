"""The layers of an architecture as a table in the browser: sorted by a click, blocks folded with their sums."""

from __future__ import annotations

from collections.abc import Callable

from explainer.networks.folding import Architecture
from explainer.ui.components.kit import ELEMENTS, component, words
from pages.networks.architectures.rows import encode

_mount = component(__file__, ELEMENTS, "../telling.js", "index.js")


def layer_table(architecture: Architecture, name: str, chosen: str, key: str, on_chosen: Callable[[], None]) -> None:
    """Draws the table of the architecture called ``name``, with the row of the layer called ``chosen`` marked.

    Sorting and unfolding never ask the server. A click on a layer's row reports its name as ``chosen``.
    """
    data = {
        **encode(architecture),
        "network": name,
        "chosen": chosen,
        "words": words("architecture_picture"),
    }
    _mount(key=key, data=data, on_chosen_change=on_chosen)
