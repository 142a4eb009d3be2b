"""Train a network and watch it learn."""

from collections.abc import Mapping

import streamlit as st
from streamlit.elements.lib.mutable_tab_container import TabContainer

from explainer.training.config import RunConfig
from explainer.ui.controls.choice import tabs
from explainer.ui.frame import page
from explainer.ui.frame.page import OwnPage
from explainer.ui.language import labels
from explainer.words.book import Said
from pages.training.train import (
    actions,
    compare,
    controls,
    draw,
    mistakes,
    page_parts,
    summary,
    take_home,
    watch,
    weights,
)

VIEWS = ("watch", "weights", "mistakes", "network", "draw", "compare", "take-home")


def show() -> None:
    """The buttons beside the title, and below it the settings beside the views of a run."""
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container():
            page.header(Said("train.title"), Said("train.question"))
        buttons = st.container(width="content")
    left, right = page.controls_and_picture(2.3)
    with right:
        runs = st.container()
        tab = tabs(labels("train.views.{}", VIEWS), actions.VIEW)
    with left:
        config = controls.run_config(actions.change_in_mid_run, tab["network"])
        with buttons:
            actions.buttons(config)
        actions.twins(config)
    with runs:
        compare.choose_runs()
    _view(config, tab)
    page_parts.below(config, actions.chosen())


def _view(config: RunConfig, tab: Mapping[str, TabContainer]) -> None:
    """The view that is open."""
    run = actions.chosen()
    view = next(name for name, place in tab.items() if place.open)
    with tab[view]:
        match view:
            case "watch" if run:
                watch.watch(run)
            case "watch":
                page_parts.invitation(config)
            case "weights":
                weights.weights(run)
            case "mistakes":
                mistakes.mistakes(run)
            case "network":
                summary.summary(config.network)
            case "draw":
                draw.draw(run, config)
            case "compare":
                compare.compare(run)
            case "take-home":
                take_home.take_home(run)


PAGE = OwnPage("train", show)
