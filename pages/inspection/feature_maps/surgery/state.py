"""The operations that a visitor has chosen: a text in the address, which every control writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.data.catalogue import CLASS_NAMES
from explainer.inspection.surgery import answers as reading
from explainer.inspection.surgery.answers import Answers
from explainer.inspection.surgery.operated import operated
from explainer.inspection.surgery.operations import (
    MOST,
    Operation,
    OperationError,
    Operations,
    Prune,
    Round,
    Scale,
    parse,
    write,
)
from explainer.networks import zoo
from explainer.networks.graph import Network
from explainer.ui.controls.inputs import LINK
from explainer.ui.controls.networks import KEY, NoNetworkError, choose_network, chosen_network
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import message_of, say
from explainer.words.book import Said

CUT = "fm_cut"
LONGEST = 400  # characters of its text
_HAS, _SEEN = "fm_has", "fm_seen"  # what kept networks have gone through, and which network was chosen last
_MOST_KEPT = 50
_NETWORK: dict[str | type[Any], Callable[[Any], Any]] = {Network: lambda network: network.key}


def reader() -> Network:
    """The chosen network. Raises NoNetworkError, a sentence, where it reads no digits, or is not there."""
    network = chosen_network()
    description = network.description
    if description.transform != zoo.DIGITS or description.classes != CLASS_NAMES["mnist"]:
        raise NoNetworkError(Said("surgery.only_digits", title=description.title))
    _leave_out_what_it_has(network)
    return network


def note_kept(key: str, done: Operations) -> None:
    """The run of the visitor called ``key`` is a network after the operations ``done``."""
    told: dict[str, Operations] = st.session_state.get(_HAS, {})
    st.session_state[_HAS] = dict([*told.items(), (key, done)][-_MOST_KEPT:])


def _leave_out_what_it_has(network: Network) -> None:
    """A kept network, when it takes the place of another one, is not operated on again as it was."""
    chosen = value_of(KEY)
    before = st.session_state.get(_SEEN, chosen)
    st.session_state[_SEEN] = chosen
    has: Operations = st.session_state.get(_HAS, {}).get(chosen, ())
    asked = _known(network)
    if chosen != before and has and asked[: len(has)] == has:
        st.session_state[CUT] = write(asked[len(has) :])


def choose_reader() -> Network | None:
    """Draws the choice of a network; the chosen one, None where it reads no digits, or is not there."""
    if choose_network() is None:
        return None
    try:
        return reader()
    except NoNetworkError:
        return None


def write_operations(help: str | None = None) -> None:  # noqa: A002  as Streamlit calls it
    """Draws the field in which the operations are written."""
    st.text_input(say("surgery.controls.text"), key=CUT, bind=LINK, max_chars=LONGEST, help=help)


def asked(place: DeltaGenerator) -> tuple[Network, Operations] | None:
    """The chosen network and operations; None where these are none, which a warning in ``place`` then says.

    Raises NoNetworkError, a sentence, where no reader of digits is chosen.
    """
    network = reader()
    try:
        return network, operations(network)
    except OperationError as problem:
        place.warning(verbatim(message_of(problem)))
        return None


def operations(network: Network) -> Operations:
    """What the address says. Raises OperationError, a sentence."""
    return parse(value_of(CUT) or "", network.description)


def damaged(network: Network, chosen: Operations) -> Network:
    """``network`` after what was chosen."""
    return operated(network, chosen)


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs=_NETWORK)
def _answers(network: Network, text: str) -> Answers:
    return reading.answers(network, parse(text, network.description))


def answers(network: Network, chosen: Operations = ()) -> Answers:
    """What ``network`` answers to the test digits after the operations."""
    return _answers(network, write(chosen))


def put(network: Network, new: Operation) -> None:
    """Adds an operation, in the place of one like it that is still the last of its kind; one that does nothing goes."""
    st.session_state[CUT] = write(with_one(_known(network), new))


def with_one(chosen: Operations, new: Operation) -> Operations:
    """``chosen`` with ``new`` in the place of one like it, else behind it; without it where it is neutral."""
    at = like(chosen, new)
    added = () if _is_neutral(new) else (new,)
    if at is None:
        return (*chosen, *added)[:MOST]
    return (*chosen[:at], *added, *chosen[at + 1 :])


def like(chosen: Operations, new: Operation) -> int | None:
    """The place of an operation that ``new`` takes the place of.

    That is one on the same filter with none but filters after it, or the last one where it is of the same kind on the
    same layers: others would give another network.
    """
    if not isinstance(new, Scale):
        last = chosen[-1] if chosen else None
        return len(chosen) - 1 if type(last) is type(new) and last and last.layer == new.layer else None
    for at in reversed(range(len(chosen))):
        old = chosen[at]
        if not isinstance(old, Scale):
            return None
        if (old.layer, old.unit) == (new.layer, new.unit):
            return at
    return None


def undo(network: Network) -> None:
    """Takes the last operation back."""
    st.session_state[CUT] = write(_known(network)[:-1])


def undo_all() -> None:
    """Takes all of them back."""
    st.session_state[CUT] = ""


def _known(network: Network) -> Operations:
    try:
        return parse(st.session_state.get(CUT) or "", network.description)
    except OperationError:
        return ()


def _is_neutral(operation: Operation) -> bool:
    match operation:
        case Scale(factor=factor):
            return factor == 1
        case Prune(percent=percent):
            return percent == 0
        case Round(bits=bits):
            return bits == 0
