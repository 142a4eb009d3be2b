"""The controls of the view "Surgery": which filter, how many weights, how many bits, and what was done so far."""

from __future__ import annotations

import streamlit as st

from explainer.inspection.surgery.operated import operated_weights
from explainer.inspection.surgery.operations import (
    WHOLE,
    OperationError,
    Prune,
    Round,
    Scale,
    filtering,
    short,
    weighted,
)
from explainer.networks.description import Layer
from explainer.networks.graph import Network
from explainer.networks.weights import WeightsError
from explainer.training.config import RunConfig
from explainer.training.loaded import loaded_run
from explainer.ui.controls import choice as choices
from explainer.ui.controls.inputs import LINK
from explainer.ui.controls.layer_choice import choose_layer, chosen_layer, title
from explainer.ui.controls.networks import NoNetworkError, chosen_weights
from explainer.ui.frame.studio import studio
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels, message_of, say
from pages.inspection.feature_maps.surgery import state, words

TOOL, LAYER, UNIT, WHERE = "fm_tool", "fm_at", "fm_filter", "fm_where"
FACTOR, PERCENT, BITS = "fm_factor", "fm_percent", "fm_bits"  # what they hold is in the text of operations
KEPT = "fm_kept"  # what was said of a network that was kept
TOOLS = ("filter", "prune", "round")
EVERYWHERE = "all"


def choose() -> None:
    """Draws the controls of the view; ``state.operations``, ``layer`` and ``unit`` read what they hold."""
    if (network := state.choose_reader()) is None:
        return
    tool = choices.choice(say("surgery.controls.tool"), labels("surgery.tools.{}", TOOLS), TOOL)
    _first_text()
    {"filter": _filter, "prune": _prune, "round": _round}[tool](network)
    state.write_operations(help=say("surgery.controls.grammar"))
    _undo(network)


def _first_text() -> None:
    """What the address says before the field of the text is drawn for the first time: the sliders above follow it."""
    if state.CUT not in st.session_state:
        st.session_state[state.CUT] = st.query_params.get(state.CUT, "")[: state.LONGEST]


def layer(network: Network) -> Layer:
    """The layer whose filters are compared: what was chosen, else the first one that is offered."""
    known = filtering(network.description)
    if LAYER in st.session_state:
        return next((each for each in known if each.key == st.session_state[LAYER]), _first(known))
    return _first(known)


def unit(network: Network) -> int:
    """The chosen filter, the last one where the layer has fewer."""
    return min(int(st.session_state.get(UNIT) or 0), layer(network).channels - 1)


def press(network: Network, number: int) -> None:
    """Chooses a filter and switches it off, or on again where it is off."""
    name = short(layer(network))
    st.session_state[UNIT] = number
    state.put(network, Scale(name, number, 0.0 if _factor(network, name, number) else 1.0))


def _first(known: tuple[Layer, ...]) -> Layer:
    return known[min(1, len(known) - 1)]


def _filter(network: Network) -> None:
    known = filtering(network.description)
    if not known:
        st.caption(say("surgery.controls.no_filters"))
        return
    choose_layer(known, LAYER, first=_first(known))
    chosen = chosen_layer(known, LAYER)
    label = say("surgery.controls.filter", last=chosen.channels - 1)
    st.number_input(label, 0, 99_999, 0, key=UNIT, bind=LINK)
    number = unit(network)
    st.session_state[FACTOR] = _factor(network, short(chosen), number)
    args = (network, short(chosen), number)
    st.slider(say("surgery.controls.factor"), -2.0, 2.0, step=0.25, key=FACTOR, on_change=_scale, args=args)


def _factor(network: Network, name: str, number: int) -> float:
    """By what the filter is multiplied now."""
    try:
        done = state.operations(network)
    except OperationError:
        return 1.0
    at = state.like(done, Scale(name, number, 0.0))
    found = done[at] if at is not None else None
    return found.factor if isinstance(found, Scale) else 1.0


def _scale(network: Network, name: str, number: int) -> None:
    state.put(network, Scale(name, number, float(st.session_state[FACTOR])))


def _where(network: Network) -> str:
    names = {EVERYWHERE: say("surgery.controls.everywhere")}
    names |= {short(each): title(each) for each in weighted(network.description)}
    chosen = choices.choice(say("surgery.controls.where"), names, WHERE)
    return WHOLE if chosen == EVERYWHERE else chosen


def _prune(network: Network) -> None:
    place = _where(network)
    found = _last(network, Prune(0, place))
    st.session_state[PERCENT] = found.percent if isinstance(found, Prune) else 0
    label, args = say("surgery.controls.percent"), (network, place)
    st.slider(label, 0, 100, step=1, key=PERCENT, on_change=_cut, args=args)


def _cut(network: Network, place: str) -> None:
    state.put(network, Prune(int(st.session_state[PERCENT]), place))


def _round(network: Network) -> None:
    place = _where(network)
    found = _last(network, Round(0, place))
    names = {0: say("surgery.controls.no_rounding")} | {
        bits: say("surgery.controls.bits", count=bits) for bits in _BITS
    }
    st.session_state[BITS] = found.bits if isinstance(found, Round) else 0
    label, args = say("surgery.controls.rounding"), (network, place)
    st.select_slider(label, list(names), format_func=names.__getitem__, key=BITS, on_change=_coarsen, args=args)


_BITS = (8, 7, 6, 5, 4, 3, 2)


def _coarsen(network: Network, place: str) -> None:
    state.put(network, Round(int(st.session_state[BITS]), place))


def _last(network: Network, new: Prune | Round) -> object:
    try:
        done = state.operations(network)
    except OperationError:
        return None
    at = state.like(done, new)
    return None if at is None else done[at]


def _undo(network: Network) -> None:
    try:
        done = state.operations(network)
    except OperationError:
        done = ()
    none = not done
    with st.container(horizontal=True):
        st.button(say("surgery.controls.undo"), key="fm_undo", on_click=state.undo, args=(network,), disabled=none)
        nothing = not value_of(state.CUT)
        st.button(say("surgery.controls.undo_all"), key="fm_undo_all", on_click=state.undo_all, disabled=nothing)
    st.button(say("surgery.controls.keep"), key="fm_keep", on_click=_keep, args=(network,), disabled=none)
    if said := st.session_state.pop(KEPT, ""):
        st.caption(verbatim(said))


def _keep(network: Network) -> None:
    """Adds the network as it is now to those of the visitor, once."""
    try:
        done = state.operations(network)
        weights = operated_weights(chosen_weights(), network, done)
        mine = studio().of(RunConfig)
        run = next((run for run in mine if run.job.state().weights == weights), None)
        run = run or studio().keep(words.name_of(network, done), loaded_run(weights))
    except (OperationError, NoNetworkError, WeightsError) as error:
        st.session_state[KEPT] = message_of(error)
        return
    state.note_kept(run.key, done)
    st.session_state[KEPT] = say("surgery.kept", name=run.name)
