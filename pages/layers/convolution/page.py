"""The page "Convolution": its controls, its picture, and what they say in numbers."""

from __future__ import annotations

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
from explainer.layers.geometry import GeometryError, PaddingMode
from explainer.layers.window import Window, never_read
from explainer.ui.components.sliding_window import Picture, Scale, sliding_window
from explainer.ui.controls import kernel_controls
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
from explainer.ui.controls.pairs import choose_pair, down_across, held_pair
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import picture_first, value_of

INPUTS = [OWN_GRID, CROSS, SIGNAL_1D, DIGIT, *PHOTOS, UPLOAD, DRAWING]
NUMBERS = "numbers"  # padding given side by side
SIDES = {"Top": "pt", "Bottom": "pb", "Left": "pl", "Right": "pr"}
STRIDE, DILATION = ("sy", "sx"), ("dy", "dx")
MOST_STEP, MOST_PADDING = 6, 10
HEIGHT, PICTURE_HEIGHT = 300, 270  # of the drawing, in pixels: with all below it above the fold of a projector

TRY_THIS = [
    Preset("Find edges in a photograph", {"input": "A photographer"}),
    Preset("The cross and its features", {"input": CROSS, "kernel": "diagonal \\", "mean": "true"}),
    Preset("Pixels never read", {"sy": "3", "sx": "3"}),
    Preset("A dilated kernel", {"dy": "2", "dx": "2", "padding": "same"}),
    Preset("Along a signal", {"input": SIGNAL_1D, "kernel": "box", "kh": "1"}),
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
        return self.given.planes, self.kernel[None, None].astype(self.given.planes.dtype), self.settings


def show() -> None:
    """The controls beside the picture, and below them what it says."""
    left, right = page.controls_and_picture()
    picture_first("convolution", partial(_picture, right), partial(_controls, left))


def _picture(place: DeltaGenerator) -> None:
    try:
        view = _view()
        with place:
            _draw(view)
            page.formula(_formula(view))
            st.markdown(_counts(view))
    except (GeometryError, GridError, NoInputError) as problem:
        place.warning(verbatim(str(problem)))
    else:
        page.pytorch_snippet(_code(view))


def _controls(place: DeltaGenerator) -> None:
    with place:
        top, editor = st.container(), st.container()
    with top:
        choose_input(INPUTS, editor)
        kernel_controls.choose_kernel()
        choose_pair(down_across("Stride"), STRIDE, 1, MOST_STEP, 1)
        choose_pair(down_across("Dilation"), DILATION, 1, MOST_STEP, 1)
        _choose_padding()
        st.slider("Bias", -10.0, 10.0, 0.0, 0.5, key="bias", bind=LINK)
        st.toggle("True convolution", key="flip", bind=LINK, help="Turns the kernel by 180 degrees first.")
        st.toggle("Mean of the products", key="mean", bind=LINK, help="Divides the sum by the number of weights.")
        st.toggle("ReLU", key="relu", bind=LINK, help="What is negative becomes 0.")
    with editor:
        kernel_controls.edit_weights()


def _choose_padding() -> None:
    left, right = page.side_by_side("padding")
    padding = left.selectbox("Padding", ["valid", "same", "full", NUMBERS], key="padding", bind=LINK)
    right.selectbox("Padded with", list(get_args(PaddingMode)), key="mode", bind=LINK)
    if padding == NUMBERS:
        for (side, key), column in zip(SIDES.items(), (left, right, left, right), strict=True):
            column.number_input(side, 0, MOST_PADDING, 1, key=key, bind=LINK)


def _view() -> View:
    """What the controls hold."""
    padding: Any = value_of("padding")
    if padding == NUMBERS:
        padding = tuple(int(value_of(key)) for key in SIDES.values())
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
    scale, limits = _output_scale(view, output)
    picture = Picture(
        window=window,
        output=output,
        labels=("Input", "Kernel turned by 180°" if view.settings.flip else "Kernel", "Output"),
        input_scale=view.given.scale,
        input_range=view.given.limits,
        output_scale=scale,
        output_range=limits,
        height=PICTURE_HEIGHT if view.given.is_picture else HEIGHT,
    )
    sliding_window(picture, key="window")
    page.notice(_notice(view, window, output))


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


def _notice(view: View, window: Window, output: NDArray[Any]) -> str:
    unread = int(never_read(window).sum())
    size, made = view.given.size, output.shape
    if unread:
        return (
            f"{unread:,} of {size[0] * size[1]:,} pixels are never read: the window takes whole strides only, and the "
            f"floor in the formula leaves them out."
        )
    if view.settings.flip and np.allclose(view.kernel, view.kernel[::-1, ::-1]):
        return "Turned by 180 degrees this kernel is the same: convolution and cross-correlation agree on it."
    if view.settings.flip:
        return (
            "The kernel is laid on the input turned by 180 degrees. Deep learning leaves that out and learns it turned."
        )
    row, column = np.unravel_index(int(np.abs(output).argmax()), made)
    return (
        f"{size[0]} x {size[1]} becomes {made[0]} x {made[1]}: one kernel of {view.kernel.size} weights makes every "
        f"cell. It answers most strongly in row {row}, column {column}: {output[row, column]:,.4g}."
    )


def _formula(view: View) -> str:
    rows, columns = convolution.padding_of(view.given.size, view.kernel.shape, view.settings)
    names = ("H", "W")
    lines = (
        rf"{names[axis]}_{{\text{{out}}}} &= \left\lfloor \frac{{"
        rf"{view.given.size[axis]} + {sides[0]} + {sides[1]} - {view.settings.dilation[axis]} \cdot "
        rf"({view.kernel.shape[axis]} - 1) - 1}}{{{view.settings.stride[axis]}}} \right\rfloor + 1 = "
        rf"{_made(view)[axis]}"
        for axis, sides in enumerate((rows, columns))
    )
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"


def _made(view: View) -> tuple[int, int]:
    return convolution.output_shape(view.given.size, view.kernel.shape, view.settings)


def _counts(view: View) -> str:
    size, made = view.given.size, _made(view)
    parameters = geometry.convolution_parameters(1, 1, view.kernel.shape)
    macs = geometry.convolution_macs(1, 1, view.kernel.shape, *made)
    connected = geometry.fully_connected_parameters((1, *size), (1, *made))
    return (
        f"**{parameters:,} parameters** ({view.kernel.size} weights and a bias), **{macs:,} multiplications** for this "
        f"input. A fully connected layer from {size[0]} x {size[1]} to {made[0]} x {made[1]} would need "
        f"**{connected:,}** parameters."
    )


def _code(view: View) -> str:
    _, weights, settings = view.arguments
    return convolution_code(view.given.code, view.given.size, weights, settings, np.array([view.bias]))


PAGE = Page(
    "convolution",
    "Convolution",
    "Where does each number of a feature map come from?",
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
