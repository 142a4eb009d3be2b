"""A network as columns of maps: which layers have pictures worth a column, what those read, and their values."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from explainer.networks.description import INPUT, Description, Layer
from explainer.networks.graph import Network

_PASSED_ON = ("dropout", "padding")  # what they give is what they read, but for a frame of zeros


def columns(description: Description) -> tuple[Layer, ...]:
    """The layers that are drawn as columns, in order: not the logits, which are drawn as scores.

    Left out is what only passes values on: dropout, which is not in use, padding, flattening.
    """
    return tuple(layer for layer in description.layers[:-1] if is_column(layer))


def is_column(layer: Layer) -> bool:
    """Whether a layer's output can be drawn as maps, or as units, and is not just what it reads."""
    if layer.kind in _PASSED_ON or (layer.kind == "reshape" and not layer.is_maps):
        return False
    return layer.is_maps or len(layer.shape) == 1


def reads(description: Description, layer: Layer) -> tuple[str, ...]:
    """The columns, or ``INPUT``, that ``layer`` reads, through layers that only pass values on; in order."""
    return tuple(dict.fromkeys(_sources(description, layer)))


def plane_shape(layer: Layer) -> tuple[int, int, int]:
    """Channels, height and width of what ``planes`` makes of a layer's output."""
    return (layer.shape[0], layer.shape[1], layer.shape[2]) if layer.is_maps else (layer.shape[0], 1, 1)


def planes(value: Tensor, layer: Layer) -> Tensor:
    """A layer's output for some pictures, (n, ...), as maps (n, channels, height, width); units are 1x1."""
    return value if layer.is_maps else value.reshape(len(value), -1, 1, 1)


def is_pointwise(network: Network, layer: Layer) -> bool:
    """Whether a layer makes of each number of one map one number at the same place, all by itself."""
    module = network.module(layer.name)
    if layer.kind == "normalization":
        return isinstance(module, nn.modules.batchnorm._BatchNorm)
    return layer.kind in ("activation", "dropout")


def passes_on(description: Description, layer: Layer) -> bool:
    """Whether a layer only writes the values that it reads in another shape, channel by channel."""
    if layer.kind != "reshape" or len(layer.reads) != 1 or layer.reads[0] == INPUT:
        return False
    before = plane_shape(description.layer(layer.reads[0]))
    return plane_shape(layer) == before


def _sources(description: Description, layer: Layer) -> Iterator[str]:
    for name in layer.reads:
        if name == INPUT or is_column(description.layer(name)):
            yield name
        else:
            yield from _sources(description, description.layer(name))


def to_numpy(value: Tensor) -> NDArray[np.float32]:
    """A copy on the CPU."""
    made: NDArray[np.float32] = value.detach().to(device="cpu", dtype=torch.float32, copy=True).numpy()
    return made
