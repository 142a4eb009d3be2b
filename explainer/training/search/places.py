"""Where a search tries next: on a grid, at random, or where a model of the earlier trials expects most.

J. Bergstra, Y. Bengio, "Random search for hyper-parameter optimization", JMLR 13, 2012; the model is Optuna's
tree-structured Parzen estimator (TPE): J. Bergstra et al., "Algorithms for hyper-parameter optimization", NeurIPS 2011,
section 4.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

if TYPE_CHECKING:
    from optuna import Trial

Method = Literal["grid", "random", "tpe"]
METHODS: tuple[Method, ...] = ("grid", "random", "tpe")
Place = tuple[float, float]  # along the two axes, 0..1 each
_AXES = "xy"


class Chooser(Protocol):
    """Chooses the places of one method, one after the other."""

    def ask(self) -> Place:
        """The place of the next trial."""

    def tell(self, number: int, accuracy: float) -> None:
        """The trial of this number, counted from 0 as they were asked for, ended with this accuracy, 0..1."""


class Fixed:
    """Places that were all chosen beforehand."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._places = iter(places)

    def ask(self) -> Place:
        """The next one. Raises StopIteration after the last."""
        return next(self._places)

    def tell(self, number: int, accuracy: float) -> None:
        """Changes nothing."""


class Parzen:
    """Optuna's TPE: the first ``random_first`` places at random, then where better trials are dense and others rare."""

    def __init__(self, random_first: int, seed: int) -> None:
        import optuna  # noqa: PLC0415  a second to import

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=random_first)
        self._study = optuna.create_study(direction="maximize", sampler=sampler)
        self._asked: list[Trial] = []

    def ask(self) -> Place:
        """The next one; it knows of those whose accuracy was told, and keeps away from none that still train."""
        trial = self._study.ask()
        self._asked.append(trial)
        x, y = (trial.suggest_float(name, 0.0, 1.0) for name in _AXES)
        return x, y

    def tell(self, number: int, accuracy: float) -> None:
        """Learns from a trial."""
        self._study.tell(self._asked[number], accuracy)


def grid(budget: int) -> list[Place]:
    """The middles of as many equal squares. Raises ValueError where ``budget`` is no square of a whole number."""
    side = math.isqrt(budget)
    if side * side != budget:
        raise ValueError(f"{budget=}")
    middles = [(index + 0.5) / side for index in range(side)]
    return [(x, y) for y in middles for x in middles]


def at_random(budget: int, seed: int) -> list[Place]:
    """Places drawn evenly from the whole square."""
    return [(float(x), float(y)) for x, y in np.random.default_rng(seed).random((budget, 2))]


def random_first(budget: int) -> int:
    """How many places TPE draws at random before it has enough to learn from: about a third."""
    return max(round(budget / 3), 2)


def chooser(method: Method, budget: int, seed: int) -> Chooser:
    """What chooses ``budget`` places by a method; the grid alone needs no ``seed``."""
    if method == "tpe":
        return Parzen(random_first(budget), seed)
    return Fixed(grid(budget) if method == "grid" else at_random(budget, seed))
