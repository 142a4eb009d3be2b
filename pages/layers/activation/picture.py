"""The view "On a picture" of the page "Activation functions": a feature map before and after."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from explainer.data import forward_pass
from explainer.figures.activation import histograms
from explainer.layers.activation_code import picture_code
from explainer.layers.activation_kinds import Activation
from explainer.layers.activation_uses import FLAT, zero_share
from explainer.ui.components.live_chart import live_chart
from explainer.ui.components.tiles import Tile, TileRow, tiles
from explainer.ui.controls.choice import choice
from explainer.ui.controls.inputs import LINK
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.words.book import percent

LAYERS = {"first": "First convolution", "second": "Second convolution"}
FILTERS = (4, 8)
SIZE = 168  # of a map, in pixels: 6 and 12 for each of its own


def show(chosen: Activation, _others: list[Activation], left: DeltaGenerator, right: DeltaGenerator) -> None:
    """One map of the welcome page's network, the function on it, and the distributions of both."""
    from explainer.networks.sums import convolution_sums  # noqa: PLC0415  the other views need no torch

    with left:
        digit, layer, channel = _controls()
    sums = convolution_sums()[layer][digit, channel].astype(np.float64)
    outputs = chosen.function.value(sums)
    with right:
        _maps(sums, outputs, chosen.name)
        alt = f"Distributions of {sums.size} pre-activations and of the activations of {chosen.name}"
        live_chart(drawn(histograms, sums, outputs, page.is_dark()), alt, key="a_histograms")
        page.notice(_notice(chosen, sums, outputs))
        page.formula(formula(outputs))
    index = forward_pass.load().test_index[digit]
    page.pytorch_snippet(picture_code(chosen, index, layer + 1, channel))


def formula(outputs: NDArray[np.float64]) -> str:
    """The share of zeros among ``outputs``."""
    zeros = round(zero_share(outputs) * outputs.size)
    return (
        rf"\frac{{\text{{zeros}}}}{{\text{{outputs}}}} = \frac{{{zeros}}}{{{outputs.size}}} = "
        rf"{100 * zero_share(outputs):.1f}\,\%"
    )


def _controls() -> tuple[int, int, int]:
    digit = int(st.slider("Digit", 0, 9, 3, key="a_digit", bind=LINK))
    layer = list(LAYERS).index(choice("Layer", LAYERS, "a_layer"))
    channel = int(st.slider("Filter", 1, FILTERS[layer], key=f"a_filter{layer + 1}", bind=LINK)) - 1
    st.caption(
        "The network of the welcome page. It learned with ReLU; here other functions get the same pre-activations."
    )
    return digit, layer, channel


def _maps(sums: NDArray[Any], outputs: NDArray[Any], name: str) -> None:
    rows = (
        TileRow("Before: pre-activations", (Tile(sums, detail="before"),), "diverging", size=SIZE),
        TileRow(f"After: {name}", (Tile(outputs, detail="after"),), "diverging", size=SIZE),
    )
    for column, row in zip(st.columns(2), rows, strict=True):
        with column:
            tiles([row], key=f"a_map_{row.tiles[0].detail}")


def _notice(chosen: Activation, sums: NDArray[np.float64], outputs: NDArray[np.float64]) -> str:
    slopes = chosen.function.slope(sums)
    flat = float((np.abs(slopes) < FLAT).mean())
    low, high = (f"{end:.3g}".replace("-", "−") for end in (outputs.min(), outputs.max()))
    span = f"all are {low}" if outputs.min() == outputs.max() else f"all lie between {low} and {high}"
    return (
        f"{percent(zero_share(outputs))} of the {sums.size} outputs are exactly 0; {span}. "
        f"At {percent(flat)} of the pixels the slope is nearer to 0 than {FLAT:g}."
    )
