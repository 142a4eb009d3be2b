"""Two ways to the weights of the network by hand: change one weight and keep it if the error falls, and the gradient.

Both begin at the same weights and see the same pictures. What they cost is counted in evaluations: one is the error of
the network on all pictures, a forward pass. A step of gradient descent counts as three: its backward pass as two.

Sources: J. Matyas, "Random optimization", Automation and Remote Control 26, 1965, for the first; A. G. Baydin et al.,
"Automatic differentiation in machine learning: a survey", JMLR 18, 2018, section 3.2, for what a gradient costs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explainer.networks.by_hand import COUNT, Floats, backward, error, forward_windows, weights_of, windows_of

STEP_COST = 3  # evaluations that a step of gradient descent counts as


@dataclass(frozen=True, eq=False)
class Search:
    """What a search had reached after so many ``evaluations`` (k,): the ``errors`` (k,) and all weights (k, 51)."""

    evaluations: NDArray[np.int64]
    errors: Floats
    weights: Floats

    def reached(self, wanted: float) -> int | None:
        """After how many evaluations the error was ``wanted`` or less; None where it never was."""
        found = np.flatnonzero(self.errors <= wanted)
        return int(self.evaluations[found[0]]) if found.size else None

    def at(self, evaluations: int) -> int:
        """The number of the last point that so many evaluations afford."""
        return int(np.searchsorted(self.evaluations, evaluations, side="right")) - 1


def start(seed: int) -> Floats:
    """Small weights by chance (51,): where both searches begin."""
    return np.random.default_rng(seed).normal(0, 0.3, COUNT)


def hill_climbing(
    pictures: Floats, classes: NDArray[np.int64], flat: Floats, spread: float, *, budget: int, seed: int
) -> Search:
    """Change one weight, drawn by chance, by a normal number of deviation ``spread``; keep it if the error falls.

    ``pictures`` (n, 9, 9), ``classes`` (n,); ``flat`` (51,) is where it begins, ``budget`` how often it evaluates.
    """
    windows, random = windows_of(pictures), np.random.default_rng(seed)
    best = error(forward_windows(windows, weights_of(flat)).votes, classes)
    errors, weights = [best], [flat]
    for _ in range(budget - 1):
        tried = flat.copy()
        tried[random.integers(COUNT)] += random.normal(0, spread)
        found = error(forward_windows(windows, weights_of(tried)).votes, classes)
        if found < best:
            best, flat = found, tried
        errors.append(best)
        weights.append(flat)
    return Search(np.arange(1, budget + 1), np.array(errors), np.array(weights))


def gradient_descent(pictures: Floats, classes: NDArray[np.int64], flat: Floats, rate: float, *, budget: int) -> Search:
    """Full-batch gradient descent with the learning rate ``rate``; an error is known after its own forward pass.

    It ends early where the error is no longer finite.
    """
    windows = windows_of(pictures)
    evaluations, errors, weights = [], [], []
    with np.errstate(over="ignore", invalid="ignore"):
        for used in range(1, budget + 1, STEP_COST):
            present = weights_of(flat)
            computed = forward_windows(windows, present)
            found = error(computed.votes, classes)
            if not np.isfinite(found):
                break
            evaluations.append(used)
            errors.append(found)
            weights.append(flat)
            flat = flat - rate * backward(computed, present, classes).weights.flat()
    return Search(np.array(evaluations), np.array(errors), np.array(weights))
