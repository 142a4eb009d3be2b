"""The values that controls hold from the last run, and what can be drawn from them before the controls are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

_DRAWN = "widget_values.drawn"  # the pictures that were drawn since the page was opened


class NotDrawnError(LookupError):
    """A control was not drawn yet, and so holds no value."""


def value_of(key: str) -> Any:
    """The value of the control ``key``. Raises NotDrawnError where the last run has not drawn it."""
    if key not in st.session_state:
        raise NotDrawnError(key)
    return st.session_state[key]


def open_page() -> None:
    """The whole page is run: what its controls hold may come from its address, or from another page."""
    st.session_state[_DRAWN] = set()


def picture_first(name: str, picture: Callable[[], None], controls: Callable[[], None]) -> None:
    """Draws ``picture``, which asks ``value_of`` for its values before it draws anything, and then ``controls``.

    What comes first is also the first on screen. The controls come first where the page was opened only now, or where
    one of them holds no value yet, as one does that another control has called for. ``name`` is that of the fragment.
    """
    drawn = st.session_state.setdefault(_DRAWN, set())
    is_known = name in drawn
    drawn.add(name)
    if is_known:
        try:
            picture()
        except NotDrawnError:
            pass
        else:
            controls()
            return
    controls()
    picture()
