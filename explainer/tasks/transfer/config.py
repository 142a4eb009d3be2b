"""A run that teaches SqueezeNet other classes in one of three ways, all on the same pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from explainer.training.configuration import Controls
from explainer.training.snapshot import Step

if TYPE_CHECKING:
    import torch

    from explainer.tasks.transfer.reports import TransferSnapshot

WayName = Literal["frozen", "fine-tuned", "scratch"]
Ground = Literal["white", "red", "random", "first-red"]

GROUNDS: tuple[Ground, ...] = ("white", "red", "random", "first-red")
WAYS: tuple[WayName, ...] = ("frozen", "fine-tuned", "scratch")
RATES: dict[WayName, float] = {"frozen": 2e-3, "fine-tuned": 2e-3, "scratch": 1e-3}  # the peak, of the new layer
MODULES = 9  # that can be trained on: the first convolution and eight Fire modules
MOST_CLASSES = 10
LEARNING_SIDE = 128  # pixels: a quarter of the work of 224, and nearly the accuracy
_MILLISECONDS = {"frozen": 0.6, "fine-tuned": 14.0, "scratch": 15.0}  # a picture, on two CPU cores


@dataclass(frozen=True)
class TransferConfig:
    """One run: what is learned from, how, and how much.

    ``classes`` are those of the cut-outs, or names that a visitor gave to their own ``pictures`` (packed, class by
    class), which the run carries with it, since it is trained in another process. ``per_class`` cut-outs of each class
    are learned from on the ground ``learned``, all others tested on ``tested``. ``draw`` decides which; of own
    pictures it holds out a third.

    ``way``: "frozen" keeps all weights but those of the new last layer; "fine-tuned" goes on with the last ``modules``
    modules, at ``factor`` times the rate of the new layer; "scratch" begins with random weights. ``augmented`` pictures
    are flipped, cropped and coloured anew each time. ``learning_rate`` is the peak, of the new layer.
    Cut-outs are ``reduced`` to so many pixels of their longer side first, if to any, which blurs all alike.
    """

    classes: tuple[str, ...]
    way: WayName = "fine-tuned"
    per_class: int = 10
    learned: Ground = "white"
    tested: Ground = "white"
    draw: int = 0
    modules: int = MODULES
    factor: float = 0.01
    augmented: bool = False
    epochs: int = 20
    batch_size: int = 10
    learning_rate: float = RATES["fine-tuned"]
    seed: int = 0
    side: int = LEARNING_SIDE
    pictures: tuple[tuple[bytes, ...], ...] = field(default=(), repr=False)
    reduced: int | None = None

    @property
    def learned_from(self) -> int:
        """How many pictures are learned from."""
        if self.pictures:
            return sum(len(own) - max(1, round(len(own) / 3)) for own in self.pictures)
        return self.per_class * len(self.classes)

    @property
    def scenes(self) -> int:
        """Pictures seen in the whole run, each in every pass once."""
        return self.epochs * self.learned_from

    @property
    def steps(self) -> int:
        """Steps of the optimizer in the whole run; 0 where there is no batch."""
        return -(-self.scenes // self.batch_size) if self.batch_size > 0 else 0

    @property
    def carried(self) -> int:
        """Bytes of the pictures that the description carries."""
        return sum(len(each) for own in self.pictures for each in own)

    def rough_seconds(self) -> float:
        """Seconds that the whole run takes on about two CPU cores, roughly; 0 where it cannot be trained."""
        share = self.modules / MODULES if self.way == "fine-tuned" else 1.0
        return self.scenes * _MILLISECONDS[self.way] * share / 1e3 if is_possible(self) else 0.0

    def snapshots(self, controls: Controls, device: torch.device) -> Iterator[TransferSnapshot | Step]:
        """Trains; see ``loop.train``. Raises ImpossibleNetworkError for a description that is not possible."""
        from explainer.tasks.transfer.loop import train  # noqa: PLC0415  the server describes runs without torch

        return train(self, controls, device)


def is_possible(config: TransferConfig) -> bool:
    """Whether every number is one that a run can be trained with: for descriptions from outside, of the right types."""
    is_known = config.way in WAYS and (not config.pictures or len(config.pictures) == len(config.classes))
    is_known = is_known and all(len(own) > 1 for own in config.pictures)
    return is_known and all(low <= value <= high for low, value, high in _ranges(config))


def _ranges(config: TransferConfig) -> Iterator[tuple[float, float, float]]:
    """The lowest and the highest value allowed on both sides of every number."""
    yield 2, len(config.classes), MOST_CLASSES
    yield 1, config.per_class, 100
    yield 0, config.draw, 1_000
    yield 1, config.modules, MODULES
    yield 0, config.factor, 1
    yield 0, config.epochs, 10_000
    yield 1, config.batch_size, 64
    yield 1e-30, config.learning_rate, 1e30
    yield 0, config.seed, 2**32 - 1
    yield 64, config.side, 224
    yield 1, config.reduced or 1, 224
