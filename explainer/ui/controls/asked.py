"""What one of torchvision's networks says of a photograph: offered as a download, asked beside the page, and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.data.images import Picture
from explainer.lru import Lru
from explainer.networks.pretrained import Pretrained, PretrainedError, file, is_fetched
from explainer.ui.components.live_text import Line
from explainer.ui.controls.weights_offer import offer_weights
from explainer.ui.frame import page
from explainer.ui.frame.background import Background
from explainer.ui.frame.followed import Followed
from explainer.ui.frame.long_work import long_work
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.language import say, text_of
from explainer.words.book import Said

T = TypeVar("T")


@dataclass(frozen=True)
class NoAnswer:
    """Why a network cannot be asked."""

    why: Said | str


@dataclass(frozen=True, eq=False)
class Asked(Generic[T]):
    """``answer`` is None before the weights are here, as long as the ``work`` goes on, and where there is a problem."""

    answer: T | None = None
    problem: Said | str | None = None
    work: Background[T | NoAnswer] | None = None


def ask(
    key: str,
    name: str,
    picture: Picture,
    question: Callable[[str, NDArray[np.uint8]], T],
    kept: Lru[T | NoAnswer],
) -> Asked[T]:
    """What ``question`` gives for the network called ``name``, as torchvision does, and a ``picture``.

    ``key`` names this tab's work; answers are ``kept`` for all visitors.
    """
    if not is_fetched(name):
        return Asked()
    identity = name, picture.key, file(name).stat().st_mtime_ns  # weights may be brought anew
    produce = partial(_produce, question, name, picture.rgb)
    found, work = long_work(key, identity, produce, _is_whole, kept)
    if isinstance(found, NoAnswer):
        return Asked(problem=found.why)
    return Asked(found, work=work)


def instead(asked: Asked[T], name: str, entry: Pretrained, about: Said, cost: str, *, key: str) -> None:
    """What a page shows where there is no answer: why, how far it is, or what the network is ``about``, to download."""
    if asked.problem is not None:
        st.error(verbatim(text_of(asked.problem)))
    elif asked.work is not None:
        Followed(asked.work, key, partial(_line, entry.title), can_stop=False).show()
    else:
        page.notice(about)
        offer_weights(name, entry, cost)


def _produce(
    question: Callable[[str, NDArray[np.uint8]], T], name: str, rgb: NDArray[np.uint8]
) -> Iterator[T | NoAnswer | None]:
    yield None
    try:
        answer: T | NoAnswer = question(name, rgb)
    except PretrainedError as error:
        answer = NoAnswer(error.said)
    yield answer


def _is_whole(answer: object) -> bool:
    return not isinstance(answer, NoAnswer)


def _line(title: str, _found: object) -> Line:
    return Line([say("controls.network.asked", title=title)], share=0.0)
