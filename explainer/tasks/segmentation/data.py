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

from explainer.tasks import brain
from explainer.tasks.cutout_scenes import CutoutSource, cutout_scenes, cutout_source
from explainer.tasks.scenes import DigitSource, SceneSettings, digit_scenes, mnist_source
from explainer.tasks.segmentation.config import SIZES, DataName, ScannerName, SplitName, TaskName, UNetConfig
from explainer.tasks.segmentation.questions import coloured, grey, spoiled

TRAINING_SCENES = SceneSettings(side=SIZES["digits"][0], fewest=4, most=7)  # more than in a test: each is a lesson
TEST_SCENES = replace(TRAINING_SCENES, fewest=1, most=4)
TRAINING_CUTOUTS = SceneSettings(side=SIZES["cutouts"][0], fewest=2, most=5)
TEST_CUTOUTS = replace(TRAINING_CUTOUTS, fewest=1, most=4)
TESTED, PART, TEST_SEED = 300, 60, 96  # scenes; on the way
WATCHED_SLICES = (0, 3, 6, 9, 12, 15)  # of the 16 test slices
CHUNK = 50  # scenes drawn at once


@dataclass(frozen=True, eq=False)
class Examples:
    """``inputs`` (n, channels, h, w) uint8; ``targets`` uint8: classes (n, h, w), or pictures (n, channels, h, w).

    ``watched`` are the numbers of those that the views show.
    """

    inputs: Tensor
    targets: Tensor
    watched: tuple[int, ...] = tuple(range(6))


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


class CutoutLessons:
    """Scenes of the cut-outs to train with, each drawn anew."""

    def __init__(self, config: UNetConfig, source: CutoutSource) -> None:
        self.task, self.source = config.task, source
        self.chance = Generator().manual_seed(config.seed)

    def draw(self, count: int) -> tuple[Tensor, Tensor]:
        """``count`` scenes and what is asked of them."""
        return cutout_batch(self.task, self.source, TRAINING_CUTOUTS, count, self.chance)


def cutout_batch(
    task: str, source: CutoutSource, settings: SceneSettings, count: int, chance: Generator
) -> tuple[Tensor, Tensor]:
    """Inputs and targets of ``count`` scenes in colour; their real colours are asked for where the inputs are grey."""
    scenes = cutout_scenes(source, settings, count, chance)
    if task == "segment":
        return scenes.pictures, scenes.labels
    if task == "colourize":
        return grey(scenes.pictures), scenes.pictures
    return spoiled(scenes.pictures, task, chance), scenes.pictures


class BrainLessons:
    """Slices of the training part of a brain, each once in a pass, in an order drawn anew."""

    def __init__(self, config: UNetConfig) -> None:
        self.config = config
        self.chance = Generator().manual_seed(config.seed)
        self.training = torch.from_numpy(brain.split(config.split)[0])
        self.left = self.training[:0]  # of the present pass

    def draw(self, count: int) -> tuple[Tensor, Tensor]:
        """``count`` slices and what is asked of them; a pass ends in the middle of a batch."""
        while len(self.left) < count:
            order = torch.randperm(len(self.training), generator=self.chance)
            self.left = torch.cat([self.left, self.training[order]])
        chosen, self.left = self.left[:count], self.left[count:]
        return brain_batch(self.config, chosen, self.chance)


def brain_batch(config: UNetConfig, chosen: Tensor, chance: Generator) -> tuple[Tensor, Tensor]:
    """Inputs and targets of the ``chosen`` slices (n,) of 64: what a network is to find again is always clean."""
    slices, numbers = brain.slices(), chosen.numpy()
    clean = torch.from_numpy(slices.t1[numbers]).float() / 255  # (n, h, w)
    seen = brain.poor(clean, chance) if config.scanner == "poor" else clean
    clean, seen = clean.unsqueeze(1), seen.unsqueeze(1)
    if config.task == "segment":
        return seen, torch.from_numpy(slices.labels[numbers])
    if config.task == "colourize":
        matter = np.stack([slices.grey[numbers], slices.white[numbers]], axis=1)
        return seen, torch.from_numpy(matter).float() / 255
    return spoiled(seen, config.task, chance), clean


def lessons(config: UNetConfig) -> Lessons:
    """The training pictures of ``config``. Raises DatasetError where they are not there."""
    if config.data == "cutouts":
        return CutoutLessons(config, cutout_source(training=True))
    return BrainLessons(config) if config.data == "brain" else DigitLessons(config, mnist_source(training=True))


def examples(task: str, source: DigitSource | CutoutSource, count: int, seed: int) -> Examples:
    """``count`` scenes as a test has them."""
    return _rounded(_test_batches(task, source, count, seed))


def _test_batches(
    task: str, source: DigitSource | CutoutSource, count: int, seed: int
) -> Iterator[tuple[Tensor, Tensor]]:
    chance = Generator().manual_seed(seed)
    for start in range(0, count, CHUNK):
        most = min(CHUNK, count - start)
        if isinstance(source, CutoutSource):
            yield cutout_batch(task, source, TEST_CUTOUTS, most, chance)
        else:
            yield digit_batch(task, source, TEST_SCENES, most, chance)


def _rounded(batches: Iterator[tuple[Tensor, Tensor]]) -> Examples:
    inputs, targets = (torch.cat(column) for column in zip(*batches, strict=True))
    return Examples(_bytes(inputs), _bytes(targets) if targets.is_floating_point() else targets.to(torch.uint8))


def _bytes(pictures: Tensor) -> Tensor:
    return (pictures * 255).round().to(torch.uint8)


def unseen_examples(config: UNetConfig, seed: int = TEST_SEED) -> Examples:
    """The test pictures of ``config``: 300 scenes of MNIST's test digits or of other cut-outs, or 16 slices.

    Raises DatasetError.
    """
    if config.data == "brain":
        return _unseen_slices(config.task, config.split, config.scanner, seed)
    return _unseen_scenes(config.data, config.task, TESTED, seed)


@functools.lru_cache(maxsize=4)
def _unseen_slices(task: TaskName, split: SplitName, scanner: ScannerName, seed: int) -> Examples:
    config = UNetConfig(data="brain", task=task, split=split, scanner=scanner)
    chosen = torch.from_numpy(brain.split(split)[1])
    made = _rounded(iter([brain_batch(config, chosen, Generator().manual_seed(seed))]))
    return replace(made, watched=WATCHED_SLICES)


@functools.lru_cache(maxsize=4)
def _unseen_scenes(data: DataName, task: str, count: int, seed: int) -> Examples:
    source = cutout_source(training=False) if data == "cutouts" else mnist_source(training=False)
    return examples(task, source, count, seed)


def watched(config: UNetConfig) -> WatchedPictures:
    """The pictures that a run's views show. Raises DatasetError."""
    test = watched_examples(config)
    rows = list(test.watched)
    return WatchedPictures(test.inputs[rows].numpy(), test.targets[rows].numpy())


def watched_examples(config: UNetConfig) -> Examples:
    """Test pictures with those that are watched, drawn without most of the others. Raises DatasetError."""
    if config.data == "brain":
        return unseen_examples(config)
    return _unseen_scenes(config.data, config.task, CHUNK, TEST_SEED)  # drawn together
