"""The optimizers' formulas, worked out by hand: every number of one step."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from explainer.training.config import OptimizerName
from explainer.training.race import Race, gradient_noise, is_far
from explainer.training.schedules import shares
from explainer.training.surfaces import SURFACES, Point

SMOOTHING = 0.9  # alpha of RMSProp
SECOND_BETA = 0.999
EPSILON = {"adagrad": 1e-10, "rmsprop": 1e-8, "adam": 1e-8, "adamw": 1e-8}  # torch's


@dataclass(frozen=True)
class Update:
    """Step number ``step`` (1 for the first) of an optimizer, from ``before`` to ``after``.

    ``slope`` is the gradient of the loss, with its noise; ``gradient`` is what the optimizer used, with the L2 decay.
    ``first`` is the velocity of momentum and Nesterov or Adam's mean of gradients, ``second`` AdaGrad's sum or the
    mean of squared gradients; ``first_before`` and ``second_before`` are those of the step before. ``direction`` times
    ``rate`` was subtracted, and of AdamW's weights ``rate`` times the decay times ``before`` as well.
    """

    step: int
    rate: float
    before: Point
    slope: Point
    gradient: Point
    first_before: Point
    first: Point
    second_before: Point
    second: Point
    direction: Point
    after: Point


def written(race: Race, optimizer: OptimizerName, step: int) -> Update:
    """Step number ``step`` >= 1 of a race, or the last one before the optimizer was too far away or the race over."""
    last = None
    for update in updates(race, optimizer):
        last = update
        if update.step == step:
            break
    if last is None:
        raise ValueError(f"A race of {race.steps} steps from {race.start} has none to write out.")
    return last


def updates(race: Race, optimizer: OptimizerName) -> Iterator[Update]:
    """All steps of a race, until the optimizer has diverged."""
    surface, peak = SURFACES[race.surface], race.rate_of(optimizer)
    before, first, second = race.start, (0.0, 0.0), (0.0, 0.0)
    plan = zip(shares(race.shape, race.steps), gradient_noise(race), strict=True)
    for number, (share, noise) in enumerate(plan, 1):
        if is_far(before):
            return
        exact = surface.gradient(*before)
        slope = exact[0] + noise[0], exact[1] + noise[1]
        last = (first, second)
        gradient = slope if optimizer == "adamw" else _both(lambda g, w: g + race.decay * w, slope, before)
        first, second = _memory(race, optimizer, gradient, first, second)
        direction = _direction(race, optimizer, number, (gradient, first, second))
        rate = peak * share
        kept = 1 - rate * race.decay if optimizer == "adamw" else 1.0
        after = kept * before[0] - rate * direction[0], kept * before[1] - rate * direction[1]
        yield Update(number, rate, before, slope, gradient, last[0], first, last[1], second, direction, after)
        before = after


def _memory(race: Race, optimizer: OptimizerName, gradient: Point, first: Point, second: Point) -> tuple[Point, Point]:
    """What the optimizer remembers after this gradient: its velocity or mean, and its squares."""
    squares = _both(lambda g, h: g * h, gradient, gradient)
    match optimizer:
        case "sgd":
            return first, second
        case "momentum" | "nesterov":
            return _both(lambda v, g: race.momentum * v + g, first, gradient), second
        case "adagrad":
            return first, _both(lambda s, g: s + g, second, squares)
        case "rmsprop":
            return first, _smooth(SMOOTHING, second, squares)
        case "adam" | "adamw":
            return _smooth(race.momentum, first, gradient), _smooth(SECOND_BETA, second, squares)


def _direction(race: Race, optimizer: OptimizerName, step: int, known: tuple[Point, Point, Point]) -> Point:
    """What is subtracted, before it is multiplied with the learning rate; known are gradient, first and second."""
    gradient, first, second = known
    match optimizer:
        case "sgd":
            return gradient
        case "momentum":
            return first
        case "nesterov":
            return _both(lambda g, v: g + race.momentum * v, gradient, first)
        case "adagrad" | "rmsprop":
            return _both(lambda g, s: g / (math.sqrt(s) + EPSILON[optimizer]), gradient, second)
        case "adam" | "adamw":
            mean, square = 1 - race.momentum**step, 1 - SECOND_BETA**step
            return _both(lambda m, s: m / mean / (math.sqrt(s / square) + EPSILON[optimizer]), first, second)


def _smooth(share: float, old: Point, new: Point) -> Point:
    return _both(lambda before, now: share * before + (1 - share) * now, old, new)


def _both(rule: Callable[[float, float], float], left: Point, right: Point) -> Point:
    """A rule applied to the x and to the y of two pairs."""
    return rule(left[0], right[0]), rule(left[1], right[1])
