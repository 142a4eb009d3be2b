"""A small picture in colour as three planes of numbers, typed below each other: red, green and blue."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explainer.data.grid_text import GridError
from explainer.data.samples import Grid
from explainer.words.book import Said

PLANE_NAMES = ("Red", "Green", "Blue")

# A yellow sun in a blue sky that is paler below, a red house, and grass: three planes of 3 x 6 below each other.
PLANES: Grid = (
    *((0, 9, 9, 0, 0, 0), (0, 9, 9, 0, 8, 0), (0, 0, 0, 0, 8, 0)),
    *((0, 9, 9, 0, 0, 0), (2, 9, 9, 2, 0, 2), (7, 7, 7, 7, 0, 7)),
    *((8, 0, 0, 8, 8, 8), (6, 0, 0, 6, 0, 6), (0, 0, 0, 0, 0, 0)),
)


def split_planes(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The planes (3, height, width) of a grid (3 * height, width) that has them below each other.

    Raises GridError, a sentence for the visitor, where the rows cannot be shared out.
    """
    rows, columns = values.shape
    if rows % 3:
        raise GridError(Said("grids.planes", rows=rows))
    return values.reshape(3, rows // 3, columns)


__all__ = ["PLANES", "PLANE_NAMES", "split_planes"]
