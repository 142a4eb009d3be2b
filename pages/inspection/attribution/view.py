"""What the page "What decided" is asked to show: its controls, and what they hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from explainer.inspection.baselines import Fill
from explainer.inspection.fired import Fired
from explainer.inspection.grad_cam import last_attention, layers_of_places, usual_layer
from explainer.inspection.gradients import predict
from explainer.inspection.methods import METHODS, Method, Settings
from explainer.inspection.occlusion import MOST_POSITIONS, least_stride, starts
from explainer.inspection.reach import Box
from explainer.inspection.target import Explained, Target
from explainer.networks.description import Description, class_keys
from explainer.networks.graph import Network
from explainer.ui.controls.choice import choice, radio, several, stepped
from explainer.ui.controls.inputs import LINK
from explainer.ui.controls.layer_choice import choose_layer, chosen_layer
from explainer.ui.controls.networks import NoNetworkError, choose_network, chosen_network
from explainer.ui.controls.subject import NoInputError, Subject, choose_subject, chosen_subject
from explainer.ui.frame.widget_values import NotDrawnError, value_of
from explainer.ui.language import labels, say
from explainer.words.book import Said
from pages.inspection.attribution import units

CLASS, OTHER, HOW, OF, CHOSEN, LAYER = "at_class", "at_other", "at_how", "at_of", "at_methods", "at_layer"
OF_UNIT = "at_unit_methods"  # the methods that explain a unit
UNIT = "unit"  # what is explained, where it is no logit and no probability
FIRST, SECOND, NOBODY = "most-probable", "second-most-probable", "none"
DIFFERENCE, BESIDE = "difference", "side-by-side"
DEFAULT_METHODS = ["gradient", "integrated-gradients", "guided-backpropagation", "occlusion"]
UNIT_METHODS = ["gradient", "guided-backpropagation", "transposed-convolutions"]
STEPS = (8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096)
MOST_STEPS, MOST_SAMPLES = 64, 32  # on a large picture
PATCHES = {str(percent): f"{percent} %" for percent in (5, 10, 15, 20, 25, 30, 40, 50)}  # of the picture's side
STRIDES = {"eighth": 1 / 8, "quarter": 1 / 4, "half": 1 / 2, "whole": 1.0}  # of the patch
LARGE = 20_000  # numbers of an input from which on many passes take seconds


@dataclass(frozen=True, eq=False)
class View:
    """What is shown: the maps of ``methods`` for ``target``, against ``other`` where there is one.

    ``is_beside`` puts the two classes beside each other, else the difference of their maps is shown. ``logits``
    (classes,) are those of the subject. Where a unit is explained, ``fired`` tells of it, and ``window`` is the part of
    the picture to look at.
    """

    network: Network
    subject: Subject
    logits: NDArray[np.float32]
    methods: tuple[Method, ...]
    target: Explained
    other: Target | None
    is_beside: bool
    settings: Settings
    fired: Fired | None = None
    window: Box | None = None

    @property
    def is_large(self) -> bool:
        """Whether many passes through the network take seconds."""
        return self.subject.inputs.size > LARGE

    @property
    def shown(self) -> tuple[Method, ...]:
        """The methods that have panels: two of them where each needs two."""
        return self.methods[: 2 if self.is_beside else 4]

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """Of all classes."""
        powers = np.exp(self.logits.astype(np.float64) - self.logits.max())
        result: NDArray[np.float64] = powers / powers.sum()
        return result

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """Those of the picture, or of the part of it to look at."""
        return self.within(self.subject.pixels)

    def within(self, values: NDArray[Any]) -> NDArray[Any]:
        """The part to look at of ``values`` (size, size, ...)."""
        box = self.window
        return values if box is None else values[box.top : box.bottom, box.left : box.right]

    def name(self, target: Explained) -> str | Said:
        """What the class of ``target`` is called, or which unit of its layer it is."""
        if isinstance(target, Target):
            return names(self.network.description)[target.label]
        if target.at is None:
            return Said("attribution.unit.name", unit=target.channel)
        return Said("attribution.unit.name_in_map", map=target.channel, row=target.at[0], column=target.at[1])


def names(description: Description) -> list[str]:
    """What the classes are called, each differently: two birds and cranes of ImageNet share a name."""
    counts = Counter(description.classes)
    return [f"{name} ({i})" if counts[name] > 1 else name for i, name in enumerate(description.classes)]


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs={Network: lambda one: one.key})
def logits_of(network: Network, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the network says about one picture, (classes,)."""
    return np.asarray(predict(network, inputs), np.float32)


def controls(place: DeltaGenerator) -> None:
    """Draws the controls; ``view`` reads them."""
    with place:
        choose_network()
        choose_subject()
        try:
            network = chosen_network()
            subject = chosen_subject(network)
        except (NoNetworkError, NoInputError, NotDrawnError):
            return
        of = {
            "logit": say("attribution.controls.logit"),
            "probability": say("attribution.controls.probability"),
            UNIT: say("attribution.controls.unit"),
        }
        is_unit = radio(say("attribution.controls.of"), of, OF, help=say("attribution.controls.of_help")) == UNIT
        if is_unit:
            units.choose(network)
        else:
            _choose_target(network, logits_of(network, subject.inputs))
        chosen = _choose_unit_methods() if is_unit else _choose_methods(network)
        _choose_settings(network, subject, {field for method in chosen for field in method.uses})


def view() -> View:
    """What the controls hold.

    Raises NoNetworkError or NoInputError, a sentence, where there is nothing to explain, NotDrawnError where a control
    was not drawn yet.
    """
    network = chosen_network()
    subject = chosen_subject(network)
    logits = logits_of(network, subject.inputs)
    if value_of(OF) == UNIT:
        return _view_of_unit(network, subject, logits)
    of, methods = value_of(OF), tuple(METHODS[key] for key in value_of(CHOSEN))
    target = Target(_label(network.description, logits, value_of(CLASS)), of)
    other = None if value_of(OTHER) == NOBODY else Target(_label(network.description, logits, value_of(OTHER)), of)
    uses = {field for method in methods for field in method.uses}
    if "layer" in uses and not layers_of_places(network):
        raise NotDrawnError(CHOSEN)
    told = _settings(network, subject, uses)
    is_beside = other is not None and value_of(HOW) == BESIDE
    return View(network, subject, logits, methods, target, other, is_beside, told)


def _view_of_unit(network: Network, subject: Subject, logits: NDArray[np.float32]) -> View:
    methods = tuple(METHODS[key] for key in value_of(OF_UNIT))
    told = _settings(network, subject, {field for method in methods for field in method.uses})
    fired = units.chosen(network, subject.inputs)
    window = units.window(fired, len(subject.pixels))
    return View(network, subject, logits, methods, fired.unit, None, False, told, fired, window)


def _choose_target(network: Network, logits: NDArray[np.float32]) -> None:
    known = dict(zip(class_keys(network.description.classes), names(network.description), strict=True))
    keys = list(known)
    ranked = {keys[i]: known[keys[i]] for i in np.argsort(-logits, kind="stable")[:5].tolist()} | known
    first, second = say("attribution.controls.first"), say("attribution.controls.second")
    choice(say("attribution.controls.class"), {FIRST: first, **ranked}, CLASS)
    others = {NOBODY: say("attribution.controls.nobody"), SECOND: second, **ranked}
    if choice(say("attribution.controls.other"), others, OTHER) != NOBODY:
        ways = {DIFFERENCE: say("attribution.controls.difference"), BESIDE: say("attribution.controls.beside")}
        radio(say("attribution.controls.how"), ways, HOW)


def _choose_methods(network: Network) -> list[Method]:
    known = {
        key: say(method.title)
        for key, method in METHODS.items()
        if layers_of_places(network) or "layer" not in method.uses
    }
    keys = several(say("attribution.controls.methods"), known, CHOSEN, first=DEFAULT_METHODS, most=4)
    return [METHODS[key] for key in keys]


def _choose_unit_methods() -> list[Method]:
    known = {key: say(method.title) for key, method in METHODS.items() if method.tells_units}
    keys = several(say("attribution.controls.methods"), known, OF_UNIT, first=UNIT_METHODS, most=4)
    return [METHODS[key] for key in keys]


def fills() -> dict[Fill, str]:
    """What stands for nothing, as people read it."""
    return {
        "mean": say("attribution.fills.mean"),
        "black": say("attribution.fills.black"),
        "blurred": say("attribution.fills.blurred"),
    }


def _label(description: Description, logits: NDArray[np.float32], chosen: str) -> int:
    if chosen in (FIRST, SECOND):
        return int(np.argsort(-logits, kind="stable")[(FIRST, SECOND).index(chosen)])
    known = class_keys(description.classes)
    if chosen not in known:  # another network was chosen, whose classes are to be drawn first
        raise NotDrawnError(CLASS)
    return known.index(chosen)


def _choose_settings(network: Network, subject: Subject, uses: set[str]) -> None:
    is_large = subject.inputs.size > LARGE
    if "layer" in uses:
        layers = layers_of_places(network)
        choose_layer(layers, LAYER, Said("attribution.controls.layer"), network.description.layer(usual_layer(network)))
        if (last := last_attention(network)) is not None:
            st.caption(say("attribution.controls.class_token", layer=last.title))
    if "steps" in uses:
        st.select_slider(say("attribution.controls.steps"), STEPS, 64, key="at_steps", bind=LINK)
        if is_large and value_of("at_steps") > MOST_STEPS:
            st.caption(say("attribution.controls.most_steps", most=MOST_STEPS))
        choice(say("attribution.controls.baseline"), fills(), "at_baseline", first="black")
    if "patch" in uses:
        _choose_patch(subject)
    if "samples" in uses:
        st.slider(say("attribution.controls.samples"), 2, 64, 16, key="at_samples", bind=LINK)
        if is_large and value_of("at_samples") > MOST_SAMPLES:
            st.caption(say("attribution.controls.most_samples", most=MOST_SAMPLES))
        st.slider(say("attribution.controls.noise"), 0, 50, 15, key="at_noise", bind=LINK)
        st.number_input(say("attribution.controls.seed"), 0, 999, 0, key="at_seed", bind=LINK)


def _choose_patch(subject: Subject) -> None:
    stepped(say("attribution.controls.patch"), PATCHES, "at_patch", first="25")
    stepped(say("attribution.controls.stride"), labels("attribution.strides.{}", STRIDES), "at_stride", first="quarter")
    choice(say("attribution.controls.fill"), fills(), "at_fill")
    size = len(subject.pixels)
    patch, stride, is_bounded = _patch(size)
    count = len(starts(size, patch, stride)) ** 2
    numbers = {"patch": patch, "stride": stride, "count": count}
    if is_bounded:
        st.caption(say("attribution.controls.bounded_positions", **numbers, most=MOST_POSITIONS))
    else:
        st.caption(say("attribution.controls.positions", **numbers))


def _patch(size: int) -> tuple[int, int, bool]:
    """Patch and stride in pixels, and whether the stride is larger than was asked for."""
    patch = max(1, round(size * int(value_of("at_patch")) / 100))
    wanted = max(1, round(patch * STRIDES[value_of("at_stride")]))
    stride = max(wanted, least_stride(size, patch))
    return patch, stride, stride > wanted


def _settings(network: Network, subject: Subject, uses: set[str]) -> Settings:
    told: dict[str, Any] = {}
    is_large = subject.inputs.size > LARGE
    if "layer" in uses:
        told["layer"] = chosen_layer(layers_of_places(network), LAYER).name
    if "steps" in uses:
        told["steps"] = min(value_of("at_steps"), MOST_STEPS) if is_large else value_of("at_steps")
        told["baseline"] = value_of("at_baseline")
    if "patch" in uses:
        told["patch"], told["stride"], _ = _patch(len(subject.pixels))
        told["fill"] = value_of("at_fill")
    if "samples" in uses:
        told["samples"] = min(value_of("at_samples"), MOST_SAMPLES) if is_large else value_of("at_samples")
        told["noise"], told["seed"] = value_of("at_noise") / 100, value_of("at_seed")
    return Settings(**told)
