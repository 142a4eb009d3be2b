"""A fully connected layer on feature maps: flattened, weighted and summed, or, with the same weights, a convolution.

Source: J. Long, E. Shelhamer, T. Darrell, "Fully convolutional networks for semantic segmentation", CVPR 2015,
arXiv:1411.4038, section 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.layers import convolution
from explainer.layers.geometry import linear_parameters

Shape = tuple[int, int, int]


@dataclass(frozen=True, eq=False)
class FullyConnected:
    """Weights (neurons, channels * height * width) and bias (neurons,) for maps of ``shape``
    (channels, height, width)."""

    weights: NDArray[np.float64]
    bias: NDArray[np.float64]
    shape: Shape


@dataclass(frozen=True, eq=False)
class WeightedSum:
    """One neuron's output, taken apart: ``terms`` (channels, height, width) are the products of values and weights,
    ``per_map`` (channels,) their sums, and ``result`` is the sum of all and ``bias``."""

    values: NDArray[np.float64]
    weights: NDArray[np.float64]
    terms: NDArray[np.float64]
    per_map: NDArray[np.float64]
    bias: float
    result: float


def flatten(maps: NDArray[Any]) -> NDArray[Any]:
    """Maps (channels, height, width) as one vector: map by map, row by row."""
    return maps.reshape(-1)


def output(layer: FullyConnected, maps: NDArray[np.float64]) -> NDArray[np.float64]:
    """The outputs (neurons,) for ``maps`` of the layer's shape; raises ValueError for maps of another."""
    _check(layer, maps)
    result: NDArray[np.float64] = layer.weights @ flatten(maps) + layer.bias
    return result


def weighted_sum(layer: FullyConnected, maps: NDArray[np.float64], neuron: int) -> WeightedSum:
    """The output of ``neuron``, counted from 0, term by term; raises ValueError for maps of another shape."""
    _check(layer, maps)
    weights = as_kernels(layer)[neuron]
    terms = maps * weights
    per_map, bias = terms.sum((1, 2)), float(layer.bias[neuron])
    return WeightedSum(maps, weights, terms, per_map, bias, float(per_map.sum()) + bias)


def as_kernels(layer: FullyConnected) -> NDArray[np.float64]:
    """The weights as filters (neurons, channels, height, width) as large as the maps that the layer reads."""
    return layer.weights.reshape(-1, *layer.shape)


def as_convolution(layer: FullyConnected, maps: NDArray[np.float64]) -> NDArray[np.float64]:
    """The layer slid over ``maps`` (channels, height, width) as large as its shape, or larger: one output map a neuron.

    (neurons, height - layer's height + 1, width - layer's width + 1), through torch. Raises GeometryError where the
    maps are smaller than the layer's or have other channels.
    """
    return convolution.output(maps, as_kernels(layer), bias=layer.bias)


def picture_weights(side: int, neurons: int) -> int:
    """Weights, without biases, from every one of ``side`` x ``side`` grey pixels to every one of ``neurons``."""
    return linear_parameters(side * side, neurons, bias=False)


def _check(layer: FullyConnected, maps: NDArray[Any]) -> None:
    if maps.shape != layer.shape:
        raise ValueError(f"This layer reads maps of shape {layer.shape}, not {maps.shape}.")
