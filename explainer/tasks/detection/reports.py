"""What a detector's run reports: points of its curves, what the watched scenes show, and how good it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from explainer.training.snapshot import Moment, Snapshot

MOST_BOXES = 12  # of a watched scene, in a frame


@dataclass(frozen=True)
class DetectionPoint(Moment):
    """One point of the curves; an epoch is a thousand scenes, none of which comes twice.

    ``loss`` is what the steps since the last point minimized, their mean, and ``parts`` the means of the sums that it
    is made of (see ``config.PARTS``), not weighted; None before the first step. ``mean_average_precision`` is of all
    classes, at an IoU of 0.5, 0..1, on the first ``test_scenes`` test scenes; None where this point measured none.
    """

    loss: float | None
    parts: tuple[float, ...] | None
    mean_average_precision: float | None = None
    test_scenes: int = 0


@dataclass(frozen=True, eq=False)
class DetectionViews:
    """What the network says of the watched test scenes, in evaluation mode, float32.

    ``scenes`` are their numbers in the test set; ``outputs`` (s, channels, 7, 7) what the network gives; ``boxes``
    (s, 12, 6) what is left of it after suppression, the highest score first: left, top, right, bottom in pixels, score,
    class, and a score of 0 where there are fewer.
    """

    scenes: tuple[int, ...]
    outputs: NDArray[np.float32]
    boxes: NDArray[np.float32]

    @property
    def size(self) -> int:
        """Bytes of all arrays."""
        return self.outputs.nbytes + self.boxes.nbytes

    def frame(self) -> NDArray[np.float16]:
        """The boxes in three digits; too large ones are infinite."""
        with np.errstate(over="ignore", invalid="ignore"):
            return self.boxes.astype(np.float16)


@dataclass(frozen=True, eq=False)
class DetectionResults:
    """How good the detector is on the first ``scenes`` test scenes, class by class, at an IoU of 0.5.

    ``average_precision`` (classes,) float64, 0 for a class without truths; ``truths`` (classes,) int64: digits of
    each class. For every digit that was found, class by class and the highest score first: ``recall``, ``precision``
    and ``score`` (p,) float32 with the boxes of that score or more, and its class, ``digit`` (p,) uint8.
    """

    average_precision: NDArray[np.float64]
    truths: NDArray[np.int64]
    recall: NDArray[np.float32]
    precision: NDArray[np.float32]
    score: NDArray[np.float32]
    digit: NDArray[np.uint8]
    scenes: int

    @property
    def mean(self) -> float:
        """The mean average precision of the classes that there are; 0 where there are none."""
        there = self.truths > 0
        return float(self.average_precision[there].mean()) if there.any() else 0.0

    @property
    def size(self) -> int:
        """Bytes of all arrays."""
        arrays = (self.average_precision, self.truths, self.recall, self.precision, self.score, self.digit)
        return sum(array.nbytes for array in arrays)

    def curve(self, digit: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Recall and precision (k,) of a class, recall rising."""
        own = self.digit == digit
        return self.recall[own], self.precision[own]


DetectionSnapshot: TypeAlias = Snapshot[DetectionPoint, DetectionViews, DetectionResults]
