"""What the address bar says of a page's choices: their identifiers, and nothing of those at their defaults.

Streamlit writes into the address what a visitor reads of an option. So choices are not bound by Streamlit: here they
are, and behave as its bound controls do. The address decides when a page is opened and after Back, Forward and a link
to the same page; at other times it follows the controls.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from explainer.ui.components.address import keep

Values = dict[str, tuple[str, ...]]  # by the keys of choices: their identifiers, none at their defaults

_VISIT = "address.visit"
_drawn: ContextVar[Values | None] = ContextVar("drawn", default=None)  # by the part that is being drawn


@dataclass
class Visit:
    """The page that a tab shows, by its ``path``, and what the address shall say of it.

    ``parts`` are the choices that each part of the page drew last, ``known`` the keys of all that were drawn since the
    page was opened, ``turn`` counts how often Back, Forward or a link has changed the address. ``is_first``: no other
    page was shown in this session, which may have begun in the middle, after a connection was lost.
    """

    path: str = ""
    parts: dict[str, Values] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    turn: int = 0
    is_first: bool = True


@dataclass(frozen=True)
class FromAddress:
    """What the address says of a choice; ``decides`` where the choice follows it also when it says nothing."""

    values: Sequence[str] = ()
    decides: bool = False


def open_page(path: str) -> None:
    """The page at ``path`` is drawn; where it was another before, its choices ask the address."""
    before: Visit | None = st.session_state.get(_VISIT)
    if before is None or before.path != path:
        st.session_state[_VISIT] = Visit(path, is_first=before is None)


def visit() -> Visit:
    """The visit of this tab's page."""
    found: Visit = st.session_state.setdefault(_VISIT, Visit())
    return found


@contextmanager
def part(name: str) -> Iterator[None]:
    """A part of a page that Streamlit may run alone: what it draws within shall be in the address."""
    here, drawn = visit(), Values()
    here.turn += _is_turn()
    for values in here.parts.values():
        _tell_streamlit(values)
    token = _drawn.set(drawn)
    try:
        yield
    finally:
        _drawn.reset(token)
    _tell_streamlit({key: () for key in here.parts.get(name, ()) if key not in drawn})
    here.parts[name] = drawn
    if drawn:
        keep(drawn, path=here.path, turn=here.turn, key=f"address_{name}")


def said(key: str, control: str) -> FromAddress:
    """What the address says of the choice ``key`` before its ``control``, by its key, is drawn.

    Nothing where it is not to be asked.
    """
    here, decides = visit(), _is_turn()
    is_asked = decides or (key not in here.known and not (here.is_first and _is_shown(control)))
    here.known.add(key)
    context = get_script_run_ctx()
    if context is None or not is_asked:
        return FromAddress()
    return FromAddress(parse_qs(context.query_string, keep_blank_values=True).get(key, ()), decides)


def _is_shown(control: str) -> bool:
    """Whether the browser shows the control already: it knows better than the address that it sends."""
    context = get_script_run_ctx()
    return context is not None and any(
        state.id.endswith(f"-{control}") for state in context.session_state.get_widget_states()
    )


def say(key: str, values: Sequence[str]) -> None:
    """The choice ``key`` was drawn, and is ``values`` in the address. Raises RuntimeError outside of any ``part``."""
    drawn = _drawn.get()
    if drawn is None:
        raise RuntimeError(f'The choice "{key}" is drawn outside of any part of a page: no address would hold it.')
    drawn[key] = tuple(values)
    _tell_streamlit({key: tuple(values)})


def _is_turn() -> bool:
    """Whether the script runs because Back, Forward or a link has changed the address."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def _tell_streamlit(choices: Values) -> None:
    """Brings its copy of the address up to date: where it writes an address by itself, it writes all of its copy."""
    context = get_script_run_ctx()
    if context is None:
        return
    with context.session_state.query_params() as copy:
        for key, values in choices.items():
            if values:
                copy.set_with_no_forward_msg(key, list(values) if len(values) > 1 else values[0])
            else:
                copy.discard_param_no_forward_msg(key)
