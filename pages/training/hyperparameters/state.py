"""What the page "Hyperparameter search" was asked for, and the visitor's search of it."""

from __future__ import annotations

from typing import get_args

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.training.search.axes import AxisName
from explainer.training.search.places import METHODS
from explainer.training.search.search import BUDGETS, Search, SearchConfig, Trial, best
from explainer.ui.controls.choice import choice, pills, segmented, undrawn
from explainer.ui.controls.inputs import LINK
from explainer.ui.frame.studio import studio
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels, say
from explainer.words.book import Said, SaidError

ACROSS, UP, BUDGET, METHOD = "hs_x", "hs_y", "hs_budget", "hs_methods"
DIGITS, EPOCHS, SEED, TRIAL, MAPS = "hs_digits", "hs_epochs", "hs_seed", "hs_trial", "hs_maps"
NAMES: tuple[AxisName, ...] = get_args(AxisName)
FIRST_UP: AxisName = "weight-decay"
OF_DIGITS = ("1000", "5000", "10000")
MOST_EPOCHS, MOST_SEED = 5, 20
BEST = "best"


class NoSearchError(SaidError, ValueError):
    """There is nothing to search; the message is a sentence for the visitor."""


def controls(place: DeltaGenerator) -> None:
    """What is searched, and how."""
    with place:
        names = labels("hyperparameters.axes.{}", NAMES)
        choice(say("hyperparameters.controls.across"), names, ACROSS)
        choice(say("hyperparameters.controls.up"), names, UP, first=FIRST_UP)
        about = say("hyperparameters.controls.budget_help")
        segmented(
            say("hyperparameters.controls.budget"), {str(each): str(each) for each in BUDGETS}, BUDGET, help=about
        )
        pills(
            say("hyperparameters.controls.methods"),
            labels("hyperparameters.methods.{}", METHODS),
            METHOD,
            first=METHODS,
        )
        digits = {each: say("hyperparameters.controls.count", count=int(each)) for each in OF_DIGITS}
        choice(say("hyperparameters.controls.digits"), digits, DIGITS, first="5000")
        st.slider(say("hyperparameters.controls.epochs"), 1, MOST_EPOCHS, 2, key=EPOCHS, bind=LINK)
        st.number_input(say("hyperparameters.controls.seed"), 0, MOST_SEED, 0, key=SEED, bind=LINK)


def config() -> SearchConfig:
    """What the controls hold. Raises NoSearchError, with a sentence, where that is no search."""
    across, up, methods = value_of(ACROSS), value_of(UP), value_of(METHOD)
    if across == up:
        raise NoSearchError(Said("hyperparameters.same_axes"))
    if not methods:
        raise NoSearchError(Said("hyperparameters.no_method"))
    return SearchConfig(
        horizontal=across,
        vertical=up,
        budget=int(value_of(BUDGET)),
        methods=tuple(method for method in METHODS if method in methods),
        digits=int(value_of(DIGITS)),
        epochs=int(value_of(EPOCHS)),
        seed=int(value_of(SEED)),
    )


def found(wanted: SearchConfig) -> Search | None:
    """The visitor's latest search of this; None before there is one."""
    return next((search for search in studio().searches[::-1] if search.config == wanted), None)


def going() -> Search | None:
    """The visitor's search that goes on, whatever it is of."""
    return next((search for search in studio().searches[::-1] if search.going), None)


def chosen(search: Search) -> Trial | None:
    """The trial that is looked at: the one that was pressed, else the best; None before any has ended."""
    keys = (BEST, *(trial.key for trial in search.trials))
    key = undrawn({each: each for each in keys}, TRIAL, first=BEST)
    pressed = next((trial for trial in search.trials if trial.key == key), None)
    return pressed or best(search.trials)


def take_pressed() -> None:
    """The visitor has pressed a trial: from now on it is looked at."""
    key = st.session_state.get(MAPS, {}).get("trial")
    if isinstance(key, str):
        st.session_state[TRIAL] = key


def begin() -> None:
    """A callback, so that the page is drawn as it is afterwards."""
    st.session_state[TRIAL] = BEST
    studio().search(config())


def stop() -> None:
    if search := going():
        search.stop()
