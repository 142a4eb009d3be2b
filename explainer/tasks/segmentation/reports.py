"""What a run reports: points of its curves, what the watched pictures show, and how good it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from explainer.tasks import overlap
from explainer.training.snapshot import Moment, Snapshot


@dataclass(frozen=True)
class SegmentationPoint(Moment):
    """One point of the curves; an epoch is a thousand pictures.

    ``loss`` is what the steps since the last point minimized, their mean, and ``parts`` the means of what it is the sum
    of (see ``UNetConfig.parts``); None before the first step. Measured on the first ``test_pictures`` test pictures:
    ``mean_iou`` 0..1 where classes are told, else ``psnr`` in dB; None where this point measured none.
    """

    loss: float | None
    parts: tuple[float, ...] | None
    mean_iou: float | None = None
    psnr: float | None = None
    test_pictures: int = 0


@dataclass(frozen=True, eq=False)
class SegmentationViews:
    """What the network says of the watched test pictures, in evaluation mode, uint8.

    ``pictures`` are their numbers in the test set. Where classes are told: ``classes`` (s, h, w), the likeliest of each
    pixel, and ``confidence`` (s, h, w), its probability times 255. Else ``output`` (s, channels, h, w), 0..255.
    """

    pictures: tuple[int, ...]
    classes: NDArray[np.uint8] | None = None
    confidence: NDArray[np.uint8] | None = None
    output: NDArray[np.uint8] | None = None

    @property
    def size(self) -> int:
        """Bytes of all arrays."""
        return sum(each.nbytes for each in (self.classes, self.confidence, self.output) if each is not None)

    def frame(self) -> NDArray[np.uint8]:
        """Every second row and column of the classes, or of the output: (s, h / 2, w / 2) or (s, channels, ...)."""
        shown = self.classes if self.classes is not None else self.output
        assert shown is not None
        return np.ascontiguousarray(shown[..., ::2, ::2])


@dataclass(frozen=True, eq=False)
class SegmentationResults:
    """How good the classes are in all pixels of the first ``pictures`` test pictures together.

    ``confusion`` (k, k) int64: row = true class, column = predicted, the background first.
    """

    confusion: NDArray[np.int64]
    pictures: int

    @property
    def size(self) -> int:
        """Bytes of all arrays."""
        return self.confusion.nbytes

    @property
    def pixel_accuracy(self) -> float:
        """The share of pixels with the right class, 0..1."""
        return overlap.accuracy(self.confusion)

    @property
    def iou(self) -> NDArray[np.float64]:
        """Intersection over union of each class (k,), 0..1; NaN of one that is nowhere."""
        return overlap.intersection_over_union(self.confusion)

    @property
    def dice(self) -> NDArray[np.float64]:
        """Dice of each class (k,), 0..1; NaN of one that is nowhere."""
        return overlap.dice(self.confusion)

    @property
    def mean_iou(self) -> float:
        """The mean over the classes that there are or that are predicted, 0..1."""
        return overlap.mean_iou(self.confusion)


@dataclass(frozen=True, eq=False)
class PictureResults:
    """How near the outputs come to what they should be, in dB: 10 log10(1 / mean squared error), a picture each.

    ``psnr`` (n,) float64 of the outputs, cut to 0..1; ``input_psnr`` (n,) of the inputs themselves, None where they
    are no answer; of a grey picture all three colours are alike.
    """

    psnr: NDArray[np.float64]
    input_psnr: NDArray[np.float64] | None

    @property
    def size(self) -> int:
        """Bytes of all arrays."""
        return self.psnr.nbytes + (0 if self.input_psnr is None else self.input_psnr.nbytes)

    @property
    def pictures(self) -> int:
        """How many were tested."""
        return len(self.psnr)

    @property
    def mean_psnr(self) -> float:
        """The mean of the outputs, in dB."""
        return float(self.psnr.mean())

    @property
    def mean_input_psnr(self) -> float | None:
        """The mean of the inputs, in dB: what there is without a network."""
        return None if self.input_psnr is None else float(self.input_psnr.mean())


Results: TypeAlias = SegmentationResults | PictureResults
SegmentationSnapshot: TypeAlias = Snapshot[SegmentationPoint, SegmentationViews, Results]
