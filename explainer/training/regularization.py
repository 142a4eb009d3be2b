"""Remedies against overfitting, on few digits and a large network: their runs, early stopping, and what they recorded.

The recorded runs lie in assets/regularization; assets/make_regularization.py makes them.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from explainer.data.assets import assets_path
from explainer.networks.config import Block, NetworkConfig, Pool
from explainer.training.config import Recipe, RunConfig

Remedy = Literal["none", "l2", "l1", "dropout", "augmentation", "all"]
REMEDIES: tuple[Remedy, ...] = get_args(Remedy)
SEEDS = (0, 1, 2)
DIGITS, VALIDATION = 500, 2_000  # training digits, and other ones that early stopping watches
EPOCHS = 40

NETWORK = NetworkConfig((Block(8, 5, pool=Pool()), Block(16, 5, pool=Pool())), hidden=(500,))
RECIPE = Recipe("momentum", 0.02, "cosine", batch_size=64, epochs=EPOCHS)
L2, L1, DROPOUT, SHIFT, ROTATE = 0.03, 0.001, 0.5, 2, 10.0
L2_OF_ALL, L1_OF_ALL = 0.01, 0.0003  # about a third of each where both penalties pull at once

NEAR_ZERO = 0.001  # a weight nearer to zero than this counts as near zero
EDGES = tuple(float(edge) for edge in np.round(np.linspace(-0.2025, 0.2025, 82), 4))  # one bin around zero


def config(remedy: Remedy, seed: int) -> RunConfig:
    """The run of ``remedy``; runs of one seed share their digits, their first weights and the order of the batches."""
    dropout = {"dropout": DROPOUT, "all": DROPOUT}.get(remedy, 0.0)
    shift, rotate = (SHIFT, ROTATE) if remedy in ("augmentation", "all") else (RECIPE.shift, RECIPE.rotate)
    weight_decay = {"l2": L2, "all": L2_OF_ALL}.get(remedy, RECIPE.weight_decay)
    l1 = {"l1": L1, "all": L1_OF_ALL}.get(remedy, RECIPE.l1)
    network = replace(NETWORK, dropout=dropout)
    recipe = replace(RECIPE, shift=shift, rotate=rotate, weight_decay=weight_decay, l1=l1)
    return RunConfig(network, recipe, subset=DIGITS, seed=seed)


@dataclass(frozen=True)
class Curves:
    """What was measured before the first epoch and after each one, each (epochs + 1,).

    Losses are mean cross-entropies in nats without penalties, accuracies shares of 1, both in evaluation mode (no
    dropout) on unchanged digits: those of training, ``validation`` digits that no step used, and all test digits.
    ``squares`` is the sum of the squares of all parameters, which L2 acts on. ``absolutes``, the sum of absolute
    values, and ``near_zero``, the share nearer to 0 than ``NEAR_ZERO``, are of the weights without biases: those
    that L1 acts on.
    """

    train_loss: tuple[float, ...]
    train_accuracy: tuple[float, ...]
    validation_loss: tuple[float, ...]
    validation_accuracy: tuple[float, ...]
    test_loss: tuple[float, ...]
    test_accuracy: tuple[float, ...]
    squares: tuple[float, ...]
    absolutes: tuple[float, ...]
    near_zero: tuple[float, ...]


@dataclass(frozen=True)
class Record:
    """A recorded run: its configuration with its seed, its curves, and the weights (no biases) after the last epoch
    counted between ``EDGES``; what lies beyond them is counted in the first and the last bin."""

    config: RunConfig
    curves: Curves
    histogram: tuple[int, ...]


@dataclass(frozen=True)
class Recording:
    """The recorded runs of one remedy, and what they were made with: versions, processor, threads, date."""

    remedy: Remedy
    made_with: dict[str, str]
    runs: tuple[Record, ...]


@dataclass(frozen=True)
class EarlyStop:
    """Where early stopping ends a run, as epochs: the ``best`` one, whose weights are kept, and the ``last`` trained.

    ``waited`` tells whether patience ran out; else the run ended first.
    """

    best: int
    last: int
    waited: bool


def early_stopping(losses: Sequence[float], patience: int) -> EarlyStop:
    """Stops at the first epoch that is ``patience`` (1 or more) epochs after the lowest of the ``losses`` so far.

    ``losses`` (one or more) are of epochs 0, 1, ...; the earliest of equally low ones is the best. Raises ValueError
    for no losses, or less patience than 1.
    """
    if not losses or patience < 1:
        raise ValueError("Early stopping needs at least one loss and a patience of at least 1.")
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best >= patience:
            return EarlyStop(best, epoch, waited=True)
    return EarlyStop(best, len(losses) - 1, waited=False)


def l2_term(factor: float, squares: float) -> float:
    """What L2 adds to the loss: half of ``factor`` times the sum of squares, whose gradient is factor times weight."""
    return factor / 2 * squares


def l1_term(factor: float, absolutes: float) -> float:
    """What L1 adds to the loss: ``factor`` times the sum of absolute values, whose gradient is factor times sign."""
    return factor * absolutes


def rate_after(run: RunConfig, epoch: int) -> float:
    """The learning rate of the first step after ``epoch``: half a cosine, from the recipe's rate down to 0."""
    return run.recipe.learning_rate * (1 + math.cos(math.pi * epoch / run.recipe.epochs)) / 2


def near_zero(weights: NDArray[np.floating], threshold: float = NEAR_ZERO) -> float:
    """The share (0..1) of ``weights`` (n,), n at least 1, that are nearer to 0 than ``threshold``."""
    return float((np.abs(weights) < threshold).mean())


def histogram(weights: NDArray[np.floating]) -> tuple[int, ...]:
    """Counts (len(EDGES) - 1,) of ``weights`` (n,) between ``EDGES``; those beyond are in the outermost bins."""
    inside = np.clip(weights.astype(np.float64), EDGES[0], EDGES[-1])
    return tuple(int(count) for count in np.histogram(inside, EDGES)[0])


@functools.cache
def recording(remedy: Remedy) -> Recording:
    """The runs of ``remedy`` as they were recorded, one for each of ``SEEDS``."""
    path = assets_path() / "regularization" / f"{remedy}.json"
    return _adapter().validate_json(path.read_bytes())


def to_json(recorded: Recording) -> bytes:
    """The text of a file that ``recording`` reads."""
    return _adapter().dump_json(recorded)


def record_of(remedy: Remedy, seed: int) -> Record:
    """The recorded run of ``remedy`` that began with ``seed``, one of ``SEEDS``."""
    return next(run for run in recording(remedy).runs if run.config.seed == seed)


@functools.cache
def _adapter() -> TypeAdapter[Recording]:
    return TypeAdapter(Recording)
