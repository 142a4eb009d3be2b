"""The kernel of a layer page: one with a name, of a size that sliders set, or own weights that a visitor types."""

from __future__ import annotations

from typing import Literal, cast

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.data.grid_text import GridError, format_grid, parse_grid
from explainer.layers.geometry import GeometryError
from explainer.layers.kernels import (
    FEATURE_NAMES,
    MAX_KERNEL,
    NAMES,
    KernelName,
    cross_features,
    kernel,
    nearest_size,
)
from explainer.ui.components.address import forget
from explainer.ui.controls.choice import choice
from explainer.ui.controls.grid_notes import note_meanings
from explainer.ui.frame import page
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import say
from explainer.words.book import Said

LINK: Literal["query-params"] = "query-params"
OWN = "own"  # what is typed
KERNELS = {name: Said(f"controls.kernel.names.{name.replace('-', '_')}") for name in (*NAMES, *FEATURE_NAMES, OWN)}
_MOST = (MAX_KERNEL, MAX_KERNEL)
_DRAWN = "_weights_drawn"  # the named kernel that the weights were offered as
_UNNAMED = "_weights_unnamed"  # a link has brought weights that are not those of the kernel that it names


def choose_kernel(first: str = "sobel-x", size: int = 3) -> None:
    """Draws the choice of the kernel and its size, for ``edit_weights`` and ``chosen_kernel``.

    Another name or size brings the named kernel of that size, or of the nearest that it can have, unless its weights
    were edited: those are then cut off or filled up with zeros around their middle.
    """
    if st.session_state.pop(_UNNAMED, False):
        _typed()
    names = {name: say(said) for name, said in KERNELS.items()}
    choice(say("controls.kernel.label"), names, "kernel", first=first, on_change=_reset)
    left, right = page.side_by_side("size")
    left.slider(say("controls.kernel.height"), 1, MAX_KERNEL, size, key="kh", bind=LINK, on_change=_resize)
    right.slider(say("controls.kernel.width"), 1, MAX_KERNEL, size, key="kw", bind=LINK, on_change=_resize)


def edit_weights() -> None:
    """Draws the weights as text, to be typed there.

    Where a link has brought other weights than those of the kernel that it names, the page is drawn once more.
    """
    first = _offered()
    height = 68 + 12 * int(value_of("kh"))
    label = say("controls.kernel.weights")
    text = st.text_area(label, first, key="weights", bind=LINK, on_change=_typed, height=height)
    if text.strip() and text != first and st.session_state.kernel != OWN:
        st.session_state[_UNNAMED] = True
        st.rerun()
    note_meanings(text)
    when = f"{st.session_state.kernel} {st.session_state.kh} {st.session_state.kw}"
    st.session_state[_DRAWN] = first
    forget(["weights"] if text == first else [], when=when, key="kernel_address")


def chosen_kernel() -> NDArray[np.float64]:
    """The weights (height, width), of the nearest size where the named kernel cannot have the chosen one.

    Raises GridError for what is no kernel, and NotDrawnError before the controls were drawn.
    """
    text = value_of("weights") or ""
    if not text.strip() and value_of("kernel") != OWN:
        return _named()
    return parse_grid(text, _MOST)


def size_refused() -> GeometryError | None:
    """Why the named kernel cannot have the chosen size, and which it has instead; None where it has it."""
    name, height, width = str(value_of("kernel")), int(value_of("kh")), int(value_of("kw"))
    if name == OWN or name in FEATURE_NAMES:
        return None
    try:
        kernel(cast(KernelName, name), height, width)
    except GeometryError as problem:
        rows, columns = nearest_size(cast(KernelName, name), height, width)
        return GeometryError(Said("controls.kernel.nearest", why=problem.said, height=rows, width=columns))
    return None


def _offered() -> str:
    """The named kernel as text; empty of an own one."""
    return "" if value_of("kernel") == OWN else format_grid(_named())


def _named() -> NDArray[np.float64]:
    """Of the chosen size, or the nearest that it can have."""
    name, height, width = str(value_of("kernel")), int(value_of("kh")), int(value_of("kw"))
    if name in FEATURE_NAMES:
        return centred(cross_features()[FEATURE_NAMES.index(name)], height, width)
    size = nearest_size(cast(KernelName, name), height, width) if size_refused() else (height, width)
    return kernel(cast(KernelName, name), *size)


def centred(values: NDArray[np.float64], height: int, width: int) -> NDArray[np.float64]:
    """``values`` cut off, or filled up with zeros, around their middle to (height, width)."""
    result = np.zeros((height, width))
    rows, columns = (_overlap(old, new) for old, new in zip(values.shape, (height, width), strict=True))
    result[rows[1], columns[1]] = values[rows[0], columns[0]]
    return result


def _overlap(old: int, new: int) -> tuple[slice, slice]:
    both = min(old, new)
    return (slice((old - both) // 2, (old - both) // 2 + both), slice((new - both) // 2, (new - both) // 2 + both))


def _reset() -> None:
    """Another kernel: as large as the last one, or 3x3 where it cannot be that large. An own one is what was there."""
    state = st.session_state
    if state.kernel == OWN:
        return
    if size_refused():
        state.kh = state.kw = 3
    state.weights = _offered()


def _resize() -> None:
    state = st.session_state
    text = state.get("weights") or ""
    if text == state.get(_DRAWN, ""):
        state.weights = _offered()
        return
    try:
        state.weights = format_grid(centred(parse_grid(text, _MOST), state.kh, state.kw))
    except GridError:
        return  # said where the weights are read


def _typed() -> None:
    """What was typed is named so, and the sliders follow it."""
    state = st.session_state
    if state.weights != _offered():
        state.kernel = OWN
    try:
        state.kh, state.kw = parse_grid(state.weights or "", _MOST).shape
    except GridError:
        return  # said where the weights are read
