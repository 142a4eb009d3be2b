"""Choices among things that have an identifier: it stands in the session and in the address, a label on the screen.

An identifier is ASCII, short and stable (``he-fan-in``), so that links outlive other labels and other languages. A link
with a label in the place of the identifier works, too. What is not offered falls back to what is chosen first.

Every choice takes ``names``, labels by their identifiers, and the ``key`` of its value, and returns what is chosen:
``first`` to begin with, else the first of the names, and then it is not in the address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Literal, TypedDict, TypeVar, Unpack

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.mutable_tab_container import TabContainer

from explainer.ui.controls.former import FORMER
from explainer.ui.frame import address

K = TypeVar("K", bound=str)
_KEPT: Literal["session"] = "session"  # as with Streamlit's bound controls, the value outlives its control
_EMPTY = ("",)  # in the address: several can be chosen, and none is


class Shown(TypedDict, total=False):
    """How a control is drawn: what Streamlit's controls take beside their options."""

    help: str | None
    disabled: bool
    label_visibility: Literal["visible", "hidden", "collapsed"]
    on_change: Callable[..., None]
    args: tuple[object, ...]


class ShownAt(Shown, total=False):
    """And where: within a ``part`` of a page."""

    place: DeltaGenerator | None


def choice(
    label: str,
    names: Mapping[K, str],
    key: str,
    *,
    first: K | None = None,
    width: int | Literal["stretch"] = "stretch",
    **shown: Unpack[ShownAt],
) -> K:
    """Draws a select box."""
    first = first or next(iter(names))
    draw = _control("selectbox", label, names, key, index=list(names).index(first), width=width, **shown)
    return _one(draw, names, key, first)


def radio(
    label: str,
    names: Mapping[K, str],
    key: str,
    *,
    first: K | None = None,
    horizontal: bool = True,
    **shown: Unpack[ShownAt],
) -> K:
    """Draws radio buttons, all options in sight."""
    first = first or next(iter(names))
    draw = _control("radio", label, names, key, index=list(names).index(first), horizontal=horizontal, **shown)
    return _one(draw, names, key, first)


def segmented(
    label: str,
    names: Mapping[K, str],
    key: str,
    *,
    first: K | None = None,
    wrap: bool | None = None,
    **shown: Unpack[ShownAt],
) -> K:
    """Draws a row of buttons of which one is pressed."""
    first = first or next(iter(names))
    draw = _control("segmented_control", label, names, key, default=first, required=True, wrap=wrap, **shown)
    return _one(draw, names, key, first)


def stepped(label: str, names: Mapping[K, str], key: str, *, first: K | None = None, **shown: Unpack[ShownAt]) -> K:
    """Draws a slider whose steps have names."""
    first = first or next(iter(names))
    return _one(_control("select_slider", label, names, key, value=first, **shown), names, key, first)


def several(
    label: str,
    names: Mapping[K, str],
    key: str,
    *,
    first: Sequence[K] = (),
    most: int | None = None,
    placeholder: str | None = None,
    **shown: Unpack[Shown],
) -> list[K]:
    """Draws a box for several, at most ``most``, in the order in which they were chosen."""
    own = {"max_selections": most, "placeholder": placeholder, "default": list(first), "wrap": True}
    return _many(_control("multiselect", label, names, key, **own, **shown), names, key, first, most)


def pills(label: str, names: Mapping[K, str], key: str, *, first: Sequence[K] = (), **shown: Unpack[Shown]) -> list[K]:
    """Draws buttons of which any number is pressed."""
    own = {"selection_mode": "multi", "default": list(first), "wrap": True}
    return _many(_control("pills", label, names, key, **own, **shown), names, key, first)


def _control(
    control: str, label: str, names: Mapping[K, str], key: str, *, place: Any = None, **shown: object
) -> Callable[[], Any]:
    """Draws Streamlit's ``control`` when it is called."""
    draw = getattr(place or st, control)
    return partial(draw, label, list(names), format_func=names.__getitem__, key=key, persist_state=_KEPT, **shown)


def _one(draw: Callable[[], K | None], names: Mapping[K, str], key: str, first: K) -> K:
    """Draws a control, and says in the address what it holds."""
    _follow_address(key, names, first)
    return _said(key, draw(), first)


def _many(
    draw: Callable[[], list[K]], names: Mapping[K, str], key: str, first: Sequence[K], most: int | None = None
) -> list[K]:
    """The same of a control that holds several."""
    _follow_address_with_several(key, names, first, most)
    chosen = list(draw())
    address.say(key, () if chosen == list(first) else tuple(chosen) or _EMPTY)
    return chosen


def undrawn(names: Mapping[K, str], key: str, *, first: K, instead: Callable[[str], K | None] = lambda _: None) -> K:
    """A choice without a control of its own: another one, or a link, makes it.

    ``instead`` says what stands for one that is not offered, where something does.
    """
    _follow_address(key, names, first, instead=instead)
    chosen: K = st.session_state.setdefault(key, first)
    return _said(key, chosen, first)


def tabs(names: Mapping[K, str], key: str) -> dict[K, TabContainer]:
    """Draws tabs, by their identifiers: what is in one is drawn only where it is ``open``."""
    state, first, control = st.session_state, next(iter(names)), f"{key}_tab"  # Streamlit's own knows labels alone
    _follow_address(key, names, first, control)
    if key in state and state.get(control) != names[state[key]]:
        state[control] = names[state[key]]
    found = st.tabs(list(names.values()), key=control, on_change=_turn_to, args=(key, control, names))
    made = dict(zip(names, found, strict=True))
    state[key] = _said(key, next((name for name, tab in made.items() if tab.open), first), first)
    return made


def _turn_to(key: str, control: str, names: Mapping[K, str]) -> None:
    """A visitor has turned to another tab."""
    state = st.session_state
    state[key] = next((name for name, label in names.items() if label == state[control]), next(iter(names)))


def _follow_address(
    key: str,
    names: Mapping[K, str],
    first: K,
    control: str = "",
    instead: Callable[[str], K | None] = lambda _: None,
) -> None:
    """Brings what the control holds in order before it is drawn: what is offered, and what the address says."""
    state, said = st.session_state, address.said(key, control or key)
    offered = _offered(said.values, names) or [found for each in said.values if (found := instead(each))]
    if key in state and state[key] not in names:
        state[key] = instead(state[key]) or first
    if (offered or said.decides) and state.get(key, first) != (wanted := offered[-1] if offered else first):
        state[key] = wanted


def _follow_address_with_several(key: str, names: Mapping[K, str], first: Sequence[K], most: int | None) -> None:
    state, said = st.session_state, address.said(key, key)
    offered = _offered(said.values, names)[:most]
    is_said = bool(offered) or tuple(said.values) == _EMPTY
    if key in state and not set(state[key]) <= set(names):
        state[key] = [each for each in state[key] if each in names]
    wanted = offered if is_said else list(first)
    if (is_said or said.decides) and list(state.get(key, first)) != wanted:
        state[key] = wanted


def _offered(values: Sequence[str], names: Mapping[K, str]) -> list[K]:
    """The identifiers that the address means, each once, leaving out what is not offered."""
    if not values:
        return []
    known = {str(name): name for name in names}
    by_label = {label: name for name, label in names.items()}
    found = (known.get(value) or by_label.get(value) or known.get(FORMER.get(value, "")) for value in values)
    return list(dict.fromkeys(each for each in found if each is not None))


def _said(key: str, chosen: K | None, first: K) -> K:
    chosen = first if chosen is None else chosen
    address.say(key, () if chosen == first else (chosen,))
    return chosen
