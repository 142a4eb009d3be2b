"""Optimizers by name, and learning-rate schedules as functions of the step."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import torch
from torch import nn
from torch.optim import Optimizer

from explainer.training.config import Recipe, ScheduleName

WARM_UP = 0.3  # share of a one-cycle run in which the rate rises
START, END = 1 / 25, 1 / 250_000  # first and last rate of a one-cycle run, as shares of its peak


def make_optimizer(  # noqa: PLR0911 (one case for each optimizer)
    parameters: Iterable[nn.Parameter], recipe: Recipe
) -> Optimizer:
    """``recipe``'s optimizer, fused into one kernel where torch has that."""
    lr, decay, parameters = recipe.learning_rate, recipe.weight_decay, list(parameters)
    match recipe.optimizer:
        case "sgd":
            return torch.optim.SGD(parameters, lr, weight_decay=decay, fused=True)
        case "momentum":
            return torch.optim.SGD(parameters, lr, momentum=recipe.momentum, weight_decay=decay, fused=True)
        case "nesterov":
            nesterov = recipe.momentum > 0  # without momentum there is nothing to look ahead with
            return torch.optim.SGD(
                parameters, lr, momentum=recipe.momentum, weight_decay=decay, nesterov=nesterov, fused=True
            )
        case "adagrad":
            return torch.optim.Adagrad(parameters, lr, weight_decay=decay, fused=parameters[0].device.type == "cpu")
        case "rmsprop":
            return torch.optim.RMSprop(parameters, lr, alpha=0.9, weight_decay=decay)
        case "adam":
            return torch.optim.Adam(parameters, lr, betas=recipe.betas, weight_decay=decay, fused=True)
        case "adamw":
            return torch.optim.AdamW(parameters, lr, betas=recipe.betas, weight_decay=decay, fused=True)


def schedule(name: ScheduleName, steps: int) -> Callable[[int], float]:
    """The learning rate at step 0..steps-1, as a share of its peak.

    "one-cycle" rises from 1/25 by half a cosine over the first 30 % of the steps, then falls to nearly 0 by
    another (Smith and Topin 2018, arXiv:1708.07120; the shape of torch.optim.lr_scheduler.OneCycleLR).
    "cosine" falls from 1 to 0 (Loshchilov and Hutter 2017, arXiv:1608.03983, without restarts).
    """
    match name:
        case "constant":
            return lambda _: 1.0
        case "cosine":
            return lambda step: (1 + math.cos(math.pi * step / steps)) / 2
        case "one-cycle":
            return lambda step: _one_cycle(step, steps)


def _one_cycle(step: int, steps: int) -> float:
    peak, last = WARM_UP * steps - 1, steps - 1
    if step <= peak:
        return _half_cosine(START, 1.0, step / peak if peak > 0 else 1.0)
    return _half_cosine(1.0, END, (step - peak) / (last - peak))


def _half_cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) / 2 * (1 + math.cos(math.pi * share))
