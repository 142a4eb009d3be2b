"""The view "How the weights come about" of the page "X or O": hill climbing beside gradient descent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.networks.by_hand_code import descent_code, descent_formula
from explainer.networks.hill_climbing import STEP_COST, Search, gradient_descent, hill_climbing, start
from explainer.networks.xo_pictures import PICTURES, text_of, training_set
from explainer.ui.controls.choice import stepped
from explainer.ui.controls.inputs import LINK
from explainer.ui.frame import page
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import say
from explainer.words.book import Said
from pages.networks.x_or_o.two_searches import two_searches

SEED, SPREAD, RATE, WANTED = "xo_seed", "xo_spread", "xo_lr", "xo_error"
SPREADS = {each: each for each in ("0.05", "0.1", "0.2", "0.5", "1", "2", "4")}
RATES = {each: each for each in ("0.05", "0.1", "0.3", "1", "3", "10", "30")}
WANTEDS = {each: each for each in ("0.01", "0.02", "0.05", "0.1", "0.2", "0.5")}
FIRST = {SPREAD: "1", RATE: "3", WANTED: "0.1"}
BUDGET = 1000  # evaluations of each
MOST_SEED = 20


@dataclass(frozen=True, eq=False)
class Both:
    """The two searches, from the same weights."""

    climbing: Search
    descent: Search


def controls(place: DeltaGenerator) -> None:
    with place:
        stepped(say("x_or_o.controls.wanted"), WANTEDS, WANTED, first=FIRST[WANTED])
        stepped(say("x_or_o.controls.lr"), RATES, RATE, first=FIRST[RATE])
        about = say("x_or_o.controls.spread_help")
        stepped(say("x_or_o.controls.spread"), SPREADS, SPREAD, first=FIRST[SPREAD], help=about)
        st.slider(say("x_or_o.controls.seed"), 0, MOST_SEED, 0, key=SEED, bind=LINK)


def picture(place: DeltaGenerator) -> str:
    """Draws both searches and says what they need; returns the code for gradient descent."""
    seed, wanted = int(value_of(SEED)), float(value_of(WANTED))
    spread, rate = float(value_of(SPREAD)), float(value_of(RATE))
    found = searches(seed, spread, rate)
    with place:
        two_searches(found.climbing, found.descent, wanted, "xo_searches")
        page.notice(notice(found, wanted))
        page.formula(*descent_formula(rate))
    pictures = list(PICTURES.values())
    texts, classes = [text_of(each.pixels) for each in pictures], [each.label for each in pictures]
    return descent_code(texts, classes, seed, rate, BUDGET)


@st.cache_data(max_entries=32, show_spinner=False)
def searches(seed: int, spread: float, rate: float) -> Both:
    """Both searches on all pictures."""
    pictures, classes = training_set()
    first = start(seed)
    climbing = hill_climbing(pictures, classes, first, spread, budget=BUDGET, seed=seed)
    return Both(climbing, gradient_descent(pictures, classes, first, rate, budget=BUDGET))


def notice(found: Both, wanted: float) -> Said:
    """What each needs to reach the error ``wanted``, and which of them is backpropagation."""
    kept = int((np.diff(found.climbing.errors) < 0).sum())
    return Said(
        "x_or_o.needs",
        wanted=wanted,
        descent=_needed(found.descent, wanted),
        climbing=_needed(found.climbing, wanted),
        kept=kept,
        tried=BUDGET - 1,
    )


def _needed(search: Search, wanted: float) -> Said:
    reached = search.reached(wanted)
    if reached is None and search.evaluations[-1] <= BUDGET - STEP_COST:
        return Said("x_or_o.diverged")
    if reached is None:
        return Said("x_or_o.never", budget=BUDGET)
    return Said("x_or_o.evaluations", count=reached)
