"""Draw a digit, or photograph one: what the chosen run's network reads in it, at this moment of its training.

A run on pictures in colour is shown test pictures instead.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from explainer.data.catalogue import COLOUR, TITLES, is_available
from explainer.data.digits import load
from explainer.figures.probabilities import probability_bars
from explainer.training.class_titles import class_titles
from explainer.training.config import RunConfig
from explainer.ui.components.live_chart import live_chart
from explainer.ui.components.tiles import Tile, TileRow, tiles
from explainer.ui.controls import own_digit
from explainer.ui.controls.inputs import DRAWING, NoInputError
from explainer.ui.controls.moments import choose_moment, chosen_stage
from explainer.ui.frame import page
from explainer.ui.frame.studio import Run
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.language import language, say, text_of
from explainer.words.book import Said
from pages.training.train.actions import redraw_if_changed
from pages.training.train.watch import EVERY

PICTURE, KIND = "picture", "own"
LINK: Literal["query-params"] = "query-params"


def draw(run: Run | None, config: RunConfig) -> None:
    """The pad, the picture that the network gets, and its ten probabilities, which follow the pen and the training.

    Before the first run the present settings, ``config``, say what a network will read.
    """
    dataset = run.job.config.dataset if run else config.dataset
    if run:
        choose_moment(run, language())
    if dataset in COLOUR and not is_available(dataset):
        st.info(verbatim(say("train.buttons.not_here", dataset=TITLES[dataset])))
        return
    kind = "" if dataset in COLOUR else own_digit.choose_kind(KIND)
    going = bool(run and run.job.going)
    st.fragment(run_every=2 * EVERY if going else None)(_read)(run, kind)


def _read(run: Run | None, kind: str) -> None:
    if kind:
        _draw(run, kind)
    else:
        _pick(run)


def _pick(run: Run | None) -> None:
    """A test picture in colour in the place of a drawing."""
    if run:
        redraw_if_changed(run)
    data, titles = load("cifar-10"), class_titles("cifar-10", language())
    left, right = st.columns([1, 1.4])
    with left:
        most = len(data.test_labels) - 1
        number = int(st.number_input(say("train.colour.number", most=most), 0, most, 0, key=PICTURE, bind=LINK))
        picture, true = data.test_images[number], titles[data.test_labels[number]]
        tile = Tile(picture.astype("float32"), true, say("train.colour.shown", index=number, true=true))
        tiles([TileRow(say("train.colour.test_picture"), (tile,), "colour", 255.0, size=160)], key="picked")
        st.caption(say("train.colour.no_drawing"))
    with right:
        _reading(run, picture)


def _draw(run: Run | None, kind: str) -> None:
    if run:
        redraw_if_changed(run)
    left, middle, right = st.columns([1.25, 0.75, 1.6])
    with left:
        own_digit.offer(kind, finds=True)
    try:
        picture = own_digit.own_digit(kind)
    except NoInputError as problem:
        if kind == DRAWING:
            right.info(say("train.draw.blank"))
        else:
            right.info(verbatim(text_of(problem.said)))
        return
    with middle:
        tile = Tile(picture.astype("float32"), detail=say("train.draw.seen_detail") if kind == DRAWING else "")
        tiles([TileRow(say("train.draw.seen"), (tile,), "grey", 255.0)], key="drawn")
    with right:
        _reading(run, picture)


def _reading(run: Run | None, picture: NDArray[np.uint8]) -> None:
    state = run.job.state() if run else None
    if run is None or state is None or state.weights is None:
        part = "colour" if picture.ndim == 3 else "draw"
        nothing = Said(f"train.{part}.waits" if state and state.going else f"train.{part}.no_network")
        st.info(verbatim(say((run.not_kept if run else None) or nothing)))
        return
    now = (state.weights, state.weights_step)
    if stage := chosen_stage(state):
        then, latest = st.columns(2)
        _probabilities(then, run, (stage.weights, stage.step), picture, "probabilities_then", is_narrow=True)
        _probabilities(latest, run, now, picture, "probabilities", is_narrow=True)
        return
    _probabilities(st.container(), run, now, picture, "probabilities")


def _probabilities(
    place: DeltaGenerator,
    run: Run,
    weights: tuple[bytes, int],
    picture: NDArray[np.uint8],
    key: str,
    *,
    is_narrow: bool = False,
) -> None:
    """What the network of these weights, of this step, says of the picture."""
    from explainer.networks.predict import probabilities  # noqa: PLC0415  torch, only when there is a drawing

    file, steps = weights
    shares = probabilities(file, picture)
    names = class_titles(run.job.config.dataset, language())
    best = int(shares.argmax())
    share = float(shares[best])
    figure = probability_bars(shares, names, page.is_dark(), height=330, language=language())
    if is_narrow:
        figure.update_xaxes(nticks=3)
    with place:
        part = "colour" if picture.ndim == 3 else "draw"
        said = say(f"train.{part}.reads", run=verbatim(run.name), steps=steps, digit=names[best], share=share)
        st.markdown(said)
        live_chart(figure, alt=say(f"train.{part}.probabilities", digit=names[best]), key=key)
