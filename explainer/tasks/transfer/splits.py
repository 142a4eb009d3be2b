"""Which of the pictures are learned from, and which are for the test."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

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


def held_out(pictures: Sequence[Sequence[bytes]], seed: int) -> tuple[Indices, Indices]:
    """Pictures, class by class, to learn from and for the test: about a third of each class, one at least; ascending.

    What a picture is decides, with the ``seed``, and not its place: the others mostly stay where they are when one is
    added. Raises ValueError for a class of fewer than two.
    """
    tests: list[int] = []
    start = 0
    for own in pictures:
        if len(own) < 2:
            raise ValueError(f"{len(own)=}")
        drawn = [hashlib.sha256(b"%d %b" % (seed, each)).digest() for each in own]
        order = sorted(range(len(own)), key=drawn.__getitem__)
        tests.extend(start + number for number in order[: max(1, round(len(own) / 3))])
        start += len(own)
    is_test = np.zeros(start, bool)
    is_test[tests] = True
    return np.flatnonzero(~is_test), np.flatnonzero(is_test)
