"""The view "Curve" of the page "Activation functions": functions, their slopes, and where they are flat."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.layers.activation_code import curve_code
from explainer.layers.activation_functions import Function, slopes_beside
from explainer.layers.activation_kinds import Activation
from explainer.layers.activation_latex import evaluated, interval_latex, with_numbers
from explainer.layers.activation_uses import FLAT, Samples, sample, saturated_zones
from explainer.ui.controls.inputs import LINK
from explainer.ui.frame import page
from explainer.words.book import percent
from explainer.words.latex import latex
from explainer.words.numbers import decimal
from pages.layers.activation.function_plot import Curve, function_plot

HEIGHT = 350


def show(chosen: Activation, others: list[Activation], left: DeltaGenerator, right: DeltaGenerator) -> None:
    """The functions on one plot; the cursor rests at the chosen x."""
    with left:
        x = float(st.slider("x", -10.0, 10.0, 1.0, 0.1, key="a_x", bind=LINK))
        reach = st.slider("Axis as far as", 2, 10, 5, key="a_reach", bind=LINK, help="The plot shows -this to this.")
    limit = max(float(reach), math.ceil(abs(x)))
    zones = saturated_zones(chosen.function, limit)
    functions = [chosen.function, *(other.function for other in others)]
    samples = sample(functions, limit, [x])
    with right:
        alt = f"{', '.join(each.name for each in (chosen, *others))}, and the slope of each"
        function_plot(samples.x, curves((chosen, *others), samples), x, alt, "a_plot", zones=zones, height=HEIGHT)
        page.notice(_notice(chosen, zones, samples))
        page.formula(formula(chosen, x))
    page.pytorch_snippet(curve_code(chosen, x))


def curves(shown: Sequence[Activation], samples: Samples) -> list[Curve]:
    """The functions as the plot takes them."""
    return [
        Curve(
            each.name,
            values,
            slopes,
            _within([(place, *slopes_beside(each.function, place)) for place in each.function.undefined], samples),
            _within([(place, *_sides(each.function, place)) for place in each.function.jumps], samples),
        )
        for each, values, slopes in zip(shown, samples.values, samples.slopes, strict=True)
    ]


def formula(chosen: Activation, x: float) -> str:
    """f with its parameters, and f and f' at x with the numbers put in."""
    value, slope = evaluated(chosen, x)
    point, at = np.array(x), latex(x)
    rows = [
        rf"f(x) &= {with_numbers(chosen)} \qquad f(x) \in {interval_latex(chosen.function.interval)}",
        rf"f({at}) &= {_result(value, float(chosen.function.value(point)))}",
    ]
    if slope:
        rows.append(rf"f'({at}) &= {_result(slope, float(chosen.function.slope(point)))}")
    else:
        rows.append(rf"f'({at}) &\text{{ is undefined: {_why_undefined(chosen.function, x)}}}")
    return r"\begin{aligned}" + r" \\[8pt] ".join(rows) + r"\end{aligned}"


def _why_undefined(function: Function, x: float) -> str:
    if x in function.jumps:
        left, at = _sides(function, x)
        return f"the function jumps from {decimal(left, '.4g')} to {decimal(at, '.4g')}"
    left, right = slopes_beside(function, x)
    return f"the slope is {decimal(left, '.4g')} on the left, {decimal(right, '.4g')} on the right"


def _result(formula: str, number: float) -> str:
    """The formula and what it comes to, unless it is that number already."""
    return formula.strip("()") if formula.strip("()") == latex(number) else f"{formula} = {latex(number)}"


def _within(marks: list[tuple[float, float, float]], samples: Samples) -> tuple[tuple[float, float, float], ...]:
    return tuple(mark for mark in marks if samples.x[0] <= mark[0] <= samples.x[-1])


def _sides(function: Function, place: float) -> tuple[float, float]:
    """The values just left of a jump, and at it."""
    left, at = function.value(np.array([np.nextafter(place, -np.inf), place])).tolist()
    return left, at


def _notice(chosen: Activation, zones: tuple[tuple[float, float], ...], samples: Samples) -> str:
    limit = float(samples.x[-1])
    name, steepest = chosen.name, _steepest(chosen.function, samples)
    if not zones:
        return (
            f"Nowhere saturated: towards both ends of this axis the slope of {name} stays above {FLAT:g} in "
            "magnitude. The "
            f"steepest is {steepest}."
        )
    share = sum(end - start for start, end in zones) / (2 * limit)
    if not np.nan_to_num(samples.slopes[0]).any():
        return (
            f"Saturated everywhere (grey): {name} has slope 0 wherever it has one, so no gradient ever passes: nothing "
            "before it can learn."
        )
    return (
        f"Saturated (grey), on {percent(share)} of this axis: the slope of {name} is nearer to 0 than {FLAT:g}, so a "
        f"neuron there hardly learns. The steepest slope is {steepest}."
    )


def _steepest(function: Function, samples: Samples) -> str:
    """The slope that is largest in size within the samples, or just beside a place that has none."""
    beside = [
        slope for place in function.undefined for slope in slopes_beside(function, place) if abs(place) < samples.x[-1]
    ]
    slopes = np.array([*samples.slopes[0], *beside])
    return f"{float(slopes[np.nanargmax(np.abs(slopes))]):.3g}".replace("-", "−")
