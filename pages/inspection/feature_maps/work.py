"""What the page "Feature maps" computes, kept for the next who asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.data.samples import PHOTOGRAPHS
from explainer.inspection import columns, receptive_field
from explainer.inspection.computed import Computed, computed
from explainer.inspection.feature_maps import Measure, Recording, record
from explainer.inspection.receptive_field import Fields
from explainer.inspection.silent_maps import DIGITS, Health, count_silent_maps_steps, reference_inputs
from explainer.inspection.steps import saying
from explainer.lru import Lru
from explainer.networks.graph import Network
from explainer.ui.controls.subject import Subject
from explainer.ui.frame.background import Background
from explainer.ui.frame.long_work import long_work

MEASURES: dict[Measure, str] = {"mean": "Mean magnitude", "maximum": "Largest magnitude"}
READER_WITH_NORM, SQUEEZENET = "digits-bn", "squeezenet"

_NETWORK: dict[str | type[Any], Callable[[Any], Any]] = {Network: lambda network: network.key}
_known = Lru[dict[str, Health]](32)


@st.cache_data(max_entries=24, show_spinner="Running the network", hash_funcs=_NETWORK)
def _record(network: Network, key: bytes, _inputs: NDArray[np.float32], by: Measure, whole: str) -> Recording:  # noqa: ARG001
    return record(network, _inputs, by=by, whole=whole)


@st.cache_data(max_entries=32, show_spinner=False, hash_funcs=_NETWORK)
def _compute(network: Network, key: bytes, _inputs: NDArray[np.float32], layer: str, channel: int) -> Computed:  # noqa: ARG001
    return computed(network, _inputs, layer, channel)


@st.cache_data(max_entries=128, show_spinner=False, hash_funcs=_NETWORK)
def _effective(
    network: Network,
    key: bytes,  # noqa: ARG001
    _inputs: NDArray[np.float32],
    layer: str,
    unit: tuple[int, int],
    channel: int,
) -> NDArray[np.float32]:
    return receptive_field.effective(network, layer, *unit, channel=channel, inputs=_inputs)


@st.cache_data(max_entries=24, show_spinner=False, hash_funcs=_NETWORK)
def fields(network: Network) -> dict[str, Fields]:
    """What the units of each column could see of the input."""
    return {layer.name: receptive_field.fields(network, layer.name) for layer in columns.columns(network.description)}


def whole_field(network: Network) -> Fields:
    """All of the input, which a logit can see."""
    whole = np.array([[[0, network.description.transform.size]]], np.int32)
    return Fields(np.zeros(len(network.description.classes), np.int32), whole, whole)


def recording(network: Network, subject: Subject, by: Measure, whole: str) -> Recording:
    """The picture's way through the network."""
    return _record(network, subject.key, subject.inputs, by, whole)


def computation(network: Network, subject: Subject, layer: str, channel: int) -> Computed:
    """How one map came about."""
    return _compute(network, subject.key, subject.inputs, layer, channel)


def effective(
    network: Network, subject: Subject, layer: str, unit: tuple[int, int], channel: int
) -> NDArray[np.float32]:
    """What moves a unit."""
    return _effective(network, subject.key, subject.inputs, layer, unit, channel)


def pictures(network: Network) -> str:
    """The pictures over which silent maps are counted, in words."""
    if network.description.transform.channels == 1:
        return f"{DIGITS} test digits"
    return f"{len(PHOTOGRAPHS)} sample photographs"


def health(network: Network) -> tuple[dict[str, Health] | None, Background[dict[str, Health]] | None]:
    """Which maps are silent or saturated in all pictures; None while they are being counted, by the work beside it."""
    return long_work("fm_silent_maps", network.key, lambda: _count(network), lambda _: True, _known)


def _count(network: Network) -> Iterator[dict[str, Health] | None]:
    yield (yield from saying(count_silent_maps_steps(network, reference_inputs(network)), lambda _: None))
