"""The view "One neuron" of the page "Activation functions": a weighted sum, and what becomes of it."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.layers.activation_code import neuron_code
from explainer.layers.activation_functions import Floats
from explainer.layers.activation_kinds import Activation
from explainer.layers.activation_uses import Neuron, neuron, sample, saturated_zones
from explainer.ui.controls.inputs import LINK
from explainer.ui.frame import page
from explainer.words.latex import bracketed, latex
from explainer.words.numbers import decimal
from pages.layers.activation.curve import curves
from pages.layers.activation.function_plot import Step, function_plot

INPUTS, WEIGHTS = (1.0, -0.5, 2.0), (0.5, 1.0, 0.6)
HEIGHT = 400
_LOW = "₁₂₃"


def show(chosen: Activation, _others: list[Activation], left: DeltaGenerator, right: DeltaGenerator) -> None:
    """The terms of the sum below the plot, and the output where the sum meets the curve."""
    with left:
        inputs, weights, bias = _controls()
    one = neuron(chosen.function, inputs, weights, bias)
    steps = _steps(one, bias)
    limit = float(max(4, math.ceil(max(abs(step.end) for step in steps))))
    samples = sample([chosen.function], limit, [one.total])
    with right:
        function_plot(
            x=samples.x,
            curves=curves([chosen], samples),
            cursor=one.total,
            alt=(
                f"A neuron's sum of {decimal(one.total, '.4g')} and its output {decimal(one.output, '.4g')} on the "
                f"curve of {chosen.name}"
            ),
            key="a_plot",
            zones=saturated_zones(chosen.function, limit),
            steps=steps,
            symbol="z",
            height=HEIGHT,
        )
        page.notice(_notice(one, inputs))
        page.formula(formula(one, inputs, weights, bias))
    page.pytorch_snippet(neuron_code(chosen, inputs.tolist(), weights.tolist(), bias))


def _controls() -> tuple[Floats, Floats, float]:
    inputs, weights = [], []
    for number, (value, weight) in enumerate(zip(INPUTS, WEIGHTS, strict=True), 1):
        one, other = page.side_by_side(f"a_{number}")
        inputs.append(one.slider(f"Input x{_LOW[number - 1]}", -2.0, 2.0, value, 0.1, key=f"a_x{number}", bind=LINK))
        weights.append(
            other.slider(f"Weight w{_LOW[number - 1]}", -2.0, 2.0, weight, 0.1, key=f"a_w{number}", bind=LINK)
        )
    bias = float(st.slider("Bias b", -5.0, 5.0, 0.5, 0.1, key="a_b", bind=LINK))
    return np.array(inputs, np.float64), np.array(weights, np.float64), bias


def formula(one: Neuron, inputs: Floats, weights: Floats, bias: float) -> str:
    """The sum, the output and the gradient with respect to the weights, with the numbers put in."""
    products = " + ".join(rf"{bracketed(w)} \cdot {bracketed(x)}" for w, x in zip(weights, inputs, strict=True))
    total = latex(one.total)
    rows = [
        r"z &= w_1 x_1 + w_2 x_2 + w_3 x_3 + b",
        rf"&= {products} + {bracketed(bias)} = {total}",
        rf"a &= f(z) = f({total}) = {latex(one.output)}",
    ]
    if math.isnan(one.slope):
        rows.append(r"\frac{\partial a}{\partial w_i} &= f'(z)\,x_i: \text{ undefined, there is no slope at } z")
    else:
        rows += [
            rf"\tfrac{{\partial a}}{{\partial w_{number}}} &= f'(z)\,x_{number} = "
            rf"{bracketed(one.slope)} \cdot {bracketed(x)} = {latex(gradient)}"
            for number, (x, gradient) in enumerate(zip(inputs, one.weight_gradients, strict=True), 1)
        ]
    return r"\begin{aligned}" + r" \\[3pt] ".join(rows) + r"\end{aligned}"


def _steps(one: Neuron, bias: float) -> list[Step]:
    """The terms one after the other, from 0 to the sum."""
    terms = [*one.terms.tolist(), bias]
    ends = np.round(np.cumsum(terms), 10).tolist()
    names = [f"w{low}x{low}" for low in _LOW] + ["b"]
    steps = [
        Step(f"{name} = {_number(term)}", start, end)
        for name, term, start, end in zip(names, terms, [0.0, *ends[:-1]], ends, strict=True)
    ]
    return [*steps, Step(f"z = {_number(one.total)}", 0.0, one.total, is_total=True)]


def _notice(one: Neuron, inputs: Floats) -> str:
    if math.isnan(one.slope):
        return (
            f"The sum is {_number(one.total)}, exactly where the function has no slope. Software puts in a "
            f"number there by convention."
        )
    said = f"The sum {_number(one.total)} becomes the output {_number(one.output)}."
    if one.slope == 0 or not inputs.any():
        why = "the slope is 0 here" if one.slope == 0 else "all inputs are 0"
        return f"{said} No weight changes it: {why}, so the neuron learns nothing from this input."
    most = int(np.abs(one.weight_gradients).argmax())
    return (
        f"{said} Weight w{_LOW[most]} changes it most, {_number(float(one.weight_gradients[most]))} for each unit: "
        f"its input is farthest from 0."
    )


def _number(value: float) -> str:
    return f"{value + 0.0:.4g}".replace("-", "−")
