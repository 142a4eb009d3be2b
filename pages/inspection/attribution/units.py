"""Which unit of a layer the page explains: its controls, what they hold, and the part of the picture to look at."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.inspection.exemplars import first_layer
from explainer.inspection.fired import Fired, fired, layers
from explainer.inspection.reach import Box
from explainer.networks.description import Layer
from explainer.networks.graph import Network
from explainer.ui.controls.inputs import LINK
from explainer.ui.controls.layer_choice import choose_layer, chosen_layer
from explainer.ui.frame import page
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import say
from explainer.words.book import Said

LAYER, CHANNEL, ROW, COLUMN, CLOSE = "at_unit", "at_map", "at_row", "at_column", "at_close"
MARGIN = 0.2  # of the side of what a unit sees, around it


def choose(network: Network) -> None:
    """Draws the controls; ``chosen`` reads them."""
    known = layers(network)
    choose_layer(known, LAYER, Said("attribution.unit.layer"), first_layer(network, known))
    layer = chosen_layer(known, LAYER)
    most = layer.channels - 1
    label = say("attribution.unit.map", most=most) if layer.is_maps else say("attribution.unit.number", most=most)
    _number(label, most, CHANNEL)
    if _is_wide(layer):
        row, column = page.side_by_side("at_place")
        with row:
            _number(say("attribution.unit.row", most=layer.shape[1] - 1), layer.shape[1] - 1, ROW)
        with column:
            _number(say("attribution.unit.column", most=layer.shape[2] - 1), layer.shape[2] - 1, COLUMN)
    if layer.is_maps:
        st.toggle(say("attribution.unit.close"), True, key=CLOSE, bind=LINK)


def chosen(network: Network, inputs: NDArray[np.float32]) -> Fired:
    """The unit that is chosen, the strongest one of those that the controls leave open.

    Raises NotDrawnError before the controls were drawn for this network.
    """
    layer = chosen_layer(layers(network), LAYER)
    row, column = _place(layer) if _is_wide(layer) else (None, None)
    return _fired(network, inputs, layer.name, (_within(CHANNEL, layer.channels), row, column))


def window(found: Fired, size: int) -> Box:
    """The square of a picture of ``size`` pixels to look at: what the unit sees and some around it, or all of it."""
    seen = found.seen
    sides = seen.bottom - seen.top, seen.right - seen.left
    side = min(size, round(max(sides) * (1 + 2 * MARGIN)))
    if found.unit.at is None or not value_of(CLOSE) or side <= 0:
        return Box(0, 0, size, size)
    top, left = (
        min(max(0, (start + end - side) // 2), size - side)
        for start, end in ((seen.top, seen.bottom), (seen.left, seen.right))
    )
    return Box(top, left, top + side, left + side)


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs={Network: lambda one: one.key})
def _fired(
    network: Network, inputs: NDArray[np.float32], layer: str, place: tuple[int | None, int | None, int | None]
) -> Fired:
    return fired(network, inputs, layer, place[0], row=place[1], column=place[2])


def _place(layer: Layer) -> tuple[int | None, int | None]:
    return _within(ROW, layer.shape[1]), _within(COLUMN, layer.shape[2])


def _within(key: str, count: int) -> int | None:
    """The number that was typed, the last one where there are fewer; None where there is none."""
    typed = value_of(key)
    return None if typed is None else min(int(typed), count - 1)


def _is_wide(layer: Layer) -> bool:
    return layer.is_maps and layer.shape[1] * layer.shape[2] > 1


def _number(label: str, most: int, key: str) -> None:
    """A number from 0 to ``most``, or none; one that is too large, as after another layer, becomes ``most``."""
    if (st.session_state.get(key) or 0) > most:
        st.session_state[key] = most
    st.number_input(label, 0, most, None, key=key, bind=LINK, placeholder=say("attribution.unit.strongest"))
