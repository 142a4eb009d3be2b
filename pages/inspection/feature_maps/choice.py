"""Which map of the network was chosen, by controls that stand in the link or by a click: checked, and clamped."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import streamlit as st

from explainer.inspection.columns import columns, plane_shape
from explainer.inspection.computed import Computed, ends_in
from explainer.inspection.feature_maps import Recording
from explainer.networks.description import Layer
from explainer.networks.graph import Network
from explainer.ui.controls.inputs import LINK
from explainer.ui.controls.layer_choice import choose_layer, chosen_layer
from explainer.ui.frame.widget_values import value_of

LAYER, MAP, UNIT, ALL = "fm_layer", "fm_map", "fm_unit", "fm_all"
_MOST = 99_999
_UNIT = re.compile(r"\s*(\d{1,6})\s*[,; ]\s*(\d{1,6})\s*")


class NoUnitError(ValueError):
    """What was typed is no unit; the message is a sentence that says what to type."""


@dataclass(frozen=True)
class Choice:
    """What the controls hold; None is the strongest map, or unit, that is on.

    ``whole`` is the layer that shows all its maps.
    """

    layer: Layer
    map: int | None
    unit: tuple[int, int] | None
    whole: str


def choose(network: Network) -> None:
    """Draws the controls; ``chosen`` reads them."""
    known = layers(network)
    where, which, place, every = st.columns([2, 1, 1, 1.2], vertical_alignment="bottom")
    with where:
        choose_layer(known, LAYER, first=first(network))
    with which:
        label = f"Map, 0 to {plane_shape(chosen_layer(known, LAYER))[0] - 1:,}"
        st.number_input(label, 0, _MOST, None, key=MAP, bind=LINK, placeholder="the strongest")
    with place:
        st.text_input("Unit: row, column", key=UNIT, bind=LINK, placeholder="the strongest", max_chars=20)
    with every:
        st.toggle("Show all its maps above", key=ALL, bind=LINK)


def chosen(network: Network) -> Choice:
    """What was chosen. Raises NoUnitError, a sentence, NotDrawnError before the controls were drawn."""
    layer = chosen_layer(layers(network), LAYER)
    number, typed, every = value_of(MAP), value_of(UNIT) or "", value_of(ALL)
    whole = layer.name if every and layer is not network.description.layers[-1] else ""
    return Choice(layer, number, _parse(typed), whole)


def layers(network: Network) -> tuple[Layer, ...]:
    """The layers whose maps can be asked for: the columns, and the logits."""
    return (*columns(network.description), network.description.layers[-1])


def names(network: Network) -> tuple[str, ...]:
    """Their names."""
    return tuple(layer.name for layer in layers(network))


def first(network: Network) -> Layer:
    """The layer that is shown at first: a convolution that reads a few maps."""
    convolutions = network.description.convolutions
    at = 1 if network.description.transform.channels == 1 else 0
    return convolutions[min(at, len(convolutions) - 1)] if convolutions else layers(network)[0]


def channel(network: Network, recording: Recording, choice: Choice) -> int:
    """The number of the chosen map; the last one where the layer has fewer."""
    if choice.map is not None:
        return min(choice.map, plane_shape(choice.layer)[0] - 1)
    if choice.layer is network.description.layers[-1]:
        return int(recording.logits.argmax())
    shown, silent = recording.layer(choice.layer.name).shown, recording.layer(_last(network, choice.layer)).silent
    return next((number for number in shown if not silent[number]), shown[0])


def unit(found: Computed, choice: Choice) -> tuple[int, int]:
    """The chosen unit of the map that ``found`` tells of, inside of it; else one that is on, where there is one.

    It is the one of which most is left after the layers that follow the map, as a ReLU; of a map that is off everywhere
    the one of the largest magnitude.
    """
    values, ends = found.asked.values, found.steps[-1].values
    if choice.unit is None:
        row, column = divmod(int((ends if ends.max() > 0 else np.abs(values)).argmax()), values.shape[1])
        return row, column
    return min(choice.unit[0], values.shape[0] - 1), min(choice.unit[1], values.shape[1] - 1)


def _last(network: Network, layer: Layer) -> str:
    """The name of the column that shows what becomes of each number of ``layer``."""
    last = ends_in(network, layer)
    return last.name if last in columns(network.description) else layer.name


def take_map(network: Network, key: str) -> None:
    """Chooses what was clicked in the component ``key``."""
    clicked = _reported(key, "chosen")
    layer = next((each for each in layers(network) if each.name == clicked.get("layer")), None)
    number = clicked.get("channel")
    if layer is None or type(number) is not int or not 0 <= number < plane_shape(layer)[0]:
        return
    if layer.key != st.session_state.get(LAYER):
        st.session_state[ALL] = False
    st.session_state[LAYER], st.session_state[MAP] = layer.key, number
    st.session_state[UNIT] = _place(clicked)


def take_unit(key: str) -> None:
    """Chooses the place that was clicked in the component ``key``."""
    st.session_state[UNIT] = _place(_reported(key, "unit"))


def take_whole(network: Network, key: str) -> None:
    """Shows all maps of the layer whose foot was clicked in the component ``key``, or the strongest ones again."""
    reported = st.session_state.get(key, {}).get("whole")
    layer = next((each for each in columns(network.description) if each.name == reported), None)
    st.session_state[ALL] = layer is not None
    if layer is not None and layer.key != st.session_state.get(LAYER):
        st.session_state[LAYER], st.session_state[MAP], st.session_state[UNIT] = layer.key, None, ""


def _reported(key: str, name: str) -> dict[str, object]:
    """What the browser sent, which may be anything."""
    value = st.session_state.get(key, {}).get(name)
    return dict(value) if hasattr(value, "keys") else {}


def _place(clicked: dict[str, object]) -> str:
    place = (clicked.get("row"), clicked.get("column"))
    return ", ".join(map(str, place)) if all(type(at) is int and 0 <= at < _MOST for at in place) else ""


def _parse(typed: str) -> tuple[int, int] | None:
    if not typed.strip():
        return None
    found = _UNIT.fullmatch(typed)
    if found is None:
        raise NoUnitError("A unit is a row and a column, as in 3, 5. Leave it empty for the strongest one.")
    return int(found[1]), int(found[2])
