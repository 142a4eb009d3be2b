"""Which layer of the network a page looks at."""

from __future__ import annotations

from collections.abc import Sequence

from explainer.networks.description import Layer
from explainer.ui.controls.choice import choice
from explainer.ui.frame.widget_values import NotDrawnError, value_of
from explainer.ui.language import text_of
from explainer.words.book import Said


def choose_layer(
    layers: Sequence[Layer], key: str, label: Said | str | None = None, first: Layer | None = None
) -> None:
    """Draws a select box of ``layers``; ``first`` is chosen to begin with, else the first of them.

    A network that has no layer of the key that was chosen before, as after another network, starts with ``first``.
    """
    names = {layer.key: title(layer) for layer in layers}
    choice(text_of(label or Said("controls.layer.label")), names, key, first=first.key if first else None)


def chosen_layer(layers: Sequence[Layer], key: str) -> Layer:
    """What was chosen of ``layers``. Raises NotDrawnError before it was drawn with these layers."""
    wanted = value_of(key)
    found = next((layer for layer in layers if layer.key == wanted), None)
    if found is None:  # another network was chosen, whose layers are to be drawn first
        raise NotDrawnError(key)
    return found


def title(layer: Layer) -> str:
    """What people read of a layer: its number, and the block that it is in."""
    return f"{layer.title} · {layer.block}" if layer.block else layer.title
