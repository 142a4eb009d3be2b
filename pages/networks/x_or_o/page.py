"""The page "X or O: a whole network by hand": its views, its links and its sources."""

from __future__ import annotations

from functools import partial

from streamlit.delta_generator import DeltaGenerator

from explainer.networks.xo_pictures import PictureError
from explainer.ui.controls.choice import segmented
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import picture_first, value_of
from explainer.ui.language import labels, say, text_of
from explainer.words.book import Said
from pages.networks.x_or_o import learning, network, steps

VIEW = "xo_view"
PICTURES = {"network": network.picture, "steps": steps.picture, "learning": learning.picture}
CONTROLS = {"network": network.controls, "steps": steps.controls, "learning": learning.controls}

TRY_THIS = [
    Preset(Said("x_or_o.presets.x")),
    Preset(Said("x_or_o.presets.o"), {"xo_picture": "o"}),
    Preset(Said("x_or_o.presets.shifted"), {"xo_picture": "x-shifted"}),
    Preset(Said("x_or_o.presets.noisy"), {"xo_picture": "o-noisy"}),
    Preset(Said("x_or_o.presets.turned"), {"xo_picture": "x-turned"}),
    Preset(Said("x_or_o.presets.thick"), {"xo_picture": "x-thick"}),
    Preset(Said("x_or_o.presets.steps"), {"xo_view": "steps"}),
    Preset(Said("x_or_o.presets.learning"), {"xo_view": "learning"}),
]
SOURCES = [
    'B. Rohrer, "How convolutional neural networks work", 2016, brandonrohrer.com: the X, the three features, '
    "and the order of the layers.",
    'D. E. Rumelhart, G. E. Hinton, R. J. Williams, "Learning representations by back-propagating errors", Nature 323, '
    "1986: backpropagation.",
    'J. Matyas, "Random optimization", Automation and Remote Control 26, 1965: a random change is kept if it helps.',
    'A. G. Baydin et al., "Automatic differentiation in machine learning: a survey", JMLR 18, 2018, section 3.2: what '
    "a gradient costs.",
]


def show() -> None:
    """The controls beside the picture of the chosen view, and what it says."""
    left, right = page.controls_and_picture(4.6)
    with right:
        segmented(say("x_or_o.controls.view"), labels("x_or_o.views.{}", PICTURES), VIEW, label_visibility="collapsed")
    picture_first("x_or_o", partial(_picture, right), partial(_controls, left))


def _picture(place: DeltaGenerator) -> None:
    view = value_of(VIEW)
    try:
        code = PICTURES[view](place)
    except PictureError as problem:
        place.warning(verbatim(text_of(problem.said)))
        return
    page.pytorch_snippet(code)


def _controls(place: DeltaGenerator) -> None:
    CONTROLS[value_of(VIEW)](place)


PAGE = Page(
    "x_or_o",
    Said("x_or_o.title"),
    Said("x_or_o.question"),
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
