"""What a run reports: points of its curves, the watched digits as they come back, and how far off they all are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from explainer.training.snapshot import Moment, Snapshot


@dataclass(frozen=True)
class AutoencoderPoint(Moment):
    """One point of the curves; an epoch is a thousand digits.

    ``loss`` is the mean squared error of a pixel, 0..1, on the batches since the last point, and ``parts`` holds it
    alone; None before the first step. ``test_error`` is the same on ``test_pictures`` test digits; None where this
    point measured none.
    """

    loss: float | None
    parts: tuple[float, ...] | None
    test_error: float | None = None
    test_pictures: int = 0


@dataclass(frozen=True, eq=False)
class AutoencoderViews:
    """What the network makes of the watched test digits, in evaluation mode: ``output`` (s, 28, 28) uint8, 0..255."""

    output: NDArray[np.uint8]

    @property
    def size(self) -> int:
        """Bytes of all arrays."""
        return self.output.nbytes

    def frame(self) -> NDArray[np.uint8]:
        """The reconstructions."""
        return self.output


@dataclass(frozen=True, eq=False)
class AutoencoderResults:
    """The mean squared error of a pixel, 0..1, of each tested digit: ``errors`` (n,) float32."""

    errors: NDArray[np.float32]

    @property
    def size(self) -> int:
        """Bytes of all arrays."""
        return self.errors.nbytes

    @property
    def mean(self) -> float:
        """Of all tested digits."""
        return float(self.errors.mean(dtype=np.float64))


AutoencoderSnapshot: TypeAlias = Snapshot[AutoencoderPoint, AutoencoderViews, AutoencoderResults]
