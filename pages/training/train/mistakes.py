"""The test digits that a run reads wrongly, and which labels it confuses."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.figures.confusion import confusion_matrix
from explainer.training.class_titles import class_titles
from explainer.training.remarks import is_loaded
from explainer.training.snapshot import Mistakes
from explainer.ui.components.live_chart import live_chart
from explainer.ui.components.live_text import live_text
from explainer.ui.components.tiles import tiles
from explainer.ui.controls.moments import LATEST, choose_moment, chosen_stage, titles
from explainer.ui.frame import page
from explainer.ui.frame.studio import Run
from explainer.ui.language import language, say
from pages.training.train.actions import redraw_if_changed
from pages.training.train.watch import EVERY, misread, progress

MOST = 60


def mistakes(run: Run | None) -> None:
    """Wrong digits, the most confident first, beside the confusion matrix; both follow the run.

    Where an earlier moment is chosen it stands beside the latest.
    """
    if run is None:
        st.info(say("train.mistakes.no_run"))
        return
    choose_moment(run, language())
    st.fragment(run_every=2 * EVERY if run.job.going else None)(_mistakes)(run)


def _mistakes(run: Run) -> None:
    redraw_if_changed(run)
    state = run.job.state()
    if not is_loaded(state):
        live_text(progress(run.job, state, language()), key="progress")
    if state.results is None:
        return
    left, right = st.columns(2)
    stage = chosen_stage(state)
    if stage is None:
        with left:
            tiles([misread(run, state.results, MOST, language())], key="wrong")
        _confusion(right, run, state.results, "confusion")
        return
    moments = titles(state, language())
    pairs = ((left, "then", str(stage.step), stage.results), (right, "now", LATEST, state.results))
    for place, side, name, results in pairs:
        if isinstance(results, Mistakes):
            place.markdown(f"**{moments[name]}**")
            _confusion(place, run, results, f"confusion_{side}", moments[name])
            with place:
                tiles([misread(run, results, MOST // 2, language())], key=f"wrong_{side}")


def _confusion(place: DeltaGenerator, run: Run, results: Mistakes, key: str, moment: str = "") -> None:
    labels = class_titles(run.job.config.dataset, language())
    figure = confusion_matrix(results.confusion, labels, page.is_dark(), height=480, language=language())
    with place:
        said = say("train.mistakes.confusion_then", run=run.name, moment=moment) if moment else None
        live_chart(figure, alt=said or say("train.mistakes.confusion", run=run.name), key=key)
