"""Two views of the page "From maps to probabilities": what fully connected layers cost, and one as a convolution."""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.data import forward_pass
from explainer.data.grid_text import GridError
from explainer.figures.softmax import weights_over_side
from explainer.layers.fully_connected import picture_weights
from explainer.layers.geometry import convolution_parameters
from explainer.layers.softmax_code import connected_code, connected_formula, places_formula, score_map_code
from explainer.networks import digit_scores
from explainer.networks.digit_scores import MOST_DIGITS, SIDE, STRIDE
from explainer.ui.controls.inputs import LINK
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from pages.layers.softmax.score_map import score_map

SIDES = [8, 16, 28, 32, 64, 128, 224, 256, 512, 1024]
NEURONS = [1, 10, 32, 64, 128, 256, 512, 1024, 4096]
MOST_KERNEL, MOST_FILTERS = 11, 64
HEIGHT = 380  # of the chart, in pixels


def show_count(left: DeltaGenerator, right: DeltaGenerator) -> str:
    """Weights of a fully connected layer on the pixels, and of a convolution; returns the code for it."""
    with left:
        side = int(_choose("Side of the picture", SIDES, 512, "s_side"))
        neurons = int(_choose("Neurons", NEURONS, 512, "s_neurons"))
        kernel = int(st.slider("Kernel size", 1, MOST_KERNEL, 5, key="s_kernel", bind=LINK))
        filters = int(st.slider("Filters", 1, MOST_FILTERS, 1, key="s_filters", bind=LINK))
    shared = convolution_parameters(1, filters, kernel, bias=False)
    sides = np.array(SIDES)
    with right:
        connected = np.array([picture_weights(each, neurons) for each in SIDES])
        figure = drawn(weights_over_side, sides, connected, shared, side, page.is_dark(), height=HEIGHT)
        page.chart(figure, "Weights over the side of the picture", key="s_weights")
        page.notice(count_notice(side, neurons, kernel, filters))
        page.formula(connected_formula(side, neurons, kernel, filters))
    return connected_code(side, neurons, kernel, filters)


def _choose(name: str, numbers: list[int], first: int, key: str) -> str:
    return str(st.select_slider(name, [str(number) for number in numbers], str(first), key=key, bind=LINK))


def count_notice(side: int, neurons: int, kernel: int, filters: int) -> str:
    """How many times more weights, and what they take."""
    connected, shared = picture_weights(side, neurons), convolution_parameters(1, filters, kernel, bias=False)
    filter_words = f"one {kernel} × {kernel} filter" if filters == 1 else f"{filters} filters of {kernel} × {kernel}"
    if connected <= shared:
        return (
            f"Here {filter_words} would have more weights, {shared:,}, than the fully connected layer, {connected:,}."
        )
    return (
        f"{connected:,} weights, {_memory(4 * connected)} in float32, beside the {shared:,} of {filter_words}: "
        f"{_times(connected / shared)} times as many. Twice the side needs four times as many; the filter stays."
    )


def _memory(count: int) -> str:
    for unit, size in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if count >= size:
            return f"{count / size:,.4g} {unit}"
    return f"{count} bytes"


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"


def show_slid(left: DeltaGenerator, right: DeltaGenerator) -> str:
    """The network's last layer as a convolution on a picture of several digits; returns the code for it."""
    with left:
        told = f"1 to {MOST_DIGITS} digits; one alone fills the picture."
        text = st.text_input("Digits in the picture", "3141", key="s_digits", bind=LINK, max_chars=30, help=told)
        chosen = int(st.slider("Scores of class", 0, 9, 4, key="s_score", bind=LINK))
        seed = int(st.slider("Arrangement", 0, 20, 1, key="s_seed", bind=LINK))
    labels = labels_of(text)
    picture, scores = digit_scores.scene(labels, seed), digit_scores.score_maps(labels, seed)
    difference = float(np.abs(scores - digit_scores.scores_one_by_one(labels, seed)).max())
    with right:
        score_map(picture, scores, chosen, side=SIDE, stride=STRIDE, key="s_map")
        page.notice(slid_notice(labels, scores.shape[1:], difference))
        page.formula(places_formula((picture.shape[0], picture.shape[1]), SIDE, STRIDE))
        st.markdown(cost(picture.shape[0], picture.shape[1], scores.shape[1] * scores.shape[2]))
    numbers = forward_pass.load().test_index
    places = zip(labels, digit_scores.corners(len(labels), seed), strict=True)
    placed = [(numbers[label], top, left_column) for label, (top, left_column) in places]
    return score_map_code((picture.shape[0], picture.shape[1]), placed)


def labels_of(text: str | None) -> tuple[int, ...]:
    """The digits in ``text``, whatever separates them. Raises GridError."""
    wrong = next((each for each in text or "" if each not in "0123456789 ,;"), None)
    if wrong is not None:
        raise GridError(f"“{wrong}” is no digit: type 1 to {MOST_DIGITS} digits, such as 3141.")
    found = tuple(int(each) for each in text or "" if each in "0123456789")
    if not 1 <= len(found) <= MOST_DIGITS:
        raise GridError(f"Type 1 to {MOST_DIGITS} digits, such as 3141, not {len(found)}.")
    return found


def slid_notice(labels: tuple[int, ...], shape: tuple[int, ...], difference: float) -> str:
    """That both ways give the same numbers."""
    parts = shape[0] * shape[1]
    if len(labels) == 1:
        return (
            "A 28 × 28 picture leaves one place for a 4 × 4 filter: ten filters give ten numbers, the logits. "
            "The fully "
            f"connected layer gives the same, to within {_tiny(difference)}."
        )
    return (
        f"{parts} parts of the picture, each cut out, flattened and weighed by the fully connected layer, give the "
        f"same {10 * parts:,} logits as the convolution: they differ by at most {_tiny(difference)}. Between two "
        "digits they mean little, since the network was trained on single ones."
    )


def _tiny(value: float) -> str:
    """One digit and a power of ten."""
    if not value:
        return "0"
    digit, exponent = f"{value:.0e}".split("e")
    return f"{digit}\u00a0·\u00a010" + str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def cost(height: int, width: int, parts: int) -> str:
    """Multiplications of the network slid over the picture, and run on every part."""
    once, apart = digit_scores.multiplications(height, width), parts * digit_scores.multiplications(SIDE, SIDE)
    said = f"The layer's 1,280 weights are ten filters of 8 × 4 × 4. All layers together take **{once:,} MACs**"
    if parts == 1:
        return said + ", either way."
    return f"{said} on this picture; one part after the other takes **{apart:,}**, {apart / once:.1f} times as many."
