"""The view "Over training" of the page "Filters": the first layer of one of the visitor's runs, step by step."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from explainer.figures.filters import movement
from explainer.inspection.filters_code import FILM_CODE
from explainer.training.config import RunConfig
from explainer.training.job import State
from explainer.training.recorded_film import FILMED, recorded_film
from explainer.training.snapshot import MOST_KERNELS
from explainer.ui.components.feed import News, feed
from explainer.ui.controls.choice import choice
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.ui.frame.studio import Run, TooManyRunsError, studio
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import picture_first, value_of
from explainer.ui.language import say, text_of
from pages.inspection.filters import words
from pages.inspection.filters.filter_film import encode, filter_film
from pages.inspection.filters.parts import chosen_of

RUN, SHOW = "fi_run", "fi_show"
SHOWN = {"weights": "The weights", "changes": "What has changed since the start"}
FEED = "fi-film"  # the name under which the film hears of new frames
EVERY = 1.0  # seconds between two looks at a run that goes
RECORDED, NAME = "recorded", "Large filters"
ABOUT = (
    "16 filters of 9 × 9, two epochs of 60,000 digits, with so much weight decay that what no digit asks for vanishes. "
    "Train the same here, or any network under **Train a CNN**: the filters of each run are kept from its start on."
)


def show(left: DeltaGenerator, right: DeltaGenerator) -> None:
    """The film of a run, and how far its filters have moved."""
    picture_first("filters run", partial(_picture, right), partial(_controls, left))


def _runs() -> dict[str, Run]:
    """The visitor's runs that have a film or had one, the latest first, and the one that was recorded."""
    runs = [run for run in reversed(studio().of(RunConfig)) if run.job.config.network.reads == "digits"]
    own = {run.key: run for run in runs if run.job.going or _has_film(run.job.state())}
    return own | {RECORDED: Run("Recorded for this page", recorded_film(), key=RECORDED)}


def _has_film(state: State) -> bool:
    """Whether it has one or had one, which a file of weights never has."""
    return bool(state.film) or (state.is_emptied and len(state.points) > 1)


def _controls(place: DeltaGenerator) -> None:
    with place:
        choice("Run", {key: run.name for key, run in _runs().items()}, RUN)
        choice("Show", SHOWN, SHOW)
        st.button("Train it here", on_click=_train, type="primary")
        st.caption(ABOUT)
        if any(run.job.config.network.reads == "colour" for run in studio().of(RunConfig)):
            st.caption(say("runs.no_film_in_colour"))


def _train() -> None:
    """A callback: the new run is chosen before the controls are drawn."""
    try:
        run = studio().add(NAME, FILMED)
    except TooManyRunsError as error:
        st.toast(verbatim(str(error)), icon=":material/hourglass:")
        return
    st.session_state[RUN] = run.key


def _picture(place: DeltaGenerator) -> None:
    runs = _runs()
    run, changes = runs[chosen_of(runs, RUN)], value_of(SHOW) == "changes"
    state = run.look().job.state()
    with place:
        if state.film:
            _draw(run, state, changes)
        else:
            st.info(verbatim(text_of(run.not_kept or "The run is waiting for its turn, or is about to begin.")))
        state_now = f"{state.status} {bool(state.film)}"
        feed("fi_feed", partial(_news, run, changes), state_now, EVERY, going=state.going)
    page.pytorch_snippet(FILM_CODE)


def _news(run: Run, changes: bool) -> News:
    state = run.job.state()
    components = {FEED: encode(*_film(run, state, changes))} if state.film else {}
    return News(f"{state.status} {bool(state.film)}", components, some=bool(state.film), going=state.going)


def _film(run: Run, state: State, changes: bool) -> tuple[str, NDArray[np.floating[Any]], list[str]]:
    """Its name, all its frames, and a sentence for each."""
    frames = np.stack([frame.picture for frame in state.film]).astype(np.float32)
    if changes:
        with np.errstate(invalid="ignore"):
            frames = frames - frames[0]
    return f"{run.name} {changes}", frames, [words.moment(frame, state.points) for frame in state.film]


def _draw(run: Run, state: State, changes: bool) -> None:
    count = len(state.views.filters) if state.views else len(state.film[0].picture)
    some = f", the first {MOST_KERNELS} of them" if count > MOST_KERNELS else ""
    what = "What has changed in the" if changes else "The"
    whose = "" if run.key == RECORDED else f" of {verbatim(run.name)}"
    st.markdown(f"**{what} {count} filters of the first layer{whose}{some}**")
    filter_film(*_film(run, state, changes), "fi_film", feed=FEED)
    if state.going:
        st.caption("The run is going: the film grows.")
        return
    distances = words.moved(state.film)
    page.notice(words.said_of_film(state.film, distances))
    page.formula(
        r"\frac{\lVert w_t - w_0 \rVert}{\lVert w_0 \rVert}"
        + (f" = {distances[-1]:.3g}" if np.isfinite(distances[-1]) else "")
        + rf" \quad \text{{at step }} t = {state.film[-1].step}"
    )
    epochs = np.array([frame.epoch for frame in state.film])
    page.chart(
        drawn(movement, epochs, distances, page.is_dark()), "How far the filters have moved, by epoch.", key="fi_moved"
    )
