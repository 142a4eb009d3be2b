"""The page "Transfer learning": what few pictures teach a network that was trained on others."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.tasks.transfer.study import StudyConfig
from explainer.tasks.transfer.transfer_code import transfer_code
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.widget_values import picture_first
from explainer.words.book import Said
from pages.training.transfer import state, views

TRY_THIS = [
    Preset(Said("transfer.presets.ten")),
    Preset(Said("transfer.presets.one"), {state.COUNT: "1"}),
    Preset(Said("transfer.presets.early"), {state.CUT: "3"}),
    Preset(Said("transfer.presets.ground"), {state.TESTED: "random"}),
    Preset(Said("transfer.presets.red"), {state.LEARNED: "random", state.TESTED: "red"}),
]
SOURCES = [
    'J. Yosinski, J. Clune, Y. Bengio, H. Lipson, "How transferable are features in deep neural networks?", NeurIPS '
    "2014, arXiv:1411.1792.",
    'A. S. Razavian, H. Azizpour, J. Sullivan, S. Carlsson, "CNN features off-the-shelf: an astounding baseline for '
    'recognition", arXiv:1403.6382.',
    'F. Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters", arXiv:1602.07360.',
    "Cut-outs: the stamps of Tux Paint, Bill Kendrick and contributors (Debian package tuxpaint-stamps-default, "
    "2022.06.04-1), GPL-2, some of them under Creative Commons licences; whom each is from: assets/cutouts/index.csv.",
]


def show() -> None:
    """The controls beside the map, and what it says."""
    left, right = page.controls_and_picture(3.0)
    picture_first("transfer", partial(_picture, right), partial(state.controls, left))


def _picture(place: DeltaGenerator) -> None:
    with place:
        try:
            wanted = state.config()
        except state.NoStudyError as problem:
            page.impossible(problem)
            return
        found = state.followed(wanted)
        if found is not None and found.study is not None:
            views.result(found.study, state.cut())
    page.pytorch_snippet(_code(wanted, state.cut()))


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
