"""The same run with one switch changed, so that two curves show what the switch does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from explainer.training.config import RunConfig, ScheduleName

USUAL_DROPOUT, USUAL_SHIFT, USUAL_DECAY, USUAL_L1, USUAL_SMOOTHING = 0.25, 2, 1e-3, 1e-3, 0.1


def _dropout(config: RunConfig) -> RunConfig:
    rate = 0.0 if config.network.dropout else USUAL_DROPOUT
    return replace(config, network=replace(config.network, dropout=rate))


def _batch_norm(config: RunConfig) -> RunConfig:
    return replace(config, network=replace(config.network, batch_norm=not config.network.batch_norm))


def _augmentation(config: RunConfig) -> RunConfig:
    on = bool(config.recipe.shift or config.recipe.rotate)
    return replace(config, recipe=replace(config.recipe, shift=0 if on else USUAL_SHIFT, rotate=0.0))


def _weight_decay(config: RunConfig) -> RunConfig:
    decay = 0.0 if config.recipe.weight_decay else USUAL_DECAY
    return replace(config, recipe=replace(config.recipe, weight_decay=decay))


def _l1(config: RunConfig) -> RunConfig:
    return replace(config, recipe=replace(config.recipe, l1=0.0 if config.recipe.l1 else USUAL_L1))


def _label_smoothing(config: RunConfig) -> RunConfig:
    smoothing = 0.0 if config.recipe.label_smoothing else USUAL_SMOOTHING
    return replace(config, recipe=replace(config.recipe, label_smoothing=smoothing))


def _schedule(config: RunConfig) -> RunConfig:
    name: ScheduleName = "constant" if config.recipe.schedule != "constant" else "cosine"
    return replace(config, recipe=replace(config.recipe, schedule=name))


SWITCHES: dict[str, Callable[[RunConfig], RunConfig]] = {
    "dropout": _dropout,
    "batch-normalization": _batch_norm,
    "augmentation": _augmentation,
    "weight-decay": _weight_decay,
    "l1": _l1,
    "label-smoothing": _label_smoothing,
    "schedule": _schedule,
}


def twin(config: RunConfig, switch: str) -> RunConfig:
    """``config`` with ``switch`` (a key of SWITCHES) turned off where it is on, and on, at a usual value, where off.

    Everything else stays: the seed, so the order of the digits, and, where the layers are the same, the first weights.
    """
    return SWITCHES[switch](config)
