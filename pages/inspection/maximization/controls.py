"""The controls of the page "Activation maximization", and the plan that they make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.inspection.maximization import MOST_STEPS, Settings, Target
from explainer.inspection.maximization_plan import (
    SIDES,
    SMALL,
    Plan,
    Stage,
    in_turn,
    is_small,
    side_that_fits,
    units_at_once,
)
from explainer.inspection.parameterization import Parameterization
from explainer.inspection.transformations import Transformations
from explainer.networks.description import Layer, class_keys
from explainer.networks.graph import Network
from explainer.ui.controls.choice import choice, radio
from explainer.ui.controls.inputs import LINK
from explainer.ui.controls.layer_choice import choose_layer, chosen_layer
from explainer.ui.controls.networks import choose_network, chosen_network
from explainer.ui.frame import page
from explainer.ui.frame.widget_values import NotDrawnError, value_of
from pages.inspection.maximization.regularizers import (
    BLUR,
    BOUNDED,
    COLOR,
    FOURIER,
    JITTER,
    L2,
    REGULARIZERS,
    ROTATION,
    SCALE,
    VARIATION,
)

ONE, ALL, TURN = "unit", "layer", "one-by-one"
VIEWS = {ONE: "One unit", ALL: "A whole layer", TURN: "One by one"}
MOST_SEED, MOST_UNIT = 999, 999_999
DEFAULT_LAYER, DEFAULT_SIDE = 0.75, 128
MOST_SIDE_IN_TURN = 96  # of the pictures of nine ascents, so that they do not take minutes
WEIGHTS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0]


@dataclass(frozen=True, eq=False)
class View:
    """What the page shows: a network, a layer, the view, and what is to be made."""

    network: Network
    layer: Layer
    kind: str
    plan: Plan
    unit: int  # the one that is chosen, of the layer

    @property
    def is_class(self) -> bool:
        """Whether the units are the scores of classes."""
        return self.layer is self.network.description.layers[-1]

    def name(self, unit: int) -> str:
        """A unit of the layer, for people."""
        if self.is_class:
            return f"Class “{self.network.description.classes[unit]}”"
        if self.layer.is_maps:
            return f"Channel {unit} of {self.layer.title}"
        return f"Unit {unit} of {self.layer.title}"


def controls(place: DeltaGenerator, top: DeltaGenerator) -> None:
    """Draws the controls, the choice of the view in ``top``; ``chosen_view`` reads them."""
    radio("View", VIEWS, "am_view", place=top, label_visibility="collapsed")
    with place:
        network = choose_network()
        if network is None:
            return
        layers = layers_of(network)
        choose_layer(layers, "am_layer", first=first_layer(layers))
        _choose_unit(network, chosen_layer(layers, "am_layer"))
        if value_of("am_view") != TURN:
            _choose_regularizers(network)
        with st.expander("Steps, seed, strengths", key="am_more", bind=LINK):
            _choose_settings(network)


def chosen_view() -> View:
    """What is chosen. Raises NotDrawnError before ``controls`` has drawn it all, NoNetworkError without a network."""
    network = chosen_network()
    layer = chosen_layer(layers_of(network), "am_layer")
    kind, settings = value_of("am_view"), _settings(network)
    target = _target(network, layer, kind)
    settings = _fitted(settings, target.side)
    if kind == TURN:
        stages = in_turn(settings, color=network.description.transform.channels == 3)
    else:
        stages = (Stage("", "", settings),)
    return View(network, layer, kind, Plan(network.key, target, stages), _unit(network, layer))


def layers_of(network: Network) -> list[Layer]:
    """The layers whose units can be excited: all with maps or features, but for those that only pass values on."""
    passing = ("reshape", "dropout", "padding")
    found = [
        layer
        for layer in network.description.layers
        if layer.kind not in passing and (layer.is_maps or len(layer.shape) == 1)
    ]
    last = network.description.layers[-1]
    return found if last in found else [*found, last]


def first_layer(layers: list[Layer]) -> Layer:
    """A convolution far enough up to like more than lines."""
    convolutions = [layer for layer in layers if layer.kind == "convolution"]
    return convolutions[round(DEFAULT_LAYER * (len(convolutions) - 1))] if convolutions else layers[-1]


def _choose_unit(network: Network, layer: Layer) -> None:
    if layer is network.description.layers[-1]:
        _choose_class(network.description.classes)
    else:
        what = "Channel" if layer.is_maps else "Unit"
        _number(f"{what}, 0 to {layer.channels - 1:,}", layer.channels - 1, "am_unit")
    if value_of("am_view") == ALL:
        many = len(units_at_once(network, layer, 0, side_that_fits(network, layer, SMALL)))
        if many < layer.channels:
            st.caption(f"{many} of {layer.channels:,} at a time, from this one on, so that it does not take minutes.")
    if layer.is_maps:
        st.toggle(
            "One neuron",
            value=True,
            key="am_cell",
            bind=LINK,
            help="A channel's map holds the same question at every place. On: only the neuron in its middle is "
            "excited, and the picture shows one pattern. Off: the mean over the map, and the picture fills with it.",
        )


def _choose_regularizers(network: Network) -> None:
    """A switch for each regularizer, in two columns."""
    place = page.switches("am_regularizers")
    for name, each in REGULARIZERS.items():
        if name != COLOR or network.description.transform.channels == 3:
            place.checkbox(each.title, each.is_on, key=each.key, bind=LINK, help=each.help, width="content")


def _number(label: str, most: int, key: str) -> None:
    """A number from 0 to ``most``; one that another layer allowed becomes the largest."""
    if st.session_state.get(key, 0) > most:
        st.session_state[key] = most
    st.number_input(label, 0, most, key=key, bind=LINK)


def _choose_class(classes: tuple[str, ...]) -> None:
    keys = class_keys(classes)
    names = dict(zip(keys, class_names(classes), strict=True))
    choice("Class", names, "am_class", first=keys[min(3, len(keys) - 1)])


def class_names(classes: tuple[str, ...]) -> list[str]:
    """The classes for people; two of one name are told apart by their numbers."""
    return [name if classes.count(name) == 1 else f"{name} ({number})" for number, name in enumerate(classes)]


def _choose_settings(network: Network) -> None:
    st.slider("Steps", 16, MOST_STEPS, 128, 16, key="am_steps", bind=LINK)
    st.select_slider("Step size", [0.005, 0.01, 0.02, 0.05, 0.1, 0.2], 0.05, key="am_rate", bind=LINK)
    st.number_input("Seed", 0, MOST_SEED, 0, key="am_seed", bind=LINK, help="Another seed starts from other noise.")
    if not is_small(network) and value_of("am_view") == TURN:
        st.caption(f"At most {MOST_SIDE_IN_TURN} pixels wide here, so that nine ascents do not take minutes.")
    if not is_small(network) and value_of("am_view") != ALL:
        st.select_slider("Side of the picture, pixels", SIDES, DEFAULT_SIDE, key="am_side", bind=LINK)
    chosen = _regularizers(network)
    if JITTER in chosen:
        st.slider("Jitter, ± % of the side", 1, 25, 4, key="am_jitter", bind=LINK)
    if SCALE in chosen:
        st.slider("Scale, ± %", 5, 50, 5, 5, key="am_scale", bind=LINK)
    if ROTATION in chosen:
        st.slider("Rotation, ± degrees", 5, 90, 5, 5, key="am_rotation", bind=LINK)
    if BLUR in chosen:
        st.slider("Blur, pixels", 0.1, 2.0, 0.3, 0.1, key="am_blur", bind=LINK)
    if L2 in chosen:
        st.select_slider("L2", WEIGHTS, 0.1, key="am_l2", bind=LINK)
    if VARIATION in chosen:
        st.select_slider("Total variation", WEIGHTS, 0.2, key="am_tv", bind=LINK)


def _regularizers(network: Network) -> set[str]:
    """What is switched on; everything where one is added after the other."""
    possible = {name for name in REGULARIZERS if name != COLOR or network.description.transform.channels == 3}
    return possible if value_of("am_view") == TURN else {name for name in possible if value_of(REGULARIZERS[name].key)}


def _settings(network: Network) -> Settings:
    """What the controls hold, with jitter still in % of the side."""
    chosen = _regularizers(network)
    strong = {name: each.strength for name, each in REGULARIZERS.items() if each.strength}
    strength = {name: value_of(control) if name in chosen else 0 for name, control in strong.items()}
    return Settings(
        steps=value_of("am_steps"),
        rate=value_of("am_rate"),
        seed=value_of("am_seed"),
        parameterization=Parameterization(FOURIER in chosen, COLOR in chosen, BOUNDED in chosen),
        transformations=Transformations(strength[JITTER], strength[SCALE] / 100, float(strength[ROTATION])),
        blur=float(strength[BLUR]),
        l2=float(strength[L2]),
        variation=float(strength[VARIATION]),
    )


def _fitted(settings: Settings, side: int) -> Settings:
    """With jitter in pixels."""
    moves = settings.transformations
    jitter = max(1, round(moves.jitter * side / 100)) if moves.jitter else 0
    return replace(settings, transformations=replace(moves, jitter=jitter))


def _target(network: Network, layer: Layer, kind: str) -> Target:
    middle, unit = bool(layer.is_maps and value_of("am_cell")), _unit(network, layer)
    if kind == ALL:
        side = side_that_fits(network, layer, SMALL)
        return Target(layer.name, units_at_once(network, layer, unit, side), side, middle)
    wished: Any = SMALL if is_small(network) else value_of("am_side")
    if kind == TURN:
        wished = min(wished, MOST_SIDE_IN_TURN)
    return Target(layer.name, (unit,), side_that_fits(network, layer, wished), middle)


def _unit(network: Network, layer: Layer) -> int:
    if layer is not network.description.layers[-1]:
        return min(int(value_of("am_unit")), layer.channels - 1)
    options = class_keys(network.description.classes)
    chosen = value_of("am_class")
    if chosen not in options:  # of another network: its classes are to be drawn first
        raise NotDrawnError("am_class")
    return options.index(chosen)
