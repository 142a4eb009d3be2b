"""The sample photographs cut into squares of several sizes: the pictures among which a network of photographs chooses.

Squares of one size lie evenly over the whole photograph, as few as cover it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from explainer.data.samples import PHOTOGRAPHS, original, original_size
from explainer.networks.description import Transform

PARTS = (1, 2, 3)  # how often the side of a square goes into the photograph's shorter side
_FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


@dataclass(frozen=True)
class Square:
    """A square of the photograph ``name``, which is number ``photo`` of ``PHOTOGRAPHS``, in its pixels."""

    photo: int
    name: str
    top: int
    left: int
    side: int


@functools.cache
def squares() -> tuple[Square, ...]:
    """All squares, photograph after photograph, the large ones first."""
    return tuple(
        Square(number, photo.name, top, left, side)
        for number, photo in enumerate(PHOTOGRAPHS)
        for part in PARTS
        for side, top, left in _places(original_size(photo.name), part)
    )


def cut(square: Square, transform: Transform) -> NDArray[np.uint8]:
    """The square as a network is shown it: (size, size, 3), or (size, size) for a network of grey pictures."""
    picture = original(square.name)
    values = picture.rgb if transform.channels == 3 else picture.grey
    part = values[square.top : square.top + square.side, square.left : square.left + square.side]
    resized = Image.fromarray(part).resize((transform.size, transform.size), _FILTERS[transform.interpolation])
    return np.asarray(resized)


@functools.lru_cache(maxsize=2)
def pictures(transform: Transform) -> NDArray[np.uint8]:
    """All squares (n, size, size, 3) as a network is shown them, read-only; 17 MB for 224 x 224 pixels."""
    made = np.stack([cut(square, transform) for square in squares()])
    made.flags.writeable = False
    return made


def _places(size: tuple[int, int], part: int) -> Iterator[tuple[int, int, int]]:
    """Side, top and left of the squares of one size."""
    side = min(size) // part
    tops, lefts = (_starts(length, side) for length in size)
    for top in tops:
        for left in lefts:
            yield side, top, left


def _starts(length: int, side: int) -> list[int]:
    count = max(1, ceil((length - 0.1 * side) / side))  # a rest of a tenth needs no square of its own
    return [round(start) for start in np.linspace(0, length - side, count)]
