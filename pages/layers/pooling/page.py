"""The page "Pooling": its controls, its picture, and what they say in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from explainer.data.grid_text import GridError
from explainer.layers import geometry, pooling
from explainer.layers.geometry import GeometryError
from explainer.layers.pooling import Pooling, PoolingKind
from explainer.layers.pooling_code import pooling_code
from explainer.layers.window import Window, left_over, never_read
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
    Input,
    NoInputError,
    choose_input,
    chosen_input,
)
from explainer.ui.controls.pairs import choose_pair, down_across, held_pair
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import picture_first, value_of
from explainer.words.numbers import decimal
from pages.layers.pooling import experiments

INPUTS = [OWN_GRID, DIGIT, *PHOTOS, UPLOAD, DRAWING]
KINDS: dict[PoolingKind, str] = {"max": "Max", "average": "Average", "l2": "L2 norm"}
WINDOWS = {"fixed": "Fixed size", "adaptive": "Adaptive", "global": "Global"}
# Keys of this page alone: Streamlit carries a key's value over to other pages, where it may not fit.
WINDOW, STRIDE, PADDING, BINS = ("p_wh", "p_ww"), ("p_sy", "p_sx"), ("p_py", "p_px"), ("p_bh", "p_bw")
MOST_WINDOW, MOST_PADDING, MOST_BINS = 12, 6, 16
HEIGHT, LOW = 300, 250  # of the drawing, in pixels: with its arithmetic it stays above the fold of a projector

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


@dataclass(frozen=True, eq=False)
class View:
    """What the page shows: the input and the settings."""

    given: Input
    settings: Pooling

    @property
    def made(self) -> tuple[int, int]:
        """Height and width of the output. Raises GeometryError for impossible settings."""
        return pooling.output_shape(self.given.size, self.settings)


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
        page.formula(*_formula(view))
        st.markdown(_counts(view))
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
            choose_pair(("Output height", "Output width"), BINS, 1, MOST_BINS, 2)
        elif windows == "fixed":
            _choose_windows()


def _choose_windows() -> None:
    choose_pair(("Window height", "Window width"), WINDOW, 1, MOST_WINDOW, 2)
    choose_pair(down_across("stride"), STRIDE, 1, MOST_WINDOW, 2)
    choose_pair(down_across("padding"), PADDING, 0, MOST_PADDING, 0)
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
    page.notice(_notice(view, window, output))


def _draw_impossible(view: View, problem: GeometryError) -> None:
    """Where the window fails, what to change, and the formula with the present numbers."""
    window = pooling.overhanging(view.given.planes, view.settings)
    sliding_window(_picture_of(view, window, np.zeros(window.shape), fits=False), key="window")
    page.impossible(problem)
    page.formula(*_formula_fixed(view))


def _picture_of(view: View, window: Window, output: NDArray[Any], *, fits: bool = True) -> Picture:
    scale, limits = _output_scale(view, output)
    return Picture(
        window=window,
        output=output,
        labels=("Input", "Window", "Output"),
        input_scale=view.given.scale,
        input_range=view.given.limits,
        output_scale=scale,
        output_range=limits,
        height=LOW if view.given.is_picture or len(window.rows.taps[0]) > 3 else HEIGHT,
        fits=fits,
    )


def _output_scale(view: View, output: NDArray[Any]) -> tuple[Scale, tuple[float, float] | None]:
    """A pooled picture is a picture; an L2 norm may be brighter than white."""
    if not view.given.is_picture:
        return "diverging", None
    return "grey", (0.0, max(255.0, float(output.max())))


def _notice(view: View, window: Window, output: NDArray[Any]) -> str:
    settings = view.settings
    if settings.bins is not None:
        return _notice_adaptive(view, output)
    if (unread := never_read(window)).any():
        return _notice_unread(view, int(unread.sum()), int((unread & ~left_over(window)).sum()))
    shared = [max(side - stride, 0) for side, stride in zip(settings.window, settings.steps, strict=True)]
    if any(shared):
        return (
            "The windows overlap, since the stride is smaller than the window: neighbours share "
            f"{_number(shared[0], 'row')} or {_number(shared[1], 'column')}."
        )
    if settings.kind == "average" and settings.count_include_pad and any(settings.padding):
        return "At the border the zeros of the padding count in the mean, and pull it towards 0."
    return _notice_kind(view, output)


def _number(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count} {what}s"


def _notice_adaptive(view: View, output: NDArray[Any]) -> str:
    (height, width), (rows, columns) = view.given.size, view.made
    if (rows, columns) == (1, 1):
        return (
            f"All {height * width:,} numbers become one, {decimal(output[0, 0], ',.6g')}, whatever the size of "
            "the input."
        )
    if height % rows or width % columns:
        return f"{height} × {width} does not divide into {rows} × {columns} windows: they overlap or differ in size."
    return f"You ask for an output of {rows} × {columns}: each window is {height // rows} × {width // columns} large."


def _notice_unread(view: View, unread: int, jumped: int) -> str:
    said = f"{unread:,} pixels are never read: "
    with_ceil = pooling.output_shape(view.given.size, replace(view.settings, ceil_mode=True))
    more = " Ceil mode would add one." if with_ceil != view.made else ""
    if not jumped:
        return f"{said}no whole window fits on them.{more}"
    if jumped == unread:
        return f"{said}they lie between those that the window reads, and every stride passes over them."
    return f"{said}the strides pass over {jumped:,}, and no whole window fits on the others.{more}"


def _notice_kind(view: View, output: NDArray[Any]) -> str:
    row, column = np.unravel_index(int(output.argmax()), output.shape)
    largest = f"{decimal(output[row, column], ',.4g')}"
    if view.settings.kind == "max":
        return (
            f"The largest number, {largest}, stays, in row {row}, column {column} of the output. Where it stood inside "
            "its window is forgotten."
        )
    if view.settings.kind == "average":
        return (
            "No number stays as it was: the largest of the input is "
            f"{decimal(view.given.planes.max(), ',.4g')}, the largest mean "
            f"{largest}."
        )
    return f"Large numbers count most and signs do not: the largest norm, {largest}, is in row {row}, column {column}."


def _formula(view: View) -> Iterable[str]:
    if view.settings.bins == (1, 1):
        return (_formula_global(view),)
    return (_formula_fixed if view.settings.bins is None else _formula_adaptive)(view)


def _formula_fixed(view: View) -> Iterator[str]:
    settings = view.settings
    left, right = (r"\lceil", r"\rceil") if settings.ceil_mode else (r"\lfloor", r"\rfloor")
    for axis, name in enumerate(("H", "W")):
        padded, window = view.given.size[axis] + 2 * settings.padding[axis], settings.window[axis]
        stride, padding = settings.steps[axis], settings.padding[axis]
        made = geometry.pooling_positions(view.given.size[axis], window, stride, padding, ceil_mode=settings.ceil_mode)
        room = f"{view.given.size[axis]} + 2 \\cdot {padding} - {window}"
        # In ceil mode a last window that would start in the padding is left out.
        too_many = settings.ceil_mode and -((window - padded) // stride) + 1 > made
        less = r" - \underbrace{1}_{\text{it would start in the padding}}" if too_many else ""
        rounded = rf"\left{left} \frac{{{room}}}{{{stride}}} \right{right}"
        yield rf"{name}_{{\text{{out}}}} = {rounded} + 1{less} = {geometry.result(made)}"


def _formula_adaptive(view: View) -> Iterator[str]:
    """Where the windows begin and end along each axis."""
    names = (("i", "rows"), ("j", "columns"))
    for (index, what), size, bins in zip(names, view.given.size, view.made, strict=True):
        first = rf"\left\lfloor \tfrac{{{size} {index}}}{{{bins}}} \right\rfloor"
        last = rf"\left\lceil \tfrac{{{size} ({index} + 1)}}{{{bins}}} \right\rceil - 1"
        yield rf"\text{{{what} of window }} {index} = {first}, \dots, {last}, \quad 0 \le {index} < {bins}"


def _formula_global(view: View) -> str:
    (height, width), result = view.given.size, pooling.output(view.given.planes, view.settings)[0, 0, 0]
    index = rf"i < {height},\ j < {width}"
    computed = {
        "max": rf"\max_{{{index}}} x_{{ij}}",
        "average": rf"\frac{{1}}{{{height} \cdot {width}}} \sum_{{{index}}} x_{{ij}}",
        "l2": rf"\sqrt{{\sum_{{{index}}} x_{{ij}}^2}}",
    }
    return rf"y = {computed[view.settings.kind]} = {result:.6g}"


def _counts(view: View) -> str:
    size, made = view.given.size, view.made
    before, after = size[0] * size[1], made[0] * made[1]
    return (
        f"**No parameters.** {size[0]} × {size[1]} becomes {made[0]} × {made[1]}: **{before:,}** numbers become "
        f"**{after:,}**.{_bins(view)}"
    )


def _bins(view: View) -> str:
    """The rows and columns of the first adaptive windows."""
    if view.settings.bins in (None, (1, 1)):
        return ""
    words = []
    for axis, name in enumerate(geometry.AXES):
        bins = geometry.adaptive_bins(view.given.size[axis], view.made[axis], name)
        listed = ", ".join(f"{start}–{stop - 1}" for start, stop in bins[:4])
        words.append(f"{name} {listed}{' …' if len(bins) > 4 else ''}")
    return f" Windows: {words[0]}; {words[1]}."


PAGE = Page(
    "pooling",
    "Pooling",
    "What stays of a map when one number is kept of every window?",
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
