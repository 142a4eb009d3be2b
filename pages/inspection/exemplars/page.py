"""The page "What it looks for": its two views, its links and its sources."""

from __future__ import annotations

from functools import partial

from explainer.ui.controls.choice import segmented
from explainer.ui.controls.inputs import NoInputError
from explainer.ui.controls.networks import NoNetworkError
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import picture_first
from pages.inspection.exemplars import digit_map, view

ONE, ALL = "unit", "digits"
TITLES = {ONE: "One unit", ALL: "A map of the digits"}
VIEWS = {
    ONE: (view.picture, view.controls),
    ALL: (digit_map.picture, digit_map.controls),
}

_ALL, _LAST, _PHOTOS = {"ex_view": ALL}, "activation-fc-1", "squeezenet"

TRY_THIS = [
    Preset("A map for zeros", {"ex_channel": "2"}),
    Preset("A stroke that many share", {"ex_channel": "10", "ex_patch": "true"}),
    Preset("A silent unit", {"ex_layer": _LAST, "ex_channel": "21"}),
    Preset("No silent unit: batch normalization", {"i_net": "digits-bn", "ex_layer": _LAST}),
    Preset("Corners in photographs", {"i_net": _PHOTOS, "ex_layer": "pooling-1", "ex_patch": "true"}),
    Preset("2,000 digits as pixels", {**_ALL, "ex_space": "pixels"}),
    Preset("And as the network sees them", {**_ALL, "ex_space": _LAST, "ex_method": "t-sne"}),
]
SOURCES = [
    'M. D. Zeiler, R. Fergus, "Visualizing and understanding convolutional networks", arXiv:1311.2901: the strongest '
    "activations of a map over a data set.",
    'D. Bau et al., "Network dissection", arXiv:1704.05796: what units look for, measured.',
    'A. Araujo, W. Norris, J. Sim, "Computing receptive fields of convolutional neural networks", Distill 2019.',
    'L. van der Maaten, G. Hinton, "Visualizing data using t-SNE", JMLR 9 (2008).',
    'M. Wattenberg, F. Viégas, I. Johnson, "How to use t-SNE effectively", Distill 2016.',
    "MNIST, by Y. LeCun and C. Cortes, CC BY-SA 3.0. Photographs: see assets/images.",
]


def show() -> None:
    """The controls beside the picture of the chosen view."""
    left, right = page.controls_and_picture()
    with right:
        chosen = segmented("View", TITLES, "ex_view", label_visibility="collapsed")
    picture, controls = VIEWS[chosen]

    def drawn() -> None:
        try:
            picture(right)
        except (NoNetworkError, NoInputError) as problem:
            right.info(verbatim(str(problem)))

    picture_first(f"exemplars {chosen}", drawn, partial(controls, left))


PAGE = Page(
    "exemplars",
    "Top-activating images",
    "Which pictures excite a unit most, and what of them does it see?",
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
