"""The page "Receptive field": a stack of layers, or a trained network, and what one of its units sees."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.ui.controls.networks import KEY, NoNetworkError
from explainer.ui.controls.subject import NoInputError
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import picture_first
from explainer.ui.language import say, text_of
from explainer.words.book import Said
from pages.networks.receptive_field import view as receptive_view
from pages.networks.receptive_field import words
from pages.networks.receptive_field.field_picture import Shown, field_picture
from pages.networks.receptive_field.view import AXES, NETWORK, OF, SIZE, TEXT, View

PICTURE = "rf_picture"  # the component
VGG_16 = "c3p1,c3p1,p2,c3p1,c3p1,p2,c3p1,c3p1,c3p1,p2,c3p1,c3p1,c3p1,p2,c3p1,c3p1,c3p1"  # up to conv5_3
_STYLE = Path(__file__).with_name("table.css")

TRY_THIS = [
    Preset(Said("receptive_field.presets.two"), {TEXT: "c3,c3", SIZE: "16"}),
    Preset(Said("receptive_field.presets.three"), {TEXT: "c3,c3,c3", SIZE: "16"}),
    Preset(Said("receptive_field.presets.vgg"), {TEXT: VGG_16, SIZE: "320"}),
    Preset(Said("receptive_field.presets.proposals"), {TEXT: f"{VGG_16},c3p1", SIZE: "320"}),
    Preset(Said("receptive_field.presets.norb"), {TEXT: "c5,a4,c6,a3,c6", SIZE: "96"}),
    Preset(Said("receptive_field.presets.dilated"), {TEXT: "c3p1,c3p2d2,c3p4d4,c3p8d8", SIZE: "64"}),
    Preset(Said("receptive_field.presets.holes"), {TEXT: "c3p2d2,c3p2d2,c3p2d2", SIZE: "32"}),
    Preset(Said("receptive_field.presets.causal"), {TEXT: "c2l1,c2l2d2,c2l4d4,c2l8d8", SIZE: "32", AXES: "1d"}),
    Preset(Said("receptive_field.presets.digits"), {OF: NETWORK}),
    Preset(Said("receptive_field.presets.squeezenet"), {OF: NETWORK, KEY: "squeezenet"}),
]
SOURCES = [
    'A. Araujo, W. Norris, J. Sim, "Computing receptive fields of convolutional neural networks", Distill 2019.',
    'W. Luo, Y. Li, R. Urtasun, R. Zemel, "Understanding the effective receptive field in deep convolutional neural '
    'networks", NIPS 2016, arXiv:1701.04128.',
    'K. Simonyan, A. Zisserman, "Very deep convolutional networks for large-scale image recognition", ICLR 2015, '
    "arXiv:1409.1556, section 2.3: two and three 3 × 3 in the place of a 5 × 5 and a 7 × 7.",
    'S. Ren, K. He, R. Girshick, J. Sun, "Faster R-CNN", NIPS 2015, arXiv:1506.01497: 228 pixels for VGG-16.',
    'Y. LeCun, F. J. Huang, L. Bottou, "Learning methods for generic object recognition with invariance to pose and '
    'lighting", CVPR 2004: LeNet-7, whose outputs see 96 × 96 pixels, one every 12.',
    'F. Yu, V. Koltun, "Multi-scale context aggregation by dilated convolutions", ICLR 2016, arXiv:1511.07122.',
    'P. Wang et al., "Understanding convolution for semantic segmentation", WACV 2018, arXiv:1702.08502: gridding.',
    'A. van den Oord et al., "WaveNet", arXiv:1609.03499: causal dilated convolutions.',
]


def show() -> None:
    """The controls beside the field, and what it says; below both the recurrence as a table."""
    left, right = page.controls_and_picture()
    below = st.container()
    picture_first("receptive_field", partial(_picture, right, below), partial(receptive_view.controls, left))


def _picture(place: DeltaGenerator, below: DeltaGenerator) -> None:
    try:
        view = receptive_view.view()
    except (NoNetworkError, NoInputError) as problem:
        place.warning(verbatim(text_of(problem.said)))
        return
    with place:
        shown = Shown(view.ladder, view.layer, view.unit, view.axes, view.pixels, view.effective)
        field_picture(shown, PICTURE, partial(receptive_view.take_unit, PICTURE))
        if view.problem:
            page.impossible(view.problem)
            page.formula(*words.failure(view))
        else:
            _say(view)
    with below:
        _table(view)
        if view.layer:
            page.pytorch_snippet(view.code)


def _say(view: View) -> None:
    page.notice(words.notice(view))
    field, jump, start = words.formula(view)
    page.formula(field, jump)
    page.formula(start)
    st.markdown("\n".join(f"- {say(remark)}" for remark in words.remarks(view)))


def _table(view: View) -> None:
    heads = [say(f"receptive_field.table.{name}") for name in ("layer", "size", "jump", "field", "start")]
    rows = [[text_of(cell) for cell in row] for row in words.table(view)]
    rows[view.layer] = [f":primary[{cell}]" for cell in rows[view.layer]]
    lines = [heads, ["---"] * len(heads), *rows]
    with st.container(key="rf_table"):
        st.html(_STYLE)
        st.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))
        st.caption(say("receptive_field.table.about"))


PAGE = Page(
    "receptive_field",
    Said("receptive_field.title"),
    Said("receptive_field.question"),
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
