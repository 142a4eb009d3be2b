"""How good a detector is: which detections are right, precision and recall along their ranking, average precision.

A detection belongs to the object of its picture and class that it overlaps most. It is right if their IoU is above the
threshold and no detection with a better score was right about the same object.

Sources: M. Everingham et al., "The PASCAL visual object classes (VOC) challenge", IJCV 88, 2010, section 4.2 (matching,
and eleven points); the VOC 2010 development kit (the area under every point); T.-Y. Lin et al., "Microsoft COCO", ECCV
2014, and cocodataset.org (the mean over ten thresholds; COCO itself reads its curves at 101 points of recall).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explainer.tasks.boxes import Floats, iou

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]
THRESHOLDS = tuple(round(0.5 + 0.05 * step, 2) for step in range(10))  # IoU 0.5 to 0.95
_NOBODY = -1
_NO_OBJECTS = "objects=0"


@dataclass(frozen=True, eq=False)
class Truths:
    """The objects of a picture: boxes (n, 4) and classes (n,)."""

    boxes: ArrayLike
    classes: ArrayLike


@dataclass(frozen=True, eq=False)
class Detections:
    """What a detector says of a picture: boxes (n, 4), scores (n,) and classes (n,)."""

    boxes: ArrayLike
    scores: ArrayLike
    classes: ArrayLike


@dataclass(frozen=True, eq=False)
class Ranked:
    """The detections of all pictures, best score first, the first of equal ones first; every array is (n,).

    ``pictures`` and ``numbers`` say which detection of which picture each is, ``truths`` which object of that picture
    it overlaps most, -1 where the picture has none of its class, and ``overlaps`` their IoU. ``objects`` is a number of
    that object among those of all pictures.
    """

    scores: Floats
    classes: Numbers
    pictures: Numbers
    numbers: Numbers
    truths: Numbers
    overlaps: Floats
    objects: Numbers

    def is_right(self, threshold: float) -> Flags:
        """(n,): which detections are right at this IoU."""
        claims = np.flatnonzero((self.overlaps > threshold) & (self.truths != _NOBODY))
        _, first = np.unique(self.objects[claims], return_index=True)
        right = np.zeros(len(self.scores), np.bool_)
        right[claims[first]] = True
        return right


@dataclass(frozen=True, eq=False)
class Curve:
    """Along the ranking, after each detection (n,): how many were right, precision and recall, 0 to 1."""

    right: Numbers
    precision: Floats
    recall: Floats

    @property
    def envelope(self) -> Floats:
        """(n,): the best precision at this recall or a higher one."""
        return np.asarray(np.maximum.accumulate(self.precision[::-1])[::-1])


@dataclass(frozen=True, eq=False)
class MeanAveragePrecision:
    """Average precision (classes, thresholds), NaN for a class without objects, and the means over the others."""

    by_class: Floats
    thresholds: tuple[float, ...] = field(default=THRESHOLDS)

    @property
    def by_threshold(self) -> Floats:
        """(thresholds,): the mean over classes."""
        is_there = ~np.isnan(self.by_class[:, 0])
        return np.asarray(self.by_class[is_there].mean(axis=0))

    @property
    def mean(self) -> float:
        """Over classes and thresholds."""
        return float(self.by_threshold.mean())


def ranked(detections: Sequence[Detections], truths: Sequence[Truths]) -> Ranked:
    """Of one or more pictures, each with its detections and its truth. Raises ValueError for lists of other lengths."""
    rows, first = [], 0
    for picture, (found, truth) in enumerate(zip(detections, truths, strict=True)):
        rows.append(_claims(picture, found, truth, first))
        first += len(np.atleast_1d(truth.classes))
    scores, overlaps, *numbers = (np.concatenate(column) for column in zip(*rows, strict=True))
    order = np.argsort(-scores, kind="stable")
    classes, pictures, places, nearest, objects = (each[order].astype(np.int64) for each in numbers)
    return Ranked(scores[order], classes, pictures, places, nearest, overlaps[order], objects)


def precision_recall(is_right: ArrayLike, objects: int) -> Curve:
    """Along a ranking (n,) of right and wrong detections, with so many objects to find, 1 or more.

    Raises ValueError without objects.
    """
    if objects < 1:
        raise ValueError(_NO_OBJECTS)
    right = np.cumsum(np.asarray(is_right, np.int64))
    return Curve(right, right / np.arange(1, len(right) + 1), right / objects)


def average_precision(scores: ArrayLike, is_right: ArrayLike, objects: int) -> float:
    """The area under the envelope of precision over recall, every point counted, 0 to 1.

    ``scores`` (n,) rank the detections, the first of equal ones first; ``is_right`` (n,) in the same order as they;
    ``objects`` is how many there are to find. Raises ValueError without objects.
    """
    order = np.argsort(-np.asarray(scores, np.float64), kind="stable")
    return area(precision_recall(np.asarray(is_right, np.bool_)[order], objects))


def area(curve: Curve) -> float:
    """Under the envelope: each step of recall times the best precision from there on."""
    return float((np.diff(curve.recall, prepend=0.0) * curve.envelope).sum())


def eleven_points(curve: Curve) -> float:
    """VOC 2007: the mean of the best precision at a recall of 0, 0.1, ..., 1 or higher; 0 where none reaches it."""
    tenths = np.arange(11) / 10
    at = np.searchsorted(curve.recall + 1e-12, tenths)  # the first that reaches it
    return float(np.append(curve.envelope, 0.0)[at].mean())


def mean_average_precision(
    detections: Sequence[Detections],
    truths: Sequence[Truths],
    classes: int,
    thresholds: Sequence[float] = THRESHOLDS,
) -> MeanAveragePrecision:
    """Of all pictures and the classes 0 to ``classes`` - 1. Raises ValueError where there is no object at all."""
    ranking = ranked(detections, truths)
    counts = np.bincount(
        np.concatenate([np.atleast_1d(each.classes) for each in truths]).astype(int), minlength=classes
    )
    if not counts[:classes].any():
        raise ValueError(_NO_OBJECTS)
    by_class = np.full((classes, len(thresholds)), np.nan)
    for column, threshold in enumerate(thresholds):
        right = ranking.is_right(threshold)
        for kind in np.flatnonzero(counts[:classes]):
            by_class[kind, column] = area(precision_recall(right[ranking.classes == kind], int(counts[kind])))
    return MeanAveragePrecision(by_class, tuple(thresholds))


def _claims(picture: int, found: Detections, truth: Truths, first: int) -> tuple[Floats | Numbers, ...]:
    """Scores, overlaps, classes, pictures, numbers, truths and objects (n,) of one picture."""
    scores, classes = np.asarray(found.scores, np.float64), np.asarray(found.classes, np.int64)
    count, kinds = len(scores), np.asarray(truth.classes, np.int64)
    nearest, overlaps = np.full(count, _NOBODY), np.zeros(count)
    if count and len(kinds):
        shares = np.where(classes[:, None] == kinds[None], iou(found.boxes, truth.boxes), -1.0)
        best = shares.argmax(axis=1)
        overlaps = shares[np.arange(count), best]
        nearest = np.where(overlaps >= 0, best, _NOBODY)
        overlaps = overlaps.clip(min=0)
    return scores, overlaps, classes, np.full(count, picture), np.arange(count), nearest, first + nearest
