"""Among which pictures a network's units choose: the test digits, or squares of the sample photographs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.data.catalogue import CLASS_NAMES, TITLES, DatasetName, is_available
from explainer.data.digits import load
from explainer.data.samples import PHOTOGRAPHS
from explainer.inspection import patches
from explainer.inspection.exemplars import STRONGEST, Peaks, Ranking, joined, peaks, rank, readings
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

FIRST_SQUARES = 20  # of the squares, whose photographs are counted: there are few in all
SHORT = {"cat": "cat", "photographer": "person", "astronaut": "astro-<br>naut", "coffee": "cup", "rocket": "rocket"}
EVERY = 0.5  # seconds between two looks at work in the background
_PROGRESS = "exemplars-progress"  # name of the feed

_rankings = Lru["Found"](24)


@dataclass(frozen=True, eq=False)
class Found:
    """The ranking of the first ``done`` of ``total`` pictures."""

    ranking: Ranking
    done: int
    total: int


@dataclass(frozen=True, eq=False)
class Pictures:
    """What a network's units choose among: the test digits of ``dataset``, or squares of photographs where it is None.

    ``what`` is what people call them; the groups of the first ``most`` are counted.
    """

    network: Network
    dataset: DatasetName | None

    @property
    def what(self) -> str:
        """In the middle of a sentence."""
        if self.dataset is None:
            return "squares of the sample photographs"
        return "test digits" if self.dataset == "mnist" else f"test pictures of {TITLES[self.dataset]}"

    @property
    def most(self) -> int:
        """How many of the strongest are counted."""
        return FIRST_SQUARES if self.dataset is None else STRONGEST

    @property
    def names(self) -> tuple[str, ...]:
        """Of the groups: classes or photographs."""
        return tuple(photo.title for photo in PHOTOGRAPHS) if self.dataset is None else CLASS_NAMES[self.dataset]

    @property
    def short_names(self) -> tuple[str, ...]:
        """As they fit below a bar."""
        if self.dataset is not None:
            return self.names
        return tuple(SHORT.get(photo.name, photo.name) for photo in PHOTOGRAPHS)

    @property
    def groups(self) -> NDArray[np.int64]:
        """Of which group each picture is."""
        if self.dataset is None:
            return np.array([square.photo for square in patches.squares()])
        return load(self.dataset).test_labels.astype(np.int64)

    def all_pixels(self) -> NDArray[np.uint8]:
        """All pictures as the network is shown them."""
        if self.dataset is None:
            return patches.pictures(self.network.description.transform)
        return load(self.dataset).test_images

    def pixels(self, number: int) -> NDArray[np.uint8]:
        """One of them."""
        chosen: NDArray[np.uint8] = self.all_pixels()[number]
        return chosen

    def title(self, number: int) -> str:
        """What people call one of them."""
        if self.dataset is None:
            square = patches.squares()[number]
            return f"{self.names[square.photo]}, {square.side} x {square.side} pixels of it"
        return f"test digit {number:,}" if self.dataset == "mnist" else f"test picture {number:,}"

    def told(self, numbers: list[int]) -> list[str]:
        """What is told of each, with the class that the network gives it where that is soon found out."""
        titles = [self.title(number)[0].upper() + self.title(number)[1:] for number in numbers]
        if self.dataset is None:
            return titles
        answers, shares = readings(self.network, self.all_pixels()[numbers])
        classes = self.network.description.classes
        return [
            f"{title}: {self.names[self.groups[number]]}, read as {classes[answer]} ({100 * share:.1f} %)"
            for title, number, answer, share in zip(titles, numbers, answers, shares, strict=True)
        ]

    def groups_of(self, numbers: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.float64], tuple[str, ...]]:
        """How many of the first ``most`` of ``numbers`` are of each group, how many there would be by chance, and the
        groups' names."""
        counted = numbers[: self.most]
        counts = np.bincount(self.groups[counted], minlength=len(self.names))
        shares = np.bincount(self.groups, minlength=len(self.names)) / len(self.groups)
        return counts, shares * len(counted), self.names


def pictures_for(network: Network) -> Pictures:
    """The test digits of the data set whose classes the network tells apart, for one that reads single digits."""
    transform = network.description.transform
    if (transform.channels, transform.size) != (1, 28):
        return Pictures(network, None)
    known = (name for name, names in CLASS_NAMES.items() if names == network.description.classes)
    return Pictures(network, next((name for name in known if is_available(name)), "mnist"))


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
