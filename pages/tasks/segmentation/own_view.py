"""The view "Train your own U-Net" of the page "Segmentation"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.data.digits import DatasetError
from explainer.tasks.segmentation.config import UNetConfig
from explainer.tasks.segmentation.data import WatchedPictures
from explainer.tasks.segmentation.segmentation_code import script
from explainer.training.messages import Changed
from explainer.ui.controls.following import Drawn, Followed, follow, mark_of
from explainer.ui.controls.moments import follow_moment
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import message_of, say
from explainer.words.book import SaidError
from pages.tasks.segmentation import downloads, measures, pixel_section, slots, state, views


def controls(place: DeltaGenerator) -> None:
    """What is trained, and what is looked at."""
    state.controls(place)
    state.looking(place)


def picture(place: DeltaGenerator, row: DeltaGenerator) -> str | None:
    """Draws the pictures, the curves and one pixel, and in ``row`` the buttons.

    Returns the code for the run, None where there is none.
    """
    wanted = state.config()
    other = state.twin(wanted)
    layer = value_of(state.LAYER) if wanted.task == "segment" else "classes"
    number, *_ = state.pixel(wanted)
    runs = {"own": state.LEARNER.chosen(wanted), "twin": state.LEARNER.chosen(other) if other else None}
    if runs["own"] is not None:
        follow_moment(runs["own"], state.MOMENT)
    marks = {name: mark_of(run) for name, run in runs.items()}  # before the page is drawn: what is newer redraws it
    try:
        own, twin = state.shown(wanted), state.shown(other) if other else None
        truth = state.watched_of(wanted)
    except (DatasetError, SaidError) as problem:
        place.error(verbatim(message_of(problem)))
        return None
    drawn, columns = slots.slots(wanted, layer, number, has_twin=twin is not None)
    pair = [
        Followed(told.run, marks[name], _news(told, truth, drawn, name == "twin"))
        for name, told in (("own", own), ("twin", twin))
        if told is not None and told.run is not None
    ]
    with row, state.LEARNER.bar():
        follow(pair, "segmentation")
    with place:
        for run in runs.values():
            if run is not None and (message := run.job.state().message):
                st.warning(verbatim(message))
        views.pictures(own, twin, drawn, columns, layer)
        views.network(own)
        pixel_section.one_pixel(own, truth)
        measures.measures(own)
        downloads.downloads(own)
        if own.config.data == "cutouts":
            st.caption(say("segmentation.no_script"))
            return None
    return _script(own.config, *_so_far(own))


def _news(shown: state.Shown, truth: WatchedPictures, drawn: Sequence[slots.Slot], is_twin: bool) -> Drawn:
    """What the pictures get of a run; nothing where it is looked at as it was before."""
    return (lambda _: {}) if shown.is_earlier else partial(views.tiles_news, truth, drawn, is_twin)


def _so_far(own: state.Shown) -> tuple[tuple[Changed, ...], int | None]:
    """What was changed in mid-run, and the step at which the run was stopped."""
    if own.state is None:
        return (), None
    is_stopped = own.state.status == "stopped" and own.points
    return own.state.changes, own.points[-1].step if is_stopped else None


@st.cache_data(max_entries=32, show_spinner=False)
def _script(config: UNetConfig, changes: tuple[Changed, ...], steps: int | None) -> str:
    return script(config, changes, steps)
