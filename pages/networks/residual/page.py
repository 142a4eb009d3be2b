"""The page "Residual connections": the same network plain and with skips, trained side by side."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.training.residual_code import residual_code
from explainer.ui.controls.choice import segmented
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import picture_first, value_of
from explainer.ui.language import labels, say
from explainer.words.book import Said
from pages.networks.residual import following, state, views

VIEW = "res_view"
PICTURES = {"training": views.training, "block": views.block, "removed": views.removed}

TRY_THIS = [
    Preset(Said("residual.presets.deep"), {state.DEPTH: "32"}),
    Preset(Said("residual.presets.shallow"), {state.DEPTH: "8"}),
    Preset(Said("residual.presets.bare"), {state.DEPTH: "32", state.NORM: "false", state.SKIPS: "pre-activation"}),
    Preset(Said("residual.presets.early"), {state.DEPTH: "32", state.SKIPS: "pre-activation"}),
    Preset(Said("residual.presets.block"), {VIEW: "block"}),
    Preset(Said("residual.presets.removed"), {VIEW: "removed"}),
]
SOURCES = [
    'K. He, X. Zhang, S. Ren, J. Sun, "Deep residual learning for image recognition", CVPR 2016, arXiv:1512.03385: '
    "figure 1 (deeper plain networks have a higher training error), figure 2 (the block), section 4.2 and figure 6.",
    'K. He, X. Zhang, S. Ren, J. Sun, "Identity mappings in deep residual networks", ECCV 2016, arXiv:1603.05027: '
    "section 2, equation 5 (the gradient), figure 4 e (pre-activation).",
    'A. Veit, M. Wilber, S. Belongie, "Residual networks behave like ensembles of relatively shallow networks", '
    "NIPS 2016, arXiv:1605.06431: section 4.1 and figure 3 (single blocks taken out).",
    'G. Yang et al., "A mean field theory of batch normalization", ICLR 2019, arXiv:1902.08129: the gradients of deep '
    "plain networks with batch normalization explode.",
]


def show() -> None:
    """The controls beside the picture of the chosen view, and what it says."""
    left, right = page.controls_and_picture(3.4)
    with right:
        views_by_name = labels("residual.views.{}", PICTURES)
        segmented(say("residual.controls.view"), views_by_name, VIEW, label_visibility="collapsed", wrap=True)
    picture_first("residual", partial(_picture, right), partial(_controls, left))


def _picture(place: DeltaGenerator) -> None:
    runs = [run for run in state.chosen_runs() if run]
    followed = [*runs, *(run for run in state.started() if run not in runs)]  # of other settings, too: they can stop
    mark = following.mark_of(followed)  # before the page is drawn: what is newer calls for drawing it again
    both, view = state.both(), value_of(VIEW)
    if view == "block":
        state.chosen_block()  # asked before anything is drawn
    with place:
        following.follow(followed, mark)
        for message in {run.job.state().message for run in runs} - {""}:
            st.warning(verbatim(message))
        PICTURES[view](both)
    page.pytorch_snippet(residual_code(both.residual.config))


def _controls(place: DeltaGenerator) -> None:
    buttons, block, rest = place.container(), place.container(), place.container()
    state.choices(rest)
    state.controls(buttons)
    if value_of(VIEW) == "block":
        state.choose_block(block)


PAGE = Page(
    "residual",
    Said("residual.title"),
    Said("residual.question"),
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
