"""The test digits that a run reads wrongly, and which labels it confuses."""

from __future__ import annotations

import streamlit as st

from explainer.data.digits import load
from explainer.figures.confusion import confusion_matrix
from explainer.training.remarks import is_loaded
from explainer.ui.components.live_chart import live_chart
from explainer.ui.components.live_text import live_text
from explainer.ui.components.tiles import tiles
from explainer.ui.frame import page
from explainer.ui.frame.studio import Run
from explainer.ui.language import language, say
from pages.training.train.actions import redraw_if_changed
from pages.training.train.watch import EVERY, misread, progress

MOST = 60


def mistakes(run: Run | None) -> None:
    """Wrong digits, the most confident first, beside the confusion matrix; both follow the run."""
    if run is None:
        st.info(say("train.mistakes.no_run"))
        return
    st.fragment(run_every=2 * EVERY if run.job.going else None)(_mistakes)(run)


def _mistakes(run: Run) -> None:
    redraw_if_changed(run)
    state = run.job.state()
    if not is_loaded(state):
        live_text(progress(run.job, state, language()), key="progress")
    if state.results is None:
        return
    left, right = st.columns(2)
    with left:
        tiles([misread(run, state.results, MOST, language())], key="wrong")
    with right:
        labels = load(run.job.config.dataset).class_names
        figure = confusion_matrix(state.results.confusion, labels, page.is_dark(), height=480, language=language())
        live_chart(figure, alt=say("train.mistakes.confusion", run=run.name), key="confusion")
