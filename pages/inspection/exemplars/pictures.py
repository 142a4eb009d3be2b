"""The ranking of the pictures among which a network's units choose, made beside the page where there is much to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st

from explainer.data.catalogue import DatasetName
from explainer.data.digits import load
from explainer.inspection.exemplars import Peaks, Ranking, joined, peaks, rank
from explainer.inspection.picture_sets import Pictures
from explainer.lru import Lru
from explainer.networks import zoo
from explainer.networks.description import Layer
from explainer.networks.graph import Network
from explainer.ui.components.feed import News, feed
from explainer.ui.components.live_text import Line, live_text
from explainer.ui.components.live_text import encode as encode_line
from explainer.ui.frame.background import Background, waits
from explainer.ui.frame.long_work import long_work
from explainer.ui.frame.verbatim import verbatim

EVERY = 0.5  # seconds between two looks at work in the background
_PROGRESS = "exemplars-progress"  # name of the feed

_rankings = Lru["Found"](24)


@dataclass(frozen=True, eq=False)
class Found:
    """The ranking of the first ``done`` of ``total`` pictures."""

    ranking: Ranking
    done: int
    total: int


def bundled_name(network: Network) -> str | None:
    """What the zoo calls a bundled network, None for a visitor's own."""
    return next((name for name, title in zoo.BUNDLED.items() if title == network.description.title), None)


def ranking(network: Network, layer: Layer, at: tuple[int, int] | None, pictures: Pictures) -> Ranking | None:
    """The ranking of all pictures, or of those that are done so far, with the progress above it; None at first.

    Test digits are ranked at once, squares of photographs beside the page.
    """
    if pictures.dataset is not None:
        return _of_digits(network, layer.name, at, pictures.dataset)
    identity = (network.key, layer.name, at)
    found, work = long_work(
        "ex_squares", identity, lambda: _of_squares(network, layer.name, at, pictures), _is_whole, _rankings
    )
    if work and work.problem:
        st.error(verbatim(work.problem))
    elif work and not work.over:
        live_text(_progress(work), "ex_progress", _PROGRESS)
        feed("ex_feed", lambda: _news(work), _state(work), EVERY, going=True)
    return found.ranking if found else None


@st.cache_data(max_entries=32, show_spinner="Looking at 10,000 test digits", hash_funcs={Network: lambda one: one.key})
def _of_digits(network: Network, layer: str, at: tuple[int, int] | None, dataset: DatasetName) -> Ranking:
    return rank(joined(peaks(network, layer, load(dataset).test_images, at)))


def _of_squares(network: Network, layer: str, at: tuple[int, int] | None, pictures: Pictures) -> Iterator[Found]:
    """The ranking after every batch."""
    pixels, parts = pictures.all_pixels(), list[Peaks]()
    for part in peaks(network, layer, pixels, at):
        parts.append(part)
        so_far = joined(parts)
        yield Found(rank(so_far), len(so_far.values), len(pixels))


def _is_whole(found: Found) -> bool:
    return found.done == found.total


def _progress(work: Background[Found]) -> Line:
    if waiting := waits(work):
        return Line([waiting], share=0.0)
    if work.latest is None:
        return Line(["Looking at squares of the six sample photographs"], share=0.0)
    done, total = work.latest.done, work.latest.total
    return Line([f"Looked at {done} of {total} squares of the six sample photographs"], share=done / total)


def _state(work: Background[Found]) -> str:
    """What the page depends on."""
    return "over" if work.over else str(work.latest.done if work.latest else 0)


def _news(work: Background[Found]) -> News:
    state = _state(work)
    return News(state, {_PROGRESS: encode_line(_progress(work))}, some=True, going=state != "over")
