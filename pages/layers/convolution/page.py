"""The page "Convolution": its controls, its picture, and what they say in numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, get_args

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from explainer.data.grid_text import GridError
from explainer.layers import convolution, geometry
from explainer.layers.code import convolution_code
from explainer.layers.convolution import Convolution
from explainer.layers.convolution_formula import sizes_formula
from explainer.layers.geometry import GeometryError, PaddingMode, PaddingName
from explainer.layers.window import Window, left_over, never_read
from explainer.ui.components.sliding_window import Picture, Scale, sliding_window
from explainer.ui.controls import kernel_controls
from explainer.ui.controls.choice import choice
from explainer.ui.controls.inputs import (
    CROSS,
    DIGIT,
    DRAWING,
    LINK,
    OWN_GRID,
    PHOTOS,
    SIGNAL_1D,
    UPLOAD,
    Input,
    NoInputError,
    choose_input,
    chosen_input,
)
from explainer.ui.controls.pairs import Pair, choose_pairs, down_across, held_pair
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import picture_first, value_of
from explainer.ui.language import say, text_of
from explainer.words.book import Said

INPUTS = [OWN_GRID, CROSS, SIGNAL_1D, DIGIT, *PHOTOS, UPLOAD, DRAWING]
NUMBERS = "numbers"  # padding given side by side
MODES = {each: each for each in get_args(PaddingMode)}  # as PyTorch calls them
SIDES = ("pt", "pb", "pl", "pr")  # top, bottom, left, right
STRIDE, DILATION = ("sy", "sx"), ("dy", "dx")
MOST_STEP, MOST_PADDING = 6, 10
ALIKE = 1e-9  # relative: sums of the same numbers in another order differ by less
HEIGHT = 262  # of the drawing, in pixels: with all below it above the fold of a projector
LEGEND = 24  # of these, where padding has a legend below

TRY_THIS = [
    Preset(Said("convolution.presets.edges"), {"input": "photographer"}),
    Preset(Said("convolution.presets.cross"), {"input": CROSS, "kernel": "falling-diagonal", "mean": "true"}),
    Preset(Said("convolution.presets.unread"), {"sy": "3", "sx": "3"}),
    Preset(Said("convolution.presets.dilated"), {"dy": "2", "dx": "2", "padding": "same"}),
    Preset(Said("convolution.presets.signal"), {"input": SIGNAL_1D, "kernel": "box", "kh": "1"}),
]
SOURCES = [
    'V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285.',
    'I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning", MIT Press 2016, chapter 9: cross-correlation, padding.',
    'F. Yu, V. Koltun, "Multi-scale context aggregation by dilated convolutions", arXiv:1511.07122.',
]


@dataclass(frozen=True, eq=False)
class View:
    """What the page shows: the input, the kernel (height, width), the settings, and the bias."""

    given: Input
    kernel: NDArray[np.float64]
    settings: Convolution
    bias: float

    @property
    def arguments(self) -> tuple[NDArray[Any], NDArray[Any], Convolution]:
        """For the functions of ``explainer.layers.convolution``: inputs, weights, settings."""
        return self.given.planes, self.kernel[None, None], self.settings


def show() -> None:
    """The controls beside the picture, and below them what it says."""
    left, right = page.controls_and_picture()
    picture_first("convolution", partial(_picture, right), partial(_controls, left))


def _picture(place: DeltaGenerator) -> None:
    try:
        view = _view()
    except (GridError, NoInputError) as problem:
        place.warning(verbatim(text_of(problem.said)))
        return
    with place:
        try:
            _made(view)
        except GeometryError as problem:
            _draw_impossible(view, problem)
            return
        _draw(view)
        page.formula(*_formula(view))
        st.markdown(say(_counts(view)))
    page.pytorch_snippet(_code(view))


def _controls(place: DeltaGenerator) -> None:
    with place:
        top, editor = st.container(), st.container()
    with top:
        choose_input(INPUTS, editor, least=(3, 3))
        kernel_controls.choose_kernel()
        choose_pairs(
            Pair(down_across("stride"), STRIDE, 1, MOST_STEP, 1),
            Pair(down_across("dilation"), DILATION, 1, MOST_STEP, 1),
        )
        _choose_padding()
        st.slider(say("convolution.controls.bias"), -10.0, 10.0, 0.0, 0.5, key="bias", bind=LINK)
        for key in ("flip", "mean", "relu"):
            about = say(f"convolution.controls.{key}_help")
            st.toggle(say(f"convolution.controls.{key}"), key=key, bind=LINK, help=about)
    with editor:
        kernel_controls.edit_weights()


def _choose_padding() -> None:
    left, right = page.side_by_side("padding")
    paddings = {each: each for each in get_args(PaddingName)} | {NUMBERS: say("convolution.controls.numbers")}
    padding = choice(say("convolution.controls.padding"), paddings, "padding", place=left)
    choice(say("convolution.controls.mode"), MODES, "mode", place=right)
    if padding == NUMBERS:
        for key, column in zip(SIDES, (left, right, left, right), strict=True):
            column.number_input(say(f"convolution.controls.{key}"), 0, MOST_PADDING, 1, key=key, bind=LINK)


def _view() -> View:
    """What the controls hold."""
    padding: Any = value_of("padding")
    if padding == NUMBERS:
        padding = tuple(int(value_of(key)) for key in SIDES)
    settings = Convolution(
        stride=held_pair(STRIDE),
        dilation=held_pair(DILATION),
        padding=padding,
        mode=value_of("mode"),
        flip=value_of("flip"),
        mean=value_of("mean"),
        activation="relu" if value_of("relu") else "none",
    )
    return View(chosen_input(), kernel_controls.chosen_kernel(), settings, value_of("bias"))


def _draw(view: View) -> None:
    bias = np.array([view.bias])
    window = convolution.window(*view.arguments, bias=bias)
    output = convolution.output(*view.arguments, bias=bias)[0]
    sliding_window(_picture_of(view, window, output), key="window")
    if refused := kernel_controls.size_refused():
        page.impossible(refused)
    else:
        page.notice(_notice(view, window, output))


def _draw_impossible(view: View, problem: GeometryError) -> None:
    """Where the window fails, what to change, and the formula with the present numbers."""
    window = convolution.overhanging(*view.arguments)
    sliding_window(_picture_of(view, window, np.zeros(window.shape), fits=False), key="window")
    page.impossible(problem)
    page.formula(*_formula(view))


def _picture_of(view: View, window: Window, output: NDArray[Any], *, fits: bool = True) -> Picture:
    scale, limits = _output_scale(view, output)
    size, kernel = view.given.size, (view.kernel.shape[0], view.kernel.shape[1])
    has_padding = any(map(any, convolution.padding_of(size, kernel, view.settings)))
    return Picture(
        window=window,
        output=output,
        labels=_labels(view),
        input_scale=view.given.scale,
        input_range=view.given.limits,
        output_scale=scale,
        output_range=limits,
        height=HEIGHT - LEGEND * has_padding,
        fits=fits,
    )


def _labels(view: View) -> tuple[str, str, str]:
    kernel = "convolution.picture.turned_kernel" if view.settings.flip else "convolution.picture.kernel"
    return say("convolution.picture.input"), say(kernel), say("convolution.picture.output")


def _output_scale(view: View, output: NDArray[Any]) -> tuple[Scale, tuple[float, float] | None]:
    """What keeps a picture's brightness is drawn as a picture, what takes differences as signed numbers.

    Of a picture's differences the largest hundredth is drawn like its least: edges are rare, the rest would be pale.
    """
    if not view.given.is_picture:
        return "diverging", None
    if view.kernel.sum() / (view.kernel.size if view.settings.mean else 1) > 0.5:
        return "grey", (0.0, 255.0)
    limit = float(np.percentile(np.abs(output), 99))
    return "diverging", (-limit, limit) if limit else None


def _notice(view: View, window: Window, output: NDArray[Any]) -> Said:
    size, made = view.given.size, output.shape
    if (unread := never_read(window)).any():
        return _unread(unread, unread & ~left_over(window))
    if view.settings.flip and np.allclose(view.kernel, view.kernel[::-1, ::-1]):
        return Said("convolution.symmetric")
    if view.settings.flip:
        return Said("convolution.turned")
    magnitudes = np.abs(output)
    strongest = np.isclose(magnitudes, magnitudes.max(), rtol=ALIKE, atol=0)
    row, column = np.unravel_index(int(strongest.argmax()), made)
    value = float(output[row, column])
    sizes = {"size": _size(size), "made": _size((made[0], made[1]))}
    if output.size > 1 and np.isclose(output, value, rtol=ALIKE, atol=0).all():
        return Said("convolution.alike", **sizes, value=value)
    return Said(
        "convolution.strongest", **sizes, weights=view.kernel.size, row=int(row), column=int(column), value=value
    )


def _unread(unread: NDArray[np.bool_], jumped: NDArray[np.bool_]) -> Said:
    counts = {"unread": int(unread.sum()), "total": unread.size}
    if not jumped.any():
        return Said("convolution.unread", **counts)
    if (jumped == unread).all():
        return Said("convolution.jumped", **counts)
    return Said("convolution.jumped_and_left", **counts, jumped=int(jumped.sum()))


def _formula(view: View) -> Iterator[str]:
    return sizes_formula(view.given.size, (view.kernel.shape[0], view.kernel.shape[1]), view.settings)


def _made(view: View) -> tuple[int, int]:
    return convolution.output_shape(view.given.size, view.kernel.shape, view.settings)


def _counts(view: View) -> Said:
    size, made = view.given.size, _made(view)
    parameters = geometry.convolution_parameters(1, 1, view.kernel.shape)
    macs = geometry.convolution_macs(1, 1, view.kernel.shape, *made)
    connected = geometry.fully_connected_parameters((1, *size), (1, *made))
    return Said(
        "convolution.counts",
        parameters=parameters,
        weights=view.kernel.size,
        macs=macs,
        size=_size(size),
        made=_size(made),
        connected=connected,
    )


def _size(size: tuple[int, int]) -> Said:
    return Said("convolution.size", rows=size[0], columns=size[1])


def _code(view: View) -> str:
    _, weights, settings = view.arguments
    return convolution_code(view.given.code, view.given.size, weights, settings, np.array([view.bias]))


PAGE = Page(
    "convolution",
    Said("convolution.title"),
    Said("convolution.question"),
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
