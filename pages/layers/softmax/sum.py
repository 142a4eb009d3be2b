"""The view "Flatten and fully connected" of the page "Fully connected and softmax": one logit, term by term."""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.layers.fully_connected import WeightedSum, weighted_sum
from explainer.layers.geometry import linear_parameters
from explainer.layers.softmax_code import logit_code, logit_formula, maps_formula
from explainer.networks import digit_scores
from explainer.ui.components.tiles import Tile, TileRow, tiles
from explainer.ui.controls.inputs import LINK
from explainer.ui.frame import page
from explainer.words.numbers import decimal
from pages.layers.softmax.weighted_sum import weighted_sum as draw_sum

DIGIT_SIZE = 112  # CSS pixels


def show(left: DeltaGenerator, right: DeltaGenerator) -> str:
    """The maps, the weights of one class, their products and their sum; returns the code for it."""
    with left:
        label = int(st.slider("Digit", 0, 9, 3, key="s_digit", bind=LINK))
        chosen = int(st.slider("Logit of class", 0, 9, 3, key="s_class", bind=LINK))
        _draw_digit(label)
    given = weighted_sum(digit_scores.layer(), digit_scores.digit_maps(label), chosen)
    with right:
        draw_sum(given, f"z{_low(chosen)}", "s_sum")
        page.notice(notice(label, chosen, given))
        page.formula(logit_formula(given, chosen))
        page.formula(maps_formula(given))
        st.markdown(_counts())
    return logit_code(given)


def _draw_digit(label: int) -> None:
    logits = digit_scores.digit_logits(label)
    pixels = digit_scores.digit(label).astype(np.float32)
    tiles([TileRow("What the network sees", (Tile(pixels),), "grey", 255.0, DIGIT_SIZE)], "s_picture")
    listed = [
        f"{'**' if i == logits.argmax() else ''}{i}: {value:.1f}".replace("-", "−") for i, value in enumerate(logits)
    ]
    st.markdown("All ten logits: " + ", ".join(each + "**" * each.startswith("**") for each in listed))


def notice(label: int, chosen: int, given: WeightedSum) -> str:
    """Which map counts most for this logit, and how it stands among the ten."""
    logits = digit_scores.digit_logits(label)
    most = int(np.abs(given.per_map).argmax())
    direction = "for" if given.per_map[most] > 0 else "against"
    best = int(logits.argmax())
    said = f"Map {most} says most about class {chosen}, {abs(given.per_map[most]):.3g} {direction} it."
    if best == chosen:
        second = int(np.argsort(logits)[-2])
        return (
            f"{said} Its logit, {decimal(given.result, '.3g')}, is the highest of the ten, "
            f"{logits[best] - logits[second]:.2g} "
            f"above that of class {second}: the network reads a {best}."
        )
    return (
        f"{said} Its logit is {decimal(given.result, '.3g')}; that of class {best} is the highest, "
        f"{decimal(logits[best], '.3g')}."
    )


def _counts() -> str:
    channels, height, width = digit_scores.SHAPE
    inputs = channels * height * width
    return (
        f"{channels} maps of {height} × {width} flattened are **{inputs} numbers**, and a fully connected layer "
        f"from them to 10 logits has 10\u00a0·\u00a0({inputs}\u00a0+\u00a01) = "
        f"**{linear_parameters(inputs, 10):,} parameters**. Flattening changes no number; only which "
        "one is whose neighbour is forgotten."
    )


def _low(digit: int) -> str:
    return "₀₁₂₃₄₅₆₇₈₉"[digit]
