"""What a run reports: points of its curves, and what each test picture is taken for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from explainer.training.snapshot import Moment, Snapshot


@dataclass(frozen=True)
class TransferPoint(Moment):
    """One point of the curves.

    ``loss`` is the mean cross-entropy of the steps since the last point, in nats; None before the first step.
    ``test_accuracy`` 0..1 of ``test_pictures`` pictures that are not learned from; None where none were tested.
    """

    loss: float | None
    test_accuracy: float | None = None
    test_pictures: int = 0


@dataclass(frozen=True, eq=False)
class TransferViews:
    """The class (t,) that each test picture was taken for at the latest test, uint8."""

    found: NDArray[np.uint8]

    @property
    def size(self) -> int:
        """Bytes of all arrays."""
        return self.found.nbytes

    def frame(self) -> NDArray[np.uint8]:
        """The same."""
        return self.found


@dataclass(frozen=True, eq=False)
class TransferResults:
    """A test: the class ``found`` (t,) of each picture, its probability ``sure`` (t,), and its true ``labels`` (t,)."""

    found: NDArray[np.int64]
    sure: NDArray[np.float32]
    labels: NDArray[np.int64]

    @property
    def size(self) -> int:
        """Bytes of all arrays."""
        return self.found.nbytes + self.sure.nbytes + self.labels.nbytes

    @property
    def accuracy(self) -> float:
        """The share that is right, 0..1."""
        return float((self.found == self.labels).mean())


TransferSnapshot: TypeAlias = Snapshot[TransferPoint, TransferViews, TransferResults]
