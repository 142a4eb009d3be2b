"""The page "Boxes": its views, its links and its sources."""

from __future__ import annotations

from functools import partial

from streamlit.delta_generator import DeltaGenerator

from explainer.ui.controls.choice import segmented
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.widget_values import picture_first, value_of
from explainer.ui.language import labels, say
from explainer.words.book import Said
from pages.tasks.boxes import overlap_view, precision_view, state, suppression_view

VIEW = "bx_view"
PICTURES = {"iou": overlap_view.picture, "nms": suppression_view.picture, "ap": precision_view.picture}
CONTROLS = {"iou": overlap_view.controls, "nms": suppression_view.controls, "ap": precision_view.controls}

TRY_THIS = [
    Preset(Said("boxes.presets.iou")),
    Preset(Said("boxes.presets.disjoint"), {state.DETECTION: "220,200,310,300"}),
    Preset(Said("boxes.presets.crowd"), {VIEW: "nms"}),
    Preset(Said("boxes.presets.neighbours"), {VIEW: "nms", suppression_view.SET: "neighbours"}),
    Preset(
        Said("boxes.presets.soft"),
        {VIEW: "nms", suppression_view.SET: "neighbours", suppression_view.METHOD: "linear"},
    ),
    Preset(
        Said("boxes.presets.classes"),
        {VIEW: "nms", suppression_view.SET: "two-classes", suppression_view.BY_CLASS: "false"},
    ),
    Preset(Said("boxes.presets.ap"), {VIEW: "ap"}),
    Preset(
        Said("boxes.presets.strict"), {VIEW: "ap", precision_view.DETECTOR: "careful", overlap_view.THRESHOLD: "0.75"}
    ),
]
SOURCES = [
    'M. Everingham et al., "The PASCAL visual object classes (VOC) challenge", IJCV 88, 2010, section 4.2: IoU above '
    "0.5, each object once, average precision at eleven points; the development kit of VOC 2010: at every point.",
    'H. Rezatofighi et al., "Generalized intersection over union: a metric and a loss for bounding box regression", '
    "CVPR 2019, arXiv:1902.09630: algorithm 1.",
    'N. Bodla et al., "Soft-NMS: improving object detection with one line of code", ICCV 2017, arXiv:1704.04503: '
    "figure 2, equations 1 to 3.",
    'T.-Y. Lin et al., "Microsoft COCO: common objects in context", ECCV 2014, arXiv:1405.0312, and cocodataset.org, '
    '"Detection evaluation": the mean over IoU 0.5 to 0.95.',
    'J. Davis, M. Goadrich, "The relationship between precision-recall and ROC curves", ICML 2006: why points of the '
    "curve are not joined by straight lines.",
]


def show() -> None:
    """The controls beside the picture of the chosen view, and what it says."""
    left, right = page.controls_and_picture(3.6)
    with right:
        views = labels("boxes.views.{}", PICTURES)
        segmented(say("boxes.controls.view"), views, VIEW, label_visibility="collapsed", wrap=True)
    picture_first("boxes", partial(_picture, right), partial(_controls, left))


def _picture(place: DeltaGenerator) -> None:
    try:
        code = PICTURES[value_of(VIEW)](place)
    except state.BoxError as problem:
        with place:
            page.impossible(problem)
        return
    page.pytorch_snippet(code)


def _controls(place: DeltaGenerator) -> None:
    CONTROLS[value_of(VIEW)](place)


PAGE = Page(
    "boxes",
    Said("boxes.title"),
    Said("boxes.question"),
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
