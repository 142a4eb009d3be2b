"""The same study on a visitor's own pictures: what it computes is kept beside the pictures, and goes with them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.layers.softmax import probabilities
from explainer.lru import Lru
from explainer.tasks.transfer.collection import MOST, MOST_CLASSES, Collection, missing, unpacked
from explainer.tasks.transfer.features import CHUNK, Floats, features
from explainer.tasks.transfer.splits import held_out
from explainer.tasks.transfer.study import DRAWS, AnyStudy, Progress, Study, standardized, studied

_STUDIES = 4  # kept beside the pictures: the last ones, so that a picture that is taken back costs nothing


@dataclass(frozen=True)
class OwnStudyConfig:
    """The packed ``pictures`` of each class, in the order of the classes; ``seed`` decides the draws."""

    pictures: tuple[tuple[bytes, ...], ...]
    seed: int = 0

    @property
    def digest(self) -> str:
        """Tells studies apart without keeping a picture."""
        made = hashlib.sha256(b"%d" % self.seed)
        for own in self.pictures:
            made.update(b"%d " % len(own) + b"".join(hashlib.sha256(each).digest() for each in own))
        return made.hexdigest()


class Shelf:
    """A visitor's pictures, and what was computed of them: all of it goes when they are let go of."""

    def __init__(self) -> None:
        self.collection = Collection()
        self.tried: bytes | None = None  # a picture of no class, packed, that the new layer is asked about
        self._forget()

    def put(self, collection: Collection) -> None:
        """Keeps this collection in the place of the one before."""
        self.collection = collection
        if not collection.size:
            self.tried = None
            self._forget()

    def size(self) -> int:
        """Bytes of all, roughly: the features of a picture take more than itself."""
        computed = FEATURE_BYTES * self.features.taken + STUDY_BYTES * self.studies.taken
        return self.collection.size + len(self.tried or b"") + computed + THUMB_BYTES * self.thumbs.taken

    def _forget(self) -> None:
        self.features: Lru[tuple[Floats, ...]] = Lru(MOST * MOST_CLASSES)
        self.thumbs: Lru[str] = Lru(MOST * MOST_CLASSES)  # as the browser shows them
        self.studies: Lru[Progress] = Lru(_STUDIES)
        self.layouts: Lru[Any] = Lru(_STUDIES)  # of the map, where another way than PCA is asked for


FEATURE_BYTES, STUDY_BYTES, THUMB_BYTES = 12_000, 400_000, 1_500


def config_of(collection: Collection, seed: int = 0) -> OwnStudyConfig:
    """The study of these pictures. Raises ValueError where a class has too few."""
    if lacking := missing(collection):
        raise ValueError(f"{lacking=}")
    return OwnStudyConfig(tuple(own.pictures for own in collection.classes), seed)


def own_study(config: OwnStudyConfig, kept: Lru[tuple[Floats, ...]]) -> Iterator[Progress]:
    """Features of the pictures that are not in ``kept`` yet, then a layer for every cut and draw."""
    pictures = [each for own in config.pictures for each in own]
    yield Progress(0.0)
    for share in _read(pictures, kept):
        yield Progress(0.9 * share)
    known = _known(pictures, kept)
    yield Progress(1.0, studied(config, known, known, labels_of(config), splits(config)))


def labels_of(config: OwnStudyConfig) -> NDArray[np.int64]:
    """The class (n,) of each picture."""
    return np.repeat(np.arange(len(config.pictures)), [len(own) for own in config.pictures])


def splits(config: OwnStudyConfig) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """What is learned from and tested on in each draw."""
    return [held_out(config.pictures, config.seed * DRAWS + draw) for draw in range(DRAWS)]


def own_features(found: Study[OwnStudyConfig], cut: int, kept: Lru[tuple[Floats, ...]]) -> NDArray[np.float64]:
    """The features (n, d) of a cut that the map of the first draw shows."""
    (known,) = _known([each for own in found.config.pictures for each in own], kept)[cut : cut + 1]
    return standardized(found.layers[cut], known, known, found.train)


def told(found: AnyStudy, cut: int, picture: bytes, kept: Lru[tuple[Floats, ...]]) -> NDArray[np.float64]:
    """The probabilities (k,) that the first draw's layer behind a cut gives a packed picture."""
    (known,) = _known([picture], kept)[cut : cut + 1]
    made: NDArray[np.float64] = probabilities(found.layers[cut].scores(known))[0]
    return made


def own_picture(config: OwnStudyConfig, number: int) -> NDArray[np.uint8]:
    """The picture of a number, class by class: (224, 224, 3)."""
    pictures = [each for own in config.pictures for each in own]
    made: NDArray[np.uint8] = unpacked([pictures[number]])[0]
    return made


def _read(pictures: Sequence[bytes], kept: Lru[tuple[Floats, ...]]) -> Iterator[float]:
    """Keeps the features of the pictures that are not known yet, part by part; the share that is done."""
    missed = [each for each in pictures if kept.get(_digest(each)) is None]
    for start in range(0, len(missed), CHUNK):
        part = missed[start : start + CHUNK]
        (made,) = features(unpacked(part))
        for number, each in enumerate(part):
            kept.put(_digest(each), tuple(values[number].copy() for values in made))
        yield (start + len(part)) / len(missed)


def _known(pictures: Sequence[bytes], kept: Lru[tuple[Floats, ...]]) -> list[Floats]:
    """The features (n, d) of the pictures for each cut; read anew where they had to make room."""
    for _ in _read(pictures, kept):
        pass
    rows = [kept.get(_digest(each)) for each in pictures]
    return [np.stack(column) for column in zip(*(row for row in rows if row is not None), strict=True)]


def _digest(picture: bytes) -> bytes:
    return hashlib.sha256(picture).digest()
