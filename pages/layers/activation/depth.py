"""The view "Through layers" of the page "Activation functions": the product of slopes."""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.figures.activation import gradients_over_layers
from explainer.layers.activation_code import chain_code
from explainer.layers.activation_kinds import Activation
from explainer.layers.activation_uses import Chain, chain
from explainer.ui.components.live_chart import live_chart
from explainer.ui.controls.inputs import LINK
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.words.latex import bracketed, latex
from explainer.words.numbers import decimal

HEIGHT = 380


def show(chosen: Activation, others: list[Activation], left: DeltaGenerator, right: DeltaGenerator) -> None:
    """The gradient after each of n layers of one neuron, for the chosen function and those beside it."""
    with left:
        depth = int(st.slider("Layers n", 1, 50, 10, key="a_n", bind=LINK))
        start = float(st.slider("Input x of the first layer", -5.0, 5.0, 1.0, 0.1, key="a_start", bind=LINK))
        weight = float(st.slider("Weight w of every layer", -3.0, 3.0, 1.0, 0.1, key="a_w", bind=LINK))
    shown = (chosen, *others)
    chains = [chain(each.function, start, weight, depth) for each in shown]
    gradients = np.stack([each.gradients for each in chains])
    with right:
        figure = drawn(gradients_over_layers, gradients, [each.name for each in shown], page.is_dark(), HEIGHT)
        alt = f"The gradient through {depth} layers for {', '.join(each.name for each in shown)}"
        live_chart(figure, alt, key="a_depth")
        page.notice(_notice(chosen, chains[0], weight))
        page.formula(formula(chains[0], weight))
    page.pytorch_snippet(chain_code(chosen, start, weight, depth))


def formula(run: Chain, weight: float) -> str:
    """The product of weights and slopes, the first three and the last that matters as numbers."""
    slopes = run.slopes.tolist()
    known = [rf"({bracketed(weight)} \cdot {_slope(slope)})" for slope in slopes[: _deciding(run)]]
    parts = r"\,".join(known if len(known) <= 4 else [*known[:3], r"\cdots", known[-1]])
    parts += r"\,\cdots" if len(known) < len(slopes) else ""
    last = float(run.gradients[-1])
    result = latex(last) if np.isfinite(last) else r"\text{undefined}"
    rows = (
        r"z_l &= w\,a_{l-1}, \quad a_l = f(z_l), \quad a_0 = x",
        rf"\frac{{\partial a_{{{len(slopes)}}}}}{{\partial x}} &= \prod_{{l=1}}^{{{len(slopes)}}} w\,f'(z_l)",
        rf"&= {parts}",
        rf"&= {result}",
    )
    return r"\begin{aligned}" + r" \\[3pt] ".join(rows) + r"\end{aligned}"


def _deciding(run: Chain) -> int:
    """How many factors decide the product: those up to the first that is 0 or undefined, or all."""
    ends = np.flatnonzero(~(np.abs(run.gradients) > 0))
    return int(ends[0]) + 1 if ends.size else len(run.gradients)


def _slope(slope: float) -> str:
    return bracketed(slope) if np.isfinite(slope) else r"\text{?}"


def _notice(chosen: Activation, run: Chain, weight: float) -> str:
    last, depth = float(run.gradients[-1]), len(run.gradients)
    if not np.isfinite(last):
        at = int(np.flatnonzero(~np.isfinite(run.slopes))[0])
        return (
            f"In layer {at + 1} the sum is {decimal(run.totals[at], '.4g')}, where {chosen.name} has no slope: "
            "no product."
        )
    if last == 0:
        at = int(np.flatnonzero(run.gradients == 0)[0])
        why = "the weight is 0" if weight == 0 else f"the slope of {chosen.name} is 0"
        return f"In layer {at + 1} {why}: one factor of 0, and nothing before it learns."
    factor = abs(last) ** (1 / depth)
    word = "vanishes" if factor < 0.9 else "explodes" if factor > 1.1 else "keeps its size"
    return (
        f"{chosen.name}: each layer multiplies the gradient by {decimal(factor, '.3g')} on average, so it "
        f"{word} with depth."
    )
