"""The page "Regularization": recorded runs with and without remedies, early stopping, and the weights they end with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.data.digits import load
from explainer.figures.regularization import Measure, RunLines, Stop, overfitting_curves, weight_histogram
from explainer.training.regularization import (
    EDGES,
    ROTATE,
    SEEDS,
    SHIFT,
    EarlyStop,
    Record,
    Remedy,
    early_stopping,
    record_of,
)
from explainer.training.regularization_code import regularization_code
from explainer.ui.components.tiles import Tile, TileRow, tiles
from explainer.ui.controls.choice import radio, segmented, tabs
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.widget_values import picture_first, value_of
from pages.training.regularization import links, words

LINK: Literal["query-params"] = "query-params"
MEASURES: dict[Measure, str] = {"loss": "Loss", "accuracy": "Accuracy"}
MOST_PATIENCE, USUAL_PATIENCE = 20, 5
TABS = {"weights": "The weights", "digits": "Augmented digits", "remedies": "All kinds"}
COPIES, SHOWN = 9, 4  # augmented copies of each digit, and how many digits
HEIGHT = 360

TRY_THIS = [
    Preset("Dropout", {"r_remedy": "dropout"}),
    Preset("L1: most weights vanish", {"r_remedy": "l1", "r_below": "weights"}),
    Preset("Augmentation, in accuracy", {"r_remedy": "augmentation", "r_measure": "accuracy"}),
    Preset("Too little patience", {"r_patience": "1"}),
    Preset("Digits moved too far", {"r_below": "digits", "r_shift": "10", "r_rotate": "180"}),
]
SOURCES = [
    'A. Krogh, J. Hertz, "A simple weight decay can improve generalization", NIPS 1991: L2.',
    'R. Tibshirani, "Regression shrinkage and selection via the lasso", J. R. Stat. Soc. B 58(1), 1996: L1 and zeros.',
    'N. Srivastava et al., "Dropout", Journal of Machine Learning Research 15, 2014.',
    'P. Simard, D. Steinkraus, J. Platt, "Best practices for convolutional neural networks applied to visual document '
    'analysis", ICDAR 2003: augmented digits.',
    'L. Prechelt, "Early stopping – but when?", in "Neural Networks: Tricks of the Trade", Springer 1998.',
    'I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning", MIT Press 2016, chapter 7.',
]


@dataclass(frozen=True)
class View:
    """What the page shows: the remedy, the seed of its run, loss or accuracy, and the patience."""

    remedy: Remedy
    seed: int
    measure: Measure
    patience: int
    with_plain: bool

    @property
    def record(self) -> Record:
        """The recorded run."""
        return record_of(self.remedy, self.seed)

    @property
    def stop(self) -> EarlyStop:
        """Where early stopping would have ended it."""
        return early_stopping(self.record.curves.validation_loss, self.patience)


def show() -> None:
    """The controls beside the curves, and below them what they say."""
    left, right = page.controls_and_picture()
    picture_first("regularization", partial(_picture, right), partial(_controls, left))
    _below(_view())


def _controls(place: DeltaGenerator) -> None:
    with place:
        remedy = radio("Regularization", words.NAMES, "r_remedy", horizontal=False)
        st.slider(
            label="Patience (epochs)",
            min_value=1,
            max_value=MOST_PATIENCE,
            value=USUAL_PATIENCE,
            key="r_patience",
            bind=LINK,
            help="How long early stopping waits for a lower validation loss before it ends the run.",
        )
        segmented("Curves of", MEASURES, "r_measure")
        seeds = [str(seed) for seed in SEEDS]
        about = "Each has its own digits."
        st.segmented_control("Seed", seeds, default=seeds[0], required=True, key="r_seed", bind=LINK, help=about)
        st.toggle("The plain network beside", True, key="r_plain", bind=LINK, disabled=remedy == "none")


def _view() -> View:
    remedy: Remedy = value_of("r_remedy")
    return View(
        remedy=remedy,
        seed=int(value_of("r_seed") or SEEDS[0]),  # an address may hold nothing
        measure=value_of("r_measure"),
        patience=int(value_of("r_patience")),
        with_plain=bool(value_of("r_plain")) and remedy != "none",
    )


def _picture(place: DeltaGenerator) -> None:
    view = _view()
    record, stop = view.record, view.stop
    with place:
        page.chart(_curves(view), _alt(view), key="r_curves")
        page.notice(words.notice(record, stop))
        st.markdown(words.where(stop))
        page.formula(words.objective(view.remedy, record, stop.best))
        page.formula(words.stopping_rule(record.curves.validation_loss, stop, view.patience))
        st.caption(words.made_with(view.remedy))
    page.pytorch_snippet(regularization_code(record.config, record.curves.validation_loss, view.patience))


def _curves(view: View) -> object:
    stop = Stop(view.stop.best, view.stop.last, view.stop.waited)
    plain = _lines("none", view, validation=False) if view.with_plain else None
    run = _lines(view.remedy, view, validation=True)
    return drawn(overfitting_curves, run, plain, stop, view.measure, page.is_dark(), height=HEIGHT)


def _lines(remedy: Remedy, view: View, validation: bool) -> RunLines:
    curves, scale = record_of(remedy, view.seed).curves, 100 if view.measure == "accuracy" else 1
    train, test, watched = (
        tuple(scale * value for value in getattr(curves, f"{part}_{view.measure}"))
        for part in ("train", "test", "validation")
    )
    return RunLines(words.NAMES[remedy], train, test, watched if validation else ())


def _alt(view: View) -> str:
    return (
        f"Curves of {view.measure} over {len(view.record.curves.test_loss) - 1} epochs, {words.NAMES[view.remedy]}: "
        f"training, validation and test digits. The best epoch is {view.stop.best}, the last trained {view.stop.last}."
    )


def _below(view: View) -> None:
    """Weights, augmented digits, and all remedies, as tabs: only the one that is open is computed."""
    below = tabs(TABS, "r_below")
    if below["weights"].open:
        with below["weights"]:
            _weights(view)
    if below["digits"].open:
        with below["digits"]:
            _digits()
    if below["remedies"].open:
        with below["remedies"]:
            st.markdown(words.table(view.patience))
            page.notice(words.best_said(view.patience))


def _weights(view: View) -> None:
    names: list[Remedy] = [view.remedy] if view.remedy == "none" else [view.remedy, "none"]
    runs = [(words.NAMES[remedy], record_of(remedy, view.seed).histogram) for remedy in names]
    alt = f"Histogram of the weights after the last epoch: {', '.join(name for name, _ in runs)}."
    page.chart_below(drawn(weight_histogram, EDGES, runs, page.is_dark()), alt, key="r_weights")
    page.notice(words.weights_said(view.remedy, view.seed))


def _digits() -> None:
    """Training digits as a network with augmentation sees them, by the strength that the visitor chooses."""
    left, right = st.columns([1, 2.6], gap="medium")
    with left:
        shift = st.slider("Shift (pixels)", 0, 12, SHIFT, key="r_shift", bind=LINK)
        rotate = st.slider("Rotate (degrees)", 0, 180, int(ROTATE), 5, key="r_rotate", bind=LINK)
        draw = int(st.number_input("Draw number", 0, 9_999, 0, key="r_draw", bind=LINK))
    with right:
        tiles(list(_rows(shift, float(rotate), draw)), key="r_tiles")
        page.notice(words.augmentation_said(shift, rotate))


@st.cache_data(max_entries=60, show_spinner=False)
def _rows(shift: int, rotate: float, draw: int) -> tuple[TileRow, ...]:
    from explainer.training.regularization_runs import augmented  # noqa: PLC0415  the page opens without torch

    data = load("mnist")
    rows = []
    for digit in range(SHOWN):
        image = data.train_images[digit]
        changed = augmented(np.repeat(image[None], COPIES, axis=0), shift, rotate, draw + digit)
        made = tuple(Tile(pixels, detail=f"Copy {number}") for number, pixels in enumerate(changed, 1))
        first = Tile(image.astype(np.float32), caption="as it is", emphasis="strong")
        label = data.class_names[data.train_labels[digit]]
        rows.append(TileRow(f"A training digit, {label}", (first, *made), "grey", limit=255.0))
    return tuple(rows)


PAGE = Page(
    "regularization",
    "Regularization",
    "Why does a network that knows all its training digits fail on new ones, and what helps?",
    show,
    presets=TRY_THIS,
    sources=SOURCES,
    below=(links.train_it_yourself,),
)
