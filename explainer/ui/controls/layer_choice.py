"""Which layer of the network a page looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from explainer.networks.description import Layer
from explainer.ui.controls.choice import choice
from explainer.ui.frame.widget_values import NotDrawnError, value_of
from explainer.ui.language import text_of
from explainer.words.book import Said


@dataclass(frozen=True)
class Drawn:
    """What a control offered when it was drawn last, and what came first."""

    keys: tuple[str, ...]
    first: str


def choose_layer(
    layers: Sequence[Layer], key: str, label: Said | str | None = None, first: Layer | None = None
) -> None:
    """Draws a select box of ``layers``; ``first`` is chosen to begin with, else the first of them.

    Another network starts with its own ``first``, unless it has the layer that was chosen of the network before.
    """
    names, begin = {layer.key: title(layer) for layer in layers}, (first or layers[0]).key
    state, before = st.session_state, st.session_state.get(_noted(key))
    if before and state.get(key) == before.first != begin:
        state[key] = begin
    state[_noted(key)] = Drawn(tuple(names), begin)
    choice(text_of(label or Said("controls.layer.label")), names, key, first=begin)


def chosen_layer(layers: Sequence[Layer], key: str) -> Layer:
    """What was chosen of ``layers``. Raises NotDrawnError before it was drawn with these layers."""
    wanted, drawn = value_of(key), st.session_state.get(_noted(key))
    found = next((layer for layer in layers if layer.key == wanted), None)
    if found is None or (drawn and drawn.keys != tuple(layer.key for layer in layers)):
        raise NotDrawnError(key)  # another network was chosen, whose layers are to be drawn first
    return found


def _noted(key: str) -> str:
    return f"{key}.drawn"


def title(layer: Layer) -> str:
    """What people read of a layer: its number, and the block that it is in."""
    return f"{layer.title} · {layer.block}" if layer.block else layer.title
