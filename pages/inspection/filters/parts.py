"""What the views of the page "Filters" share: choices, the kernels that are looked at, and what they read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.data.assets import assets_path
from explainer.inspection import filters
from explainer.inspection.filter_bank import Bank, NoFiltersError, first_layer
from explainer.inspection.filters import Kernels, Order
from explainer.inspection.filters_code import weight_code
from explainer.networks import zoo
from explainer.networks.description import INPUT, Layer
from explainer.networks.graph import Network
from explainer.networks.pretrained import PRETRAINED
from explainer.ui.controls.inputs import LINK
from explainer.ui.controls.networks import NoNetworkError, chosen_network
from explainer.ui.controls.subject import Subject
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import NotDrawnError, value_of
from pages.inspection.filters.filter_wall import Given, Paint

K = TypeVar("K", bound=str)
SORTS: dict[Order, str] = {
    "orientation": "Orientation",
    "similarity": "Similarity",
    "colour": "Colour",
    "norm": "L2 norm",
    "number": "Number",
}
PAINTS = {"colour": "In colour", "sum": "Sum of the colours", "red": "Red", "green": "Green", "blue": "Blue"}
_PAINTED: dict[str, Paint] = {"colour": "colour", "sum": "sum", "red": 0, "green": 1, "blue": 2}
OWN_FILE = "my_network.safetensors"  # what "Train a CNN" saves
SORT, PAINT, FILTER, SHARED = "fi_sort", "fi_paint", "fi_filter", "fi_shared"


def network_with_filters(place: DeltaGenerator) -> Network | None:
    """The chosen network; None where it is not there or has no filters, and ``place`` says so."""
    try:
        network = chosen_network()
        first_layer(network)
    except (NoNetworkError, NoFiltersError) as problem:
        place.info(verbatim(str(problem)))
        return None
    return network


def chosen_of(names: Mapping[K, object], key: str) -> K:
    """Which of ``names`` the choice ``key`` holds. Raises NotDrawnError before it was drawn with these."""
    name: K = value_of(key)
    if name not in names:
        raise NotDrawnError(key)
    return name


def choose_number(label: str, count: int, key: str, help: str | None = None) -> None:  # noqa: A002 as Streamlit's
    """A whole number from 0 to ``count`` - 1; one chosen before that is too large becomes the largest."""
    if int(st.session_state.get(key) or 0) >= count:
        st.session_state[key] = count - 1
    st.number_input(f"{label}, 0 to {count - 1:,}", 0, count - 1, key=key, bind=LINK, help=help)


def chosen_number(count: int, key: str) -> int:
    """What ``choose_number`` holds. Raises NotDrawnError before it was drawn for so many."""
    number = int(value_of(key))
    if not 0 <= number < count:
        raise NotDrawnError(key)
    return number


def sorts(bank: Bank) -> dict[Order, str]:
    """The orders that make sense."""
    return {order: name for order, name in SORTS.items() if order != "colour" or bank.in_colour}


def paint_of(bank: Bank) -> Paint:
    """How weights are coloured. Raises NotDrawnError before the choice was drawn."""
    return _PAINTED[chosen_of(PAINTS, PAINT)] if bank.in_colour else "sum"


def given_to(network: Network, layer: Layer, found: Kernels, subject: Subject) -> Given:
    """What the layer reads of the picture."""
    transform = network.description.transform
    pixels = subject.pixels if layer.reads[0] == INPUT else None
    return Given(
        str(subject.title),
        stride=found.stride,
        padding=found.padding,
        dilation=found.dilation,
        size=(layer.shape[1], layer.shape[2]),
        pixels=pixels,
        mean=transform.mean,
        std=transform.std,
        maps=None if pixels is not None else filters.planes(network, layer.name, subject.inputs),
    )


def load_code(network: Network, layer: Layer) -> str:
    """Code that makes ``weight`` of this layer."""
    name, folder = zoo.name_of(network) or "", assets_path().name
    files = {reader: f"{folder}/readers/{file}.safetensors" for reader, file in zoo.READERS.items()}
    files["squeezenet"] = f"{folder}/squeezenet/weights.safetensors"
    return weight_code(name if name in PRETRAINED else "", layer.path, files.get(name, OWN_FILE))
