"""Draw a digit: what the chosen run's network reads in it, at this moment of its training."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.data.digits import load
from explainer.data.drawing import EmptyDrawingError
from explainer.figures.probabilities import probability_bars
from explainer.ui.components.digit_pad import digit_on, digit_pad
from explainer.ui.components.live_chart import live_chart
from explainer.ui.components.tiles import Tile, TileRow, tiles
from explainer.ui.frame import page
from explainer.ui.frame.studio import Run
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.language import language, say
from explainer.words.book import Said
from pages.training.train.actions import redraw_if_changed
from pages.training.train.watch import EVERY

PAD = "digit"


def draw(run: Run | None) -> None:
    """The pad, the picture that the network gets, and its ten probabilities, which follow the pen and the training."""
    going = bool(run and run.job.going)
    st.fragment(run_every=2 * EVERY if going else None)(_draw)(run)


def _draw(run: Run | None) -> None:
    if run:
        redraw_if_changed(run)
    left, middle, right = st.columns([1.25, 0.75, 1.6])
    with left:
        digit_pad(PAD)
    try:
        picture = digit_on(PAD)
    except EmptyDrawingError:
        right.info(say("train.draw.blank"))
        return
    with middle:
        tile = Tile(picture.astype("float32"), detail=say("train.draw.seen_detail"))
        tiles([TileRow(say("train.draw.seen"), (tile,), "grey", 255.0)], key="drawn")
    with right:
        _reading(run, picture)


def _reading(run: Run | None, picture: NDArray[np.uint8]) -> None:
    weights = run.job.state().weights if run else None
    if run is None or weights is None:
        waits = run is not None and run.job.state().going
        nothing = Said("train.draw.waits" if waits else "train.draw.no_network")
        st.info(verbatim(say((run.not_kept if run else None) or nothing)))
        return
    from explainer.networks.predict import probabilities  # noqa: PLC0415  torch, only when there is a drawing

    shares = probabilities(weights, picture)
    names = load(run.job.config.dataset).class_names
    best = int(shares.argmax())
    percent, steps = 100 * float(shares[best]), run.job.state().weights_step
    st.markdown(say("train.draw.reads", run=verbatim(run.name), steps=steps, digit=names[best], percent=percent))
    figure = probability_bars(shares, names, page.is_dark(), height=330, language=language())
    live_chart(figure, alt=say("train.draw.probabilities", digit=names[best]), key="probabilities")
