"""The view "I don't know": a threshold on the largest probability, below which the network does not answer."""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.figures.axes import accuracy_limits
from explainer.figures.surgery import Line, Titles, accuracy_lines
from explainer.inspection.surgery.abstaining import Abstaining, abstaining, rejected
from explainer.inspection.surgery.answers import labels
from explainer.inspection.surgery.surgery_code import abstaining_code, weights_code
from explainer.networks import zoo
from explainer.ui.components.tiles import tiles
from explainer.ui.controls.inputs import LINK
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import say
from explainer.words.book import Said
from explainer.words.latex import grouped
from pages.inspection.feature_maps.surgery import state
from pages.inspection.feature_maps.surgery.view import row

SURE = "fm_sure"
FIRST = 0.9
_THRESHOLDS = np.linspace(0, 1, 201)
_NEARLY = 195  # of them: 0.975, from which the axis is chosen, since at 1 nearly nothing is answered


def choose() -> None:
    """Draws the controls."""
    if state.choose_reader() is None:
        return
    st.slider(say("surgery.unsure.threshold"), 0.0, 1.0, FIRST, 0.005, key=SURE, bind=LINK, format="%.3f")
    state.write_operations()


def picture(right: DeltaGenerator, below: DeltaGenerator) -> None:
    """Draws the view. Raises NoNetworkError, a sentence, where no reader of digits is chosen."""
    if (asked := state.asked(right)) is None:
        return
    network, done = asked
    threshold = round(float(value_of(SURE)), 3)
    with right, st.spinner(say("surgery.reading")):
        found = state.answers(network, done)
    here = abstaining(found, labels(), np.array([threshold]))
    with right:
        _chart(abstaining(found, labels(), _THRESHOLDS), threshold)
        page.notice(_notice(here, threshold))
        page.formula(*_formulas(here))
    with below:
        numbers = rejected(found, threshold)
        if len(numbers):
            tiles([row("surgery.unsure.rejected", numbers, found)], key="fm_rejected")
        page.pytorch_snippet(abstaining_code(network, weights_code(zoo.name_of(network)), done, threshold))


def _chart(curves: Abstaining, threshold: float) -> None:
    lines = [
        Line(say("surgery.unsure.accuracy"), 100 * curves.accuracy),
        Line(say("surgery.unsure.coverage"), 100 * curves.coverage),
    ]
    limits = accuracy_limits(np.array([each.values[_NEARLY] for each in lines]))
    hover = say("surgery.unsure.hover", x="%{x:.3f}", y="%{y:.2f}")
    titles = Titles(say("surgery.unsure.above"), say("surgery.unsure.below"), hover)
    figure = drawn(
        accuracy_lines, curves.thresholds.tolist(), lines, titles, threshold, page.is_dark(), limits=limits, height=340
    )
    page.chart(figure, Said("surgery.unsure.alt"), key="fm_unsure_chart")


def _notice(here: Abstaining, threshold: float) -> Said:
    answered, right, digits = int(here.answered[0]), int(here.right[0]), here.digits
    if not answered:
        return Said("surgery.unsure.none", digits=digits, threshold=threshold)
    values = {"share": right / answered, "digits": digits, "threshold": threshold}
    wrong = Said("surgery.unsure.wrong", count=answered - right)
    return Said("surgery.unsure.some", answered=answered, wrong=wrong, **values)


def _formulas(here: Abstaining) -> tuple[str, ...]:
    answered, right = int(here.answered[0]), int(here.right[0])
    cover = rf"{100 * answered / here.digits:.2f}\,\%"
    name, shares = say("surgery.unsure.coverage"), rf"\frac{{{grouped(answered)}}}{{{grouped(here.digits)}}}"
    coverage = rf"\text{{{name}}} = {shares} = {cover}"
    if not answered:
        return (coverage,)
    name = say("surgery.unsure.accuracy")
    of_those = rf"\frac{{{grouped(right)}}}{{{grouped(answered)}}} = {100 * right / answered:.2f}\,\%"
    return coverage, rf"\text{{{name}}} = {of_those}"
