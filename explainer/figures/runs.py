"""The curves of a run as arrays, and how to draw many points with few."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class MeasuredPoint(Protocol):
    """What a point of a curve must offer; accuracies are shares, 0 to 1, and None means not measured."""

    @property
    def epoch(self) -> float: ...  # noqa: D102
    @property
    def train_loss(self) -> float | None: ...  # noqa: D102
    @property
    def train_accuracy(self) -> float | None: ...  # noqa: D102
    @property
    def test_loss(self) -> float | None: ...  # noqa: D102
    @property
    def test_accuracy(self) -> float | None: ...  # noqa: D102
    @property
    def test_digits(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, eq=False)
class RunCurve:
    """The curves of one run: arrays (n,) in the order of training, NaN where a point measured nothing.

    ``epoch`` counts from 0; losses are in nats; accuracies are shares, 0 to 1; ``test_digits``
    counts the test digits a point was measured on. ``note`` goes into the label at the end of the line,
    "diverged" for instance. ``changes`` are the epochs where a setting was changed in mid-run, and to what.
    """

    name: str
    epoch: Floats
    train_loss: Floats
    train_accuracy: Floats
    test_loss: Floats
    test_accuracy: Floats
    test_digits: NDArray[np.int64]
    note: str = ""
    changes: tuple[tuple[float, str], ...] = ()


def run_curve(
    name: str, points: Sequence[MeasuredPoint], note: str = "", changes: tuple[tuple[float, str], ...] = ()
) -> RunCurve:
    """The curves through ``points``, in their order; None becomes NaN."""

    def column(values: list[float | None]) -> Floats:
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)

    return RunCurve(
        name=name,
        epoch=column([point.epoch for point in points]),
        train_loss=column([point.train_loss for point in points]),
        train_accuracy=column([point.train_accuracy for point in points]),
        test_loss=column([point.test_loss for point in points]),
        test_accuracy=column([point.test_accuracy for point in points]),
        test_digits=np.array([point.test_digits for point in points], dtype=np.int64),
        note=note,
        changes=changes,
    )


def thin(values: Floats, keep: NDArray[np.bool_], most: int) -> NDArray[np.intp]:
    """Ascending indices of at most ``most`` (4 or more) of the ``values`` (n,): both ends and the extremes.

    The values are cut into stretches of equal length, and the lowest and the highest of each stretch stay, so
    that no spike is lost. Those marked in ``keep`` (n,) stay too, as long as they fill no more than half of
    the room and leave four places.
    """
    n = len(values)
    if n <= most:
        return np.arange(n)
    kept = np.flatnonzero(keep)
    kept = kept if len(kept) <= min(most // 2, most - 4) else kept[:0]
    stretches = (most - 2 - len(kept)) // 2
    edges = np.linspace(0, n, stretches + 1).astype(np.intp)
    chosen = [0, n - 1, *kept.tolist()]
    for start, stop in itertools.pairwise(edges.tolist()):
        part = values[start:stop]
        chosen += [start + int(part.argmin()), start + int(part.argmax())]
    return np.unique(np.array(chosen, dtype=np.intp))
