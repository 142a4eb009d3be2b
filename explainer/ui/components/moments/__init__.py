"""The moments of a run on a slider, and playing them: the page draws each before the next one comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from explainer.ui.components.feed import HEAR
from explainer.ui.components.kit import CANVAS, ELEMENTS, TRANSPORT, component, words

_mount = component(__file__, HEAR, ELEMENTS, CANVAS, TRANSPORT, "index.js")


def moments(
    names: Mapping[str, str], shown: str, key: str, *, on_choose: Callable[[str], None], feed: str = ""
) -> None:
    """Draw a player of the moments called ``names``, by their identifiers, in their order; the page shows ``shown``.

    A visitor who chooses one, by the slider, the buttons, the arrow keys or playing, calls ``on_choose`` with its
    identifier before the script runs again. Until the page has drawn that one, no other is asked for. ``feed`` is the
    name under which it hears of new moments, from ``encode``.
    """
    data = {"words": words("transport") | words("moments"), "feed": feed, "shown": shown, **encode(names)}
    _mount(key=key, data=data, on_moment_change=lambda: _take(key, on_choose))


def encode(names: Mapping[str, str]) -> dict[str, Any]:
    """What the browser gets of the moments."""
    return {"moments": list(names), "names": list(names.values())}


def _take(key: str, on_choose: Callable[[str], None]) -> None:
    """A callback: the page hears of the moment before its script runs again."""
    chosen = getattr(st.session_state.get(key), "moment", None)
    if isinstance(chosen, str):
        on_choose(chosen)
