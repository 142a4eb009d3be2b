"""A run that learns to read digits, or other small pictures: data, network, recipe and seed, frozen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from explainer.data.catalogue import COLOUR, TRAINING_PICTURES, DatasetName
from explainer.networks.config import ImpossibleNetworkError, NetworkConfig, Reads
from explainer.networks.plan import layers
from explainer.training.configuration import Controls
from explainer.training.snapshot import Snapshot, Step

if TYPE_CHECKING:
    import torch

OptimizerName = Literal["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]
ScheduleName = Literal["constant", "cosine", "one-cycle"]
InitializationName = Literal["pytorch", "he", "xavier", "normal-0.01", "normal-1", "constant", "zeros"]


@dataclass(frozen=True)
class Recipe:
    """How a network is trained.

    ``learning_rate`` is the peak of the schedule. ``momentum`` serves SGD with momentum and Nesterov; RMSProp's
    smoothing constant stays 0.9; Adam and AdamW use ``betas``. ``weight_decay`` is L2 (decoupled for AdamW),
    ``l1`` the factor of the sum of absolute weights. ``shift`` is in pixels and ``rotate`` in degrees, both the
    largest value drawn for augmentation; 0 is off. ``label_smoothing`` is the probability mass spread over all
    classes.
    """

    optimizer: OptimizerName = "adam"
    learning_rate: float = 0.002
    schedule: ScheduleName = "constant"
    momentum: float = 0.9
    betas: tuple[float, float] = (0.9, 0.999)
    weight_decay: float = 0.0
    l1: float = 0.0
    label_smoothing: float = 0.0
    batch_size: int = 128
    epochs: int = 5
    initialization: InitializationName = "pytorch"
    shift: int = 0
    rotate: float = 0.0


@dataclass(frozen=True)
class RunConfig:
    """One run: ``subset`` training pictures of ``dataset`` (0: all of them), a network made for such, a recipe, a seed.

    The pictures are digits in most data sets, and are called so.
    """

    network: NetworkConfig
    recipe: Recipe = Recipe()
    dataset: DatasetName = "mnist"
    subset: int = 0
    seed: int = 0

    @property
    def steps(self) -> int:
        """Steps of the optimizer in the whole run; 0 where there is no batch."""
        return self.recipe.epochs * steps_per_epoch(self) if self.recipe.batch_size > 0 else 0

    def rough_seconds(self) -> float:
        """Seconds that the whole run takes on about two CPU cores, roughly; 0 where it cannot be trained."""
        try:
            return max(self.recipe.epochs * digits_in(self) / digits_a_second(self.network), 0.0)
        except ImpossibleNetworkError:
            return 0.0

    def snapshots(self, controls: Controls, device: torch.device) -> Iterator[Snapshot | Step]:
        """Trains on the digits that the run names; see ``loop.train``."""
        from explainer.data.digits import load  # noqa: PLC0415  the server describes runs without torch
        from explainer.training.loop import train  # noqa: PLC0415

        return train(self, load(self.dataset), controls, device)


def reads(dataset: DatasetName) -> Reads:
    """Which pictures the data set has: what a network for it reads."""
    return "colour" if dataset in COLOUR else "digits"


def digits_in(config: RunConfig) -> int:
    """Training digits in an epoch."""
    return config.subset or TRAINING_PICTURES[config.dataset]


def steps_per_epoch(config: RunConfig) -> int:
    """Batches in one pass over the training digits; the last one may be smaller."""
    return -(-digits_in(config) // config.recipe.batch_size)


def digits_a_second(network: NetworkConfig) -> float:
    """Training digits a second on about two CPU cores, roughly. Raises ImpossibleNetworkError."""
    return min(13e9 / sum(layer.macs for layer in layers(network)), 20_000)


def is_possible(config: RunConfig) -> bool:
    """Whether every number of the recipe, the subset and the seed is one that a run can be trained with.

    For descriptions from outside, whose types are right; the network has a check of its own, but that it reads the
    pictures of the data set is checked here.
    """
    is_made_for = config.network.reads == reads(config.dataset)
    return is_made_for and all(low <= value <= high for low, value, high in _ranges(config))


def _ranges(config: RunConfig) -> Iterator[tuple[float, float, float]]:
    """The lowest and the highest value allowed on both sides of every number."""
    recipe = config.recipe
    yield 1e-30, recipe.learning_rate, 1e30
    for share in (recipe.momentum, *recipe.betas, recipe.label_smoothing):
        yield 0, share, 0.99999
    for factor in (recipe.weight_decay, recipe.l1):
        yield 0, factor, 1e6
    yield 1, recipe.batch_size, TRAINING_PICTURES[config.dataset]
    yield 0, recipe.epochs, 10_000
    yield 0, recipe.shift, config.network.picture[1]
    yield 0, recipe.rotate, 180
    yield 0, config.subset, TRAINING_PICTURES[config.dataset]
    yield 0, config.seed, 2**32 - 1
