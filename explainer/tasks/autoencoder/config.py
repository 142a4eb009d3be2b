"""A run that learns to give digits back through a code of a few numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from explainer.training.configuration import Controls
from explainer.training.snapshot import Step

if TYPE_CHECKING:
    import torch

    from explainer.tasks.autoencoder.reports import AutoencoderSnapshot

NetworkName = Literal["dense", "convolutional", "linear"]
NETWORKS: tuple[NetworkName, ...] = ("dense", "convolutional", "linear")
CODES = (2, 4, 8, 16, 32, 64)
NOISES = (0.0, 0.25, 0.5)
SIDE = 28  # of a digit, in pixels
PIXELS = SIDE * SIDE


@dataclass(frozen=True)
class AutoencoderConfig:
    """One run of a network that gives digits back through ``code`` numbers.

    ``noise`` is the standard deviation of what is added to the pixels, 0..1, of its inputs, which are then cut to 0..1;
    the targets stay clean. ``scenes`` is the number of training digits seen, in passes over all 60,000.
    ``learning_rate`` is the peak of the schedule.
    """

    network: NetworkName = "dense"
    code: int = 2
    noise: float = 0.0
    scenes: int = 240_000
    batch_size: int = 128
    learning_rate: float = 0.01
    seed: int = 0

    @property
    def steps(self) -> int:
        """Steps of the optimizer in the whole run; the last one may have fewer digits. 0 where there is no batch."""
        return -(-self.scenes // self.batch_size) if self.batch_size > 0 else 0

    def rough_seconds(self) -> float:
        """Seconds that the whole run takes on about two CPU cores, roughly; 0 where it cannot be trained."""
        return self.scenes / digits_a_second(self) if is_possible(self) else 0.0

    def snapshots(self, controls: Controls, device: torch.device) -> Iterator[AutoencoderSnapshot | Step]:
        """Trains on MNIST's training digits; see ``loop.train``.

        Raises ImpossibleNetworkError for a description that is not possible, DatasetError without the data.
        """
        from explainer.tasks.autoencoder.loop import train  # noqa: PLC0415  the server describes runs without torch

        return train(self, controls, device)


def recommended(network: NetworkName) -> AutoencoderConfig:
    """The recipe of each network that was measured to be good within half a minute."""
    return AutoencoderConfig(network=network, scenes=120_000 if network == "convolutional" else 240_000)


def digits_a_second(config: AutoencoderConfig) -> float:
    """Training digits a second on about two CPU cores, roughly, measured now and then."""
    return {"dense": 13_000.0, "convolutional": 8_000.0, "linear": 40_000.0}[config.network]


def is_possible(config: AutoencoderConfig) -> bool:
    """Whether every number is one that a run can be trained with: for descriptions from outside, of the right types."""
    if config.code not in CODES or not all(low <= value <= high for low, value, high in _ranges(config)):
        return False
    return config.scenes % config.batch_size != 1  # batch normalization needs two digits


def _ranges(config: AutoencoderConfig) -> Iterator[tuple[float, float, float]]:
    """The lowest and the highest value allowed on both sides of every number."""
    yield 0, config.noise, 1
    yield 0, config.scenes, 10_000_000
    yield 2, config.batch_size, 1024
    yield 1e-30, config.learning_rate, 1e30
    yield 0, config.seed, 2**32 - 1
