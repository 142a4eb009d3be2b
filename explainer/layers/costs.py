"""What the kinds of convolution cost in parameters, multiplied out: which numbers are multiplied, and why.

Sources: Howard et al. 2017, MobileNets (arXiv:1704.04861), section 3.1, for depthwise and depthwise separable
convolution; Krizhevsky et al. 2012, section 3.5, for groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from explainer.layers import geometry

Factor = tuple[str, int]  # what it is called, its value
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Product:
    """Factors that are multiplied to a number of weights, and the ``biases`` that come with them."""

    factors: tuple[Factor, ...]
    biases: int

    @property
    def weights(self) -> int:
        """All factors multiplied."""
        return prod(value for _, value in self.factors)


@dataclass(frozen=True)
class Cost:
    """A kind of convolution by its name: the layers that it is made of, each a product, and how many maps it makes."""

    kind: str
    steps: tuple[Product, ...]
    maps: int

    @property
    def weights(self) -> int:
        """Weights of all steps: as many multiplications a pixel of the output, where the sizes stay."""
        return sum(step.weights for step in self.steps)

    @property
    def parameters(self) -> int:
        """Weights and biases of all steps."""
        return self.weights + sum(step.biases for step in self.steps)


def standard(channels: int, filters: int, side: int) -> Cost:
    """Every filter reads every channel: F * (C * K * K + 1) parameters."""
    factors = (("F", filters), ("C", channels), ("K", side), ("K", side))
    return Cost("standard", (Product(factors, filters),), filters)


def grouped(channels: int, filters: int, side: int, groups: int) -> Cost:
    """Every filter reads the channels of its group. Raises GeometryError where groups do not divide both."""
    geometry.check_groups(channels, filters, groups)
    factors = (("F", filters), ("C/g", channels // groups), ("K", side), ("K", side))
    return Cost("grouped", (Product(factors, filters),), filters)


def depthwise(channels: int, side: int) -> Cost:
    """One kernel a channel, and as many maps: C * (K * K + 1) parameters."""
    return Cost("depthwise", (Product((("C", channels), ("K", side), ("K", side)), channels),), channels)


def pointwise(channels: int, filters: int) -> Cost:
    """A 1x1 convolution, which mixes channels pixel by pixel: F * (C + 1) parameters."""
    return Cost("1 × 1", (Product((("F", filters), ("C", channels)), filters),), filters)


def separable(channels: int, filters: int, side: int) -> Cost:
    """A depthwise convolution, then a 1x1 convolution, each with its biases."""
    steps = depthwise(channels, side).steps + pointwise(channels, filters).steps
    return Cost("depthwise separable", steps, filters)


def over_channels(
    chosen: int, side: int, filters: int | None = None, most: int = 2048
) -> tuple[Counts, Counts, Counts]:
    """Values of C, the chosen among them, and the parameters from C channels on: standard, depthwise separable.

    There are as many ``filters`` at every C, or C of them where none is given. C runs over the powers of 2 from 1 to
    ``most``. Raises GeometryError for a chosen C or a side below 1.
    """
    powers = [2**power for power in range(most.bit_length())]
    channels = sorted({*powers, chosen})
    whole = [geometry.convolution_parameters(c, filters or c, side) for c in channels]
    parts = [geometry.separable_parameters(c, filters or c, side) for c in channels]
    return np.array(channels, np.int64), np.array(whole, np.int64), np.array(parts, np.int64)
