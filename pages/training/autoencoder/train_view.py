"""The view "Autoencoder": digits that come back, how far off they are, and the map of their codes."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from explainer.data.digits import DatasetError
from explainer.figures.autoencoder import ErrorCurve, error_figure
from explainer.figures.learning import Baseline
from explainer.tasks.autoencoder.autoencoder_code import script
from explainer.tasks.autoencoder.autoencoder_formula import loss_formula
from explainer.tasks.autoencoder.config import AutoencoderConfig
from explainer.tasks.autoencoder.data import unseen_digits
from explainer.tasks.autoencoder.reports import AutoencoderViews
from explainer.training.messages import Changed
from explainer.ui.components.live_chart import live_chart
from explainer.ui.components.tiles import Tile, TileRow, tiles
from explainer.ui.components.tiles import encode as encode_row
from explainer.ui.controls.following import Followed, follow, mark_of
from explainer.ui.controls.run_history import history_button, weights_button
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.language import labels, message_of, say
from pages.training.autoencoder import map_section, state, words
from pages.training.autoencoder.state import Shown

HEIGHT, SIZE = 236, 40  # of the chart, and of a digit, in pixels
TILES = "autoencoder-tiles"  # the name of the feed


def picture(place: DeltaGenerator, row: DeltaGenerator) -> str | None:
    """Draws the digits, the curves and the map, and in ``row`` the buttons.

    Returns the code for the run, None where there is none.
    """
    wanted = state.config()
    run = state.LEARNER.chosen(wanted)
    mark = mark_of(run)  # before the page is drawn: what is newer redraws it
    try:
        own = state.shown(wanted)
    except DatasetError as problem:
        place.error(verbatim(message_of(problem)))
        return None
    given = _given(own)
    with row, state.LEARNER.bar():
        followed = [] if run is None else [Followed(run, mark, lambda views: tiles_news(given, views))]
        follow(followed, "autoencoder")
    with place:
        if run is not None and (message := run.job.state().message):
            st.warning(verbatim(message))
        _shown(own, given)
    return _script(own.config, *_so_far(own))


def _shown(own: Shown, given: TileRow) -> None:
    left, right = st.columns((1.12, 1), gap="medium")
    with left:
        tiles([given, _back(own.views)], "ae_tiles", TILES)
        _curves(own)
    with right:
        map_section.code_map(own)
    page.notice(words.notice(own))
    page.formula(loss_formula(own.config, _error_now(own)))
    st.markdown(map_section.map_said(own))
    map_section.way(own)
    _downloads(own)


def tiles_news(given: TileRow, views: AutoencoderViews) -> dict[str, dict[str, Any]]:
    """What the digits get while a run goes: all rows anew."""
    return {TILES: {"rows": [encode_row(given), encode_row(_back(views))]}}


def _given(own: Shown) -> TileRow:
    """The watched test digits as the network is given them."""
    digits = unseen_digits(own.config.noise)
    pixels = 255 * digits.inputs[list(digits.watched), 0].numpy()
    title = say("autoencoder.tiles.noisy") if own.config.noise else say("autoencoder.tiles.given")
    return TileRow(title, tuple(map(Tile, pixels)), "grey", 255.0, SIZE)


def _back(views: AutoencoderViews) -> TileRow:
    pixels = views.output.astype(np.float32)
    return TileRow(say("autoencoder.tiles.back"), tuple(map(Tile, pixels)), "grey", 255.0, SIZE)


def _error_now(own: Shown) -> float:
    """On the test digits, at the latest measurement or before any training."""
    found = [point.test_error for point in own.points if point.test_error is not None]
    return found[-1] if found else state.untrained_error(own.config)


def _curves(own: Shown) -> None:
    seen = np.array([min(point.step * own.config.batch_size, own.config.scenes) for point in own.points], np.float64)
    train = ErrorCurve(say("autoencoder.chart.train"), seen, _column([point.loss for point in own.points]))
    test = ErrorCurve(say("autoencoder.chart.test"), seen, _column([point.test_error for point in own.points]))
    linear = say("autoencoder.chart.linear") if own.config.noise else say("autoencoder.chart.pca", code=own.config.code)
    levels = [Baseline(say("autoencoder.chart.mean"), own.known.mean_digit), Baseline(linear, own.known.linear)]
    figure = drawn(
        error_figure,
        train,
        test,
        levels,
        end=own.config.scenes,
        titles=(say("autoencoder.chart.error"), say("autoencoder.chart.digits")),
        dark=page.is_dark(),
        height=HEIGHT,
    )
    live_chart(figure, say("autoencoder.chart.alt"), "ae_curves")


def _column(values: list[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _downloads(own: Shown) -> None:
    """Two buttons, once a run is over."""
    if not own.state or own.state.going or not own.points:
        return
    with st.container(horizontal=True):
        if own.state.weights:
            weights_button(
                say("autoencoder.weights"), own.state.weights, file="digits-autoencoder.safetensors", key="ae_download"
            )
        measured = labels("autoencoder.measured.{}", ("test_error", "test_pictures"))
        history_button(
            own.state, (say("autoencoder.chart.error"),), measured, file="digits-autoencoder.csv", key="ae_history"
        )


def _so_far(own: Shown) -> tuple[tuple[Changed, ...], int | None]:
    """What was changed in mid-run, and the step at which the run was stopped."""
    if own.state is None:
        return (), None
    is_stopped = own.state.status == "stopped" and own.points
    return own.state.changes, own.points[-1].step if is_stopped else None


@st.cache_data(max_entries=32, show_spinner=False)
def _script(config: AutoencoderConfig, changes: tuple[Changed, ...], steps: int | None) -> str:
    return script(config, changes, steps)
