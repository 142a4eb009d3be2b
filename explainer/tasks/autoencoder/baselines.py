"""What comes back of a digit without a network: the mean digit, or the best that any linear map through a code can do.

On clean digits that is PCA (P. Baldi, K. Hornik, "Neural networks and principal component analysis: learning from
examples without local minima", Neural Networks 2, 1989). On noisy ones it is regression of reduced rank (A. Izenman,
"Reduced-rank regression for the multivariate linear model", Journal of Multivariate Analysis 5, 1975).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Generator

from explainer.tasks.autoencoder.config import CODES, PIXELS
from explainer.tasks.autoencoder.data import TEST_SEED, noisy, training_images, unseen_digits

Floats = NDArray[np.float64]
_CHUNK = 5_000  # digits


@dataclass(frozen=True)
class Baselines:
    """Mean squared errors of a pixel, 0..1, on the test digits: of the mean digit, and of the best linear map."""

    mean_digit: float
    linear: float


@dataclass(frozen=True, eq=False)
class LinearMaps:
    """The best linear maps of inputs y to targets x through k numbers: mean_x + up[:, :k] down[:k] (y - mean_y).

    ``mean_y`` and ``mean_x`` (784,), ``down`` (64, 784), ``up`` (784, 64), in pixels of 0..1.
    """

    mean_y: Floats
    mean_x: Floats
    down: Floats
    up: Floats

    def through(self, inputs: Floats, code: int) -> Floats:
        """What comes back of ``inputs`` (n, 784)."""
        made: Floats = self.mean_x + (inputs - self.mean_y) @ self.down[:code].T @ self.up[:, :code].T
        return made


@functools.lru_cache(maxsize=32)
def baselines(code: int, noise: float = 0.0) -> Baselines:
    """Of a ``code`` of so many numbers. Raises DatasetError."""
    maps, tests = linear_maps(noise), unseen_digits(noise)
    inputs, targets = (each.flatten(1).double().numpy() for each in (tests.inputs, tests.targets))
    return Baselines(_error(maps.mean_x, targets), _error(maps.through(inputs, code), targets))


@functools.lru_cache(maxsize=4)
def linear_maps(noise: float = 0.0) -> LinearMaps:
    """From all 60,000 training digits. Raises DatasetError."""
    mean_y, mean_x, own, across = _moments(noise)
    if noise == 0:
        directions = _strongest(own)
        return LinearMaps(mean_y, mean_x, directions.T, directions)
    whole = np.linalg.solve(own, across).T  # (784, 784): the best linear map without a bottleneck
    directions = _strongest(whole @ across)
    return LinearMaps(mean_y, mean_x, directions.T @ whole, directions)


def _strongest(covariance: Floats) -> Floats:
    """The eigenvectors (784, 64) with the largest eigenvalues, the largest first."""
    return np.linalg.eigh(covariance)[1][:, : -max(CODES) - 1 : -1]


def _moments(noise: float) -> tuple[Floats, Floats, Floats, Floats]:
    """The means of inputs and targets (784,), the covariance of the inputs, and that of inputs with targets."""
    images, chance = training_images(), Generator().manual_seed(TEST_SEED + 1)
    sums, products = np.zeros((2, PIXELS)), np.zeros((2, PIXELS, PIXELS))
    for start in range(0, len(images), _CHUNK):
        clean = images[start : start + _CHUNK].flatten(1).float() / 255
        given = noisy(clean, noise, chance)
        sums += np.stack([each.double().sum(dim=0).numpy() for each in (given, clean)])
        own = (given.T @ given).double().numpy()
        products += np.stack([own, own if given is clean else (given.T @ clean).double().numpy()])
    mean_y, mean_x = sums / len(images)
    own, across = products / len(images) - np.stack([np.outer(mean_y, each) for each in (mean_y, mean_x)])
    return mean_y, mean_x, own, across


def _error(made: Floats, targets: Floats) -> float:
    return float(np.square(made - targets).mean())
