"""The scenes that a detector is tested on, always the same, and those of them that are watched while it trains."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from explainer.tasks.scenes import DigitSource, SceneSettings, digit_scenes, mnist_source

TEST_SCENES, TEST_SEED = 1_000, 112
WATCHED = 6  # the first of the test scenes
_CHUNK = 50  # scenes drawn at once


@dataclass(frozen=True, eq=False)
class Examples:
    """``pictures`` (n, 1, 112, 112) uint8, ``boxes`` (n, m, 4) float32 and ``classes`` (n, m) int64 as of Scenes."""

    pictures: Tensor
    boxes: Tensor
    classes: Tensor


@dataclass(frozen=True, eq=False)
class WatchedScenes:
    """Of the watched test scenes: ``pictures`` (s, 112, 112) uint8, ``boxes`` (s, m, 4) float32, ``classes`` (s, m).

    Boxes are left, top, right, bottom in pixels; a class is -1 where there is no digit.
    """

    pictures: NDArray[np.uint8]
    boxes: NDArray[np.float32]
    classes: NDArray[np.int64]


def training_settings(clutter: int) -> SceneSettings:
    """Three to six digits: more than in a test, since each is a lesson."""
    return SceneSettings(fewest=3, most=6, clutter=clutter)


def unseen_settings(clutter: int) -> SceneSettings:
    """One to four digits."""
    return SceneSettings(clutter=clutter)


def examples(source: DigitSource, settings: SceneSettings, count: int, seed: int) -> Examples:
    """``count`` scenes, their pictures rounded to 256 greys."""
    chance, parts = Generator().manual_seed(seed), []
    for start in range(0, count, _CHUNK):
        scenes = digit_scenes(source, settings, min(_CHUNK, count - start), chance)
        parts.append(((scenes.pictures * 255).round().to(torch.uint8), scenes.boxes, scenes.classes))
    pictures, boxes, classes = (torch.cat(column) for column in zip(*parts, strict=True))
    return Examples(pictures, boxes, classes)


@functools.lru_cache(maxsize=2)
def unseen_examples(clutter: int, seed: int = TEST_SEED) -> Examples:
    """A thousand scenes of MNIST's test digits. Raises DatasetError where MNIST is not there."""
    return examples(mnist_source(training=False), unseen_settings(clutter), TEST_SCENES, seed)


def watched(clutter: int) -> WatchedScenes:
    """The scenes whose boxes a run's views show. Raises DatasetError."""
    test = watched_examples(clutter)
    pictures, boxes, classes = (part.numpy().copy() for part in (test.pictures, test.boxes, test.classes))
    return WatchedScenes(pictures[:, 0], boxes, classes)


def watched_examples(clutter: int) -> Examples:
    """The same six of the test scenes as tensors, drawn without the rest of the thousand. Raises DatasetError."""
    first = examples(mnist_source(training=False), unseen_settings(clutter), _CHUNK, TEST_SEED)  # drawn together
    return Examples(*(part[:WATCHED] for part in (first.pictures, first.boxes, first.classes)))
