"""The page "Detection": a YOLO of one's own, trained in sight."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.data.digits import DatasetError
from explainer.tasks.detection.config import DetectionConfig
from explainer.tasks.detection.detection_code import script
from explainer.training.messages import Changed
from explainer.ui.controls.following import follow, mark_of
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import picture_first
from explainer.ui.language import language, message_of, say
from explainer.words.book import Said
from pages.tasks.detection import state, views
from pages.tasks.detection.class_names import class_texts

TRY_THIS = [
    Preset(Said("detection.presets.two_boxes")),
    Preset(Said("detection.presets.no_roots"), {state.ROOTS: "false"}),
    Preset(Said("detection.presets.noobj"), {state.NOOBJ: "1"}),
    Preset(Said("detection.presets.clutter"), {state.CLUTTER: "6"}),
    Preset(Said("detection.presets.modern"), {state.LOSS: "modern"}),
    Preset(Said("detection.presets.cutouts"), {state.KIND: "cutouts", state.LOSS: "modern"}),
]
SOURCES = [
    'J. Redmon, S. Divvala, R. Girshick, A. Farhadi, "You only look once: unified, real-time object detection", '
    "CVPR 2016, arXiv:1506.02640: section 2 (cells, responsible boxes, score), equation 3 (the loss).",
    'H. Rezatofighi et al., "Generalized intersection over union: a metric and a loss for bounding box regression", '
    "CVPR 2019, arXiv:1902.09630.",
    "Cut-outs: the stamps of Tux Paint, Bill Kendrick and contributors (Debian package tuxpaint-stamps-default, "
    "2022.06.04-1), GPL-2, some of them under Creative Commons licences; whom each is from: assets/cutouts/index.csv.",
]


def show() -> None:
    """The controls beside the scenes, and what they say."""
    left, right = page.controls_and_picture(3.6)
    picture_first("detection", partial(_picture, right), partial(_controls, left))


def _picture(place: DeltaGenerator) -> None:
    wanted, (scene, row, column), least = state.config(), state.cell(), state.least()
    run = state.LEARNER.chosen(wanted)
    state.LEARNER.move(run, wanted)
    mark = mark_of(run)  # before the page is drawn: what is newer calls for drawing it again
    try:
        shown = state.shown(wanted, run)
    except DatasetError as problem:
        place.error(verbatim(message_of(problem)))
        return
    cell = views.chosen_cell(shown, scene, row, column)
    with place:
        names = class_texts(shown.config.kind, language())
        follow(run, mark, partial(views.drawn_boxes, shown.truth, least, names), "detection")
        if shown.state and shown.state.message:
            st.warning(verbatim(shown.state.message))
        views.scenes(shown, cell, scene, least)
        views.one_cell(shown, cell, scene)
        _weights(shown)
    if shown.config.kind == "digits":
        page.pytorch_snippet(_script(shown.config, *_so_far(shown)))
    else:
        views.no_script()


def _controls(place: DeltaGenerator) -> None:
    buttons, rest = place.container(), place.container()
    state.controls(rest)
    state.looking(rest)
    state.LEARNER.buttons(buttons)


def _weights(shown: state.Shown) -> None:
    """To be taken home once there are any of a run that is over."""
    if shown.state and shown.state.weights and not shown.state.going:
        st.download_button(
            say("detection.weights"),
            shown.state.weights,
            "digit-detector.safetensors" if shown.config.kind == "digits" else "cutout-detector.safetensors",
            "application/octet-stream",
            icon=":material/download:",
            on_click="ignore",
            key="dt_download",
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


PAGE = Page(
    "detection",
    Said("detection.title"),
    Said("detection.question"),
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
