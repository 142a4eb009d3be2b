"""Learning-rate schedules to look at: the rate at every step, as a share of the highest."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

Shape = Literal["constant", "step", "exponential", "cosine", "warm-up", "restarts", "one-cycle"]

DROPS, FACTOR = 4, 0.5  # the rate of "step" is halved after every quarter of the steps
LAST_SHARE = 0.01  # what "exponential" would come to after the last step
WARM_UP = 10  # "warm-up" rises for a tenth of the steps
RESTARTS = 3


def shares(shape: Shape, steps: int) -> list[float]:
    """The rates of steps 0..steps-1, 1 or more of them, as shares of the highest.

    "constant", "cosine" and "one-cycle" are those of ``explainer.training.optimizers``. "step" and "exponential"
    fall by a factor, "warm-up" rises along a line and then falls along a cosine, "restarts" falls along a cosine
    three times (Loshchilov and Hutter 2017, arXiv:1608.03983). Each is a scheduler of torch, or two in sequence.
    """
    share = _share(shape, steps)
    return [share(step) for step in range(steps)]


def drop_length(steps: int) -> int:
    """Steps after which "step" halves the rate."""
    return -(-steps // DROPS)


def warm_up_length(steps: int) -> int:
    """Steps in which "warm-up" rises."""
    return max(steps // WARM_UP, 1)


def restart_length(steps: int) -> int:
    """Steps after which "restarts" begins anew."""
    return -(-steps // RESTARTS)


def _share(shape: Shape, steps: int) -> Callable[[int], float]:
    match shape:
        case "constant" | "cosine" | "one-cycle":
            from explainer.training.optimizers import schedule  # noqa: PLC0415  it imports torch

            return schedule(shape, steps)
        case "step":
            return lambda step: FACTOR ** (step // drop_length(steps))
        case "exponential":
            return lambda step: LAST_SHARE ** (step / steps)
        case "warm-up":
            return lambda step: _warm_up(step, steps)
        case "restarts":
            return lambda step: _fall(step % restart_length(steps) / restart_length(steps))


def _warm_up(step: int, steps: int) -> float:
    rise = warm_up_length(steps)
    return (step + 1) / (rise + 1) if step < rise else _fall((step - rise) / max(steps - rise, 1))


def _fall(share: float) -> float:
    return (1 + math.cos(math.pi * share)) / 2
