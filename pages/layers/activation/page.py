"""The page "Activation functions": the choice of functions, and its views."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explainer.data.grid_text import GridError, format_grid, parse_grid
from explainer.layers.activation import activation
from explainer.layers.activation_kinds import KINDS, MAXOUT, Activation
from explainer.layers.maxout import PRESETS, Lines, MaxoutError, lines_of
from explainer.ui.controls.choice import choice, segmented, several
from explainer.ui.controls.grid_notes import note_meanings
from explainer.ui.controls.inputs import LINK
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.verbatim import verbatim
from pages.layers.activation import curve, depth, neuron, picture, table

VIEWS = {
    "curve": curve.show,
    "neuron": neuron.show,
    "picture": picture.show,
    "depth": depth.show,
    "table": table.show,
}
TITLES = {
    "curve": "Curve",
    "neuron": "One neuron",
    "picture": "On a picture",
    "depth": "Through layers",
    "table": "All functions",
}
NAMES = {key: kind.name for key, kind in KINDS.items()}
LINES = {"relu": "ReLU", "absolute": "|x|", "bowl": "Bowl"}
FIRST, OTHERS, MOST_OTHERS = "logistic", ["relu"], 4
MOST_CELLS = (40, 8)  # of what is typed as lines, which then says itself what is too much
COMPARING = ("curve", "depth")  # the views that overlay functions

# The key in the address and the label of each parameter.
PARAMETERS = {
    "leaky-relu": ("a_leak", "α, the slope below 0"),
    "prelu": ("a_learnt", "a, the slope below 0"),
    "elu": ("a_elu", "α, how deep it goes"),
    "softplus": ("a_beta", "β, how sharp it bends"),
}


def lines_text(key: str) -> str:
    """The lines of a maxout of ``PRESETS`` as they are typed."""
    return format_grid(np.array(PRESETS[key]))


TRY_THIS = [
    Preset("A gradient that vanishes", {"a_view": "depth", "a_n": "30"}),
    Preset("A silent ReLU", {"a_view": "neuron", "a_f": "relu", "a_b": "-4.0"}),
    Preset("Sparse activations in a feature map", {"a_view": "picture", "a_f": "relu"}),
    Preset("SELU beside ELU", {"a_f": "selu", "a_vs": "elu", "a_x": "-2.0"}),
    Preset("A bowl of five lines", {"a_f": MAXOUT, "a_lines": lines_text("bowl"), "a_vs": "softplus"}),
]
SOURCES = [
    'W. S. McCulloch, W. Pitts, "A logical calculus of the ideas immanent in nervous activity", 1943: Heaviside.',
    'D. E. Rumelhart, G. E. Hinton, R. J. Williams, "Learning representations by back-propagating errors", 1986.',
    'Y. LeCun et al., "Gradient-based learning applied to document recognition", Proceedings of the IEEE 1998: tanh.',
    'C. Dugas et al., "Incorporating second-order functional knowledge for better option pricing", NIPS 2000 (in print '
    "2001): softplus.",
    'J. Bergstra et al., "Quadratic polynomials learn better image features", Université de Montréal 2009: softsign.',
    'K. Jarrett et al., "What is the best multi-stage architecture for object recognition?", ICCV 2009: |x|.',
    'V. Nair, G. E. Hinton, "Rectified linear units improve restricted Boltzmann machines", ICML 2010.',
    'X. Glorot, A. Bordes, Y. Bengio, "Deep sparse rectifier neural networks", AISTATS 2011: zeros, dead neurons.',
    'I. Goodfellow et al., "Maxout networks", arXiv:1302.4389.',
    'A. L. Maas, A. Y. Hannun, A. Y. Ng, "Rectifier nonlinearities improve neural network acoustic models", ICML 2013.',
    'K. He et al., "Delving deep into rectifiers", arXiv:1502.01852: PReLU.',
    'D.-A. Clevert, T. Unterthiner, S. Hochreiter, "Fast and accurate deep network learning by ELUs", '
    "arXiv:1511.07289.",
    'D. Hendrycks, K. Gimpel, "Gaussian error linear units", arXiv:1606.08415.',
    'G. Klambauer et al., "Self-normalizing neural networks", arXiv:1706.02515.',
    'S. Elfwing, E. Uchibe, K. Doya, "Sigmoid-weighted linear units", arXiv:1702.03118.',
    'D. Misra, "Mish", arXiv:1908.08681. A. Howard et al., "Searching for MobileNetV3", arXiv:1905.02244.',
    'W. Fang et al., "Incorporating learnable membrane time constant to enhance learning of spiking neural networks", '
    "arXiv:2007.05785: arctan.",
]


def show() -> None:
    """The controls beside the picture of the chosen view, and what it says."""
    left, right = page.controls_and_picture()
    with right:
        view = segmented("View", TITLES, "a_view", label_visibility="collapsed", wrap=True)
    try:
        with left:
            chosen = _chosen()
            others = _others(chosen) if view in COMPARING else []
    except (GridError, MaxoutError) as problem:
        right.warning(verbatim(str(problem)))
        return
    VIEWS[view](chosen, others, left, right)


def _chosen() -> Activation:
    chosen = choice("Function", NAMES, "a_f", first=FIRST)
    if chosen == MAXOUT:
        return activation(chosen, lines=_lines())
    if chosen not in PARAMETERS:
        return activation(chosen)
    key, label = PARAMETERS[chosen]
    allowed = KINDS[chosen].parameter
    assert allowed is not None
    number = st.slider(label, allowed.low, allowed.high, allowed.default, allowed.step, key=key, bind=LINK)
    return activation(chosen, float(number))


def _lines() -> Lines:
    """Raises GridError and MaxoutError for what makes no lines."""
    with st.container(horizontal=True, gap="small"):
        for key, name in LINES.items():
            st.button(name, key=f"a_like_{key}", on_click=_take, args=(key,), help="Puts in these lines")
    label = "Lines: slope, then value at 0"
    text = st.text_area(label, lines_text("absolute"), key="a_lines", bind=LINK, max_chars=400, height=170)
    note_meanings(text)
    return lines_of(parse_grid(text or "", MOST_CELLS))


def _take(key: str) -> None:
    st.session_state.a_lines = lines_text(key)


def _others(chosen: Activation) -> list[Activation]:
    """Functions to overlay, with the defaults of their parameters."""
    keys = several("Beside it", NAMES, "a_vs", first=OTHERS, most=MOST_OTHERS, placeholder="Choose others")
    return [activation(key) for key in keys if key != chosen.kind.key]


PAGE = Page(
    "activation",
    "Activation functions",
    "What does a neuron make of its weighted sum, and how much can it still learn?",
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
