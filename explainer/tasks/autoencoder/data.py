"""The digits that a run learns from, in passes, and the test digits, as a network is given them and as they are."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from explainer.data.digits import load, subset_indices

TESTED, TEST_SEED = 2_000, 28  # test digits, equally many of each class as far as there are
NOISE_SEED = 2**40  # beside a run's own seed: the same digits in the same order with noise and without


@dataclass(frozen=True, eq=False)
class UnseenDigits:
    """``inputs`` (n, 1, 28, 28) float32, 0..1, noisy where the run's are; ``targets`` clean; ``labels`` (n,).

    ``watched`` are the numbers of ten of them, one of each class.
    """

    inputs: Tensor
    targets: Tensor
    labels: NDArray[np.uint8]
    watched: tuple[int, ...]


class Lessons:
    """Batches of training digits ``images`` (n, 28, 28) uint8: every pass has all of them in another order."""

    def __init__(self, images: Tensor, seed: int, noise: float) -> None:
        self.images, self.noise = images, noise
        self.order = Generator().manual_seed(seed)
        self.chance = Generator().manual_seed(NOISE_SEED + seed)
        self.left = torch.empty(0, dtype=torch.long)  # of the present pass

    def draw(self, count: int) -> tuple[Tensor, Tensor]:
        """Inputs and targets (count, 1, 28, 28) float32, 0..1."""
        while len(self.left) < count:
            self.left = torch.cat([self.left, torch.randperm(len(self.images), generator=self.order)])
        chosen, self.left = self.left[:count], self.left[count:]
        clean = self.images[chosen].unsqueeze(1).float() / 255
        return noisy(clean, self.noise, self.chance), clean


def noisy(clean: Tensor, noise: float, chance: Generator) -> Tensor:
    """``clean``, 0..1, with Gaussian noise of this standard deviation, cut to 0..1 again."""
    if noise == 0:
        return clean
    return (clean + noise * torch.randn(clean.shape, generator=chance)).clamp(0, 1)


def training_images() -> Tensor:
    """MNIST's 60,000 training digits (n, 28, 28) uint8. Raises DatasetError."""
    return _tensor(load("mnist").train_images)


@functools.lru_cache(maxsize=4)
def unseen_digits(noise: float = 0.0) -> UnseenDigits:
    """The 2,000 test digits that every run is measured on. Raises DatasetError."""
    mnist = load("mnist")
    chosen = subset_indices(mnist.test_labels, TESTED, TEST_SEED)
    labels = mnist.test_labels[chosen]
    clean = _tensor(mnist.test_images[chosen]).unsqueeze(1).float() / 255
    chance = Generator().manual_seed(TEST_SEED)
    watched = tuple(int(np.flatnonzero(labels == label)[0]) for label in range(10))
    return UnseenDigits(noisy(clean, noise, chance), clean, labels, watched)


def _tensor(images: NDArray[np.uint8]) -> Tensor:
    return torch.from_numpy(np.array(images))
