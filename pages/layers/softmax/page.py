"""The page "Fully connected and softmax": its views, its links and its sources."""

from __future__ import annotations

from explainer.data.grid_text import GridError
from explainer.ui.controls.choice import segmented
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.verbatim import verbatim
from pages.layers.softmax import connected, steps
from pages.layers.softmax import sum as softmax_sum

VIEWS = {
    "flatten": softmax_sum.show,
    "softmax": steps.show_softmax,
    "loss": steps.show_loss,
    "count": connected.show_count,
    "convolution": connected.show_slid,
}
TITLES = {
    "flatten": "Flatten and fully connected",
    "softmax": "Softmax",
    "loss": "Loss",
    "count": "Count the parameters",
    "convolution": "As a convolution",
}

TRY_THIS = [
    Preset("A 3 that is nearly a 5", {"s_digit": "3", "s_class": "5"}),
    Preset("Logits of 1,000", {"s_view": "softmax", "s_logits": "1000 1001 1002"}),
    Preset("A high temperature", {"s_view": "softmax", "s_t": "5.0"}),
    Preset("Sure and wrong", {"s_view": "loss", "s_logits": "9 0 1", "s_true": "1"}),
    Preset("134,217,728 weights", {"s_view": "count"}),
    Preset("One digit, one score", {"s_view": "convolution", "s_digits": "4", "s_score": "4"}),
    Preset("Eight digits at once", {"s_view": "convolution", "s_digits": "31415926", "s_score": "2"}),
]
SOURCES = [
    'I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning", MIT Press 2016, sections 4.1 (overflow) and 6.2.2.3 '
    "(softmax).",
    'J. S. Bridle, "Probabilistic interpretation of feedforward classification network outputs", 1990: softmax.',
    'G. Hinton, O. Vinyals, J. Dean, "Distilling the knowledge in a neural network", arXiv:1503.02531: temperature.',
    'J. Long, E. Shelhamer, T. Darrell, "Fully convolutional networks for semantic segmentation", arXiv:1411.4038: '
    "fully connected layers as convolutions.",
    'P. Sermanet et al., "OverFeat", arXiv:1312.6229: a classifier slid over a larger picture at little cost.',
    "MNIST, by Y. LeCun and C. Cortes, CC BY-SA 3.0. The network was trained for this page, see assets/softmax.",
]


def show() -> None:
    """The controls beside the picture of the chosen view, and what it says."""
    left, right = page.controls_and_picture()
    with right:
        view = segmented("View", TITLES, "s_view", label_visibility="collapsed")
    try:
        code = VIEWS[view](left, right)
    except GridError as problem:
        right.warning(verbatim(str(problem)))
    else:
        page.pytorch_snippet(code)


PAGE = Page(
    "softmax",
    "Fully connected and softmax",
    "How do the last feature maps become ten probabilities, and a loss?",
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
