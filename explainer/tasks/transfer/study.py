"""What few pictures teach a new last layer, wherever the network is cut: over several draws, with a map of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explainer.data.cutouts import Cutout, cutouts
from explainer.layers.softmax import probabilities
from explainer.lru import Lru
from explainer.tasks.transfer.features import CHUNK, CUTS, Floats, features
from explainer.tasks.transfer.linear import last_layer
from explainer.tasks.transfer.pictures import GROUNDS, SIDE, Ground, ground_of, laid, of_classes
from explainer.tasks.transfer.splits import split

DRAWS = 5  # of the pictures to learn from
_KEPT: Lru[tuple[Floats, ...]] = Lru(len(GROUNDS) * len(cutouts()))  # features of a cut-out on a ground: 10 kB each


@dataclass(frozen=True)
class StudyConfig:
    """``per_class`` pictures of each of ``classes`` are learned from on one ground, all others tested on another.

    ``seed`` decides the draws.
    """

    classes: tuple[str, ...]
    per_class: int = 10
    learned: Ground = "white"
    tested: Ground = "white"
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Study:
    """What came out, for each of ``CUTS`` (c).

    ``accuracy`` (c, draws), 0..1, on the pictures that were not learned from. Of the first draw: ``train`` and ``test``
    (indices of the pictures of these classes, in the order of ``cutout_pictures``), ``found`` (c, test) the class that
    each test picture is given, ``sure`` (c, test) its probability, and ``maps`` (c, n, 2) the two directions in which
    the features of all pictures vary most, as standardized on those learned from. ``labels`` (n,).
    """

    config: StudyConfig
    accuracy: NDArray[np.float64]
    train: NDArray[np.int64]
    test: NDArray[np.int64]
    found: NDArray[np.int64]
    sure: NDArray[np.float64]
    maps: NDArray[np.float64]
    labels: NDArray[np.int64]


@dataclass(frozen=True)
class Progress:
    """The ``share`` that is done, 0..1, and what came out at the end."""

    share: float
    study: Study | None = None


def is_possible(config: StudyConfig) -> bool:
    """Whether every class leaves a picture for the test."""
    return len(config.classes) >= 2 and config.per_class < min(counts(config.classes))


def counts(classes: tuple[str, ...]) -> list[int]:
    """How many cut-outs there are of each class."""
    return np.bincount([label for _, label in of_classes(classes)], minlength=len(classes)).tolist()  # type: ignore[no-any-return]


def picture(config: StudyConfig, number: int) -> NDArray[np.uint8]:
    """The picture of a number, as it is tested: (224, 224, 3)."""
    cutout, _ = of_classes(config.classes)[number]
    return laid(cutout, ground_of(cutout, config.tested, 0, SIDE))


def study(config: StudyConfig) -> Iterator[Progress]:
    """Features of all cut-outs on both grounds, where they are not known yet, then a layer for every cut and draw.

    Raises ValueError for a description that is not possible.
    """
    if not is_possible(config):
        raise ValueError(f"{config=}")
    pictures = [cutout for cutout, _ in of_classes(config.classes)]
    grounds = list(dict.fromkeys((config.learned, config.tested)))
    for number, ground in enumerate(grounds):
        for share in _read(pictures, ground):
            yield Progress(0.9 * (number + share) / len(grounds))
    yield Progress(1.0, _studied(config))


def _read(pictures: Sequence[Cutout], ground: Ground) -> Iterator[float]:
    """Keeps the features of the pictures that are not known yet, part by part; the share that is done."""
    missing = [each for each in pictures if _KEPT.get((ground, each.file)) is None]
    for start in range(0, len(missing), CHUNK):
        part = missing[start : start + CHUNK]
        rgb = np.stack([laid(each, ground_of(each, ground, 0, SIDE)) for each in part])
        (made,) = features(rgb)
        for number, each in enumerate(part):
            _KEPT.put((ground, each.file), tuple(values[number] for values in made))
        yield (start + len(part)) / len(missing)


def _known(pictures: Sequence[Cutout], ground: Ground) -> list[Floats]:
    """The features (n, d) of the pictures for each cut; read anew where they had to make room."""
    for _ in _read(pictures, ground):
        pass
    rows = [_KEPT.get((ground, each.file)) for each in pictures]
    return [np.stack(column) for column in zip(*(row for row in rows if row is not None), strict=True)]


def _studied(config: StudyConfig) -> Study:
    chosen = of_classes(config.classes)
    pictures, labels = [cutout for cutout, _ in chosen], np.array([label for _, label in chosen])
    learned, tested = (_known(pictures, ground) for ground in (config.learned, config.tested))
    splits = [split(labels, config.per_class, config.seed * DRAWS + draw) for draw in range(DRAWS)]
    accuracy = np.empty((len(CUTS), DRAWS))
    found, sure, maps = [], [], []
    for cut, (own, other) in enumerate(zip(learned, tested, strict=True)):
        for draw, (train, test) in enumerate(splits):
            layer = last_layer(own[train], labels[train], len(config.classes))
            scores = layer.scores(other[test])
            accuracy[cut, draw] = (scores.argmax(axis=1) == labels[test]).mean()
            if draw == 0:
                found.append(scores.argmax(axis=1))
                sure.append(probabilities(scores).max(axis=1))
                shown = np.where(np.isin(np.arange(len(labels)), train)[:, None], own, other)
                maps.append(_principal((shown - layer.mean) / layer.scale))
    train, test = splits[0]
    return Study(config, accuracy, train, test, np.stack(found), np.stack(sure), np.stack(maps), labels)


def _principal(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The two first principal components (n, 2) of values (n, d); of each the largest is positive."""
    centred = values - values.mean(axis=0)
    left, strength, _ = np.linalg.svd(centred, full_matrices=False)
    made: NDArray[np.float64] = left[:, :2] * strength[:2]
    return made * np.sign(made[np.abs(made).argmax(axis=0), [0, 1]])
