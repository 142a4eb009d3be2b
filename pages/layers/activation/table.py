"""The view "All functions" of the page "Activation functions": formulas and facts in one table."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.layers.activation import activation, is_zero_centred, normal_mean
from explainer.layers.activation_code import curve_code
from explainer.layers.activation_functions import Function
from explainer.layers.activation_kinds import KINDS, Activation
from explainer.layers.activation_latex import general, interval_latex
from explainer.ui.frame import page
from explainer.words.numbers import decimal

COLUMNS = ("Function", "f(x)", "f ′(x)", "Range", "f(0)", "Monotone", "Smooth", "Zero-centred", "Used in (source)")
_STYLE = Path(__file__).with_suffix(".css")
NOTES = (
    "Facts are those of each parameter's default, and of the chosen function as it is set. Smooth: once means that the "
    "slope exists everywhere but has a kink. Zero-centred: the mean output for standard normal inputs is 0; the number "
    "is that mean."
)
_MAGNITUDE = r"\lvert x \rvert"  # a bar would end the cell of a table
_SMALL, _LARGE = r"\frac", r"\dfrac"  # within a line fractions would be set too small to read


def show(chosen: Activation, _others: list[Activation], _left: DeltaGenerator, right: DeltaGenerator) -> None:
    """The table; facts are those of the default parameters, and of the chosen function as it is set."""
    with right:
        page.notice(_notice(chosen.function, chosen.name))
    with st.container(key="a_table"):
        st.html(_STYLE)
        rows = [_row(chosen) if key == chosen.kind.key else _default_row(key) for key in KINDS]
        lines = [COLUMNS, ("---",) * len(COLUMNS), *rows]
        st.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))
        st.caption(NOTES)
    page.pytorch_snippet(curve_code(chosen, 1.0))


@functools.cache
def _default_row(key: str) -> tuple[str, ...]:
    return _row(activation(key))


def _row(shown: Activation) -> tuple[str, ...]:
    function, kind = shown.function, shown.kind
    value, slope = (f"${formula.replace('|x|', _MAGNITUDE).replace(_SMALL, _LARGE)}$" for formula in general(kind))
    centred = "yes" if is_zero_centred(function) else f"no, {normal_mean(function):.3f}"
    at_zero, is_monotone = (
        f"{decimal(float(function.value(np.zeros(()))), '.4g')}",
        "yes" if function.is_monotone else "no",
    )
    used, interval = f"{kind.used} ({kind.source})" if kind.source else kind.used, interval_latex(function.interval)
    return f"**{kind.name}**", value, slope, f"${interval}$", at_zero, is_monotone, _smooth(function), centred, used


def _smooth(function: Function) -> str:
    places = " and ".join(f"{place:.4g}".replace("-", "−") for place in function.undefined)
    match function.smoothness:
        case "jumps":
            return f"no: jump at {places}"
        case "kinks":
            return f"no: kink at {places}"
        case "once":
            return "once"
        case "always":
            return "yes"


def _notice(function: Function, name: str) -> str:
    mean = normal_mean(function)
    if is_zero_centred(function):
        return f"{name} is zero-centred: inputs around 0 give outputs around 0."
    return f"{name} is not zero-centred: inputs around 0, standard normal, give outputs of mean {mean:.3f}."
