"""What a run reports while it goes: points of the curves, and what the live views draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Outcome = Literal["finished", "stopped", "diverged", "failed"]


@dataclass(frozen=True)
class Point:
    """One point of the curves.

    ``train_*`` are means over the steps since the last point, measured on the batches as they were trained on
    (in training mode: dropout on). ``train_loss`` and ``test_loss`` are cross-entropies, in nats; ``smoothed_loss`` is
    what the steps minimized in place of ``train_loss``, None without label smoothing. ``test_*`` are measured in
    evaluation mode on ``test_digits`` test digits (a fixed tenth of them between epochs, all 10,000 at the end of an
    epoch); None where this point measured none.
    ``seconds`` counts training time only, without pauses.
    """

    step: int
    epoch: float
    seconds: float
    examples_per_second: float
    learning_rate: float
    train_loss: float | None
    train_accuracy: float | None
    test_loss: float | None = None
    test_accuracy: float | None = None
    test_digits: int = 0
    smoothed_loss: float | None = None


@dataclass(frozen=True)
class Mistakes:
    """The test digits read wrongly, of those that were measured, most confident first, and the confusion matrix.

    ``index`` (n,) int64 into the test set, ``predicted`` (n,) uint8, ``confidence`` (n,) float32: the
    probability given to the wrong class. ``confusion`` (10, 10) int64: row = true label, column = predicted.
    """

    index: NDArray[np.int64]
    predicted: NDArray[np.uint8]
    confidence: NDArray[np.float32]
    confusion: NDArray[np.int64]


@dataclass(frozen=True)
class Views:
    """The network at one moment, float32.

    ``filters`` (channels, k, k): the kernels of the first layer. ``feature_maps``: for the test digit ``probe``,
    the maps after every activation outside of building blocks and after every building block, each (channels, height,
    width); ``convolutions`` says for each of them after how many convolutions that is.
    """

    filters: NDArray[np.float32]
    feature_maps: tuple[NDArray[np.float32], ...]
    probe: int
    convolutions: tuple[int, ...] = ()


@dataclass(frozen=True)
class Divergence:
    """Where a run broke: the step, the first layer with numbers that are not finite, and what was seen."""

    step: int
    layer: str
    what: Literal["loss", "activation", "gradient"]


@dataclass(frozen=True)
class Step:
    """A moment to handle commands.

    It comes after a training step of ``digits`` digits in ``seconds``, or, with 0 digits, after a chunk of
    measuring.
    """

    digits: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Snapshot:
    """What the loop reports now and then: a point and, when they were measured, all the rest.

    ``weights`` is a safetensors file as bytes, with the configuration in its metadata.
    """

    point: Point
    views: Views | None = None
    mistakes: Mistakes | None = None
    weights: bytes | None = None
    divergence: Divergence | None = None
