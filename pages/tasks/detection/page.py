"""The page "Detection": its views, its links and its sources."""

from __future__ import annotations

from functools import partial

from streamlit.delta_generator import DeltaGenerator

from explainer.ui.controls.choice import segmented
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.widget_values import picture_first, value_of
from explainer.ui.language import labels, say
from explainer.words.book import Said
from pages.tasks.detection import anchor_state, anchor_view, face_state, face_view, own_view, state

VIEW = "dt_view"
PICTURES = {"own": own_view.picture, "faces": face_view.picture, "anchors": anchor_view.picture}
CONTROLS = {"own": own_view.controls, "faces": face_view.controls, "anchors": anchor_view.controls}
FACES, ANCHORS = {VIEW: "faces"}, {VIEW: "anchors"}

TRY_THIS = [
    Preset(Said("detection.presets.two_boxes")),
    Preset(Said("detection.presets.no_roots"), {state.ROOTS: "false"}),
    Preset(Said("detection.presets.one_box"), {state.TWIN: "other-boxes"}),
    Preset(Said("detection.presets.noobj"), {state.NOOBJ: "1"}),
    Preset(Said("detection.presets.clutter"), {state.CLUTTER: "6"}),
    Preset(Said("detection.presets.modern"), {state.LOSS: "modern"}),
    Preset(Said("detection.presets.cutouts"), {state.KIND: "cutouts", state.LOSS: "modern"}),
    Preset(Said("detection.presets.twice"), FACES),
    Preset(Said("detection.presets.missed"), {**FACES, face_state.PHOTO: "photographer"}),
    Preset(
        Said("detection.presets.finer"),
        {
            **FACES,
            face_state.PHOTO: "photographer",
            face_state.SIDE: "416",
            face_state.ROW: "5",
            face_state.COLUMN: "6",
        },
    ),
    Preset(Said("detection.presets.cat"), {**FACES, face_state.PHOTO: "cat", face_state.SHOWN: "all"}),
    Preset(Said("detection.presets.objects"), {**FACES, face_state.DETECTOR: "ssdlite320-mobilenet-v3-large"}),
    Preset(Said("detection.presets.anchors"), ANCHORS),
    Preset(Said("detection.presets.only_highest"), {**ANCHORS, anchor_state.OBJECT: "cup"}),
    Preset(Said("detection.presets.crossing"), {**ANCHORS, anchor_state.OBJECT: "cup", anchor_state.INSIDE: "false"}),
    Preset(Said("detection.presets.large_error"), {**ANCHORS, **dict.fromkeys(anchor_state.PREDICTED, "2")}),
]
SOURCES = [
    'J. Redmon, S. Divvala, R. Girshick, A. Farhadi, "You only look once: unified, real-time object detection", '
    "CVPR 2016, arXiv:1506.02640: section 2 (cells, responsible boxes, score), equation 3 (the loss).",
    'H. Rezatofighi et al., "Generalized intersection over union: a metric and a loss for bounding box regression", '
    "CVPR 2019, arXiv:1902.09630.",
    "Cut-outs: the stamps of Tux Paint, Bill Kendrick and contributors (Debian package tuxpaint-stamps-default, "
    "2022.06.04-1), GPL-2, some of them under Creative Commons licences; whom each is from: assets/cutouts/index.csv.",
    'J. Redmon, A. Farhadi, "YOLO9000: better, faster, stronger", CVPR 2017, arXiv:1612.08242: section 2 (anchors, '
    "and the numbers t of a box).",
    'S. Ren, K. He, R. Girshick, J. Sun, "Faster R-CNN: towards real-time object detection with region proposal '
    'networks", NeurIPS 2015, arXiv:1506.01497: section 3.1 (anchors, equations 1 and 2), 3.3 (borders, scale).',
    'R. Girshick, J. Donahue, T. Darrell, J. Malik, "Rich feature hierarchies", CVPR 2014, arXiv:1311.2524: R-CNN; '
    'R. Girshick, "Fast R-CNN", ICCV 2015, arXiv:1504.08083; K. He, G. Gkioxari, P. Dollár, R. Girshick, "Mask R-CNN", '
    "ICCV 2017, arXiv:1703.06870.",
    'W. Liu et al., "SSD: single shot multibox detector", ECCV 2016, arXiv:1512.02325; M. Sandler et al., '
    "CVPR 2018, arXiv:1801.04381: section 6.2 (SSDLite); A. Howard et al., ICCV 2019, arXiv:1905.02244: MobileNetV3.",
    'T.-Y. Lin et al., "Microsoft COCO: common objects in context", ECCV 2014, arXiv:1405.0312; the weights are of '
    "torchvision (torchvision.models.detection, COCO_V1).",
    "Vladimir Mandic, face-api (npm, 1.7.15), MIT, after Vincent Mühler's face-api.js: the weights that find faces.",
]


def show() -> None:
    """The controls beside the picture of the chosen view, and what it says."""
    left, right = page.controls_and_picture(3.6)
    with right:
        views = labels("detection.views.{}", PICTURES)
        segmented(say("detection.controls.view"), views, VIEW, label_visibility="collapsed", wrap=True)
    picture_first("detection", partial(_picture, right), partial(_controls, left))


def _picture(place: DeltaGenerator) -> None:
    if code := PICTURES[value_of(VIEW)](place):
        page.pytorch_snippet(code)


def _controls(place: DeltaGenerator) -> None:
    CONTROLS[value_of(VIEW)](place)


PAGE = Page(
    "detection",
    Said("detection.title"),
    Said("detection.question"),
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
