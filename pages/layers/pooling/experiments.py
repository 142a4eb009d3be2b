"""Two experiments below the page "Pooling": the input is shifted, and a gradient is sent back."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.figures.layers import shift_curves
from explainer.layers import pooling
from explainer.layers.pooling import Pooling, PoolingKind, ShiftEdge
from explainer.ui.controls.choice import choice, tabs
from explainer.ui.controls.inputs import LINK, Input
from explainer.ui.controls.maps import Map, draw_maps
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.words.book import percent

EXPERIMENTS = {"shift": "Shift the picture", "gradient": "Where does the gradient go"}
EDGES: dict[ShiftEdge, str] = {"replicate": "the edge, repeated", "circular": "what went out at the right"}
FURTHEST = 16  # pixels
CURVES_HEIGHT = 340
_KINDS: dict[PoolingKind, str] = {"max": "maximum", "average": "average", "l2": "L2"}
_ROUTES: dict[PoolingKind, str] = {"max": "Maximum: to the one that won", "average": "Average: an equal share for all"}


def show(given: Input, settings: Pooling) -> None:
    """Both, as tabs: only the one that is open is computed."""
    below = tabs(EXPERIMENTS, "p_below")
    if below["shift"].open:
        with below["shift"]:
            _show_shift(given, settings)
    if below["gradient"].open:
        with below["gradient"]:
            _show_gradient(given, settings)


def _show_shift(given: Input, settings: Pooling) -> None:
    left, right = st.columns([1, 2.6], gap="medium")
    with left:
        pixels = int(st.slider("Shift to the right (pixels)", 1, FURTHEST, 4, key="p_shift", bind=LINK))
        edge = choice("What comes in at the left", EDGES, "p_edge")
        kinds = {"no pooling": Pooling(window=(1, 1))}
        kinds |= {name: replace(settings, kind=kind) for kind, name in _KINDS.items()}
        content = hashlib.sha256(given.planes.tobytes()).hexdigest() + str(given.planes.shape)
        changes = _changes(content, given.planes, tuple(kinds.values()), pixels, edge)
        st.markdown(_said(pixels, dict(zip(kinds, changes[:, -1], strict=True)), given.size[1]))
    with right:
        figure = drawn(shift_curves, np.arange(pixels + 1), changes, list(kinds), page.is_dark(), CURVES_HEIGHT)
        alt = f"Curves: how much the output of each pooling changes when the input moves by 0 to {pixels} pixels."
        page.chart(figure, alt, key="shift_curves")


@st.cache_data(max_entries=64, show_spinner=False)
def _changes(
    content: str,  # noqa: ARG001  stands for the planes in the cache's key
    _planes: NDArray[Any],
    poolings: tuple[Pooling, ...],
    furthest: int,
    edge: ShiftEdge,
) -> NDArray[np.float64]:
    return pooling.shift_changes(_planes, poolings, furthest, edge)


def _said(pixels: int, changes: dict[str, float], columns: int) -> str:
    moved = f"Moved by {pixels} {'pixel' if pixels == 1 else 'pixels'}"
    said = ", ".join(f"{name} **{_percent(change)}**" for name, change in changes.items())
    sentence = f"{moved}, the output changes by: {said}."
    if columns > FURTHEST:
        return sentence
    width = "one column" if columns == 1 else f"{columns} columns"
    return (
        f"{sentence} This input has {width} only, so that a pixel is a large step: choose a digit or a photograph to "
        "see what pooling forgives."
    )


def _percent(change: float) -> str:
    return f"{percent(change)}" if np.isfinite(change) else "(it was 0)"


def _show_gradient(given: Input, settings: Pooling) -> None:
    routed = {kind: pooling.gradient(given.planes, replace(settings, kind=kind))[0] for kind in _ROUTES}
    st.markdown(_routed(routed["max"], routed["average"], pooling.output_shape(given.size, settings)))
    limit = max(float(values.max()) for values in routed.values()) or 1.0
    maps = [
        Map(
            title=_ROUTES[kind],
            values=values,
            alt=f"{_ROUTES[kind]}: a map of the gradient at the cells of the input.",
            name="gradient",
            scale="sequential",
            limit=limit,
            decimals=3,
        )
        for kind, values in routed.items()
    ]
    draw_maps(maps, "gradient")


def _routed(largest: NDArray[Any], mean: NDArray[Any], made: tuple[int, int]) -> str:
    reached, shared = (f"**{int((values != 0).sum()):,}**" for values in (largest, mean))
    return (
        f"A gradient of 1 arrives at each of the {made[0] * made[1]:,} outputs. The maximum passes it on to {reached} "
        f"of the {mean.size:,} cells of the input, the average to {shared}."
    )
