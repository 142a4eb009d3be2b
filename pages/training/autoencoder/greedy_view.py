"""The view "Greedy start": what training layer by layer without labels is worth before training with few."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from explainer.figures.autoencoder import StartCurves, layers_figure, start_figure
from explainer.lru import Lru
from explainer.tasks.autoencoder.autoencoder_formula import difference_formula, greedy_formula
from explainer.tasks.autoencoder.greedy import (
    LABELS,
    SEEDS,
    STARTS,
    TESTS,
    UNITS,
    Greedy,
    GreedyConfig,
    compared,
    difference,
)
from explainer.tasks.autoencoder.greedy_code import greedy_code
from explainer.ui.components.live_chart import live_chart
from explainer.ui.components.live_text import Line
from explainer.ui.controls.choice import segmented, stepped
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.ui.frame.followed import Followed
from explainer.ui.frame.long_work import long_work
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels, language, say
from explainer.words.book import Said

UNIT, LAYERS, COUNT = "ae_unit", "ae_layers", "ae_labels"
LAYER_NAMES = {str(count): str(count) for count in (2, 4, 6, 8)}
LABEL_NAMES = {str(count): f"{count:,}" for count in LABELS}
HEIGHT = 330  # of the charts, in pixels
_TURN = "ae_turn"  # how often the visitor began anew
_KEPT: Lru[Greedy] = Lru(32)


def controls(place: DeltaGenerator) -> None:
    """What is compared."""
    with place:
        segmented(say("autoencoder.greedy.unit"), labels("autoencoder.greedy.units.{}", UNITS), UNIT, wrap=True)
        stepped(say("autoencoder.greedy.layers"), LAYER_NAMES, LAYERS, first="6")
        about = say("autoencoder.greedy.labels_help")
        segmented(say("autoencoder.greedy.labels"), LABEL_NAMES, COUNT, first="300", help=about)


def config() -> GreedyConfig:
    """What the controls hold."""
    return GreedyConfig(value_of(UNIT), int(value_of(LAYERS)), int(value_of(COUNT)))


def picture(place: DeltaGenerator, row: DeltaGenerator) -> str:
    """Draws the curves as far as they are known; the script that measures them."""
    wanted = config()
    with row.container():
        found = _followed(wanted)
    with place:
        left, right = st.columns((1.5, 1), gap="medium")
        with left:
            _curves(found)
        with right:
            _layers(found)
        page.notice(_notice(found))
        page.formula(greedy_formula(), *([difference_formula(difference(found))] if found.whole else []))
    return _code(wanted)


@st.cache_data(max_entries=16, show_spinner=False)
def _code(wanted: GreedyConfig) -> str:
    return greedy_code(wanted)


def _followed(wanted: GreedyConfig) -> Greedy:
    """What is known; how far the work is, as long as it goes on beside the page."""
    turn = st.session_state.get(_TURN, 0)
    key = f"ae_greedy_{turn}"
    found, work = long_work(key, wanted, lambda: _work(wanted), lambda made: made.whole, _KEPT)
    if work is not None:
        told = language()
        found = Followed(work, "ae_work", lambda made: _line(made, told), mark=_mark).show()
        if work.is_stopped:
            st.button(say("autoencoder.greedy.again"), key="ae_again", on_click=_begin_anew)
    return found or Greedy(wanted, dict.fromkeys(STARTS, ()))


def _begin_anew() -> None:
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


def _work(wanted: GreedyConfig) -> Iterator[Greedy | None]:
    yield from compared(wanted)


def _mark(found: Greedy | None) -> object:
    """The page is drawn anew with every layer, and with every second test."""
    if found is None:
        return 0
    return found.doing, sum(len(curve) for curves in found.errors.values() for curve in curves) // 2


def _line(found: Greedy | None, told: str) -> Line:
    if found is None:
        return Line([Said("autoencoder.greedy.begins").text(told)], share=0.0)
    seed, layer = found.doing
    values = {"seed": seed + 1, "seeds": SEEDS}
    if layer is None:
        said = Said("autoencoder.greedy.tunes", **values)
    else:
        said = Said("autoencoder.greedy.trains", **values, layer=layer + 1, layers=found.config.layers)
    return Line([said.text(told)], share=found.share)


def _curves(found: Greedy) -> None:
    names = labels("autoencoder.greedy.starts.{}", STARTS)
    curves = [StartCurves(names[start], _table(found.errors[start], len(TESTS))) for start in STARTS]
    titles = say("autoencoder.greedy.errors"), say("autoencoder.greedy.steps")
    figure = drawn(start_figure, TESTS, curves, titles=titles, dark=page.is_dark(), height=HEIGHT)
    live_chart(figure, say("autoencoder.greedy.alt"), "ae_starts")


def _layers(found: Greedy) -> None:
    names = [str(number + 1) for number in range(found.config.layers)]
    shares = _table(found.layer_errors, len(names))
    titles = say("autoencoder.greedy.lost"), say("autoencoder.greedy.layer")
    known = shares if len(shares) else np.zeros((1, len(names)))
    figure = drawn(layers_figure, names, known, titles=titles, dark=page.is_dark(), height=HEIGHT)
    live_chart(figure, say("autoencoder.greedy.layers_alt"), "ae_layers_chart")


def _table(rows: tuple[tuple[float, ...], ...], count: int) -> NDArray[np.float64]:
    """In %: rows (r, count), NaN where they have not come to."""
    made = np.full((len(rows), count), np.nan)
    for number, row in enumerate(rows):
        made[number, : len(row)] = 100 * np.array(row)
    return made


def _notice(found: Greedy) -> Said:
    if not found.whole:
        return Said("autoencoder.greedy.notice.going", labels=found.config.labels)
    made = difference(found)
    values = {
        "random": made.random,
        "greedy": made.greedy,
        "low": 100 * made.low,
        "high": 100 * made.high,
        "labels": found.config.labels,
    }
    apart = 100 * abs(made.mean)
    if made.low > 0:
        return Said("autoencoder.greedy.notice.better", **values, mean=apart)
    if made.high < 0:
        return Said("autoencoder.greedy.notice.worse", **values, mean=apart)
    return Said("autoencoder.greedy.notice.same", **values)
