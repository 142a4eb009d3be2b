"""Which channel of an earlier layer each channel of a layer is, where a network takes channels apart or shuffles them.

A chunk is a slice of channels; a shuffle of channels is a reshape, a transposition and a reshape back: X. Zhang et al.
2017, "ShuffleNet", arXiv:1707.01083.
"""

from __future__ import annotations

from collections.abc import Mapping
from weakref import WeakKeyDictionary

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explainer.networks.description import INPUT, Layer
from explainer.networks.graph import Network, device_of, forward

Order = tuple[str, NDArray[np.int64]]  # the earlier layer, and of each channel (channels,) its number there

_MOVING = ("reshape", "other")  # kinds of layers that may move numbers and leave them as they are
_EXACT = 2**24  # whole numbers up to here are float32
_known: WeakKeyDictionary[Network, Mapping[str, Order]] = WeakKeyDictionary()


def channel_orders(network: Network) -> Mapping[str, Order]:
    """The layers of ``network``, by their names, that are channels of one earlier layer, each at its place."""
    if (found := _known.get(network)) is None:
        found = _known[network] = _found(network)
    return found


def _found(network: Network) -> dict[str, Order]:
    layers = {layer.name: layer for layer in network.description.layers}
    moved = {layer.name: _source(layers, layer) for layer in layers.values() if _moves(layers, layer)}
    if not moved:
        return {}
    stays = [layer for layer in layers.values() if layer.is_maps and layer.name not in moved]
    size, channels = network.description.transform.size, network.description.transform.channels
    weight = next(network.graph.parameters())
    picture = torch.zeros(1, channels, size, size, dtype=weight.dtype, device=device_of(network))
    with torch.no_grad():
        values = forward(network, picture, keep=moved, replace={layer.name: _numbered for layer in stays})
    orders = {name: _order(values[name], layers[name], layers[source]) for name, source in moved.items()}
    return {name: (moved[name], order) for name, order in orders.items() if order is not None}


def _moves(layers: Mapping[str, Layer], layer: Layer) -> bool:
    if layer.kind not in _MOVING or not layer.is_maps:
        return False
    source = _source(layers, layer)
    return source != INPUT and layers[source].is_maps and layers[source].shape[1:] == layer.shape[1:]


def _source(layers: Mapping[str, Layer], layer: Layer) -> str:
    """The last layer before it that computes: what a size is read of does not count."""
    name = layer.reads[0]
    while name != INPUT and layers[name].kind in _MOVING:
        name = layers[name].reads[0]
    return name


def _numbered(value: Tensor) -> Tensor:
    """In place of what a layer gives: the number of each of its values."""
    return torch.arange(value.numel(), dtype=value.dtype, device=value.device).reshape(value.shape)


def _order(values: Tensor, layer: Layer, source: Layer) -> NDArray[np.int64] | None:
    """Of each channel of ``layer`` its number in ``source``; None where it is not that, each value at its place."""
    plane = layer.shape[1] * layer.shape[2]
    if source.channels * plane > _EXACT:
        return None
    order = values[0, :, 0, 0] / plane
    expected = values.new_tensor(range(plane)) + order[:, None].floor() * plane
    is_order = bool((values[0].flatten(1) == expected).all()) and bool((order == order.floor()).all())
    inside = bool(((order >= 0) & (order < source.channels)).all())
    return order.long().cpu().numpy() if is_order and inside else None
