"""The page "Transfer learning": what few pictures teach a network that was trained on others."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.tasks.transfer.study import StudyConfig
from explainer.tasks.transfer.transfer_code import own_code, transfer_code
from explainer.tasks.transfer.ways_code import ways_code
from explainer.ui.controls.view_row import view_row
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import picture_first, value_of
from explainer.ui.language import labels, say, text_of
from explainer.words.book import Said
from pages.training.transfer import (
    cases_state,
    cases_view,
    cutout_state,
    digits_state,
    digits_view,
    own_state,
    own_view,
    state,
    views,
    ways_state,
    ways_view,
)
from pages.training.transfer.subject import NoStudyError

VIEW, FEATURES, WAYS, CASES, DIGITS = "tl_view", "features", "ways", "cases", "digits"
TRY_THIS = [
    Preset(Said("transfer.presets.ten")),
    Preset(Said("transfer.presets.one"), {cutout_state.COUNT: "1"}),
    Preset(Said("transfer.presets.early"), {state.CUT: "3"}),
    Preset(Said("transfer.presets.ground"), {cutout_state.TESTED: "random"}),
    Preset(Said("transfer.presets.red"), {cutout_state.LEARNED: "random", cutout_state.TESTED: "red"}),
    Preset(Said("transfer.presets.shortcut"), {cutout_state.LEARNED: "first-red", cutout_state.TESTED: "red"}),
    Preset(Said("transfer.presets.trap"), {cutout_state.REDUCE: "true"}),
    Preset(Said("transfer.presets.ways"), {VIEW: WAYS}),
    Preset(Said("transfer.presets.full"), {VIEW: WAYS, ways_state.FACTOR: "1"}),
    Preset(Said("transfer.presets.cases"), {VIEW: CASES}),
    Preset(Said("transfer.presets.digits"), {VIEW: DIGITS}),
    Preset(Said("transfer.presets.own"), {state.SOURCE: state.OWN}),
]
SOURCES = [
    'J. Yosinski, J. Clune, Y. Bengio, H. Lipson, "How transferable are features in deep neural networks?", NeurIPS '
    "2014, arXiv:1411.1792.",
    'A. S. Razavian, H. Azizpour, J. Sullivan, S. Carlsson, "CNN features off-the-shelf: an astounding baseline for '
    'recognition", arXiv:1403.6382.',
    'A. Karpathy, F.-F. Li, J. Johnson, "CS231n: transfer learning", "When and how to fine-tune?", Stanford.',
    'F. Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters", arXiv:1602.07360.',
    'L. van der Maaten, G. Hinton, "Visualizing data using t-SNE", JMLR 9, 2008.',
    "Cut-outs: the stamps of Tux Paint, Bill Kendrick and contributors (Debian package tuxpaint-stamps-default, "
    "2022.06.04-1), GPL-2, some of them under Creative Commons licences; whom each is from: assets/cutouts/index.csv.",
]


def show() -> None:
    """The controls beside the picture of the chosen view, and what it says."""
    left, right = page.controls_and_picture(3.0)
    views_by_name = labels("transfer.views.{}", (FEATURES, WAYS, CASES, DIGITS))
    row = view_row(right, say("transfer.controls.view"), views_by_name, VIEW)
    picture_first("transfer", partial(_picture, right, row), partial(_controls, left))


def _controls(place: DeltaGenerator) -> None:
    if value_of(VIEW) == CASES:
        cases_state.controls(place)
        return
    if value_of(VIEW) == DIGITS:
        digits_state.controls(place)
        return
    state.controls(place)
    if value_of(VIEW) == FEATURES:
        state.looking(place)
        return
    with place:
        ways_state.controls()


def _picture(place: DeltaGenerator, row: DeltaGenerator) -> None:
    if value_of(VIEW) == CASES:
        cases_view.picture(place, row, cases_state.config())
        return
    if value_of(VIEW) == DIGITS:
        if code := digits_view.picture(place, row, digits_state.config()):
            page.pytorch_snippet(code)
        return
    is_own = state.is_own()
    with place:
        if is_own:
            own_view.pictures(int(value_of(state.DRAW)))
        try:
            code = _ways(place, row) if value_of(VIEW) == WAYS else _features()
        except NoStudyError as problem:
            if is_own and own_state.is_empty():  # nothing is wrong yet
                page.notice(verbatim(text_of(problem.said)))
            else:
                page.impossible(problem)
            return
    if code:
        page.pytorch_snippet(code)


def _ways(place: DeltaGenerator, row: DeltaGenerator) -> str:
    """Draws the view; its code. Raises NoStudyError."""
    wanted = ways_state.config()
    ways_view.picture(place, row, wanted, height=ways_view.LOW if state.is_own() else ways_view.HEIGHT)
    return ways_code(wanted)


def _features() -> str:
    """Draws the view; its code. Raises NoStudyError."""
    wanted, is_own = state.subject(), state.is_own()
    found = state.followed(wanted)
    if found is not None and found.study is not None:
        if is_own:
            own_view.tried(found.study, state.cut(), wanted.in_figures)
        views.result(wanted, found.study, state.cut(), height=views.LOW if is_own else views.HEIGHT)
    if is_own:
        return own_code(own_state.names(), int(value_of(state.DRAW)), state.cut())
    return _code(cutout_state.config(int(value_of(state.DRAW))), state.cut())


@st.cache_data(max_entries=64, show_spinner=False)
def _code(wanted: StudyConfig, cut: int) -> str:
    return transfer_code(wanted, cut)


PAGE = Page(
    "transfer",
    Said("transfer.title"),
    Said("transfer.question"),
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
