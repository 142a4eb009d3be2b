"""What the page "Channels and filters" shows, computed from its controls."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from explainer.data.planes import PLANE_NAMES
from explainer.layers import convolution
from explainer.layers.channels_code import separable_code
from explainer.layers.code import convolution_code
from explainer.layers.convolution import Convolution
from explainer.layers.geometry import PaddingName
from explainer.layers.window import Window, partials
from explainer.ui.controls.inputs import Input

STANDARD, DEPTHWISE, SEPARABLE = KINDS = ("standard", "depthwise", "depthwise-separable")


@dataclass(frozen=True, eq=False)
class View:
    """What the page shows: the input, the kind of convolution, its filters, and which of them is looked at.

    Of C channels, called ``planes_named``, ``kernels`` (filters, C / groups, side, side) are those of the kind
    "standard", and (C, 1, side, side) those of the others; ``mixing`` (filters, C) is the second step of
    "depthwise-separable". ``number`` counts the maps from 0. ``groups`` are those of the kind "standard".
    """

    given: Input
    kind: str
    kernels: NDArray[np.float64]
    mixing: NDArray[np.float64]
    number: int
    name: str
    bias: float
    padding: PaddingName
    stride: int = 1
    dilation: int = 1
    groups: int = 1
    planes_named: tuple[str, ...] = PLANE_NAMES

    @property
    def channels(self) -> int:
        """Of the input."""
        return len(self.given.planes)

    @property
    def names(self) -> tuple[str, ...]:
        """The planes that the map that is looked at is made of."""
        if self.kind == DEPTHWISE:
            return (self.planes_named[self.number],)
        if self.kind == SEPARABLE:
            return self.planes_named
        read = convolution.planes_read(self.channels, len(self.kernels), self.groups, self.number)
        return self.planes_named[read.start : read.stop]

    @property
    def first(self) -> Convolution:
        """The settings of the step that reads the input."""
        groups = self.groups if self.kind == STANDARD else self.channels
        return Convolution((self.stride,) * 2, (self.dilation,) * 2, self.padding, groups=groups)

    @property
    def settings(self) -> Convolution:
        """Of the step that is drawn."""
        return Convolution() if self.kind == SEPARABLE else self.first

    @property
    def weights(self) -> NDArray[np.float64]:
        """Of the step that is drawn (maps, channels / groups, height, width)."""
        return self.mixing[:, :, None, None] if self.kind == SEPARABLE else self.kernels

    @property
    def biases(self) -> NDArray[np.float64]:
        """One a map, all alike."""
        return np.full(len(self.weights), self.bias)

    @cached_property
    def planes(self) -> NDArray[np.float64]:
        """What the step that is drawn reads (channels, height, width)."""
        planes = self.given.planes
        return planes if self.kind != SEPARABLE else convolution.output(planes, self.kernels, self.first)

    @cached_property
    def maps(self) -> NDArray[np.float64]:
        """All output maps (maps, height, width)."""
        return convolution.output(self.planes, self.weights, self.settings, self.biases)

    @cached_property
    def window(self) -> Window:
        """Of the map that is looked at."""
        return convolution.window(self.planes, self.weights, self.settings, self.number, self.biases)

    @cached_property
    def overhanging(self) -> Window:
        """Of impossible settings: the window of the step that reads the input, where it would begin."""
        if self.kind == SEPARABLE:
            together = replace(self.first, groups=1)
            return convolution.overhanging(self.given.planes, self.kernels[:, 0][None], together)
        return convolution.overhanging(self.given.planes, self.kernels, self.first, self.number, self.biases)

    @property
    def sizes(self) -> tuple[tuple[int, int], tuple[int, int], Convolution]:
        """Of the step that reads the input: height and width of the input and of the kernel, settings."""
        return self.given.size, (self.kernels.shape[2], self.kernels.shape[3]), self.first

    @cached_property
    def partials(self) -> NDArray[np.float64]:
        """What each plane adds to the map that is looked at (planes, height, width)."""
        return partials(self.window)

    @property
    def code(self) -> str:
        """PyTorch code that ends with ``output``, all maps (1, maps, height, width)."""
        inputs, size = self.given.code, self.given.size
        if self.kind == SEPARABLE:
            kernels = self.kernels[:, 0]
            return separable_code(inputs, size, kernels, self.mixing, settings=self.first, bias=self.biases)
        return convolution_code(inputs, size, self.weights, self.settings, self.biases)
