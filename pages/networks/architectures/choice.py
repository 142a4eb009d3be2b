"""Which architecture and which of its layers: known ones, the app's own, and what a visitor trained or loaded."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from explainer.networks import architectures, presets
from explainer.networks.architecture_names import OWN, PRESETS, TORCHVISION
from explainer.networks.config import NetworkConfig
from explainer.networks.folding import Architecture, Layer, fold
from explainer.networks.memory import Saved, saved
from explainer.ui.controls.choice import choice
from explainer.ui.frame.studio import studio
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import say

NETWORK, LAYER = "network", "layer"
FIRST = "lenet-5"


@dataclass(frozen=True, eq=False)
class Chosen:
    """An architecture by its ``name``, with the configuration of a visitor's own network, and one of its layers."""

    name: str
    config: NetworkConfig | None
    architecture: Architecture
    layer: Layer

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Channels, rows and columns."""
        return self.architecture.layers[0].step.shape


def choose() -> None:
    """Draws both choices."""
    name = choice(say("architectures.controls.network"), names(), NETWORK, first=FIRST)
    found = _architecture(name)
    layers = {layer.key: layer.name for layer in found.layers}
    choice(say("architectures.controls.layer"), layers, LAYER, first=_first(found).key)


def chosen() -> Chosen:
    """What the controls hold. Raises NotDrawnError before ``choose`` has drawn them."""
    name = _present()
    found = _architecture(name)
    layer = found.layer(value_of(LAYER)) or _first(found)
    return Chosen(name, _own().get(name), found, layer)


def known(name: str) -> Chosen:
    """The architecture called ``name``, with the layer that is chosen first."""
    found = _architecture(name)
    return Chosen(name, _own().get(name), found, _first(found))


def take(key: str) -> None:
    """Chooses the layer that was clicked in the component ``key``, which may have sent anything."""
    name = st.session_state.get(key, {}).get("chosen")
    layer = _architecture(_present()).layer(name) if isinstance(name, str) else None
    if layer:
        st.session_state[LAYER] = layer.key


def keeps(chosen: Chosen) -> Saved:
    """What a training step of the chosen network keeps for the backward pass."""
    return _saved_of_config(chosen.config) if chosen.config else _saved(chosen.name)


def names() -> dict[str, str]:
    """All architectures on screen by their identifiers, the visitor's own at the end, the latest first."""
    app = {name: say("architectures.controls.app", name=presets.title(of)) for name, of in PRESETS.items()}
    runs = {run.key: say("architectures.controls.yours", name=run.name) for run in reversed(studio().runs)}
    return {**OWN, **TORCHVISION, **app, **runs}


def _present() -> str:
    """The chosen network; the first one where a run was chosen that another tab has removed since."""
    name: str = value_of(NETWORK)
    return name if name in OWN or name in TORCHVISION or name in PRESETS or name in _own() else FIRST


def _own() -> dict[str, NetworkConfig]:
    return {run.key: run.job.config.network for run in studio().runs}


def _architecture(name: str) -> Architecture:
    config = _own().get(name)
    return _of_config(config) if config else _known(name)


@st.cache_data(max_entries=128, show_spinner=False)
def _known(name: str) -> Architecture:
    return fold(architectures.counted(name))


@st.cache_data(max_entries=32, show_spinner=False)
def _of_config(config: NetworkConfig) -> Architecture:
    return fold(architectures.counted_config(config))


@st.cache_data(max_entries=128, show_spinner=False)
def _saved(name: str) -> Saved:
    return saved(architectures.build(name), architectures.input_shape(name))


@st.cache_data(max_entries=32, show_spinner=False)
def _saved_of_config(config: NetworkConfig) -> Saved:
    return saved(architectures.build("", config), architectures.PRESET_SHAPE)


def _first(architecture: Architecture) -> Layer:
    """The layer with most parameters, the first of them."""
    return max(architecture.layers, key=lambda layer: layer.parameters)
