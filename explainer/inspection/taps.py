"""Which numbers of a map meet at a place of the next: the kernels of a layer, its windows, and what it reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from explainer.inspection.columns import is_column, planes
from explainer.networks.description import INPUT, Layer
from explainer.networks.graph import Network
from explainer.networks.windows import padding, pair

NOTHING = -1  # a tap that lies in the padding
INPUT_TITLE = "Input"


@dataclass(frozen=True, eq=False)
class Taps:
    """For each output row the rows that it reads, (height, taps), and the same for columns; ``NOTHING`` in the padding.

    ``counts`` tells whether the padding counts in a mean.
    """

    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    counts: bool = True


@dataclass(frozen=True, eq=False)
class Kernels:
    """What one map of a layer makes of its input maps from number ``first`` on.

    ``weights`` (maps, kernel height, kernel width); the rest as in torch.nn.Conv2d, (down, across), with the padding
    (top, bottom, left, right).
    """

    weights: Tensor
    first: int = 0
    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int, int, int] = (0, 0, 0, 0)
    dilation: tuple[int, int] = (1, 1)

    def partials(self, maps: Tensor) -> Tensor:
        """What each of ``maps`` (maps, height, width) adds to the sum, (maps, output height, output width)."""
        top, bottom, left, right = self.padding
        padded = functional.pad(maps, (left, right, top, bottom))
        return functional.conv2d(
            padded[None], self.weights[:, None], stride=self.stride, dilation=self.dilation, groups=len(maps)
        )[0]


def kernels_of(network: Network, layer: Layer, channel: int) -> tuple[Kernels, float] | None:
    """The kernels and the bias of the map ``channel`` of a layer that sums weighted numbers; None for another one."""
    module = network.module(layer.name)
    if isinstance(module, nn.Conv2d) and module.padding_mode == "zeros":
        group = channel // (module.out_channels // module.groups)
        first = group * (module.in_channels // module.groups)
        kernels = Kernels(module.weight[channel], first, pair(module.stride), padding(module), pair(module.dilation))
    elif isinstance(module, nn.Linear):
        kernels = Kernels(module.weight[channel][:, None, None])
    else:
        return None
    return kernels, 0.0 if module.bias is None else float(module.bias[channel])


def origin(network: Network, name: str) -> tuple[str, tuple[int, int, int, int]]:
    """Where the values of the layer called ``name`` come from, before dropout, flattening and padding with zeros.

    And the padding on the way: top, bottom, left, right.
    """
    padding = (0, 0, 0, 0)
    while name != INPUT:
        layer, module = network.description.layer(name), network.module(name)
        if isinstance(module, nn.ZeroPad2d) and padding == (0, 0, 0, 0):
            left, right, top, bottom = module.padding
            padding = (top, bottom, left, right)
        elif layer.kind == "padding" or is_column(layer) or len(layer.reads) != 1:
            break
        name = layer.reads[0]
    return name, padding


def read_channels(
    network: Network, layer: Layer, values: dict[str, Tensor], kernels: Kernels
) -> tuple[str, Tensor, Kernels]:
    """What ``kernels`` of ``layer`` meet: the name of the layer that it comes from, its maps (maps, height, width).

    And the kernels for these: with the padding that was added on the way, and as large as a map that was flattened.
    """
    name, added = origin(network, layer.reads[0])
    maps = values_of(network, name, values)
    if len(maps) != len(kernels.weights) and maps.numel() == kernels.weights.numel():
        kernels = replace(kernels, weights=kernels.weights.reshape(maps.shape))
    (top, bottom, left, right), (a, b, c, d) = kernels.padding, added
    kernels = replace(kernels, padding=(top + a, bottom + b, left + c, right + d))
    return name, maps[kernels.first : kernels.first + len(kernels.weights)], kernels


def values_of(network: Network, name: str, values: dict[str, Tensor]) -> Tensor:
    """The maps (channels, height, width) of what is called ``name``."""
    return values[INPUT][0] if name == INPUT else planes(values[name], network.description.layer(name))[0]


def title_of(network: Network, name: str) -> str:
    """What people read of what is called ``name``."""
    return INPUT_TITLE if name == INPUT else network.description.layer(name).title


def convolution_taps(kernels: Kernels, size: tuple[int, ...], made: tuple[int, ...]) -> Taps:
    """The taps of a convolution of maps of ``size`` to one of size ``made``, each (height, width)."""
    before = (kernels.padding[0], kernels.padding[2])
    rows, columns = (
        _inside(
            np.arange(made[axis])[:, None] * kernels.stride[axis]
            - before[axis]
            + np.arange(kernels.weights.shape[1 + axis]) * kernels.dilation[axis],
            size[axis],
        )
        for axis in (0, 1)
    )
    return Taps(rows, columns)


def pooling_taps(
    module: nn.Module | None, layer: Layer, size: tuple[int, ...], made: tuple[int, ...]
) -> tuple[Literal["maximum", "mean"], Taps] | None:
    """The windows of a pooling layer, and what it keeps of each; None for another layer, or one of another kind."""
    match module:
        case nn.MaxPool2d() | nn.AvgPool2d():
            kernel, stride, before = (pair(value) for value in (module.kernel_size, module.stride, module.padding))
            dilation = pair(getattr(module, "dilation", 1))
            rows, columns = (
                _inside(
                    np.arange(made[axis])[:, None] * stride[axis]
                    - before[axis]
                    + np.arange(kernel[axis]) * dilation[axis],
                    size[axis],
                )
                for axis in (0, 1)
            )
            return _kept(module), Taps(rows, columns, getattr(module, "count_include_pad", False))
        case nn.AdaptiveAvgPool2d() | nn.AdaptiveMaxPool2d():
            return _kept(module), Taps(_shares(size[0], made[0]), _shares(size[1], made[1]), False)
    if layer.kind == "pooling" and tuple(made) == (1, 1):  # a function: the mean of a whole map
        return "mean", Taps(_shares(size[0], 1), _shares(size[1], 1), False)
    return None


def _kept(module: nn.Module) -> Literal["maximum", "mean"]:
    return "maximum" if isinstance(module, (nn.MaxPool2d, nn.AdaptiveMaxPool2d)) else "mean"


def _shares(size: int, parts: int) -> NDArray[np.int32]:
    """The windows of adaptive pooling, filled up with ``NOTHING`` where one is smaller than the largest."""
    windows = [range(part * size // parts, ceil((part + 1) * size / parts)) for part in range(parts)]
    longest = max(map(len, windows))
    return np.array([[*window, *[NOTHING] * (longest - len(window))] for window in windows], np.int32)


def _inside(places: NDArray[np.int_], size: int) -> NDArray[np.int32]:
    return np.where((places >= 0) & (places < size), places, NOTHING).astype(np.int32)
