"""The scenes that a detector is tested on, always the same, and those of them that are watched while it trains."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from explainer.tasks.cutout_scenes import CutoutSource, cutout_scenes, cutout_source
from explainer.tasks.detection.config import SceneKind
from explainer.tasks.scenes import DigitSource, Scenes, SceneSettings, digit_scenes, mnist_source

Source: TypeAlias = DigitSource | CutoutSource

TEST_SCENES, TEST_SEED = 1_000, 112
WATCHED = 6  # the first of the test scenes
_CHUNK = 50  # scenes drawn at once


@dataclass(frozen=True, eq=False)
class Examples:
    """``pictures`` (n, 1 or 3, 112, 112) uint8, ``boxes`` (n, m, 4) float32, ``classes`` (n, m) int64, as of Scenes."""

    pictures: Tensor
    boxes: Tensor
    classes: Tensor


@dataclass(frozen=True, eq=False)
class WatchedScenes:
    """Of the watched test scenes: ``pictures``, ``boxes`` (s, m, 4) float32, ``classes`` (s, m).

    Pictures are (s, 112, 112) uint8, or (s, 112, 112, 3) in colour. Boxes are left, top, right, bottom in pixels; a
    class is -1 where there is no digit.
    """

    pictures: NDArray[np.uint8]
    boxes: NDArray[np.float32]
    classes: NDArray[np.int64]


def source_of(kind: SceneKind, *, training: bool) -> Source:
    """What scenes are drawn from: to train with, or to test with, which is other. Raises DatasetError without MNIST."""
    return mnist_source(training=training) if kind == "digits" else cutout_source(training=training)


def scenes_of(source: Source, settings: SceneSettings, count: int, chance: Generator) -> Scenes:
    """``count`` scenes of digits or of cut-outs, whatever the ``source`` has."""
    if isinstance(source, CutoutSource):
        return cutout_scenes(source, settings, count, chance)
    return digit_scenes(source, settings, count, chance)


def training_settings(clutter: int, kind: SceneKind = "digits") -> SceneSettings:
    """Three to six digits, two to five cut-outs: more than in a test, since each is a lesson."""
    if kind == "cutouts":
        return SceneSettings(fewest=2, most=5, clutter=clutter)
    return SceneSettings(fewest=3, most=6, clutter=clutter)


def unseen_settings(clutter: int) -> SceneSettings:
    """One to four digits or cut-outs."""
    return SceneSettings(clutter=clutter)


def examples(source: Source, settings: SceneSettings, count: int, seed: int) -> Examples:
    """``count`` scenes, their pictures rounded to 256 levels."""
    chance, parts = Generator().manual_seed(seed), []
    for start in range(0, count, _CHUNK):
        scenes = scenes_of(source, settings, min(_CHUNK, count - start), chance)
        parts.append(((scenes.pictures * 255).round().to(torch.uint8), scenes.boxes, scenes.classes))
    pictures, boxes, classes = (torch.cat(column) for column in zip(*parts, strict=True))
    return Examples(pictures, boxes, classes)


@functools.lru_cache(maxsize=2)
def unseen_examples(clutter: int, seed: int = TEST_SEED, kind: SceneKind = "digits") -> Examples:
    """A thousand scenes of what no detector has trained with. Raises DatasetError where MNIST is not there."""
    return examples(source_of(kind, training=False), unseen_settings(clutter), TEST_SCENES, seed)


def watched(clutter: int, kind: SceneKind = "digits") -> WatchedScenes:
    """The scenes whose boxes a run's views show. Raises DatasetError."""
    test = watched_examples(clutter, kind)
    pictures = test.pictures[:, 0] if kind == "digits" else test.pictures.permute(0, 2, 3, 1)
    return WatchedScenes(*(part.contiguous().numpy().copy() for part in (pictures, test.boxes, test.classes)))


@functools.lru_cache(maxsize=8)
def watched_examples(clutter: int, kind: SceneKind = "digits") -> Examples:
    """The same six of the test scenes as tensors, drawn without the rest of the thousand. Raises DatasetError."""
    first = examples(source_of(kind, training=False), unseen_settings(clutter), _CHUNK, TEST_SEED)  # drawn together
    return Examples(*(part[:WATCHED].clone() for part in (first.pictures, first.boxes, first.classes)))
