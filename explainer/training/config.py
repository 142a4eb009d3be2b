"""What a run is: data, network, recipe and seed, frozen: the same description gives the same numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from explainer.data.catalogue import DatasetName
from explainer.networks.config import DIGIT_SIZE, NetworkConfig

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
    """One run: ``subset`` training digits of ``dataset`` (0: all of them), a network, a recipe, a seed."""

    network: NetworkConfig
    recipe: Recipe = Recipe()
    dataset: DatasetName = "mnist"
    subset: int = 0
    seed: int = 0


TRAINING_DIGITS = 60_000  # in each of the data sets


def steps_per_epoch(config: RunConfig) -> int:
    """Batches in one pass over the training digits; the last one may be smaller."""
    return -(-(config.subset or TRAINING_DIGITS) // config.recipe.batch_size)


def steps_in(config: RunConfig) -> int:
    """Steps of the optimizer in the whole run."""
    return config.recipe.epochs * steps_per_epoch(config)


def is_possible(config: RunConfig) -> bool:
    """Whether every number of the recipe, the subset and the seed is one that a run can be trained with.

    For descriptions from outside, whose types are right; the network has a check of its own.
    """
    return all(low <= value <= high for low, value, high in _ranges(config))


def _ranges(config: RunConfig) -> Iterator[tuple[float, float, float]]:
    """The lowest and the highest value allowed on both sides of every number."""
    recipe = config.recipe
    yield 1e-30, recipe.learning_rate, 1e30
    for share in (recipe.momentum, *recipe.betas, recipe.label_smoothing):
        yield 0, share, 0.99999
    for factor in (recipe.weight_decay, recipe.l1):
        yield 0, factor, 1e6
    yield 1, recipe.batch_size, TRAINING_DIGITS
    yield 0, recipe.epochs, 10_000
    yield 0, recipe.shift, DIGIT_SIZE
    yield 0, recipe.rotate, 180
    yield 0, config.subset, TRAINING_DIGITS
    yield 0, config.seed, 2**32 - 1
