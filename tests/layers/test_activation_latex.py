"""The formulas that are written are those that are computed."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from explainer.layers.activation import activation
from explainer.layers.activation_functions import Interval
from explainer.layers.activation_kinds import KINDS
from explainer.layers.activation_latex import evaluated, general, interval_latex, straight, with_numbers
from explainer.layers.maxout import PRESETS

PLACES = (-3.5, -2.0, -0.5, 0.5, 2.0, 3.5)
WORDS = {
    **{"sigma": lambda x: 1 / (1 + math.exp(-x)), "Phi": lambda x: 0.5 * math.erfc(-x / math.sqrt(2))},
    **{"varphi": lambda x: math.exp(-x * x / 2) / math.sqrt(2 * math.pi)},
    **{"tanh": math.tanh, "arctan": math.atan, "ln": math.log, "e": math.e, "abs": abs},
}


def number(latex: str) -> float:
    """What a formula without cases and variables comes to."""
    text = re.sub(r"\\t?frac\{((?:[^{}]|\{[^{}]*\})*)\}\{((?:[^{}]|\{[^{}]*\})*)\}", r"((\1)/(\2))", latex)
    text = re.sub(r"\\tanh\^2(\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))", r"(\\tanh\1)**2", text)
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", text)
    text = re.sub(r"\\,|\\cdot", "*", text).replace("{", "(").replace("}", ")").replace("^", "**")
    text = re.sub(r"\\(\w+)", r" \1", text).replace(" ", "")
    text = re.sub(r"(?<=[\d)])(?=[(a-zA-Z])", "*", text)  # what stands side by side is multiplied
    return float(eval(text, {"__builtins__": {}}, dict(WORDS)))


@pytest.mark.parametrize("x", PLACES)
@pytest.mark.parametrize("name", list(KINDS))
def test_a_formula_with_numbers_comes_to_the_value_and_the_slope(name: str, x: float) -> None:
    parameter = KINDS[name].parameter
    chosen = activation(name, parameter and (parameter.default + parameter.step), PRESETS["bowl"])
    value, slope = evaluated(chosen, x)
    # Constants are written with four digits.
    assert number(value) == pytest.approx(float(chosen.function.value(np.array(x))), rel=1e-4, abs=1e-6)
    if slope:
        assert number(slope) == pytest.approx(float(chosen.function.slope(np.array(x))), rel=1e-4, abs=1e-6)
    else:
        assert x in chosen.function.undefined


def test_where_there_is_no_slope_none_is_written() -> None:
    assert evaluated(activation("relu"), 0.0) == ("0", "")
    assert evaluated(activation("heaviside"), 0.0) == ("1", "")
    assert evaluated(activation("elu"), 0.0)[1] == "1\\,e^{0}"


def test_cases_say_where_they_hold() -> None:
    assert general(KINDS["relu"]) == (
        r"\begin{cases}0 & x \le 0 \\ x & x > 0\end{cases}",
        r"\begin{cases}0 & x < 0 \\ 1 & x > 0\end{cases}",
    )
    assert general(KINDS["heaviside"])[0] == r"\begin{cases}0 & x < 0 \\ 1 & x \ge 0\end{cases}"
    assert r"-3 < x \le 3" in general(KINDS["hard-swish"])[0]
    near = activation("maxout", lines=((0.0, 0.0), (2.0, 1e-9)))
    assert r"x \le -5 \cdot 10^{-10} \\" in with_numbers(near)


def test_symbols_in_general_and_numbers_where_they_are_known() -> None:
    assert general(KINDS["leaky-relu"])[0] == r"\begin{cases}\alpha \cdot x & x \le 0 \\ x & x > 0\end{cases}"
    assert (
        with_numbers(activation("leaky-relu", 0.25)) == r"\begin{cases}0.25 \cdot x & x \le 0 \\ x & x > 0\end{cases}"
    )
    assert with_numbers(activation("prelu", -0.5)) == r"\begin{cases}-0.5 \cdot x & x \le 0 \\ x & x > 0\end{cases}"
    assert "@" not in "".join(general(kind)[0] + general(kind)[1] for kind in KINDS.values())


@pytest.mark.parametrize(
    ("interval", "latex"),
    [
        (Interval(), r"(-\infty,\, \infty)"),
        (Interval(0, 1, has_low=True), r"[0,\, 1)"),
        (Interval(-math.pi / 2, math.pi / 2), r"(-\tfrac{\pi}{2},\, \tfrac{\pi}{2})"),
        (Interval(2, 2, has_low=True, has_high=True), r"\{2\}"),
        (Interval(0, 1, has_low=True, has_high=True, only_ends=True), r"\{0,\, 1\}"),
    ],
)
def test_ranges(interval: Interval, latex: str) -> None:
    assert interval_latex(interval) == latex


def test_lines_are_written_without_what_says_nothing() -> None:
    lines = ((0.0, 3.0), (1.0, 0.0), (-1.0, -0.5), (2.0, -4.0), (-0.25, 1.0))
    assert [straight(*line) for line in lines] == [
        *("3", "§", "-§ - 0.5", r"2 \cdot § - 4", r"-0.25 \cdot § + 1"),
    ]
