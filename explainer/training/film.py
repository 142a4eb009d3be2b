"""What a run's views showed, from its start on: few enough pictures to keep, many enough to play."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from explainer.training.snapshot import Filmed, Moment
from explainer.training.thinned import Thinned

MOST_FRAMES = 60
MOST_BYTES = 2**19  # of all frames of a run; large ones are fewer


@dataclass(frozen=True, eq=False)
class Frame:
    """The ``picture`` after ``step`` steps, ``epoch`` epochs: of a network that reads digits, its first kernels."""

    step: int
    epoch: float
    picture: NDArray[Any]


def frame(point: Moment, views: Filmed) -> Frame:
    """What is kept of a report."""
    return Frame(point.step, point.epoch, views.frame())


class Film:
    """Frames of a run, evenly over its reports: the first, the latest, and every n-th between them.

    ``n`` doubles whenever they become too many: never more than ``MOST_FRAMES``, nor more than fit in ``MOST_BYTES``
    (but two always).
    """

    def __init__(self, frames: Iterable[Frame] = ()) -> None:
        self._thinned: Thinned[Frame] | None = None  # until the first tells how large they are
        self._latest: list[Frame] = []  # one, or none
        for each in frames:
            self.add(each)

    @property
    def frames(self) -> tuple[Frame, ...]:
        """In the order of their steps."""
        kept = self._thinned.kept if self._thinned else ()
        return (*kept, *self._latest) if list(kept[-1:]) != self._latest else kept

    @property
    def size(self) -> int:
        """Bytes of all frames; those of one run are all alike."""
        return sum(each.picture.nbytes for each in self._latest) * len(self.frames)

    def add(self, new: Frame) -> None:
        """Takes the frame of the next report."""
        if self._thinned is None:
            self._thinned = Thinned(most_frames(new) - 1, MOST_BYTES, lambda each: each.picture.nbytes)
        self._latest = [new]
        self._thinned.add(lambda: new)


def most_frames(like: Frame) -> int:
    """How many frames like this one a film may have."""
    return max(2, min(MOST_FRAMES, MOST_BYTES // max(like.picture.nbytes, 1)))
