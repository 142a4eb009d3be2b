"""Filters for pictures in colour: one kernel a colour each, with a name, at any size.

The grey of a picture is the luma of ITU-R Recommendation BT.601: 0.299 red + 0.587 green + 0.114 blue.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explainer.layers.kernels import KernelName, kernel

Weights = NDArray[np.float64]
Shares = tuple[float, float, float]  # of red, green and blue

LUMA: Shares = (0.299, 0.587, 0.114)
_ALL: Shares = (1, 1, 1)


@dataclass(frozen=True)
class ColorFilter:
    """A filter with a key and a name: the kernels of red, green and blue, and the number that each is multiplied with.

    The kernel "random" takes another seed for every colour.
    """

    key: str
    name: str
    kernels: tuple[KernelName, KernelName, KernelName]
    shares: Shares = _ALL


@dataclass(frozen=True)
class Mixture:
    """A 1x1 filter with a key and a name: one weight for the map of each colour. Without ``shares`` they are random."""

    key: str
    name: str
    shares: Shares | None


def _alike(key: str, name: str, each: KernelName, shares: Shares = _ALL) -> ColorFilter:
    return ColorFilter(key, name, (each, each, each), shares)


FILTERS = (
    ColorFilter("kernel-per-colour", "kernel per colour", ("sobel-x", "sobel-y", "diagonal")),
    _alike("vertical-edges", "vertical edges", "sobel-x"),
    _alike("red-against-green", "red against green", "box", (1, -1, 0)),
    _alike("luma", "grey (luma)", "identity", LUMA),
    _alike("blue-edges", "blue edges", "sobel-y", (0, 0, 1)),
    _alike("warm-against-cold", "warm against cold", "box", (0.5, 0.5, -1)),
    _alike("diagonals", "diagonals", "diagonal"),
    _alike("red-blurred", "red blurred", "gaussian", (1, 0, 0)),
    _alike("random", "random", "random"),
    _alike("random-too", "random, too", "random"),
)
MIXTURES = (
    Mixture("all-alike", "all alike", _ALL),
    Mixture("red-against-green", "red against green", (1, -1, 0)),
    Mixture("luma", "grey (luma)", LUMA),
    Mixture("red-against-blue", "red against blue", (1, 0, -1)),
    Mixture("mean", "mean of all", (1 / 3, 1 / 3, 1 / 3)),
    Mixture("warm-against-cold", "warm against cold", (0.5, 0.5, -1)),
    Mixture("green", "green alone", (0, 1, 0)),
    Mixture("blue", "blue alone", (0, 0, 1)),
    Mixture("random", "random", None),
    Mixture("random-too", "random, too", None),
)
MOST_FILTERS = len(FILTERS)


def filters(count: int, side: int, seed: int = 0, channels: int = 3) -> Weights:
    """The first ``count`` of ``FILTERS`` (count, channels, side, side).

    Filters of side 1 have no room for a shape: every kernel but a random one is 1 times its share. Beyond three
    channels the kernels of red, green and blue come again; random ones differ.

    Raises GeometryError for a side outside of 1 to 11, ValueError for a count outside of 1 to ``MOST_FILTERS``.
    """
    _check(count)
    made = [
        [each.shares[c % 3] * _kernel(each.kernels[c % 3], side, channels * number + seed + c) for c in range(channels)]
        for number, each in enumerate(FILTERS[:count])
    ]
    return np.array(made, np.float64) + 0.0  # no negative zeros


def mixtures(count: int, seed: int = 0, channels: int = 3) -> Weights:
    """The weights of the first ``count`` of ``MIXTURES`` (count, channels), in which three shares come again.

    Raises ValueError as ``filters`` does.
    """
    _check(count)
    rows = (
        kernel("random", 1, channels, seed + number)[0]
        if each.shares is None
        else np.resize(np.array(each.shares, np.float64), channels)
        for number, each in enumerate(MIXTURES[:count])
    )
    return np.array([*rows], np.float64)


def _kernel(name: KernelName, side: int, seed: int) -> Weights:
    return kernel(name if side > 1 or name == "random" else "identity", side, side, seed)


def _check(count: int) -> None:
    if not 1 <= count <= MOST_FILTERS:
        raise ValueError(f"There are 1 to {MOST_FILTERS} filters, not {count}.")
