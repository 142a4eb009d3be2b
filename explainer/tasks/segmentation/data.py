"""What a run is trained and tested on: batches of inputs and targets as it asks for them, and fixed test examples."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from explainer.tasks.scenes import DigitSource, SceneSettings, digit_scenes, mnist_source
from explainer.tasks.segmentation.config import SIZES, UNetConfig
from explainer.tasks.segmentation.questions import coloured, spoiled

TRAINING_SCENES = SceneSettings(side=SIZES["digits"][0], fewest=4, most=7)  # more than in a test: each is a lesson
TEST_SCENES = replace(TRAINING_SCENES, fewest=1, most=4)
TESTED, PART, TEST_SEED = 300, 60, 96  # scenes; on the way
WATCHED = 6  # the first of the test pictures
_CHUNK = 50  # scenes drawn at once


@dataclass(frozen=True, eq=False)
class Examples:
    """``inputs`` (n, channels, h, w) uint8; ``targets`` uint8: classes (n, h, w), or pictures (n, channels, h, w)."""

    inputs: Tensor
    targets: Tensor


@dataclass(frozen=True, eq=False)
class WatchedPictures:
    """What the views are of: ``inputs`` (s, channels, h, w), ``targets`` (s, h, w) or (s, channels, h, w), uint8."""

    inputs: NDArray[np.uint8]
    targets: NDArray[np.uint8]


class Lessons(Protocol):
    """Where batches come from."""

    def draw(self, count: int) -> tuple[Tensor, Tensor]:
        """Inputs (n, channels, h, w) float32, 0..1, and targets: classes (n, h, w) int64, or pictures as inputs."""


class DigitLessons:
    """Scenes of training digits, each drawn anew."""

    def __init__(self, config: UNetConfig, source: DigitSource) -> None:
        self.task, self.source = config.task, source
        self.chance = Generator().manual_seed(config.seed)

    def draw(self, count: int) -> tuple[Tensor, Tensor]:
        """``count`` scenes and what is asked of them."""
        return digit_batch(self.task, self.source, TRAINING_SCENES, count, self.chance)


def digit_batch(
    task: str, source: DigitSource, settings: SceneSettings, count: int, chance: Generator
) -> tuple[Tensor, Tensor]:
    """Inputs and targets of ``count`` scenes."""
    scenes = digit_scenes(source, settings, count, chance)
    if task == "segment":
        return scenes.pictures, scenes.labels
    if task == "colourize":
        return scenes.pictures, coloured(scenes)
    return spoiled(scenes.pictures, task, chance), scenes.pictures


def lessons(config: UNetConfig) -> Lessons:
    """The training pictures of ``config``. Raises DatasetError where they are not there."""
    return DigitLessons(config, mnist_source(training=True))


def examples(task: str, source: DigitSource, count: int, seed: int) -> Examples:
    """``count`` scenes as a test has them."""
    return _rounded(_test_batches(task, source, count, seed))


def _test_batches(task: str, source: DigitSource, count: int, seed: int) -> Iterator[tuple[Tensor, Tensor]]:
    chance = Generator().manual_seed(seed)
    for start in range(0, count, _CHUNK):
        yield digit_batch(task, source, TEST_SCENES, min(_CHUNK, count - start), chance)


def _rounded(batches: Iterator[tuple[Tensor, Tensor]]) -> Examples:
    inputs, targets = (torch.cat(column) for column in zip(*batches, strict=True))
    return Examples(_bytes(inputs), _bytes(targets) if targets.is_floating_point() else targets.to(torch.uint8))


def _bytes(pictures: Tensor) -> Tensor:
    return (pictures * 255).round().to(torch.uint8)


def unseen_examples(config: UNetConfig, seed: int = TEST_SEED) -> Examples:
    """The test pictures of ``config``: 300 scenes of MNIST's test digits. Raises DatasetError."""
    return _unseen_digits(config.task, TESTED, seed)


@functools.lru_cache(maxsize=2)
def _unseen_digits(task: str, count: int, seed: int) -> Examples:
    return examples(task, mnist_source(training=False), count, seed)


def watched(config: UNetConfig) -> WatchedPictures:
    """The pictures that a run's views show. Raises DatasetError."""
    test = watched_examples(config)
    return WatchedPictures(test.inputs.numpy().copy(), test.targets.numpy().copy())


def watched_examples(config: UNetConfig) -> Examples:
    """The same six of the test pictures as tensors, drawn without most of the others. Raises DatasetError."""
    first = _unseen_digits(config.task, _CHUNK, TEST_SEED)  # drawn together
    return Examples(first.inputs[:WATCHED], first.targets[:WATCHED])
