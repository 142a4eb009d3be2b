"""The page "Channels and filters": its controls, its picture, and what they say in numbers."""

from __future__ import annotations

from functools import partial
from math import gcd

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.data.grid_text import GridError
from explainer.data.planes import PLANES
from explainer.layers import convolution
from explainer.layers.convolution_formula import sizes_formula
from explainer.layers.filters import MOST_FILTERS
from explainer.layers.geometry import GeometryError, PaddingName
from explainer.networks import hidden_digits
from explainer.ui.components.sliding_window import Picture, Scale, sliding_window
from explainer.ui.components.tiles import Tile, TileRow, tiles
from explainer.ui.controls.choice import choice
from explainer.ui.controls.inputs import (
    LINK,
    MAPS,
    OWN_GRID,
    PHOTOS,
    UPLOAD,
    NoInputError,
    choose_input,
)
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import picture_first, value_of
from explainer.ui.language import labels, say
from explainer.words.book import Said
from explainer.words.numbers import decimal
from pages.layers.channels import costs, weights
from pages.layers.channels.chosen import (
    LAYER,
    PICTURE_SIDE,
    chosen_view,
    is_seeded,
    looked_at,
    named,
    offered,
    planes_named,
)
from pages.layers.channels.view import DEPTHWISE, SEPARABLE, STANDARD, View
from pages.layers.channels.words import counts, learned, notice, strongest

MOST_SIDE = 5  # of a kernel
OFFERED = {"channel": "Channel", "mixture": "Mixture", "filter": "Filter"}
KINDS = {STANDARD: "standard", DEPTHWISE: "depthwise", SEPARABLE: "depthwise separable"}
PADDINGS: dict[PaddingName, str] = {"valid": "valid", "same": "same"}
HEIGHT, PICTURE_HEIGHT = 315, 270  # of the drawing, in pixels: with its arithmetic it stays above a projector's fold
LEGEND, ROW = 24, 36  # of these, where padding has a legend below, and where kernels have more than two rows
PLANE_HEIGHT = 110  # of each of more than three planes
MOST_STEP = 4
RATIO = 4.6  # so wide that the sum stands beside the products

TRY_THIS = [
    Preset("3·3·3 + 1 = 28", {"filters": "1", "side": "3", "cin": "3", "cout": "1", "groups": "1"}),
    Preset(
        "(5·5·3 + 1)·10 = 760",
        {
            "input": "cat",
            "filters": "10",
            "side": "5",
            "padding": "same",
            "cin": "3",
            "cout": "10",
            "k": "5",
            "groups": "1",
        },
    ),
    Preset("(3·3·4 + 1)·2 = 74", {"cin": "4", "cout": "2", "groups": "2"}),
    Preset(Said("channels.presets.maps"), {"input": MAPS, "side": "3"}),
    Preset("Red against green", {"input": "rocket", "filter": "red-against-green", "side": "3"}),
    Preset("A 1 × 1 convolution", {"side": "1", "filter": "luma", "bias": "0.0"}),
    Preset("Depthwise separable", {"kind": SEPARABLE}),
    Preset("C = 1028, 5 × 5", {"cin": "1028", "cout": "1028", "k": "5"}),
]
SOURCES = [
    'A. Krizhevsky, I. Sutskever, G. Hinton, "ImageNet classification with deep convolutional neural networks", '
    "NeurIPS 2012: groups.",
    'M. Lin, Q. Chen, S. Yan, "Network in network", arXiv:1312.4400: 1 × 1 convolution.',
    'A. Howard et al., "MobileNets", arXiv:1704.04861, section 3.1: depthwise separable convolution.',
    "ITU-R Recommendation BT.601: grey as 0.299 red + 0.587 green + 0.114 blue.",
]


def show() -> None:
    """The controls beside the picture, and below them what it says."""
    left, right = page.controls_and_picture(RATIO)
    picture_first("channels", partial(_picture, right), partial(_controls, left))


def _picture(place: DeltaGenerator) -> None:
    try:
        view = chosen_view()
    except (GridError, NoInputError) as problem:
        place.warning(verbatim(str(problem)))
        return
    with place:
        try:
            convolution.output_shape(*view.sizes)
        except GeometryError as problem:
            _draw_impossible(view, problem)
            return
        _draw(view)
        page.formula(learned(view), strongest(view))
        _all_maps(view)
        st.markdown(counts(view))
    page.pytorch_snippet(view.code)


def _controls(place: DeltaGenerator) -> None:
    with place:
        top, editor, below = st.container(), st.container(), st.container()
    with top:
        choose_input([OWN_GRID, *PHOTOS, UPLOAD, MAPS], editor, side=PICTURE_SIDE, grid=PLANES, least=(2, 2), planes=3)
        if value_of("input") == MAPS:
            choice(say("channels.layer"), _layers(), LAYER, first="convolution-2")
            st.slider(say("channels.digit"), 0, 9, 3, key="c_digit", bind=LINK)
        kind = choice("Kind of convolution", KINDS, "kind")
        left, right = page.side_by_side("filters")
        count = int(left.slider("Filters", 1, MOST_FILTERS, 4, key="filters", bind=LINK, disabled=kind == DEPTHWISE))
        right.slider("Kernel size", 1, MOST_SIDE, 2, key="side", bind=LINK, disabled=weights.is_own())
        key, names = offered(kind, count)
        choice(OFFERED[key], names if kind == DEPTHWISE else _numbered(names), key)
        st.slider("Bias", -10.0, 10.0, 1.0, 0.5, key="bias", bind=LINK)
        choice("Padding", PADDINGS, "padding")
        _choose_steps(kind, count)
        if is_seeded(kind, count):
            st.number_input("Seed", 0, 999, key="seed", bind=LINK)
        weights.edit(named, looked_at(kind, count)[0] if kind == STANDARD else None)
    if value_of("input") == OWN_GRID:
        below.caption("Rows for red, then as many for green, then as many for blue.")


def _layers() -> dict[hidden_digits.MapsName, str]:
    """The layers of the shipped network whose maps can be the input."""
    return labels("channels.layers.{}", hidden_digits.MAPS)


def _choose_steps(kind: str, count: int) -> None:
    """Stride and dilation, alike along both axes, and the groups that divide channels and filters."""
    left, right = page.side_by_side("c_steps")
    left.slider(say("channels.stride"), 1, MOST_STEP, 1, key="c_stride", bind=LINK)
    right.slider(say("channels.dilation"), 1, MOST_STEP, 1, key="c_dilation", bind=LINK)
    if kind == STANDARD:
        common = gcd(len(planes_named()), count)
        choice(say("channels.groups"), {f"{g}": f"{g}" for g in range(1, common + 1) if common % g == 0}, "c_groups")


def _numbered(names: dict[str, str]) -> dict[str, str]:
    return {key: f"{number}: {name}" for number, (key, name) in enumerate(names.items(), 1)}


def _draw(view: View) -> None:
    names = tuple(f"{name} map" for name in view.names) if view.kind == SEPARABLE else view.names
    several = len(names) > 1
    scale, limits = _input_scale(view)
    output_scale, output_limits = _output_scale(view)
    picture = Picture(
        window=view.window,
        output=view.maps[view.number],
        labels=_labels(view),
        planes=names if several else (),
        partials=view.partials if several else None,
        input_scale=scale,
        input_range=limits,
        output_scale=output_scale,
        output_range=output_limits,
        height=_height(view),
    )
    sliding_window(picture, key="window")
    page.notice(notice(view))


def _draw_impossible(view: View, problem: GeometryError) -> None:
    """Where the window fails, what to change, and the formula of the size with the present numbers."""
    window = view.overhanging
    several = len(window.inputs) > 1
    scale, limits = _input_scale(view)
    picture = Picture(
        window=window,
        output=np.zeros(window.shape),
        labels=_labels(view),
        planes=view.planes_named[: len(window.inputs)] if several else (),
        input_scale="rgb" if view.kind == SEPARABLE and view.channels == 3 else scale,
        input_range=limits,
        height=_height(view),
        fits=False,
    )
    sliding_window(picture, key="window")
    page.impossible(problem)
    page.formula(*sizes_formula(*view.sizes))


def _height(view: View) -> int:
    """Of the drawing: a row a plane needs more for many of them."""
    if len(view.names) > 3:
        return PLANE_HEIGHT * len(view.names)
    height = PICTURE_HEIGHT if view.given.is_picture else HEIGHT
    has_padding, has_rows = any(map(any, convolution.padding_of(*view.sizes))), view.kernels.shape[2] > 2
    return height - LEGEND * has_padding - ROW * (has_rows and not view.given.is_picture)


def _labels(view: View) -> tuple[str, str, str]:
    what = {STANDARD: "Filter", DEPTHWISE: "Kernel", SEPARABLE: "Mixture"}[view.kind]
    input_name = view.names[0] if len(view.names) == 1 else "Input"
    return input_name, f"{what} {view.number + 1}", f"Map {view.number + 1} of {len(view.weights)}"


def _input_scale(view: View) -> tuple[Scale, tuple[float, float] | None]:
    if view.kind == SEPARABLE or view.channels != 3:
        return "diverging", None
    planes = view.given.planes
    low, high = view.given.limits or (min(float(planes.min()), 0.0), max(float(planes.max()), 1.0))
    return ("grey" if len(view.names) == 1 else "rgb"), (low, high)


def _output_scale(view: View) -> tuple[Scale, tuple[float, float] | None]:
    """A mean of a picture's pixels is drawn as a picture, all else as signed numbers."""
    kernels = view.weights[view.number]
    is_mean = bool((kernels >= 0).all()) and abs(float(kernels.sum()) - 1) < 0.01
    picture = view.given.is_picture and is_mean and view.kind == STANDARD
    return ("grey", (0.0, 255.0)) if picture else ("diverging", None)


def _all_maps(view: View) -> None:
    """All maps, small: each on a scale of its own, since a filter that blurs is weak beside one that finds edges."""
    pictures = []
    for number, values in enumerate(view.maps):
        largest = float(np.abs(values).max()) or 1.0
        pictures.append(
            Tile(
                (values / largest).astype(np.float32),
                caption=f"Map {number + 1}",
                detail=f"Map {number + 1}: from {decimal(values.min(), ',.4g')} to {decimal(values.max(), ',.4g')}",
                emphasis="strong" if number == view.number else "none",
            )
        )
    which = "The one map" if len(pictures) == 1 else f"All {len(pictures)} maps, each"
    title = f"{which} in shares of its own largest magnitude"
    row = TileRow(title, tuple(pictures), "diverging", 1.0, 110 if view.given.is_picture else 72)
    tiles([row], "maps")


PAGE = Page(
    "channels",
    "Channels and filters",
    "How do several channels become one map, and several filters several maps?",
    show,
    presets=TRY_THIS,
    sources=SOURCES,
    below=(costs.show,),
)
