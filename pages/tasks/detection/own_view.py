"""The view "Train your own YOLO" of the page "Detection"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.data.digits import DatasetError
from explainer.tasks.detection.config import PARTS, DetectionConfig
from explainer.tasks.detection.detection_code import script
from explainer.training.messages import Changed
from explainer.ui.controls.following import Followed, follow, mark_of
from explainer.ui.controls.moments import choose_moment, follow_moment
from explainer.ui.controls.run_history import history_button, weights_button
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.language import labels, language, message_of, say
from explainer.words.book import SaidError
from pages.tasks.detection import state, tensor_section, views, words
from pages.tasks.detection.class_names import class_texts


def controls(place: DeltaGenerator) -> None:
    """What is trained, and what is looked at."""
    state.controls(place)
    state.looking(place)


def picture(place: DeltaGenerator) -> str | None:
    """Draws the scenes, the curves and one cell; returns the code for the run, None where there is none."""
    wanted, (scene, row, column), least = state.config(), state.cell(), state.least()
    other = state.twin(wanted)
    runs = [state.LEARNER.chosen(each) if each else None for each in (wanted, other)]
    for run, each in zip(runs, (wanted, other), strict=True):
        if each is not None:
            state.LEARNER.move(run, each)
    if runs[0] is not None:
        follow_moment(runs[0], state.MOMENT)
    marks = [mark_of(run) for run in runs]  # before the page is drawn: what is newer calls for drawing it again
    try:
        shown, twin = state.shown(wanted, runs[0]), state.shown(other, runs[1]) if other else None
    except (DatasetError, SaidError) as problem:
        place.error(verbatim(message_of(problem)))
        return None
    cell = views.chosen_cell(shown, scene, row, column)
    with place:
        _bar(list(zip(runs, marks, (shown, twin), strict=True)), scene, least)
        for told in (shown, twin):
            if told and told.latest and told.latest.message:
                st.warning(verbatim(told.latest.message))
        views.scenes(shown, twin, cell, scene, least)
        views.one_cell(shown, cell, scene)
        tensor_section.tensor(shown, scene, (cell.row, cell.column))
        _downloads(shown)
        if shown.config.kind != "digits":
            views.no_script()
            return None
    return _script(shown.config, *_so_far(shown))


def _bar(pair: Sequence[tuple[state.DetectorRun | None, str, state.Shown | None]], scene: int, least: float) -> None:
    """The buttons, how far the detector and the one beside it are, and the moments of the first.

    Of each the run, its mark as the page is drawn, and what is shown of it.
    """
    own, twin = pair[0][2], pair[1][2]
    if own is None:
        return
    names, numbers = class_texts(own.config.kind, language()), views.numbers_of(scene, has_twin=twin is not None)
    news = partial(views.drawn_boxes, own.truth, least, names, numbers)
    followed = [
        Followed(run, mark, (lambda _: {}) if told.is_earlier else partial(news, is_twin=told is twin))
        for run, mark, told in pair
        if run is not None and told is not None
    ]
    with state.LEARNER.bar():
        follow(followed, "detection")
        if (run := pair[0][0]) is not None:
            choose_moment(run, language(), key=state.MOMENT, title=words.moment)


def _downloads(shown: state.Shown) -> None:
    """Of a run that is over: its weights, once there are any, and the points of its curves."""
    if not shown.latest or shown.latest.going or not shown.curve:
        return
    with st.container(horizontal=True):
        _weights(shown)
        parts = labels("detection.parts.{}", PARTS[shown.config.loss]).values()
        measured = labels("detection.measured.{}", ("mean_average_precision", "test_scenes"))
        history_button(shown.latest, tuple(parts), measured, file="yolo.csv", key="dt_history")


def _weights(shown: state.Shown) -> None:
    if shown.state and shown.state.weights:
        name = "digit-detector" if shown.config.kind == "digits" else "cutout-detector"
        step = f"-step-{shown.state.weights_step}" if shown.is_earlier else ""
        weights_button(
            say("detection.weights"), shown.state.weights, file=f"{name}{step}.safetensors", key="dt_download"
        )


def _so_far(shown: state.Shown) -> tuple[tuple[Changed, ...], int | None]:
    """What was changed in mid-run, and the step at which the run was stopped."""
    if shown.state is None:
        return (), None
    is_stopped = shown.state.status == "stopped" and shown.points
    return shown.state.changes, shown.points[-1].step if is_stopped else None


@st.cache_data(max_entries=32, show_spinner=False)
def _script(config: DetectionConfig, changes: tuple[Changed, ...], steps: int | None) -> str:
    return script(config, changes, steps)
