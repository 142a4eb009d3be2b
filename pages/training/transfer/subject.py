"""What the page "Transfer learning" learns from, whichever pictures they are: what it needs to know of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.lru import Lru
from explainer.tasks.transfer.study import AnyStudy, Progress
from explainer.ui.frame.verbatim import verbatim
from explainer.words.book import Said, SaidError


class NoStudyError(SaidError, ValueError):
    """Nothing can be learned from what was chosen; the message is a sentence for the visitor."""


@dataclass(frozen=True, eq=False)
class Subject:
    """A study that was asked for: its ``identity``, the ``names`` of its classes, and how it is worked out.

    ``kept`` and ``layouts`` are where results and maps by t-SNE stay. Of a study, ``picture`` gives one by its number,
    ``values`` the features of a cut that the map shows, and ``notice`` what is said of a cut, by its name; ``asides``
    are said besides, where there is something to say.
    """

    identity: Hashable
    names: tuple[str, ...]
    work: Callable[[], Iterator[Progress]]
    kept: Lru[Progress]
    layouts: Lru[Any]
    picture: Callable[[AnyStudy, int], NDArray[np.uint8]]
    values: Callable[[AnyStudy, int], NDArray[np.float64]]
    notice: Callable[[AnyStudy, int, str], Said]
    asides: tuple[Callable[[AnyStudy, int], Said | None], ...] = ()

    @property
    def in_figures(self) -> list[str]:
        """The names as Plotly shows them: what visitors write is no markup."""
        return [escape(name, quote=False) for name in self.names]

    @property
    def in_words(self) -> list[str]:
        """The names within Markdown."""
        return [verbatim(name) for name in self.names]


def most_frequent(study: AnyStudy) -> float:
    """What one gets who always says the class that most test pictures have, 0..1."""
    return float(np.bincount(study.labels[study.test]).max() / len(study.test))
