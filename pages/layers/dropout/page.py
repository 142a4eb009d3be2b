"""The page "Dropout": its controls, the mask on a real hidden layer, and the spread over many masks."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.figures import dropout as figures
from explainer.layers import dropout
from explainer.layers.dropout import NextInputs, Spread
from explainer.layers.dropout_code import deviation_formula, masks_code, masks_formula, spread_code, spread_formula
from explainer.layers.normalization_code import said
from explainer.networks import hidden_digits
from explainer.networks.hidden_digits import CLASSES, UNITS
from explainer.ui.components.tiles import Tile, TileRow, tiles
from explainer.ui.controls.choice import tabs
from explainer.ui.controls.inputs import LINK
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.widget_values import picture_first, value_of
from explainer.words.book import Said, percent
from pages.layers.dropout import kinds as dropout_kinds
from pages.layers.dropout.kinds import ALPHA, CONNECT, PASSES, SPATIAL, View

VIEWS = {"mask": "The mask", "kinds": "Other kinds", "masks": f"{PASSES} masks"}
MOST_SEED, UNIT_SIZE = 999, 32
LOW = 192  # of the chart below the units, in pixels

TRY_THIS = [
    Preset("Half of the units"),
    Preset("Nearly all dropped", {"d_rate": "0.95", "d_pass": "100"}),
    Preset("Nothing dropped", {"d_rate": "0.0"}),
    Preset("Weights instead of units", {"d_view": "kinds", "d_kind": CONNECT}),
    Preset("Whole maps", {"d_view": "kinds", "d_kind": SPATIAL}),
    Preset("SELU stays in place", {"d_view": "kinds", "d_kind": ALPHA}),
    Preset("An unsure 9", {"d_view": "masks", "d_digit": "9", "d_rate": "0.3"}),
]
SOURCES = [
    'N. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15 (2014).',
    'L. Wan et al., "Regularization of neural networks using DropConnect", ICML 2013.',
    'J. Tompson et al., "Efficient object localization using convolutional networks", arXiv:1411.4280: spatial '
    "dropout.",
    'G. Klambauer et al., "Self-normalizing neural networks", arXiv:1706.02515: SELU and alpha dropout.',
    'Y. Gal, Z. Ghahramani, "Dropout as a Bayesian approximation", arXiv:1506.02142: many masks at test time.',
    "MNIST, by Y. LeCun and C. Cortes, CC BY-SA 3.0. The network is that of the page Welcome, see assets/welcome.",
]


def show() -> None:
    """The controls beside the open view, and below them the code."""
    left, right = page.controls_and_picture()
    with left:
        top = st.container()
    picture_first("dropout", partial(_picture, right, top), partial(_controls, left))


def _controls(place: DeltaGenerator) -> None:
    with place:
        st.selectbox("Digit", [str(label) for label in range(CLASSES)], 3, key="d_digit", bind=LINK)
        st.slider("Dropout rate p", 0.0, 0.95, 0.5, 0.05, key="d_rate", bind=LINK)
        st.slider("Forward pass", 1, PASSES, key="d_pass", bind=LINK)  # no value of its own: the button sets it
        st.button("Next forward pass", icon=":material/skip_next:", key="d_next", on_click=_next_pass, width="stretch")
        st.number_input(
            label="Seed",
            min_value=0,
            max_value=MOST_SEED,
            value=0,
            key="d_seed",
            bind=LINK,
            help=f"Another seed, {PASSES} other masks.",
        )


def _next_pass() -> None:
    """After the last pass comes the first."""
    st.session_state.d_pass = st.session_state.d_pass % PASSES + 1


def _picture(place: DeltaGenerator, top: DeltaGenerator) -> None:
    view = View(
        int(value_of("d_digit")),
        round(float(value_of("d_rate")), 2),
        int(value_of("d_pass")),
        int(value_of("d_seed")),
    )
    with top:
        picture = Tile(hidden_digits.digit(view.digit), detail=f"The test digit of class {view.digit}.")
        tiles([TileRow("The network reads", (picture,), "grey", 255, 84)], "d_read")
    with place:
        views = tabs(VIEWS, "d_view")
        code = ""
        if views["mask"].open:
            with views["mask"]:
                code = _show_mask(view)
        if views["kinds"].open:
            with views["kinds"]:
                code = dropout_kinds.show(view)
        if views["masks"].open:
            with views["masks"]:
                code = _show_spread(view)
    page.pytorch_snippet(code)


def _show_mask(view: View) -> str:
    layer = hidden_digits.last_layer()
    weights, bias = layer.weights[view.digit], float(layer.bias[view.digit])
    found = dropout.next_inputs(view.hidden, weights, bias, view.unit_masks, view.rate)
    tiles([_units(view)], "d_units")
    figure = drawn(
        figures.means_over_passes,
        (dropout.running_mean(found.inverted), found.full),
        (dropout.running_mean(found.plain), found.scaled),
        view.number,
        page.is_dark(),
        height=LOW,
    )
    alt = (
        "Curves: the mean input of a neuron over 1 to 100 forward passes, with both scalings, beside that at test time."
    )
    page.chart(figure, alt, key="d_means")
    page.notice(_said_of_means(view, found))
    for scaling in masks_formula(found, view.number - 1, view.rate, bias):
        page.formula(scaling)
    page.formula(deviation_formula(view.hidden, weights, view.rate))
    return masks_code(view.digit, view.digit, PASSES, view.rate, view.seed)


def _units(view: View) -> TileRow:
    """A tile a unit: hatched where it is dropped, else with the value that goes on."""
    keep, scaled = view.unit_masks[view.number - 1], view.inverted
    drawn = [
        Tile(
            np.array([[value if kept else np.nan]], np.float32),
            f"{value:.3g}" if kept else "✕",
            f"Unit {unit}: {before:.4g}, "
            + (f"kept, divided by {1 - view.rate:.2f}: {value:.4g}" if kept else "dropped: 0"),
        )
        for unit, (before, kept, value) in enumerate(zip(view.hidden, keep, scaled, strict=True))
    ]
    title = f"Forward pass {view.number}: {keep.sum()} of {UNITS} units are kept, ✕ is dropped"
    limit = float(view.hidden.max()) / (1 - view.rate)
    return TileRow(title, tuple(drawn), "sequential", limit, UNIT_SIZE)


def _said_of_means(view: View, found: NextInputs) -> str:
    keep = view.unit_masks[view.number - 1]
    silent = int((~keep & (view.hidden == 0)).sum())
    so_far = "There" if view.number == 1 else f"Over {view.number} forward passes, in the mean,"
    inverted, plain = (float(each[: view.number].mean()) for each in (found.inverted, found.plain))
    if not view.rate:
        return str(Said("dropout.none", number=view.number, label=view.digit, value=said(found.full)))
    return (
        f"Forward pass {view.number} drops {int((~keep).sum())} units, of which {silent} were 0 anyway. {so_far} the "
        f"neuron of class {view.digit} gets **{said(inverted)}** with inverted scaling (at test time "
        f"{said(found.full)}), **{said(plain)}** without (at test time {said(found.scaled)})."
    )


def _show_spread(view: View) -> str:
    layer = hidden_digits.last_layer()
    found = dropout.spread(view.hidden, layer.weights, layer.bias, view.unit_masks, view.rate)
    figure = drawn(
        figures.probability_spread,
        found.probabilities,
        found.mean,
        found.deviation,
        found.full,
        page.is_dark(),
        chosen=view.number,
    )
    alt = f"Dots: the probability of each class with each of {PASSES} masks, their mean and standard deviation."
    page.chart_below(figure, alt, key="d_spread")
    page.notice(_said_of_spread(view, found))
    page.formula(spread_formula(found, view.digit))
    return spread_code(view.digit, PASSES, view.rate, view.seed)


def _said_of_spread(view: View, found: Spread) -> str:
    answers = np.bincount(found.probabilities.argmax(1), minlength=CLASSES)
    label, right = view.digit, int(answers[view.digit])
    others = np.where(np.arange(CLASSES) == label, -1, answers)
    wrong = f", {others.max()} answer {int(others.argmax())}" if others.max() > 0 else ""
    return (
        f"Of {PASSES} masks {right} answer {label}{wrong}. The probability of {label} is "
        f"**{percent(found.mean[label], '.1p')}** in the mean, with a standard deviation of "
        f"**{percent(found.deviation[label], '.1%')}**; without dropout it is **{percent(found.full[label], '.2p')}**. "
        "The network was trained without dropout and never learned to do without a unit."
    )


PAGE = Page(
    "dropout",
    "Dropout",
    "What does a network do while some of its units are switched off at random?",
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
