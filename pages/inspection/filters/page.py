"""The page "Filters": its views, its links and its sources."""

from __future__ import annotations

from explainer.ui.controls.choice import segmented
from explainer.ui.controls.networks import KEY
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from pages.inspection.filters import first, run, slices

FIRST, FRESH, DEEPER, TRAINING = "first", "fresh", "deeper", "training"
TITLES = {FIRST: "First layer", FRESH: "Trained and untrained", DEEPER: "Deeper layers", TRAINING: "Over training"}
VIEWS = {
    FIRST: first.show_first,
    FRESH: first.show_fresh,
    DEEPER: slices.show,
    TRAINING: run.show,
}
SQUEEZENET = {KEY: "squeezenet"}

TRY_THIS = [
    Preset("96 filters of photographs", SQUEEZENET),
    Preset("Colour first", {**SQUEEZENET, "fi_sort": "colour"}),
    Preset("Opposites", {**SQUEEZENET, "fi_sort": "similarity", "fi_paint": "sum"}),
    Preset("Before training", {**SQUEEZENET, "fi_view": FRESH}),
    Preset("Slices of a deeper layer", {**SQUEEZENET, "fi_view": DEEPER}),
    Preset("Filters while they learn", {"fi_view": TRAINING}),
]
SOURCES = [
    'A. Krizhevsky, I. Sutskever, G. Hinton, "ImageNet classification with deep convolutional neural networks", NIPS '
    "2012, figure 3: edges and colours in a first layer.",
    'M. Zeiler, R. Fergus, "Visualizing and understanding convolutional networks", ECCV 2014, arXiv:1311.2901: filters '
    "through training, dead ones, and their repair.",
    'J. Bigün, G. Granlund, "Optimal orientation detection of linear symmetry", ICCV 1987: an angle from a spectrum.',
    'W. Shang et al., "Understanding and improving convolutional neural networks via concatenated rectified linear '
    'units", ICML 2016, arXiv:1603.05201: filters in opposite pairs.',
    'B. Olshausen, D. Field, "Emergence of simple-cell receptive field properties by learning a sparse code for '
    'natural images", Nature 381, 1996.',
    'F. Iandola et al., "SqueezeNet", arXiv:1602.07360; weights of its authors (BSD 2-clause), see assets/README.md.',
]


def show() -> None:
    """The controls beside the picture of the chosen view, and what it says."""
    left, right = page.controls_and_picture()
    with right:
        view = segmented("View", TITLES, "fi_view", label_visibility="collapsed")
    VIEWS[view](left, right)


PAGE = Page(
    "filters",
    "Filters",
    "What does a convolution look for, and how can one see it in its weights?",
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
