"""The pictures of the four cases, and which of them are held out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from explainer.data.digits import load
from explainer.tasks.transfer.cases_config import (
    DIGITS,
    HELD_OUT,
    MANY_DIGITS,
    PHOTOGRAPHED,
    SIDE,
    TESTED_DIGITS,
    Case,
    CasesConfig,
)
from explainer.tasks.transfer.examples import Examples
from explainer.tasks.transfer.pictures import cutout_pictures

Indices = NDArray[np.int64]


def case_examples(config: CasesConfig, case: Case, split: int) -> Examples:
    """The pictures of a case in one of the splits; what few pictures are is a part of what many are.

    Raises DatasetError where the digits are damaged.
    """
    chance = np.random.default_rng((config.seed, split))
    few = config.small if case.size == "small" else None
    return _cutouts(few, chance) if case.task == "similar" else _digits(few, chance)


def _cutouts(few: int | None, chance: np.random.Generator) -> Examples:
    """A third of each class is held out; of the others ``few`` of each class are learned from, or all."""
    made = cutout_pictures(PHOTOGRAPHED, side=SIDE)
    orders = [chance.permutation(np.flatnonzero(made.labels == label)) for label in range(len(PHOTOGRAPHED))]
    test = np.concatenate([order[: len(order) // HELD_OUT] for order in orders])
    train = np.concatenate([order[len(order) // HELD_OUT :][:few] for order in orders])
    return Examples(made.rgb[train], made.labels[train], made.rgb[test], made.labels[test])


def _digits(few: int | None, chance: np.random.Generator) -> Examples:
    """As many digits of each class: those to learn from are of MNIST's training set, the others of its test set."""
    mnist = load("mnist")
    many = _drawn(mnist.train_labels, MANY_DIGITS, chance)
    test = _drawn(mnist.test_labels, TESTED_DIGITS, chance).ravel()
    train = many[:, :few].ravel()
    return Examples(
        as_photographs(mnist.train_images[train]),
        mnist.train_labels[train].astype(np.int64),
        as_photographs(mnist.test_images[test]),
        mnist.test_labels[test].astype(np.int64),
    )


def _drawn(labels: NDArray[np.uint8], count: int, chance: np.random.Generator) -> Indices:
    """Of each class ``count`` indices (classes, count), in an order of their own."""
    own = [chance.choice(np.flatnonzero(labels == label), count, replace=False) for label in range(len(DIGITS))]
    return np.stack(own)


def as_photographs(digits: NDArray[np.uint8], side: int = SIDE) -> NDArray[np.uint8]:
    """Digits (n, h, w) as SqueezeNet can read them: (n, side, side, 3), enlarged, in three equal channels."""
    sized = [Image.fromarray(each).resize((side, side), Image.Resampling.BILINEAR) for each in digits]
    return np.repeat(np.stack([np.asarray(each) for each in sized])[..., None], 3, axis=3)
