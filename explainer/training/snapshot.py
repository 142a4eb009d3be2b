"""What a run reports while it goes: points of the curves, and what the live views draw.

Every task has its own points, views and results; those of a run that learns to read digits are here, and are meant
where a type says nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypeVar

from explainer.training.spread import Spread

Outcome = Literal["finished", "stopped", "diverged", "failed"]


@dataclass(frozen=True)
class Moment:
    """Where a run stands: what the points of every task's curves begin with.

    An epoch is one pass over the training examples, or what the task counts as one. ``seconds`` counts training time
    only, without pauses.
    """

    step: int
    epoch: float
    seconds: float
    examples_per_second: float
    learning_rate: float


class Kept(Protocol):
    """What a run's record keeps of a report: it knows the bytes that it takes."""

    @property
    def size(self) -> int:
        """Bytes of all arrays."""


class Filmed(Kept, Protocol):
    """What live views draw, and what the film of a run keeps of it."""

    def frame(self) -> NDArray[Any]:
        """A picture of the moment, of one shape and type through a run."""


@dataclass(frozen=True)
class Point(Moment):
    """One point of the curves of a run that reads digits.

    ``train_*`` are means over the steps since the last point, measured on the batches as they were trained on
    (in training mode: dropout on). ``train_loss`` and ``test_loss`` are cross-entropies, in nats; ``smoothed_loss`` is
    what the steps minimized in place of ``train_loss``, None without label smoothing. ``test_*`` are measured in
    evaluation mode on ``test_digits`` test digits (a fixed tenth of them between epochs, all 10,000 at the end of an
    epoch); None where this point measured none.
    """

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

    @property
    def size(self) -> int:
        """Bytes of all arrays."""
        return sum(array.nbytes for array in (self.index, self.predicted, self.confidence, self.confusion))


MOST_KERNELS = 32  # in a frame of a film


@dataclass(frozen=True)
class Views:
    """The network at one moment, float32.

    ``filters`` (channels, k, k): the kernels of the first layer, (channels, k, k, 3) where pictures have colours.
    ``feature_maps``: for the test digit ``probe``, the maps after every activation outside of building blocks and after
    every building block, each (channels, height, width); ``convolutions`` says for each of them after how many
    convolutions that is.
    """

    filters: NDArray[np.float32]
    feature_maps: tuple[NDArray[np.float32], ...]
    probe: int
    convolutions: tuple[int, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of all arrays."""
        return sum(array.nbytes for array in (self.filters, *self.feature_maps))

    def frame(self) -> NDArray[np.float16]:
        """The first kernels (n, height, width), at most 32, in three digits; too large ones are infinite."""
        with np.errstate(over="ignore", invalid="ignore"):
            return self.filters[:MOST_KERNELS].astype(np.float16)


@dataclass(frozen=True)
class Divergence:
    """Where a run broke: the step, the first layer with numbers that are not finite, and what was seen."""

    step: int
    layer: str
    what: Literal["loss", "activation", "gradient"]


@dataclass(frozen=True)
class Step:
    """A moment to handle commands.

    It comes after a training step on so many ``examples`` in ``seconds``, or, with none, after a chunk of measuring.
    """

    examples: int = 0
    seconds: float = 0.0


PointT = TypeVar("PointT", bound=Moment, default=Point)
ViewsT = TypeVar("ViewsT", bound=Filmed, default=Views)
ResultsT = TypeVar("ResultsT", bound=Kept, default=Mistakes)


@dataclass(frozen=True)
class Snapshot(Generic[PointT, ViewsT, ResultsT]):
    """What a run reports now and then: a point and, when they were measured, all the rest.

    ``results`` are what a test showed, ``weights`` a safetensors file as bytes, with the configuration in its metadata;
    ``spread`` is how the weights of every layer are spread.
    """

    point: PointT
    views: ViewsT | None = None
    results: ResultsT | None = None
    weights: bytes | None = None
    divergence: Divergence | None = None
    spread: Spread | None = None


AnySnapshot = Snapshot[Any, Any, Any]
