"""The page "Batch normalization": its views, its links and its sources."""

from __future__ import annotations

import streamlit as st

from explainer.ui.controls.choice import segmented
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.language import labels, say
from explainer.words.book import Said
from pages.layers.normalization import network, tensor

VIEW = "n_view"
VIEWS = {
    "tensor": tensor.show,
    "real-layer": network.real_layer,
    "evaluation": network.training_and_evaluation,
    "folding": network.folding,
}
# The controls of the views that were parts below the first one, when no link named a view.
BELOW = {
    "real-layer": {"n_layer", "n_norm", "n_digits", "n_statistics", "n_learned"},
    "evaluation": {"n_batch", "n_momentum", "n_channel", "n_running_code"},
    "folding": {"n_filter", "n_fold_code"},
}

TRY_THIS = [
    Preset("A batch of one number", {"n_n": "1", "n_side": "1"}),
    Preset("A bright picture, each for itself", {"n_input": "bright-picture", "n_kind": "layer"}),
    Preset("Groups of channels", {"n_kind": "group", "n_c": "6", "n_groups": "3"}),
    Preset("γ and β undo it", {"n_gamma": "3.603385 5.471518 5.830953 4.313860", "n_beta": "2.375 -4.25 1 3.125"}),
    Preset("No variance: what ε is for", {"n_input": "equal", "n_eps": "0"}),
    Preset(Said("normalization.presets.two_digits"), {VIEW: "evaluation", "n_batch": "2"}),
    Preset(Said("normalization.presets.folded"), {VIEW: "folding"}),
]
SOURCES = [
    'S. Ioffe, C. Szegedy, "Batch normalization", ICML 2015, arXiv:1502.03167: training, inference (section 3.1).',
    'J. L. Ba, J. R. Kiros, G. E. Hinton, "Layer normalization", arXiv:1607.06450.',
    'D. Ulyanov, A. Vedaldi, V. Lempitsky, "Instance normalization", arXiv:1607.08022.',
    'Y. Wu, K. He, "Group normalization", ECCV 2018, arXiv:1803.08494: the sets compared, small batches.',
    'S. Santurkar et al., "How does batch normalization help optimization?", NeurIPS 2018, arXiv:1805.11604.',
    "PyTorch's documentation of BatchNorm2d: momentum, running statistics, the variance that they take.",
]


def show() -> None:
    """The controls beside the picture of the chosen view, and what it says."""
    left, right = page.controls_and_picture()
    _follow_former_link()
    with right:
        names = labels("normalization.views.{}", VIEWS)
        view = segmented(say("normalization.view"), names, VIEW, label_visibility="collapsed")
    VIEWS[view](left, right)


def _follow_former_link() -> None:
    """A link that sets nothing but controls of one view, and names none, opens that one."""
    asked = {name for name in st.query_params if name.startswith("n_")}
    if not asked or VIEW in st.session_state:
        return
    found = next((view for view, controls in BELOW.items() if asked <= controls), None)
    if found:
        st.session_state[VIEW] = found


PAGE = Page(
    "normalization",
    "Batch normalization",
    "Which numbers share a mean and a variance, and what does a network gain by it?",
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
