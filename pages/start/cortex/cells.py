"""The first step: a bar of light before a simple and a complex cell."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.layers.visual_cells import (
    MOST_ANGLE,
    MOST_SHIFT,
    REACH,
    SHIFTS,
    bar,
    best,
    complex_cell,
    parts,
    simple,
)
from explainer.layers.visual_cells_code import cells_code
from explainer.ui.controls.inputs import LINK
from explainer.ui.frame import page
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import say
from explainer.words.book import Said
from explainer.words.latex import latex
from pages.start.cortex.cell_picture import cell_picture, held

ANGLE, SHIFT = "co_angle", "co_shift"
PICTURE = "co_cells"  # the component
SILENT = 0.05  # an answer below it is written 0.0


def controls(place: DeltaGenerator) -> None:
    """Draws the sliders that turn and shift the bar."""
    with place:
        st.slider(say("cortex.controls.angle"), 0, MOST_ANGLE, 0, key=ANGLE, bind=LINK)
        st.slider(say("cortex.controls.shift"), -MOST_SHIFT, MOST_SHIFT, 0, key=SHIFT, bind=LINK)
        st.caption(say("cortex.controls.drag"))


def picture() -> None:
    """Draws the bar before both cells, and says what they answer."""
    angle, shift = int(value_of(ANGLE)), int(value_of(SHIFT))
    cell_picture(angle, shift, PICTURE, _take)
    page.notice(notice(angle, shift))
    page.formula(*formulas(angle, shift))


def code() -> str:
    """PyTorch code that gives both answers."""
    return cells_code(int(value_of(ANGLE)), int(value_of(SHIFT)))


def notice(angle: int, shift: int) -> Said:
    """What both cells answer, and why they differ."""
    light = bar(angle, shift)
    one, other = simple(light), complex_cell(light)
    at = {"angle": angle, "shift": shift}
    if other < SILENT:
        return Said("cortex.cells.neither", **at)
    if one < SILENT:
        return Said("cortex.cells.complex_only", **at, complex=other)
    if one > other - SILENT:
        return Said("cortex.cells.both", **at, simple=one, best=best())
    return Said("cortex.cells.complex_more", **at, simple=one, complex=other)


def formulas(angle: int, shift: int) -> tuple[str, str]:
    """Both answers, with the present numbers put in."""
    light = bar(angle, shift)
    plus, minus = parts(light)
    every = ",\\, ".join(latex(round(simple(light, moved), 1)) for moved in SHIFTS)
    first = (
        r"s = \max\!\left(0,\; \textstyle\sum_i w_i\,x_i\right) = "
        rf"\max(0,\; {latex(round(plus, 1))} - {latex(round(-minus, 1))}) = {latex(round(simple(light), 1))}"
    )
    second = rf"c = \max_{{d = -{REACH}, \dots, {REACH}}} s_d = \max({every}) = {latex(round(complex_cell(light), 1))}"
    return first, second


def _take() -> None:
    """The visitor has let the bar go."""
    if found := held(PICTURE):
        st.session_state[ANGLE], st.session_state[SHIFT] = found
