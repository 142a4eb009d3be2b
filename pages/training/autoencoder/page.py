"""The page "Autoencoder": its views, its links and its sources."""

from __future__ import annotations

from functools import partial

from streamlit.delta_generator import DeltaGenerator

from explainer.ui.controls.view_row import view_row
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.widget_values import picture_first, value_of
from explainer.ui.language import labels, say
from explainer.words.book import Said
from pages.training.autoencoder import greedy_view, state, train_view

VIEW = "ae_view"
PICTURES = {"own": train_view.picture, "greedy": greedy_view.picture}
CONTROLS = {"own": state.controls, "greedy": greedy_view.controls}
GREEDY = {VIEW: "greedy"}

TRY_THIS = [
    Preset(Said("autoencoder.presets.two")),
    Preset(Said("autoencoder.presets.sixteen"), {state.CODE: "16"}),
    Preset(Said("autoencoder.presets.linear"), {state.NETWORK: "linear", state.CODE: "16"}),
    Preset(Said("autoencoder.presets.noise"), {state.NOISE: "0.5", state.CODE: "32"}),
    Preset(Said("autoencoder.presets.convolutional"), {state.NETWORK: "convolutional", state.CODE: "8"}),
    Preset(Said("autoencoder.presets.greedy"), GREEDY),
    Preset(Said("autoencoder.presets.today"), {**GREEDY, greedy_view.UNIT: "relu"}),
]
SOURCES = [
    'G. Hinton, R. Salakhutdinov, "Reducing the dimensionality of data with neural networks", Science 313, 2006.',
    'P. Vincent, H. Larochelle, Y. Bengio, P.-A. Manzagol, "Extracting and composing robust features with denoising '
    'autoencoders", ICML 2008.',
    'P. Baldi, K. Hornik, "Neural networks and principal component analysis: learning from examples without local '
    'minima", Neural Networks 2, 1989.',
    'A. Izenman, "Reduced-rank regression for the multivariate linear model", Journal of Multivariate Analysis 5, '
    "1975.",
    'Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to document recognition", '
    "Proceedings of the IEEE 86, 1998: MNIST.",
    'Y. Bengio, P. Lamblin, D. Popovici, H. Larochelle, "Greedy layer-wise training of deep networks", NIPS 2006.',
    'D. Erhan, Y. Bengio, A. Courville, P.-A. Manzagol, P. Vincent, S. Bengio, "Why does unsupervised pre-training '
    'help deep learning?", JMLR 11, 2010.',
]


def show() -> None:
    """The controls beside the picture, and what it says."""
    left, right = page.controls_and_picture(3.6)
    views_by_name = labels("autoencoder.views.{}", PICTURES)
    row = view_row(right, say("autoencoder.controls.view"), views_by_name, VIEW)
    picture_first("autoencoder", partial(_picture, right, row), partial(_controls, left))


def _picture(place: DeltaGenerator, row: DeltaGenerator) -> None:
    if code := PICTURES[value_of(VIEW)](place, row):
        page.pytorch_snippet(code)


def _controls(place: DeltaGenerator) -> None:
    CONTROLS[value_of(VIEW)](place)


PAGE = Page(
    "autoencoder",
    Said("autoencoder.title"),
    Said("autoencoder.question"),
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
