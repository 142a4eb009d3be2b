"""Digits of MNIST as a hand would draw them on the pad: their skeletons as strokes, of any size and slant."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explainer.data.drawing import Strokes

_AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))  # clockwise from above


def skeleton(digit: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The middle of the strokes (height, width). Source: Zhang and Suen 1984, "A fast parallel algorithm"."""
    ink = np.pad(digit > 100, 1)
    while True:
        before = ink.copy()
        for first in (True, False):
            ink &= ~_removable(ink, first)
        if (ink == before).all():
            return ink[1:-1, 1:-1]


def _removable(ink: NDArray[np.bool_], first: bool) -> NDArray[np.bool_]:
    near = [np.roll(ink, (-row, -column), (0, 1)) for row, column in _AROUND]
    count = np.sum(near, axis=0)
    turns = np.sum([~near[n] & near[(n + 1) % 8] for n in range(8)], axis=0)
    up, right, down, left = near[::2]
    one, other = (up & right & down, right & down & left) if first else (up & right & left, up & down & left)
    removable: NDArray[np.bool_] = ink & (count >= 2) & (count <= 6) & (turns == 1) & ~one & ~other
    return removable


def strokes_of(digit: NDArray[np.uint8], size: float = 0.7, slant: float = 0.0) -> Strokes:
    """Short strokes from pixel to pixel of the skeleton, in the middle of the pad.

    ``size`` is the longer side as a part of the pad's, ``slant`` how far a digit as high as 1 leans to the right.
    """
    rows, columns = np.nonzero(skeleton(digit))
    places = np.stack([columns - slant * (rows - rows.mean()), rows], axis=1).astype(np.float64)
    low, high = places.min(axis=0), places.max(axis=0)
    places = 0.5 + (places - (low + high) / 2) * size / max(float((high - low).max()), 1.0)
    at = {(row, column): n for n, (row, column) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True))}
    pairs = [
        (n, at[row + down, column + right])
        for (row, column), n in at.items()
        for down, right in _AROUND[1:5]
        if (row + down, column + right) in at
    ]
    points = [(float(x), float(y)) for x, y in places.clip(0, 1)]
    return tuple((points[n], points[m]) for n, m in pairs) or tuple((point,) for point in points)
