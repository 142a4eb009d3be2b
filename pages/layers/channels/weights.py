"""Own weights of one filter: its kernels, one a channel, typed below each other."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.data.grid_text import GridError, format_grid, parse_grid
from explainer.layers.kernels import MAX_KERNEL
from explainer.ui.controls.grid_notes import note_meanings
from explainer.ui.controls.inputs import LINK
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import say
from explainer.words.book import Said

Kernels = NDArray[np.float64]
_OWN, _TEXT = "c_own", "c_weights"
MOST_ROWS = 16 * MAX_KERNEL  # of all kernels of a filter


def is_own() -> bool:
    """Whether weights are typed; their size is then that of the kernels."""
    return bool(st.session_state.get(_OWN))


def edit(named: Callable[[], Kernels], number: int | None) -> None:
    """Draws whether weights are typed, and the place for them: those of filter ``number``, or of all channels."""
    if not st.toggle(say("channels.own"), key=_OWN, bind=LINK, help=say("channels.own_help")):
        return
    text = st.text_area(
        say("channels.weights"), _text(named(), number), key=_TEXT, bind=LINK, max_chars=8_000, height=180
    )
    note_meanings(text)


def _text(named: Kernels, number: int | None) -> str:
    return format_grid((named if number is None else named[number]).reshape(-1, named.shape[3]))


def with_own(named: Callable[[int | None], Kernels], number: int | None) -> Kernels:
    """The kernels with names, in which those typed take the place of filter ``number``, or of all where it is None.

    Raises GridError for a text that holds no square kernel for each of the channels.
    """
    if not value_of(_OWN):
        return named(None)
    typed = parse_grid(value_of(_TEXT) or "", (MOST_ROWS, MAX_KERNEL))
    rows, side = typed.shape
    kernels = named(side).copy()
    planes = kernels.shape[1] if number is not None else len(kernels)
    if rows != planes * side:
        raise GridError(Said("channels.uneven", rows=rows, columns=side, planes=planes, expected=planes * side))
    if number is None:
        return typed.reshape(planes, 1, side, side)
    kernels[number] = typed.reshape(planes, side, side)
    return kernels
