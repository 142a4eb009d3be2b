"""Boxes around objects, and how much two of them overlap.

A box is (left, top, right, bottom) in pixels, float64, with left <= right and top <= bottom.

Source: H. Rezatofighi et al., "Generalized intersection over union", CVPR 2019, algorithm 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Box: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True)
class Overlap:
    """What two boxes ``a`` and ``b`` share, in square pixels, and the smallest box that encloses both."""

    a: float
    b: float
    intersection: float
    enclosing: float

    @property
    def union(self) -> float:
        """What either of them covers."""
        return self.a + self.b - self.intersection

    @property
    def iou(self) -> float:
        """Intersection over union, 0 to 1; 0 of two boxes without an area."""
        return self.intersection / self.union if self.union else 0.0

    @property
    def generalized(self) -> float:
        """Generalized IoU, above -1 to 1: the IoU less the share of the enclosing box that neither covers."""
        return self.iou - ((self.enclosing - self.union) / self.enclosing if self.enclosing else 0.0)


def overlap(a: Box, b: Box) -> Overlap:
    """Of two boxes, all its parts."""
    return Overlap(_area(a), _area(b), _area(shared(a, b)), _area(enclosing(a, b)))


def shared(a: Box, b: Box) -> Box:
    """The box that both cover; without a width or a height where there is none."""
    left, top = max(a[0], b[0]), max(a[1], b[1])
    return left, top, max(left, min(a[2], b[2])), max(top, min(a[3], b[3]))


def enclosing(a: Box, b: Box) -> Box:
    """The smallest box that holds both."""
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def as_boxes(boxes: ArrayLike) -> Floats:
    """(n, 4) float64, also of none. Raises ValueError for another shape."""
    array = np.asarray(boxes, np.float64)
    array = array.reshape(0, 4) if array.size == 0 else array
    if array.ndim != 2 or array.shape[1] != 4:
        raise ValueError(f"boxes: shape {array.shape}, not (n, 4)")
    return array


def areas(boxes: ArrayLike) -> Floats:
    """(n,) of boxes (n, 4), in square pixels."""
    array = as_boxes(boxes)
    return np.asarray((array[:, 2:] - array[:, :2]).prod(axis=1))


def iou(a: ArrayLike, b: ArrayLike) -> Floats:
    """Intersection over union (n, m) of every box of ``a`` (n, 4) with every one of ``b`` (m, 4), 0 to 1."""
    intersection, union, _ = _shares(as_boxes(a), as_boxes(b))
    return _divided(intersection, union)


def generalized_iou(a: ArrayLike, b: ArrayLike) -> Floats:
    """Generalized IoU (n, m) of every box of ``a`` (n, 4) with every one of ``b`` (m, 4), above -1 to 1."""
    intersection, union, around = _shares(as_boxes(a), as_boxes(b))
    return _divided(intersection, union) - _divided(around - union, around)


def _shares(a: Floats, b: Floats) -> tuple[Floats, Floats, Floats]:
    """Intersections, unions and enclosing boxes (n, m), in square pixels."""
    ours, theirs = a[:, None], b[None]
    low, high = np.maximum(ours[..., :2], theirs[..., :2]), np.minimum(ours[..., 2:], theirs[..., 2:])
    intersection = (high - low).clip(min=0).prod(axis=2)
    union = areas(a)[:, None] + areas(b)[None] - intersection
    first, last = np.minimum(ours[..., :2], theirs[..., :2]), np.maximum(ours[..., 2:], theirs[..., 2:])
    return intersection, union, (last - first).prod(axis=2)


def _divided(part: Floats, whole: Floats) -> Floats:
    """0 where the whole is 0."""
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0)
