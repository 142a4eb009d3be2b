"""A simple and a complex cell of the visual cortex, as a weighted sum and as a maximum, before a bar of light.

D. H. Hubel, T. N. Wiesel 1962, J. Physiol. 160, 106-154: simple cells have regions where light excites and others where
it inhibits; complex cells answer to a bar of their orientation wherever it lies in a larger field, and may be fed by
simple cells. The maximum over these is the model of M. Riesenhuber, T. Poggio 1999, Nature Neuroscience 2, 1019-1025.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SIDE = 17  # pixels of the retina
MIDDLE = SIDE // 2
LONG = 5  # rows above and below the middle that a field has
EXCITES, INHIBITS = 2.0, -1.0  # weights of the three columns in the middle, and of three on either side
REACH = 4  # columns that a field goes from its middle to either side, and that simple cells are shifted at most
SHIFTS = range(-REACH, REACH + 1)  # of the simple cells that one complex cell reads
ANGLES, PLACES = range(0, 181, 5), range(-8, 9)  # of the tuning curves
MOST_ANGLE, MOST_SHIFT = 179, 8


def field(shift: int = 0) -> Floats:
    """The weights (SIDE, SIDE) of a simple cell that prefers an upright bar, ``shift`` columns right of the middle."""
    rows, columns = _places()
    away = np.abs(columns - shift)
    weights = np.where(away <= 1, EXCITES, np.where(away <= REACH, INHIBITS, 0.0))
    return np.where(np.abs(rows) <= LONG, weights, 0.0)


def bar(angle: float, shift: float) -> Floats:
    """Light (SIDE, SIDE), 0 to 1: a bar 3 pixels wide across the retina, ``angle`` degrees clockwise from upright.

    It is moved by ``shift`` pixels at right angles to itself. A pixel that the edge crosses is in part light.
    """
    rows, columns = _places()
    turned = np.deg2rad(angle)
    across = columns * np.cos(turned) + rows * np.sin(turned) - shift
    light: Floats = np.clip(2 - np.abs(across), 0, 1)
    return light


def simple(light: Floats, shift: int = 0) -> float:
    """What the simple cell answers: the sum of weights times light, 0 where that is negative."""
    return max(0.0, float((field(shift) * light).sum()))


def complex_cell(light: Floats) -> float:
    """What the complex cell answers: the largest answer of simple cells alike, side by side."""
    return max(simple(light, shift) for shift in SHIFTS)


def best() -> float:
    """The largest answer of either: to an upright bar in the middle of the field."""
    return simple(bar(0, 0))


def parts(light: Floats) -> tuple[float, float]:
    """What light adds to the sum of the simple cell in the middle where it excites, and takes where it inhibits."""
    products = field() * light
    return float(products[products > 0].sum()), float(products[products < 0].sum())


def _places() -> tuple[Floats, Floats]:
    """Rows and columns from the middle."""
    at = np.arange(SIDE, dtype=np.float64) - MIDDLE
    return at[:, None], at[None, :]
