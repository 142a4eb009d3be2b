"""The page "Segmentation": its views, its links and its sources."""

from __future__ import annotations

from functools import partial

from streamlit.delta_generator import DeltaGenerator

from explainer.ui.controls.view_row import view_row
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.widget_values import picture_first, value_of
from explainer.ui.language import labels, say
from explainer.words.book import Said
from pages.tasks.segmentation import own_view, photo_state, photo_view, state

VIEW = "sg_view"
PICTURES = {"own": own_view.picture, "photographs": photo_view.picture}
CONTROLS = {"own": own_view.controls, "photographs": photo_view.controls}
PHOTOGRAPHS = {VIEW: "photographs"}

TRY_THIS = [
    Preset(Said("segmentation.presets.unet")),
    Preset(Said("segmentation.presets.skips"), {state.TWIN: "no-skips"}),
    Preset(Said("segmentation.presets.fcn"), {state.TWIN: "fcn"}),
    Preset(Said("segmentation.presets.brain"), {state.DATA: "brain"}),
    Preset(Said("segmentation.presets.scanner"), {state.DATA: "brain", state.SCANNER: "poor", state.TWIN: "no-skips"}),
    Preset(Said("segmentation.presets.leak"), {state.DATA: "brain", state.SCANNER: "poor", state.TWIN: "other-split"}),
    Preset(Said("segmentation.presets.denoise"), {state.TASK: "denoise"}),
    Preset(Said("segmentation.presets.colourize"), {state.TASK: "colourize"}),
    Preset(Said("segmentation.presets.photograph"), PHOTOGRAPHS),
    Preset(Said("segmentation.presets.people"), {**PHOTOGRAPHS, photo_state.PHOTO: "astronaut"}),
    Preset(Said("segmentation.presets.cutouts"), {state.DATA: "cutouts"}),
    Preset(Said("segmentation.presets.real_colours"), {state.DATA: "cutouts", state.TASK: "colourize"}),
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
    'T.-Y. Lin et al., "Microsoft COCO: common objects in context", ECCV 2014, arXiv:1405.0312; the present '
    "figures: cocodataset.org.",
    'M. Everingham, L. Van Gool, C. K. I. Williams, J. Winn, A. Zisserman, "The PASCAL visual object classes (VOC) '
    'challenge", IJCV 88, 2010; the same with S. M. A. Eslami, "The PASCAL visual object classes challenge: a '
    'retrospective", IJCV 111, 2015.',
    'L.-C. Chen, G. Papandreou, F. Schroff, H. Adam, "Rethinking atrous convolution for semantic image segmentation", '
    "2017, arXiv:1706.05587: DeepLab V3.",
    'A. Howard et al., "Searching for MobileNetV3", ICCV 2019, arXiv:1905.02244: section 6.4 (LR-ASPP).',
    "torchvision (torchvision.models.segmentation, weights COCO_WITH_VOC_LABELS_V1): sizes, mean IoU and classes.",
    "Cut-outs: the stamps of Tux Paint, Bill Kendrick and contributors (Debian package tuxpaint-stamps-default, "
    "2022.06.04-1), GPL-2, some of them under Creative Commons licences; whom each is from: assets/cutouts/index.csv.",
]


def show() -> None:
    """The controls beside the picture of the chosen view, and what it says."""
    left, right = page.controls_and_picture(3.6)
    views_by_name = labels("segmentation.views.{}", PICTURES)
    row = view_row(right, say("segmentation.controls.view"), views_by_name, VIEW)
    picture_first("segmentation", partial(_picture, right, row), partial(_controls, left))


def _picture(place: DeltaGenerator, row: DeltaGenerator) -> None:
    if code := PICTURES[value_of(VIEW)](place, row):
        page.pytorch_snippet(code)


def _controls(place: DeltaGenerator) -> None:
    CONTROLS[value_of(VIEW)](place)


PAGE = Page(
    "segmentation",
    Said("segmentation.title"),
    Said("segmentation.question"),
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
