"""The page "Pooling": its controls, its picture, and what they say in numbers."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from explainer.data.grid_text import GridError
from explainer.layers import pooling
from explainer.layers.geometry import GeometryError
from explainer.layers.pooling import Pooling, PoolingKind
from explainer.layers.pooling_code import pooling_code
from explainer.layers.window import Window
from explainer.ui.components.sliding_window import Picture, Scale, sliding_window
from explainer.ui.controls.choice import radio
from explainer.ui.controls.inputs import (
    DIGIT,
    DRAWING,
    LINK,
    OWN_GRID,
    PHOTOS,
    POOLING_GRID,
    UPLOAD,
    NoInputError,
    choose_input,
    chosen_input,
)
from explainer.ui.controls.pairs import Pair, choose_pairs, down_across, held_pair
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import picture_first, value_of
from pages.layers.pooling import experiments
from pages.layers.pooling.view import View
from pages.layers.pooling.words import counts, formula, formula_of_size, notice

INPUTS = [OWN_GRID, DIGIT, *PHOTOS, UPLOAD, DRAWING]
KINDS: dict[PoolingKind, str] = {"max": "Max", "average": "Average", "l2": "L2 norm"}
WINDOWS = {"fixed": "Fixed size", "adaptive": "Adaptive", "global": "Global"}
# Keys of this page alone: Streamlit carries a key's value over to other pages, where it may not fit.
WINDOW, STRIDE, PADDING, BINS = ("p_wh", "p_ww"), ("p_sy", "p_sx"), ("p_py", "p_px"), ("p_bh", "p_bw")
MOST_WINDOW, MOST_PADDING, MOST_BINS = 12, 6, 16
HEIGHT, LOW, LEGEND = (
    300,
    250,
    24,
)  # of the drawing, in pixels: with its arithmetic it stays above a projector's fold

TRY_THIS = [
    Preset("Max pooling of 2 × 2"),
    Preset("Adaptive max pooling to 2 × 2", {"p_windows": "adaptive"}),
    Preset("Overlapping 3 × 3", {"input": DIGIT, "p_wh": "3", "p_ww": "3"}),
    Preset("Global average", {"p_kind": "average", "p_windows": "global"}),
    Preset("A photograph, shifted", {"input": "cat", "p_wh": "8", "p_ww": "8", "p_sy": "8", "p_sx": "8"}),
    Preset("Where the gradient goes", {"p_below": "gradient"}),
]
SOURCES = [
    'I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning", MIT Press 2016, chapter 9.3: pooling.',
    'R. Zhang, "Making convolutional networks shift-invariant again", ICML 2019, arXiv:1904.11486.',
    'M. Lin, Q. Chen, S. Yan, "Network in network", arXiv:1312.4400: global average pooling.',
]


def show() -> None:
    """The controls beside the picture, and below them the experiments and the code."""
    left, right = page.controls_and_picture()
    picture_first("pooling", partial(_picture, right), partial(_controls, left))


def _picture(place: DeltaGenerator) -> None:
    try:
        view = View(chosen_input(), _settings())
    except (GridError, NoInputError) as problem:
        place.warning(verbatim(str(problem)))
        return
    with place:
        try:
            pooling.output_shape(view.given.size, view.settings)
        except GeometryError as problem:
            _draw_impossible(view, problem)
            return
        _draw(view)
        page.formula(*formula(view))
        st.markdown(counts(view))
    experiments.show(view.given, view.settings)
    page.pytorch_snippet(pooling_code(view.given.code, view.given.size, view.settings))


def _controls(place: DeltaGenerator) -> None:
    with place:
        top, editor = st.container(), st.container()
    with top:
        choose_input(INPUTS, editor, grid=POOLING_GRID, least=(2, 2))
        radio("Pooling type", KINDS, "p_kind")
        windows = radio("Windows", WINDOWS, "p_windows")
        if windows == "adaptive":
            choose_pairs(Pair(("Output height", "Output width"), BINS, 1, MOST_BINS, 2))
        elif windows == "fixed":
            _choose_windows()


def _choose_windows() -> None:
    choose_pairs(
        Pair(("Window height", "Window width"), WINDOW, 1, MOST_WINDOW, 2),
        Pair(down_across("stride"), STRIDE, 1, MOST_WINDOW, 2),
        Pair(down_across("padding"), PADDING, 0, MOST_PADDING, 0),
    )
    st.toggle("Ceil mode", key="p_ceil", bind=LINK, help="A last window may reach over the end of the input.")
    if value_of("p_kind") == "average":
        st.toggle(
            "count_include_pad", True, key="p_counted", bind=LINK, help="The zeros of the padding count in the mean."
        )


def _settings() -> Pooling:
    """What the controls hold."""
    kind: PoolingKind = value_of("p_kind")
    windows = value_of("p_windows")
    if windows == "global":
        return Pooling(kind, bins=(1, 1))
    if windows == "adaptive":
        return Pooling(kind, bins=held_pair(BINS))
    counted = value_of("p_counted") if kind == "average" else True
    return Pooling(
        kind,
        held_pair(WINDOW),
        held_pair(STRIDE),
        held_pair(PADDING),
        value_of("p_ceil"),
        count_include_pad=counted,
    )


def _draw(view: View) -> None:
    window = pooling.window(view.given.planes, view.settings)
    output = pooling.output(view.given.planes, view.settings)[0]
    sliding_window(_picture_of(view, window, output), key="window")
    page.notice(notice(view, window, output))


def _draw_impossible(view: View, problem: GeometryError) -> None:
    """Where the window fails, what to change, and the formula with the present numbers."""
    window = pooling.overhanging(view.given.planes, view.settings)
    sliding_window(_picture_of(view, window, np.zeros(window.shape), fits=False), key="window")
    page.impossible(problem)
    page.formula(*formula_of_size(view))


def _picture_of(view: View, window: Window, output: NDArray[Any], *, fits: bool = True) -> Picture:
    scale, limits = _output_scale(view, output)
    is_low = view.given.is_picture or len(window.rows.taps[0]) > 3
    return Picture(
        window=window,
        output=output,
        labels=("Input", "Window", "Output"),
        input_scale=view.given.scale,
        input_range=view.given.limits,
        output_scale=scale,
        output_range=limits,
        height=(LOW if is_low else HEIGHT) - LEGEND * any(view.settings.padding),
        fits=fits,
    )


def _output_scale(view: View, output: NDArray[Any]) -> tuple[Scale, tuple[float, float] | None]:
    """A pooled picture is a picture; an L2 norm may be brighter than white."""
    if not view.given.is_picture:
        return "diverging", None
    return "grey", (0.0, max(255.0, float(output.max())))


PAGE = Page(
    "pooling",
    "Pooling",
    "What stays of a map when one number is kept of every window?",
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
