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
from explainer.ui.components.live_text import Line
from explainer.ui.frame.followed import Followed
from explainer.ui.frame.long_work import long_work

_rankings = Lru["Found"](24)


@dataclass(frozen=True, eq=False)
class Found:
    """The ranking of the first ``done`` of ``total`` pictures."""

    ranking: Ranking
    done: int
    total: int

    @property
    def is_whole(self) -> bool:
        """Whether all pictures are ranked."""
        return self.done == self.total


def bundled_name(network: Network) -> str | None:
    """What the zoo calls a bundled network, None for a visitor's own."""
    name = zoo.name_of(network)
    return name if name in zoo.BUNDLED else None


def ranking(network: Network, layer: Layer, at: tuple[int, int] | None, pictures: Pictures) -> Found | None:
    """The ranking of all pictures, or of those that are done so far, with the progress above it; None at first.

    Test digits are ranked at once, squares of photographs beside the page.
    """
    if pictures.dataset is not None:
        ranked = _of_digits(network, layer.name, at, pictures.dataset)
        return Found(ranked, ranked.count, ranked.count)
    identity = (network.key, layer.name, at)
    found, work = long_work(
        "ex_squares", identity, lambda: _of_squares(network, layer.name, at, pictures), _whole, _rankings
    )
    if work:
        found = Followed(work, "ex_squares", _line, mark=_done, can_stop=False).show()
    return found


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


def _whole(found: Found) -> bool:
    return found.is_whole


def _done(found: Found | None) -> int:
    return found.done if found else 0


def _line(found: Found | None) -> Line:
    if found is None:
        return Line(["Looking at crops of the six sample photographs"], share=0.0)
    said = f"Looked at {found.done} of {found.total} crops of the six sample photographs"
    return Line([said], share=found.done / found.total)
