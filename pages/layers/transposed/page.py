"""The page "Transposed convolution": its controls, its stamps, how they overlap, and the gradient that they are."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from explainer.data.grid_text import GridError
from explainer.data.samples import Grid
from explainer.layers import convolution, transposed
from explainer.layers.convolution import Convolution
from explainer.layers.geometry import GeometryError
from explainer.layers.transposed import Transposed
from explainer.layers.transposed_code import transposed_code
from explainer.layers.window import Window, evaluate
from explainer.ui.components.sliding_window import Picture, Scale, sliding_window
from explainer.ui.controls import kernel_controls
from explainer.ui.controls.inputs import (
    DIGIT,
    DRAWING,
    OWN_GRID,
    SIGNAL_1D,
    NoInputError,
    choose_input,
    chosen_input,
)
from explainer.ui.controls.maps import Map, draw_maps
from explainer.ui.controls.pairs import Pair, choose_pairs, down_across, held_pair
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import picture_first
from explainer.words.numbers import decimal
from pages.layers.transposed.view import View
from pages.layers.transposed.words import counts, formula, notice

INPUTS = [OWN_GRID, SIGNAL_1D, DIGIT, DRAWING]
GRID: Grid = ((1, 2, 0), (3, 4, 1), (0, 2, 1))
MOST_STEP, MOST_PADDING = 6, 10
# The keys (down, across) are of this page alone: Streamlit carries a key's value to other pages, where it may not fit.
PAIRS = STRIDE, PADDING, OUTPUT_PADDING, DILATION = tuple((f"t_{letter}y", f"t_{letter}x") for letter in "spod")

# One input value everywhere, such that each stamp adds 1 where it falls.
_NINES, _SIXTEENS = ("\n".join([" ".join([number] * 4)] * 4) for number in ("9", "16"))
_BILINEAR = "0.25 0.5 0.25\n0.5 1 0.5\n0.25 0.5 0.25"
_DOUBLE = {"t_py": "1", "t_px": "1", "t_oy": "1", "t_ox": "1"}
TRY_THIS = [
    Preset("Checkerboard: kernel 3, stride 2", {"grid": _NINES, "kernel": "box"}),
    Preset("No checkerboard: kernel 4, stride 2", {"grid": _SIXTEENS, "kernel": "box", "kh": "4", "kw": "4"}),
    Preset("Twice as large, smoothly", {"input": DIGIT, "kernel": "gaussian", "weights": _BILINEAR, **_DOUBLE}),
    Preset("Gaps: kernel 2, stride 3", {"kernel": "box", "kh": "2", "kw": "2", "t_sy": "3", "t_sx": "3"}),
    Preset("Along a signal", {"input": SIGNAL_1D, "kernel": "box", "kh": "1"}),
]
SOURCES = [
    'V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285, section 4.',
    'A. Odena, V. Dumoulin, C. Olah, "Deconvolution and checkerboard artifacts", Distill 2016.',
    'M. Zeiler, D. Krishnan, G. Taylor, R. Fergus, "Deconvolutional networks", CVPR 2010.',
]


def show() -> None:
    """The controls beside the picture, and below them the overlap, the gradient and the code."""
    left, right = page.controls_and_picture()
    picture_first("transposed", partial(_picture, right), partial(_controls, left))


def _picture(place: DeltaGenerator) -> None:
    try:
        view = _view()
    except (GridError, NoInputError) as problem:
        place.warning(verbatim(str(problem)))
        return
    with place:
        try:
            output = transposed.output(*view.arguments)
        except GeometryError as problem:
            _draw_impossible(view, problem)
            return
        _draw(view, output)
        page.formula(*formula(view))
        st.markdown(counts(view))
    _show_overlap(view)
    _show_gradient(view, output)
    page.pytorch_snippet(transposed_code(view.given.code, view.given.size, view.kernel, view.settings))


def _controls(place: DeltaGenerator) -> None:
    with place:
        top, editor = st.container(), st.container()
    with top:
        choose_input(INPUTS, editor, grid=GRID)
        kernel_controls.choose_kernel("small-cross")
        choose_pairs(
            Pair(down_across("stride"), STRIDE, 1, MOST_STEP, 2),
            Pair(down_across("padding"), PADDING, 0, MOST_PADDING, 0),
            Pair(down_across("output_padding"), OUTPUT_PADDING, 0, MOST_STEP - 1, 0),
            Pair(down_across("dilation"), DILATION, 1, MOST_STEP, 1),
        )
    with editor:
        kernel_controls.edit_weights()


def _view() -> View:
    """What the controls hold."""
    settings = Transposed(*map(held_pair, PAIRS))
    return View(chosen_input(), kernel_controls.chosen_kernel(), settings)


def _draw(view: View, output: NDArray[Any]) -> None:
    window = transposed.window(*view.arguments)
    sliding_window(_picture_of(view, window, output), key="window")
    if refused := kernel_controls.size_refused():
        page.impossible(refused)
    else:
        page.notice(notice(view, window))


def _draw_impossible(view: View, problem: GeometryError) -> None:
    """Which cells of the output cannot be, what to change, and the formula with the present numbers."""
    window, lost = transposed.impossible(*view.arguments)
    sliding_window(replace(_picture_of(view, window, evaluate(window)), fits=False, lost=lost), key="window")
    page.impossible(problem)
    page.formula(*formula(view))


def _picture_of(view: View, window: Window, output: NDArray[Any]) -> Picture:
    scale, limits = _output_scale(view, output)
    return Picture(
        window=window,
        output=output,
        view="stamp",
        labels=("Input", "Kernel", "Output"),
        input_scale=view.given.scale,
        input_range=view.given.limits,
        output_scale=scale,
        output_range=limits,
        height=_height(view),
    )


def _height(view: View) -> int:
    """Of the drawing, in pixels: with its arithmetic, and the legend of pictures, it ends above a projector's fold."""
    is_tall = len(view.kernel) > 3
    if view.given.is_picture:
        return 200 if is_tall else 250
    return 225 if is_tall else 265


def _output_scale(view: View, output: NDArray[Any]) -> tuple[Scale, tuple[float, float] | None]:
    """A picture that stays without signs is drawn as a picture, black at 0."""
    if view.given.is_picture and view.kernel.min() >= 0:
        return "grey", (0.0, float(output.max()) or 1.0)
    return "diverging", None


def _show_overlap(view: View) -> None:
    stamps = transposed.checkerboard(*view.sizes)
    ones = transposed.output(np.ones_like(view.given.planes, np.float64), *view.arguments[1:])
    shape = f"{stamps.shape[0]} × {stamps.shape[1]} cells"
    st.subheader("Do the stamps overlap evenly?", anchor=False)
    maps = [
        Map(
            title="How many stamps reach each cell",
            values=stamps,
            alt=f"A map of {shape}: between {stamps.min()} and {stamps.max()} stamps reach a cell of the output.",
            name="stamps",
            scale="sequential",
        ),
        Map(
            title="The output for an input of ones",
            values=ones,
            alt=(
                f"A map of {shape}: the output for an input of ones, from {decimal(ones.min(), '.4g')} to "
                f"{decimal(ones.max(), '.4g')}."
            ),
            name="output",
        ),
    ]
    draw_maps(maps, "overlap")


def _show_gradient(view: View, output: NDArray[Any]) -> None:
    st.subheader("It is the gradient of a convolution", anchor=False)
    gradient = transposed.gradient_of_convolution(*view.arguments)
    row, column = np.unravel_index(int(np.abs(output).argmax()), output.shape)
    made = output.shape
    st.markdown(
        f"A convolution with the same kernel, stride, padding and dilation leads from {made[0]} × {made[1]} "
        f"{_way_back(view)} as a gradient: backpropagation sends "
        f"**{decimal(gradient[row, column], ',.6g')}** to row {row}, column {column}, where the transposed "
        "convolution has "
        f"**{decimal(output[row, column], ',.6g')}**. The largest difference over all {output.size:,} "
        "cells, computed now: "
        f"**{np.abs(output - gradient).max():.2g}**."
    )


def _way_back(view: View) -> str:
    """Where the convolution leads, which makes more than was given where the output padding leaves room for it."""
    settings, size = view.settings, view.given.size
    (down, across), made = settings.padding, transposed.output_shape(*view.sizes)
    way = Convolution(settings.stride, settings.dilation, padding=(down, down, across, across))
    back = convolution.output_shape(made, view.kernel.shape, way)
    if back == size:
        return f"back to {size[0]} × {size[1]}. Let the input above arrive at its outputs"
    return (
        f"to {back[0]} × {back[1]}. Let the input above arrive at the first {size[0]} × {size[1]} of its outputs, and "
        "0 at the others,"
    )


PAGE = Page(
    "transposed",
    "Transposed convolution",
    "How does a layer make its map larger?",
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
