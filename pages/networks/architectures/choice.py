"""Which architecture and which of its layers: known ones, the app's own, and what a visitor trained or loaded."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from explainer.networks import architectures, presets
from explainer.networks.architecture_names import OWN, PRESETS, TORCHVISION
from explainer.networks.config import NetworkConfig
from explainer.networks.failing import Failure
from explainer.networks.folding import Architecture, Layer, fold
from explainer.networks.heads import Head, heads
from explainer.networks.memory import Saved, saved
from explainer.networks.strides import first_stride
from explainer.training.config import RunConfig
from explainer.ui.controls.choice import choice, stepped
from explainer.ui.frame.studio import studio
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels, say

NETWORK, LAYER, SIZE, HEAD = "network", "layer", "ar_size", "ar_head"
FIRST = "lenet-5"
OWN_SIZE = "own"  # that a network was made for
SIZES = range(32, 513, 16)


@dataclass(frozen=True, eq=False)
class Chosen:
    """An architecture by its ``name``, with the configuration of a visitor's own network, and one of its layers.

    It reads pictures of ``side`` × ``side``; that it was made for has ``own_side``. ``head`` is what follows its maps.
    """

    name: str
    config: NetworkConfig | None
    architecture: Architecture
    layer: Layer
    side: int
    own_side: int
    head: Head

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Channels, rows and columns."""
        return self.architecture.layers[0].step.shape

    @property
    def is_as_made(self) -> bool:
        """Whether neither its input size nor its head is another one."""
        return self.side == self.own_side and self.head == "built"

    @property
    def key(self) -> str:
        """The same layers, the same key."""
        return f"{self.name}-{self.side}-{self.head}"


def choose() -> None:
    """Draws all choices."""
    name = choice(say("architectures.controls.network"), names(), NETWORK, first=FIRST)
    place = st.container()
    stepped(say("architectures.controls.size"), _size_names(_own_side(name)), SIZE, first=OWN_SIZE)
    if len(offered := _heads(name)) > 1:
        choice(say("architectures.controls.head"), labels("architectures.heads.{}", offered), HEAD)
    found = _architecture(name, *_variant(name))
    layers = {layer.key: layer.name for layer in found.layers}
    choice(say("architectures.controls.layer"), layers, LAYER, first=_first(found).key, place=place)


def chosen() -> Chosen:
    """What the controls hold. Raises NotDrawnError before ``choose`` has drawn them."""
    name = _present()
    side, head = _variant(name)
    found = _architecture(name, side, head)
    layer = found.layer(value_of(LAYER)) or _first(found)
    return Chosen(name, _own().get(name), found, layer, side, _own_side(name), head)


def known(name: str, side: int | None = None, head: Head = "built") -> Chosen:
    """The architecture called ``name``, as it was made unless said otherwise, with the layer that is chosen first."""
    own = _own_side(name)
    found = _architecture(name, side or own, head)
    return Chosen(name, _own().get(name), found, _first(found), side or own, own, head)


def take(key: str) -> None:
    """Chooses the layer that was clicked in the component ``key``, which may have sent anything."""
    name = st.session_state.get(key, {}).get("chosen")
    present = _present()
    layer = _architecture(present, *_variant(present)).layer(name) if isinstance(name, str) else None
    if layer:
        st.session_state[LAYER] = layer.key


def keeps(chosen: Chosen) -> Saved | Failure:
    """What a training step of the chosen network keeps for the backward pass, or the layer that fails there."""
    return _saved(chosen.name, chosen.config, chosen.side, chosen.head, is_doubled=False)


@dataclass(frozen=True)
class Doubled:
    """The chosen network with twice the ``stride`` in its first convolution: what it keeps, or the layer that fails."""

    stride: tuple[int, int]
    architecture: Architecture
    keeps: Saved | Failure


def doubled(chosen: Chosen) -> Doubled | None:
    """None for a network without convolutions."""
    stride = _first_stride(chosen.name, chosen.config)
    if stride is None:
        return None
    name = "" if chosen.config else chosen.name
    found = _counted(name, chosen.config, chosen.side, chosen.head, is_doubled=True)
    kept = found.failure or _saved(chosen.name, chosen.config, chosen.side, chosen.head, is_doubled=True)
    return Doubled((2 * stride[0], 2 * stride[1]), found, kept)


def names() -> dict[str, str]:
    """All architectures on screen by their identifiers, the visitor's own at the end, the latest first."""
    app = {name: say("architectures.controls.app", name=presets.title(of)) for name, of in PRESETS.items()}
    runs = {run.key: say("architectures.controls.yours", name=run.name) for run in reversed(studio().of(RunConfig))}
    return {**OWN, **TORCHVISION, **app, **runs}


def _present() -> str:
    """The chosen network; the first one where a run was chosen that another tab has removed since."""
    name: str = value_of(NETWORK)
    return name if name in OWN or name in TORCHVISION or name in PRESETS or name in _own() else FIRST


def _own() -> dict[str, NetworkConfig]:
    return {run.key: run.job.config.network for run in studio().of(RunConfig)}


def _own_side(name: str) -> int:
    return architectures.made_for(name, _own().get(name))[1]


def _variant(name: str) -> tuple[int, Head]:
    """The input size and the head that are chosen; those it was made with where it cannot have them."""
    size, offered = value_of(SIZE), _heads(name)
    side = _own_side(name) if size == OWN_SIZE else int(size)
    head = value_of(HEAD) if len(offered) > 1 else offered[0]
    return side, head if head in offered else "built"


def _size_names(own: int) -> dict[str, str]:
    """Sizes by their identifiers, the smallest first; that which the network was made for is called so."""
    sides = sorted({own, *SIZES})
    made = say("architectures.controls.made_for", side=own)
    return {OWN_SIZE if side == own else str(side): made if side == own else str(side) for side in sides}


def _heads(name: str) -> tuple[Head, ...]:
    return _heads_of("" if name in _own() else name, _own().get(name))


def _architecture(name: str, side: int, head: Head) -> Architecture:
    config = _own().get(name)
    if not config and side == _own_side(name) and head == "built":
        return _known(name)
    return _counted("" if config else name, config, side, head, is_doubled=False)


@st.cache_data(max_entries=128, show_spinner=False)
def _known(name: str) -> Architecture:
    return fold(architectures.counted(name))


@st.cache_data(max_entries=64, show_spinner=False)
def _counted(name: str, config: NetworkConfig | None, side: int, head: Head, *, is_doubled: bool) -> Architecture:
    return fold(architectures.counted_at(name, config, side, head, is_doubled=is_doubled))


@st.cache_data(max_entries=256, show_spinner=False)
def _first_stride(name: str, config: NetworkConfig | None) -> tuple[int, int] | None:
    return first_stride(architectures.build(name, config))


@st.cache_data(max_entries=256, show_spinner=False)
def _heads_of(name: str, config: NetworkConfig | None) -> tuple[Head, ...]:
    return heads(architectures.build(name, config), architectures.made_for(name, config))


@st.cache_data(max_entries=256, show_spinner=False)
def _saved(name: str, config: NetworkConfig | None, side: int, head: Head, *, is_doubled: bool) -> Saved | Failure:
    channels = architectures.made_for(name, config)[0]
    return saved(architectures.altered(name, config, head, is_doubled=is_doubled), (channels, side, side))


def _first(architecture: Architecture) -> Layer:
    """The layer with most parameters, the first of them."""
    return max(architecture.layers, key=lambda layer: layer.parameters)
