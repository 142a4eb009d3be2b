"""From the digits 0 to 4 to 5 to 9: accuracy against the number of pictures, transferred and from scratch."""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.figures.transfer import few_figure
from explainer.tasks.transfer.halves_code import halves_code
from explainer.tasks.transfer.halves_config import CLASSES, COUNTS, HalvesConfig
from explainer.tasks.transfer.halves_reports import HalvesResults
from explainer.ui.components.live_chart import live_chart
from explainer.ui.controls.following import Followed, follow, mark_of
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.language import say
from explainer.words.book import Said
from pages.training.transfer import digits_state
from pages.training.transfer.ways_state import way_names

HEIGHT = 400  # of the curves, in pixels
FEW = 1  # of ``COUNTS``: the number of pictures that is spoken of
FROZEN, TUNED, SCRATCH = range(3)


def picture(place: DeltaGenerator, row: DeltaGenerator, wanted: HalvesConfig) -> str | None:
    """The buttons in ``row``, the curves, and what the first digits were worth; the script that measures them."""
    run = digits_state.LEARNER.chosen(wanted)
    mark = mark_of(run)  # before the page is drawn: what is newer draws it anew
    found = digits_state.results(wanted, run)
    with row, digits_state.LEARNER.bar():
        follow([Followed(run, mark, lambda _: {})] if run else [], "transfer-digits")
    with place:
        if run and (message := run.job.state().message):
            st.warning(verbatim(message))
        _curves(found)
        page.notice(_notice(found, is_going=run is not None and run.job.going))
        page.formula(_formula(found))
        for said in _asides(found, wanted):
            st.markdown(say(said))
    return _code(wanted)


@st.cache_data(max_entries=16, show_spinner=False)
def _code(wanted: HalvesConfig) -> str | None:
    return halves_code(wanted)


def _curves(found: HalvesResults) -> None:
    figure = drawn(
        few_figure,
        found.accuracy,
        COUNTS,
        way_names(),
        titles=(say("transfer.halves.axis"), say("transfer.halves.accuracy"), say("transfer.halves.guess")),
        chance=1 / CLASSES,
        dark=page.is_dark(),
        height=HEIGHT,
    )
    live_chart(figure, say("transfer.halves.alt"), "tl_few_pictures")


def _notice(found: HalvesResults, *, is_going: bool) -> Said:
    accuracy = found.accuracy
    if np.isfinite(accuracy[:, FEW]).all():
        means, spreads = accuracy[:, FEW].mean(axis=1), 100 * accuracy[:, FEW].std(axis=1, ddof=1)
        shares = {"frozen": means[FROZEN], "tuned": means[TUNED], "scratch": means[SCRATCH]}
        about = {"frozen_spread": spreads[FROZEN], "tuned_spread": spreads[TUNED], "scratch_spread": spreads[SCRATCH]}
        return Said("transfer.halves.notice", count=accuracy.shape[2], **shares, **about)
    if known := int(np.isfinite(accuracy).sum()):
        return Said("transfer.halves.going", known=known, count=accuracy.size)
    return Said("transfer.halves.first") if is_going else Said("transfer.halves.before", count=accuracy.shape[2])


def _formula(found: HalvesResults) -> str:
    """What the transfer adds with few pictures, by the mean accuracies."""
    count = COUNTS[FEW]
    gain = rf"\Delta_{{{count}}} = \bar a_\text{{old}} - \bar a_\text{{new}}"
    if not np.isfinite(found.accuracy[:, FEW]).all():
        return gain
    best, scratch = _better(found)[FEW], found.accuracy[SCRATCH, FEW].mean()
    return rf"{gain} = {best:.3f} - {scratch:.3f} = {best - scratch:.3f}"


def _better(found: HalvesResults) -> np.ndarray:
    """Of each count the mean accuracy (counts,) of the better of the two transferred networks."""
    means: np.ndarray = found.accuracy[:SCRATCH].mean(axis=2).max(axis=0)
    return means


def _asides(found: HalvesResults, wanted: HalvesConfig) -> list[Said]:
    """How many pictures the transfer saves, and what the network has seen that all began with."""
    made = []
    if np.isfinite(found.accuracy).all():
        made.append(worth(found))
    if wanted.weights:
        made.append(Said("transfer.halves.has_seen"))
    elif found.first is not None:
        made.append(Said("transfer.halves.read_first", share=found.first))
    return made


def worth(found: HalvesResults) -> Said:
    """The fewest pictures from scratch that are as good as few of them are after the transfer."""
    reached = found.accuracy[SCRATCH].mean(axis=1) >= _better(found)[FEW]
    few = Said("transfer.halves.few", count=COUNTS[FEW])
    if not reached.any():
        return Said("transfer.halves.worth.none", few=few)
    return Said("transfer.halves.worth.so_many", few=few, count=COUNTS[int(reached.argmax())])
