"""What few pictures teach a new last layer, wherever the network is cut: over several draws, with a map of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from explainer.data.cutouts import Cutout, cutouts
from explainer.layers.softmax import probabilities
from explainer.lru import Lru
from explainer.tasks.transfer.config import GROUNDS, Ground
from explainer.tasks.transfer.features import CHUNK, Floats, features
from explainer.tasks.transfer.linear import LastLayer, last_layer
from explainer.tasks.transfer.pictures import SIDE, ground_of, laid, of_classes, own_ground
from explainer.tasks.transfer.splits import split

Of = TypeVar("Of")  # what describes a study
Split = tuple[NDArray[np.int64], NDArray[np.int64]]
On = tuple[Cutout, Ground, int | None]  # a cut-out, what it lies on, and to how many pixels it is reduced first
DRAWS = 5  # of the pictures to learn from
REDUCED = 32  # pixels of the longer side, by which all cut-outs are blurred alike
_KEPT: Lru[tuple[Floats, ...]] = Lru(2 * len(GROUNDS) * len(cutouts()))  # of a cut-out on a ground: 10 kB each


@dataclass(frozen=True)
class StudyConfig:
    """``per_class`` pictures of each of ``classes`` are learned from on one ground, all others tested on another.

    ``seed`` decides the draws. With ``reduced`` every cut-out is made so small first, in pixels of its longer side, and
    then enlarged: all are blurred alike.
    """

    classes: tuple[str, ...]
    per_class: int = 10
    learned: Ground = "white"
    tested: Ground = "white"
    seed: int = 0
    reduced: int | None = None


@dataclass(frozen=True, eq=False)
class Study(Generic[Of]):
    """What came out, for each of ``CUTS`` (c).

    ``accuracy`` (c, draws), 0..1, on the pictures that were not learned from. Of the first draw: ``train`` and ``test``
    (indices of the pictures of these classes, in the order of ``cutout_pictures``), ``found`` (c, test) the class that
    each test picture is given, ``sure`` (c, test) its probability, and ``maps`` (c, n, 2) the two directions in which
    the features of all pictures vary most, as standardized on those learned from. ``layers`` (c) are those of the
    first draw. ``labels`` (n,). ``whole`` is the same study without a reduction, where this one has one.
    """

    config: Of
    accuracy: NDArray[np.float64]
    train: NDArray[np.int64]
    test: NDArray[np.int64]
    found: NDArray[np.int64]
    sure: NDArray[np.float64]
    maps: NDArray[np.float64]
    labels: NDArray[np.int64]
    layers: tuple[LastLayer, ...]
    whole: Study[Of] | None = None


AnyStudy = Study[Any]


@dataclass(frozen=True)
class Progress:
    """The ``share`` that is done, 0..1, and what came out at the end."""

    share: float
    study: AnyStudy | None = None


def is_possible(config: StudyConfig) -> bool:
    """Whether every class leaves a picture for the test."""
    return len(config.classes) >= 2 and config.per_class < min(counts(config.classes))


def counts(classes: tuple[str, ...]) -> list[int]:
    """How many cut-outs there are of each class."""
    return np.bincount([label for _, label in of_classes(classes)], minlength=len(classes)).tolist()  # type: ignore[no-any-return]


def picture(config: StudyConfig, number: int) -> NDArray[np.uint8]:
    """The picture of a number, as it is tested: (224, 224, 3)."""
    cutout, _ = of_classes(config.classes)[number]
    return laid(
        cutout, ground_of(cutout, own_ground(cutout, config.tested, config.classes), 0, SIDE), reduced=config.reduced
    )


def study(config: StudyConfig) -> Iterator[Progress]:
    """Features of all cut-outs on both grounds, where they are not known yet, then a layer for every cut and draw.

    Raises ValueError for a description that is not possible.
    """
    if not is_possible(config):
        raise ValueError(f"{config=}")
    both = [config] if config.reduced is None else [replace(config, reduced=None), config]
    sides = [(each, ground) for each in both for ground in (config.learned, config.tested)]
    for share in _read([*dict.fromkeys(on for side in sides for on in _on(*side))]):
        yield Progress(0.9 * share)
    found = [_studied(each) for each in both]
    yield Progress(1.0, found[0] if config.reduced is None else replace(found[1], whole=found[0]))


def _on(config: StudyConfig, ground: Ground) -> list[On]:
    """All pictures, class by class, each with its own ground."""
    chosen = of_classes(config.classes)
    return [(cutout, own_ground(cutout, ground, config.classes), config.reduced) for cutout, _ in chosen]


def _read(pictures: Sequence[On]) -> Iterator[float]:
    """Keeps the features of the pictures that are not known yet, part by part; the share that is done."""
    missing = [on for on in pictures if _KEPT.get(_key(on)) is None]
    for start in range(0, len(missing), CHUNK):
        part = missing[start : start + CHUNK]
        grounds = [ground_of(each, ground, 0, SIDE) for each, ground, _ in part]
        rgb = np.stack([laid(on[0], own, reduced=on[2]) for on, own in zip(part, grounds, strict=True)])
        (made,) = features(rgb)
        for number, on in enumerate(part):
            _KEPT.put(_key(on), tuple(values[number] for values in made))
        yield (start + len(part)) / len(missing)


def _key(on: On) -> tuple[str, Ground, int | None]:
    return on[0].file, *on[1:]


def _known(pictures: Sequence[On]) -> list[Floats]:
    """The features (n, d) of the pictures for each cut; read anew where they had to make room."""
    for _ in _read(pictures):
        pass
    rows = [_KEPT.get(_key(on)) for on in pictures]
    return [np.stack(column) for column in zip(*(row for row in rows if row is not None), strict=True)]


def _studied(config: StudyConfig) -> Study[StudyConfig]:
    labels = np.array([label for _, label in of_classes(config.classes)])
    splits = [split(labels, config.per_class, config.seed * DRAWS + draw) for draw in range(DRAWS)]
    return studied(config, *_sides(config), labels, splits)


def _sides(config: StudyConfig) -> tuple[list[Floats], list[Floats]]:
    """For each cut the features (n, d) of all pictures on the ground of the learned ones, and of the tested ones."""
    return _known(_on(config, config.learned)), _known(_on(config, config.tested))


def shown_features(found: Study[StudyConfig], cut: int) -> NDArray[np.float64]:
    """The features (n, d) of a cut that the map of the first draw shows."""
    learned, tested = _sides(found.config)
    return standardized(found.layers[cut], learned[cut], tested[cut], found.train)


def standardized(layer: LastLayer, learned: Floats, tested: Floats, train: NDArray[np.int64]) -> NDArray[np.float64]:
    """Features (n, d) as a layer takes them: ``learned`` of the pictures that are learned from, else ``tested``."""
    shown = np.where(np.isin(np.arange(len(learned)), train)[:, None], learned, tested)
    made: NDArray[np.float64] = (shown - layer.mean) / layer.scale
    return made


def studied(
    config: Of, learned: Sequence[Floats], tested: Sequence[Floats], labels: NDArray[np.int64], splits: Sequence[Split]
) -> Study[Of]:
    """A layer for every cut and every draw, on features (n, d) of each cut: learned from those, tested on these."""
    accuracy = np.empty((len(learned), len(splits)))
    found, sure, maps, layers = [], [], [], []
    for cut, (own, other) in enumerate(zip(learned, tested, strict=True)):
        for draw, (train, test) in enumerate(splits):
            layer = last_layer(own[train], labels[train], int(labels.max()) + 1)
            scores = layer.scores(other[test])
            accuracy[cut, draw] = (scores.argmax(axis=1) == labels[test]).mean()
            if draw == 0:
                found.append(scores.argmax(axis=1))
                sure.append(probabilities(scores).max(axis=1))
                maps.append(_principal(standardized(layer, own, other, train)))
                layers.append(layer)
    train, test = splits[0]
    columns = np.stack(found), np.stack(sure), np.stack(maps)
    return Study(config, accuracy, train, test, *columns, labels, tuple(layers))


def _principal(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The two first principal components (n, 2) of values (n, d); of each the largest is positive."""
    centred = values - values.mean(axis=0)
    left, strength, _ = np.linalg.svd(centred, full_matrices=False)
    made: NDArray[np.float64] = left[:, :2] * strength[:2]
    return made * np.sign(made[np.abs(made).argmax(axis=0), [0, 1]])
