"""The filters of one convolution, and what can be said of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from explainer.inspection import filters
from explainer.inspection.filters import Orientation
from explainer.networks.description import Layer
from explainer.networks.graph import Network


class NoFiltersError(ValueError):
    """There are no filters to show; the message is a sentence for the visitor."""


@dataclass(frozen=True, eq=False)
class Bank:
    """Filters (n, planes, height, width), and what can be said of each."""

    weights: NDArray[np.float32]

    @cached_property
    def norms(self) -> NDArray[np.float64]:
        """Lengths (n,)."""
        return filters.norms(self.weights)

    @cached_property
    def tuning(self) -> Orientation:
        """Stripes."""
        return filters.orientation(self.weights)

    @cached_property
    def colour(self) -> NDArray[np.float64]:
        """The share (n,) that the planes do not have in common."""
        return filters.colour(self.weights)

    @cached_property
    def alike(self) -> NDArray[np.float64]:
        """Cosines (n, n)."""
        return filters.similarities(self.weights)

    @property
    def in_colour(self) -> bool:
        """Whether the planes are red, green and blue."""
        return len(self.weights[0]) == 3

    def striped(self) -> NDArray[np.bool_]:
        """Which (n,) have an orientation."""
        return np.asarray(self.tuning.strength >= filters.least_strength(self.weights.shape))

    def twin(self, number: int, sign: int = 1) -> int:
        """The filter most like ``number``, or, with sign -1, most unlike it; itself where it is the only one."""
        cosines = sign * self.alike[number]
        cosines[number] = -2
        return int(cosines.argmax())


def first_layer(network: Network) -> Layer:
    """The first convolution. Raises NoFiltersError for a network without."""
    found = network.description.convolutions
    if not found:
        raise NoFiltersError(
            "This network has no convolution, all its layers are fully connected: choose another one. What its first "
            "layer learned is under Over training."
        )
    return found[0]
