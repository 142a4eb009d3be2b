"""The controls of the page "Receptive field", and what they hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from explainer.data.samples import photograph
from explainer.inspection import effective_field, widest_path
from explainer.inspection.effective_field import Effective
from explainer.inspection.receptive_field_code import network_code, stack_code
from explainer.networks.description import Layer
from explainer.networks.graph import Network
from explainer.networks.stack import LONGEST, Item, Ladder, StackError, built, central, fitting, parse
from explainer.ui.controls import subject_code
from explainer.ui.controls.choice import choice, segmented
from explainer.ui.controls.inputs import LINK, PHOTOS
from explainer.ui.controls.layer_choice import choose_layer, chosen_layer, title
from explainer.ui.controls.networks import NoNetworkError, choose_network, chosen_network
from explainer.ui.controls.subject import Subject, choose_subject, chosen_subject
from explainer.ui.frame import page
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels, say
from explainer.words.book import Said
from pages.networks.receptive_field.stack_editor import stack_editor, stack_of

STACK, NETWORK = "stack", "network"
OF, TEXT, SIZE, AXES, PHOTO, LAYER = "rf_of", "stack", "rf_size", "rf_axes", "rf_photo", "rf_layer"
UNIT, RELU, SEED, NET_LAYER, EDITOR = "rf_unit", "rf_relu", "rf_seed", "rf_map", "rf_editor"
NET_UNIT = "rf_map_unit"  # another key: a unit of a stack is none of a network
FIRST = "c3p1,c3p1,p2,c3p1,c3p1"
SIZES = (8, 320)
LAST = "last"  # of the layers
_MOST = 999
_NETWORK: dict[str | type[Any], Callable[[Any], Any]] = {Network: lambda network: network.key}


@dataclass(frozen=True, eq=False)
class View:
    """What the page shows: the ``unit`` of ``layer``, 1 is the first, along each of 1 or 2 ``axes`` of ``ladder``.

    ``pixels`` are the picture behind the frames, ``code`` measures the field. Of a trained network ``branches`` are the
    narrowest and the widest field where paths meet below. Where a stack fails, ``ladder`` ends below the layer that
    does, which is ``failing`` where it can be read; ``layer`` is then 0, the input, where there is none below.
    """

    ladder: Ladder
    layer: int
    unit: int
    axes: int
    pixels: NDArray[np.uint8]
    effective: Effective
    code: str
    is_trained: bool = False
    branches: tuple[int, int] | None = None
    problem: StackError | None = None
    failing: Item | None = None


def controls(place: DeltaGenerator) -> None:
    """Draws the controls; ``view`` reads them."""
    with place:
        kinds = {each: say(f"receptive_field.controls.{each}") for each in (STACK, NETWORK)}
        if segmented(say("receptive_field.controls.of"), kinds, OF, label_visibility="collapsed") == STACK:
            _stack_controls()
        else:
            _network_controls()


def view() -> View:
    """What the controls hold.

    Raises NoNetworkError or NoInputError, sentences, and NotDrawnError before ``controls`` has drawn them.
    """
    return _of_network() if value_of(OF) == NETWORK else _of_stack()


def take_unit(key: str) -> None:
    """Chooses what was clicked in the component ``key``, where there is such a unit."""
    clicked = st.session_state.get(key, {}).get("chosen")
    layer, unit = (clicked.get("layer"), clicked.get("unit")) if hasattr(clicked, "get") else (None, None)
    if type(layer) is not int or type(unit) is not int:
        return
    if value_of(OF) == NETWORK:
        network = chosen_network()
        ladder, _ = _path(network, chosen_layer(widest_path.windowed(network), NET_LAYER).name)
    else:
        ladder, _, _ = fitting(value_of(TEXT) or "", int(value_of(SIZE)))
    if not (1 <= layer <= len(ladder.rungs) and 0 <= unit < ladder.sizes[layer]):
        return
    state, rung = st.session_state, ladder.rungs[layer - 1]
    of_layer, of_unit = (NET_LAYER, NET_UNIT) if value_of(OF) == NETWORK else (LAYER, UNIT)
    state[of_layer] = LAST if _is_last(ladder, layer) else rung.key
    state[of_unit] = None if unit == central(ladder, layer) else unit


def _is_last(ladder: Ladder, layer: int) -> bool:
    return value_of(OF) == STACK and layer == len(ladder.rungs)


def _stack_controls() -> None:
    editor, text = st.container(), st.container()
    with text:
        about = say("receptive_field.controls.text_help")
        st.text_input(say("receptive_field.controls.text"), FIRST, key=TEXT, bind=LINK, max_chars=LONGEST, help=about)
        st.slider(say("receptive_field.controls.size"), *SIZES, 32, 4, key=SIZE, bind=LINK)
    try:
        stack = parse(value_of(TEXT) or "")
    except StackError:
        stack = ()
    with editor:
        if stack:
            stack_editor(stack, EDITOR, _take_stack)
    left, right = page.side_by_side("rf_unit")
    names = {LAST: say("receptive_field.controls.last")} | {str(number): str(number) for number in range(1, len(stack))}
    choice(say("receptive_field.controls.layer"), names, LAYER, place=left)
    _choose_unit(right, UNIT)
    left, right = page.side_by_side("rf_axes")
    choice(say("receptive_field.controls.axes"), labels("receptive_field.axes.{}", ("2d", "1d")), AXES, place=left)
    photos = {name: say(f"controls.input.photographs.{name}") for name in PHOTOS}
    choice(say("receptive_field.controls.photo"), photos, PHOTO, place=right)
    about = say("receptive_field.controls.relu_help")
    st.toggle(say("receptive_field.controls.relu"), True, key=RELU, bind=LINK, help=about)
    st.number_input(say("receptive_field.controls.seed"), 0, _MOST, 0, key=SEED, bind=LINK)


def _network_controls() -> None:
    network = choose_network()
    choose_subject()
    if network is not None and (layers := widest_path.windowed(network)):
        choose_layer(layers, NET_LAYER, first=layers[-1])
        _choose_unit(st.container(), NET_UNIT)
        if (more := widest_path.reads_more(network)) is not None:
            st.caption(say("receptive_field.controls.left_out", layer=title(more)))


def _choose_unit(place: DeltaGenerator, key: str) -> None:
    hint, about = say("receptive_field.controls.central"), say("receptive_field.controls.unit_help")
    label = say("receptive_field.controls.unit")
    place.number_input(label, 0, _MOST, None, key=key, bind=LINK, placeholder=hint, help=about)


def _take_stack() -> None:
    sent = stack_of(EDITOR)
    if sent is None:
        return
    try:
        parse(sent)
    except StackError:
        return
    st.session_state[TEXT], st.session_state[UNIT] = sent, None


def _of_stack() -> View:
    size, axes = int(value_of(SIZE)), 2 if value_of(AXES) == "2d" else 1
    ladder, items, problem = fitting(value_of(TEXT) or "", size)
    count = len(ladder.rungs)
    stack, named = items[:count], value_of(LAYER)
    layer = count if named == LAST else min(int(named), count)
    unit = _unit(ladder, layer)
    effective = _random(stack, size, layer, unit, axes, relu=value_of(RELU), seed=int(value_of(SEED)))
    code, failing = stack_code(ladder, layer, unit, axes), items[count] if count < len(items) else None
    pixels = _square(value_of(PHOTO))
    return View(ladder, layer, unit, axes, pixels, effective, code, problem=problem, failing=failing)


def _of_network() -> View:
    network = chosen_network()
    subject = chosen_subject(network)
    if not widest_path.windowed(network):
        raise NoNetworkError(Said("receptive_field.errors.no_windows"))
    chosen = chosen_layer(widest_path.windowed(network), NET_LAYER)
    ladder, layer = _path(network, chosen.name)
    unit = _unit(ladder, layer)
    effective = _trained(network, subject.key, subject.inputs, chosen.name, unit)
    branches = widest_path.branches(network, chosen.name)
    return View(
        ladder, layer, unit, 2, subject.pixels, effective, _code(network, chosen, unit, subject), True, branches
    )


def _code(network: Network, layer: Layer, unit: int, subject: Subject) -> str:
    return network_code(subject_code.network_code(network), layer.name, unit, subject_code.picture_code(subject))


def _unit(ladder: Ladder, layer: int) -> int:
    """The chosen unit, the last one where the layer has fewer; the central one where none was chosen."""
    chosen = value_of(NET_UNIT if value_of(OF) == NETWORK else UNIT)
    return central(ladder, layer) if chosen is None else min(int(chosen), ladder.sizes[layer] - 1)


@st.cache_data(max_entries=16, show_spinner=False)
def _square(name: str) -> NDArray[np.uint8]:
    """The square in the middle of a photograph."""
    pixels = photograph(name, 480).rgb
    side = min(pixels.shape[:2])
    top, left = ((length - side) // 2 for length in pixels.shape[:2])
    return pixels[top : top + side, left : left + side]


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs=_NETWORK)
def _path(network: Network, layer: str) -> tuple[Ladder, int]:
    """The widest path to the last layer where ``layer`` lies on it, else to ``layer``; and which of its rungs it is."""
    key = network.description.layer(layer).key
    whole = widest_path.ladder(network, widest_path.windowed(network)[-1].name)
    keys = [rung.key for rung in whole.rungs]
    if key in keys:
        return whole, keys.index(key) + 1
    own = widest_path.ladder(network, layer)
    return own, len(own.rungs)


@st.cache_data(max_entries=48, show_spinner=False)
def _random(
    stack: tuple[Item, ...], size: int, layer: int, unit: int, axes: int, *, relu: bool, seed: int
) -> Effective:
    return effective_field.of_stack(built(stack, size), layer, unit, axes=axes, relu=relu, seed=seed)


@st.cache_data(max_entries=48, show_spinner=False, hash_funcs=_NETWORK)
def _trained(
    network: Network,
    key: bytes,  # noqa: ARG001
    _inputs: NDArray[np.float32],
    layer: str,
    unit: int,
) -> Effective:
    return effective_field.of_network(network, layer, unit, unit, inputs=_inputs)
