"""Which of the pictures are learned from, and which are for the test."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]


def split(labels: NDArray[np.int64], per_class: int, seed: int) -> tuple[Indices, Indices]:
    """``per_class`` pictures of each class to learn from, drawn at random, and all others for the test; ascending.

    Raises ValueError unless every class has more pictures than that.
    """
    chance = np.random.default_rng(seed)
    train: list[int] = []
    for label in np.unique(labels):
        own = np.flatnonzero(labels == label)
        if len(own) <= per_class:
            raise ValueError(f"{label=}, {len(own)=}, {per_class=}")
        train.extend(chance.choice(own, per_class, replace=False).tolist())
    is_train = np.zeros(len(labels), bool)
    is_train[train] = True
    return np.flatnonzero(is_train), np.flatnonzero(~is_train)


def balanced_accuracy(labels: NDArray[np.int64], found: NDArray[np.int64]) -> float:
    """The mean over the classes of the share of their pictures that are found, 0..1."""
    return float(np.mean([(found[labels == label] == label).mean() for label in np.unique(labels)]))
