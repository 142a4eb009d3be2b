"""The page "Segmentation": a U-Net of one's own, trained in sight."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.data.digits import DatasetError
from explainer.tasks.segmentation.config import UNetConfig
from explainer.tasks.segmentation.segmentation_code import script
from explainer.training.messages import Changed
from explainer.ui.controls.following import follow, mark_of
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import picture_first, value_of
from explainer.ui.language import message_of, say
from explainer.words.book import Said
from pages.tasks.segmentation import measures, pixel_section, slots, state, views

TRY_THIS = [
    Preset(Said("segmentation.presets.unet")),
    Preset(Said("segmentation.presets.skips"), {state.TWIN: "no-skips"}),
    Preset(Said("segmentation.presets.fcn"), {state.TWIN: "fcn"}),
    Preset(Said("segmentation.presets.brain"), {state.DATA: "brain"}),
    Preset(Said("segmentation.presets.scanner"), {state.DATA: "brain", state.SCANNER: "poor", state.TWIN: "no-skips"}),
    Preset(Said("segmentation.presets.leak"), {state.DATA: "brain", state.SCANNER: "poor", state.TWIN: "other-split"}),
    Preset(Said("segmentation.presets.denoise"), {state.TASK: "denoise"}),
    Preset(Said("segmentation.presets.colourize"), {state.TASK: "colourize"}),
]
SOURCES = [
    'O. Ronneberger, P. Fischer, T. Brox, "U-Net: convolutional networks for biomedical image segmentation", MICCAI '
    "2015, arXiv:1505.04597: figure 1.",
    'J. Long, E. Shelhamer, T. Darrell, "Fully convolutional networks for semantic segmentation", CVPR 2015, '
    "arXiv:1411.4038: sections 3.3 and 4.2.",
    'V. Badrinarayanan, A. Kendall, R. Cipolla, "SegNet: a deep convolutional encoder-decoder architecture for image '
    'segmentation", PAMI 39, 2017, arXiv:1511.00561: max-unpooling.',
    'F. Milletari, N. Navab, S.-A. Ahmadi, "V-Net: fully convolutional neural networks for volumetric medical image '
    'segmentation", 3DV 2016, arXiv:1606.04797: the Dice loss.',
    'V. S. Fonov et al., "Unbiased average age-appropriate atlases for pediatric studies", NeuroImage 54, 2011: the '
    "brain slices, copyright 1993-2009 Louis Collins, McConnell Brain Imaging Centre, McGill University.",
]


def show() -> None:
    """The controls beside the pictures, and what they say."""
    left, right = page.controls_and_picture(3.6)
    picture_first("segmentation", partial(_picture, right), partial(_controls, left))


def _picture(place: DeltaGenerator) -> None:
    wanted = state.config()
    other = state.twin(wanted)
    layer = value_of(state.LAYER) if wanted.task == "segment" else "classes"
    picture, *_ = state.pixel(wanted)
    runs = {"own": state.LEARNER.chosen(wanted), "twin": state.LEARNER.chosen(other) if other else None}
    marks = {name: mark_of(run) for name, run in runs.items()}  # before the page is drawn: what is newer redraws it
    try:
        own, twin = state.shown(wanted), state.shown(other) if other else None
        truth = state.watched_of(wanted)
    except DatasetError as problem:
        place.error(verbatim(message_of(problem)))
        return
    drawn, columns = slots.slots(wanted, layer, picture, has_twin=twin is not None)
    with place:
        with state.LEARNER.bar():
            for name, run in runs.items():
                news = partial(views.tiles_news, truth, drawn, name == "twin")
                follow(run, marks[name], news, f"segmentation_{name}")
        for run in runs.values():
            if run is not None and (message := run.job.state().message):
                st.warning(verbatim(message))
        views.pictures(own, twin, drawn, columns, layer)
        views.network(own)
        pixel_section.one_pixel(own, truth)
        measures.measures(own)
        _weights(own)
    page.pytorch_snippet(_script(own.config, *_so_far(own)))


def _controls(place: DeltaGenerator) -> None:
    state.controls(place)
    state.looking(place)


def _weights(own: state.Shown) -> None:
    """To be taken home once there are any of a run that is over."""
    if own.state and own.state.weights and not own.state.going:
        st.download_button(
            say("segmentation.weights"),
            own.state.weights,
            "u-net.safetensors",
            "application/octet-stream",
            icon=":material/download:",
            on_click="ignore",
            key="sg_download",
        )


def _so_far(own: state.Shown) -> tuple[tuple[Changed, ...], int | None]:
    """What was changed in mid-run, and the step at which the run was stopped."""
    if own.state is None:
        return (), None
    is_stopped = own.state.status == "stopped" and own.points
    return own.state.changes, own.points[-1].step if is_stopped else None


@st.cache_data(max_entries=32, show_spinner=False)
def _script(config: UNetConfig, changes: tuple[Changed, ...], steps: int | None) -> str:
    return script(config, changes, steps)


PAGE = Page(
    "segmentation",
    Said("segmentation.title"),
    Said("segmentation.question"),
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
