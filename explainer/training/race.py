"""Optimizers that race down a surface: torch's own steps, from one start and with one noise."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

import numpy as np
from numpy.typing import NDArray

from explainer.training.config import OptimizerName, Recipe
from explainer.training.schedules import Shape, shares
from explainer.training.surfaces import SURFACES, Point, SurfaceName

if TYPE_CHECKING:
    import torch

OPTIMIZERS: tuple[OptimizerName, ...] = get_args(OptimizerName)
ADAPTIVE: frozenset[OptimizerName] = frozenset({"adagrad", "rmsprop", "adam", "adamw"})
WITH_MOMENTUM: frozenset[OptimizerName] = frozenset({"momentum", "nesterov", "adam", "adamw"})
GOAL = 0.01  # an optimizer whose loss stays below has arrived
FAR = 1e6  # an optimizer that is further from 0 than this has diverged


@dataclass(frozen=True)
class Race:
    """What all racers share.

    ``rate`` is the learning rate of SGD, momentum and Nesterov, ``adaptive_rate`` that of the optimizers that divide
    by the gradient's size; both are the highest of the schedule ``shape``. ``momentum`` is that of momentum and
    Nesterov and the first beta of Adam and AdamW. ``decay`` is L2, decoupled for AdamW. ``noise`` is the standard
    deviation of the normal noise that is added to both parts of every gradient, the same for all racers, drawn from
    ``seed``.
    """

    surface: SurfaceName
    start: Point
    rate: float
    adaptive_rate: float
    momentum: float = 0.9
    decay: float = 0.0
    shape: Shape = "constant"
    steps: int = 100
    noise: float = 0.0
    seed: int = 0

    def seen_by(self, optimizer: OptimizerName) -> Race:
        """The race with 0 for what this optimizer does not read: a change of that changes nothing here."""
        adaptive = optimizer in ADAPTIVE
        return replace(
            self,
            rate=0.0 if adaptive else self.rate,
            adaptive_rate=self.adaptive_rate if adaptive else 0.0,
            momentum=self.momentum if optimizer in WITH_MOMENTUM else 0.0,
        )

    def rate_of(self, optimizer: OptimizerName) -> float:
        """The highest learning rate of an optimizer."""
        return self.adaptive_rate if optimizer in ADAPTIVE else self.rate

    def recipe(self, optimizer: OptimizerName) -> Recipe:
        """What ``explainer.training.optimizers.make_optimizer`` makes the racer from."""
        return Recipe(
            optimizer,
            self.rate_of(optimizer),
            momentum=self.momentum,
            betas=(self.momentum, 0.999),
            weight_decay=self.decay,
        )


@dataclass(frozen=True, eq=False)
class Trace:
    """Where an optimizer was: ``path`` (n + 1, 2) before the first and after each of n steps, ``loss`` (n + 1,) there.

    It is shorter than the race where the optimizer diverged: its last point is then the first that is too far away.
    """

    optimizer: OptimizerName
    path: NDArray[np.float64]
    loss: NDArray[np.float64]
    diverged: bool

    @property
    def arrival(self) -> int | None:
        """The step after which the loss stayed at most GOAL; None where it is higher at the end."""
        if self.diverged:
            return None
        above = np.flatnonzero(self.loss > GOAL)
        arrival = int(above[-1]) + 1 if above.size else 0
        return arrival if arrival < len(self.loss) else None


def run(race: Race, optimizers: Sequence[OptimizerName] = OPTIMIZERS) -> tuple[Trace, ...]:
    """The traces of the optimizers, each torch's own, in double precision."""
    noises = gradient_noise(race)
    rates = shares(race.shape, race.steps)
    return tuple(_trace(race, optimizer, rates, noises) for optimizer in optimizers)


def gradient_noise(race: Race) -> list[list[float]]:
    """The noise (steps, 2) that is added to the gradients."""
    import torch  # noqa: PLC0415  a page that is opened first should not wait for it twice

    generator = torch.Generator().manual_seed(race.seed)
    drawn = race.noise * torch.randn(race.steps, 2, generator=generator, dtype=torch.float64)
    noises: list[list[float]] = drawn.tolist()
    return noises


def edges(curvature: float, momentum: float, decay: float = 0.0) -> dict[OptimizerName, float]:
    """Learning rates beyond which SGD, momentum and Nesterov diverge on a quadratic loss of this largest curvature.

    Source: Polyak 1964, "Some methods of speeding up the convergence of iteration methods", for momentum; for
    Nesterov the same condition on the roots of its recursion, r^2 - (1 + b)(1 - hl) r + b(1 - hl) = 0. L2 adds its
    ``decay`` to the curvature.
    """
    total = curvature + decay
    return {
        "sgd": 2 / total,
        "momentum": 2 * (1 + momentum) / total,
        "nesterov": 2 * (1 + momentum) / (1 + 2 * momentum) / total,
    }


def _trace(race: Race, optimizer: OptimizerName, rates: list[float], noises: list[list[float]]) -> Trace:
    import torch  # noqa: PLC0415

    from explainer.training.optimizers import make_optimizer  # noqa: PLC0415

    surface, peak = SURFACES[race.surface], race.rate_of(optimizer)
    weights = torch.nn.Parameter(torch.tensor(race.start, dtype=torch.float64))
    stepper = make_optimizer([weights], race.recipe(optimizer))
    path = [race.start]
    for rate, noise in zip(rates, noises, strict=True):
        if is_far(path[-1]):
            break
        slope = surface.gradient(*path[-1])
        path.append(_step(stepper, weights, (slope[0] + noise[0], slope[1] + noise[1]), peak * rate))
    return _finished(race, optimizer, path)


def _step(stepper: torch.optim.Optimizer, weights: torch.nn.Parameter, gradient: Point, rate: float) -> Point:
    import torch  # noqa: PLC0415

    stepper.param_groups[0]["lr"] = rate
    weights.grad = torch.tensor(gradient, dtype=torch.float64)
    stepper.step()
    x, y = weights.tolist()
    return x, y


def is_far(place: Point) -> bool:
    """Whether an optimizer that is here has diverged."""
    return not (math.isfinite(place[0]) and math.isfinite(place[1]) and max(map(abs, place)) <= FAR)


def _finished(race: Race, optimizer: OptimizerName, path: list[Point]) -> Trace:
    """The trace of a path, which ends before what is not finite."""
    diverged = is_far(path[-1])
    places = np.array(path)
    places = places[np.isfinite(places).all(axis=1)]
    loss = np.asarray(SURFACES[race.surface].value(places[:, 0], places[:, 1]), dtype=np.float64)
    return Trace(optimizer, places, loss, diverged)
