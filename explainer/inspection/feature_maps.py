"""One picture's way through a network as maps: the strongest of every layer, and what each of them reads.

Values are those of a plain forward pass; pictures of large maps are their means over small blocks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from explainer.inspection.channel_order import channel_orders
from explainer.inspection.columns import columns, plane_shape, planes, reads, to_numpy
from explainer.networks.description import INPUT, Layer
from explainer.networks.graph import Network, device_of, forward

Measure = Literal["mean", "maximum"]

SIDE = 32  # pixels: a picture of a map has at most so many along a side
FEW = 24  # a layer with at most so many maps shows them all
STRONGEST = 8  # of another layer
UNITS = 200  # the most 1x1 maps that are shown of a layer


@dataclass(frozen=True, eq=False)
class LayerMaps:
    """What is drawn of one layer.

    ``shown`` are numbers of channels, the strongest first. ``pictures`` (shown, height, width) are their maps, each
    value the mean over a block of ``factor`` x ``factor`` units. ``strength`` (channels,) is what they were sorted by:
    the mean, or the largest, magnitude. ``silent`` (channels,) tells which are 0 everywhere.

    ``reads`` are the layers that it reads, or ``INPUT``, whose channels stay in order. ``links`` (shown, shown maps of
    all these one after the other) says how much of a map comes from each of theirs, as a share of the largest, with its
    sign: of a convolution the mean of the input map times the sum of the kernel, which is the mean of that part of the
    sum but for the border.
    """

    layer: Layer
    shown: tuple[int, ...]
    pictures: NDArray[np.float32]
    factor: int
    strength: NDArray[np.float32]
    silent: NDArray[np.bool_]
    reads: tuple[str, ...]
    links: NDArray[np.float32]

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the layer's maps themselves."""
        return plane_shape(self.layer)[1:]


@dataclass(frozen=True, eq=False)
class Recording:
    """A picture's way through a network: its columns from the input on, and the logits (classes,)."""

    layers: tuple[LayerMaps, ...]
    logits: NDArray[np.float32]
    links: NDArray[np.float32]  # (classes, shown maps that the logits read): as in LayerMaps
    reads: tuple[str, ...]  # what the logits read

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """Softmax of the logits, in double precision."""
        powers = np.exp(self.logits.astype(np.float64) - self.logits.max())
        return np.asarray(powers / powers.sum(), np.float64)

    def layer(self, name: str) -> LayerMaps:
        """The column called ``name``. Raises KeyError."""
        return {found.layer.name: found for found in self.layers}[name]


@dataclass(frozen=True, eq=False)
class _Seen:
    """What is kept of a layer while the network runs."""

    shown: tuple[int, ...]
    pictures: NDArray[np.float32]
    factor: int
    strength: NDArray[np.float32]
    silent: NDArray[np.bool_]
    means: Tensor  # (channels,)
    values: Tensor | None  # (features,) where a fully connected layer reads them


def record(network: Network, inputs: NDArray[np.float32], *, by: Measure = "mean", whole: str = "") -> Recording:
    """Runs ``network`` on ``inputs`` (1, channels, size, size) once and keeps what is drawn of every layer.

    Args:
        network: stays as it is.
        inputs: what its transform makes of one picture.
        by: what makes a map strong, its mean or its largest magnitude.
        whole: the name of a layer of which all maps are shown.
    """
    description, seen = network.description, dict[str, _Seen]()
    drawn = columns(description)
    connected = [layer for layer in description.layers if layer.kind == "fully connected"]
    weighed = {name for layer in connected for name in reads(description, layer)}

    def watch(layer: Layer) -> Callable[[Tensor], Tensor]:
        def look(value: Tensor) -> Tensor:
            every = layer.name == whole
            seen[layer.name] = _see(planes(value, layer)[0], by, every=every, keep=layer.name in weighed)
            return value

        return look

    with torch.inference_mode():
        pictures = torch.from_numpy(inputs).to(device_of(network))
        seen[INPUT] = replace(_see(pictures[0], by, every=True, keep=False), shown=tuple(range(len(pictures[0]))))
        found = forward(network, pictures, replace={layer.name: watch(layer) for layer in drawn})
        last = description.layers[-1]
        layers = tuple(_layer_maps(network, layer, seen) for layer in drawn)
        ends = _links(network, last, range(len(description.classes)), seen)
    return Recording(layers, to_numpy(found[last.name][0]), ends, reads(description, last))


def maps(network: Network, inputs: NDArray[np.float32], layer: str) -> NDArray[np.float32]:
    """All maps of one layer (channels, height, width), as a plain forward pass has them. Raises KeyError."""
    known = network.description.layer(layer)
    with torch.inference_mode():
        value = forward(network, torch.from_numpy(inputs).to(device_of(network)), until=layer)[layer]
        return to_numpy(planes(value, known)[0])


def _see(value: Tensor, by: Measure, *, every: bool, keep: bool) -> _Seen:
    """``value`` (channels, height, width)."""
    channels, height, width = value.shape
    magnitudes = value.abs().flatten(1)
    largest = magnitudes.amax(1)
    strength = magnitudes.mean(1) if by == "mean" else largest
    most = channels if every or channels <= FEW else UNITS if height * width == 1 else STRONGEST
    order = torch.sort(strength, descending=True, stable=True).indices[:most]
    factor = max(1, ceil(max(height, width) / SIDE))
    pictures = value[order]
    if factor > 1:
        pictures = functional.avg_pool2d(pictures[None], factor, ceil_mode=True, count_include_pad=False)[0]
    return _Seen(
        tuple(order.tolist()),
        to_numpy(pictures),
        factor,
        to_numpy(strength),
        (largest == 0).cpu().numpy(),
        value.flatten(1).mean(1),
        value.flatten() if keep else None,
    )


def _layer_maps(network: Network, layer: Layer, seen: dict[str, _Seen]) -> LayerMaps:
    own = seen[layer.name]
    return LayerMaps(
        layer,
        own.shown,
        own.pictures,
        own.factor,
        own.strength,
        own.silent,
        reads(network.description, layer),
        _links(network, layer, own.shown, seen),
    )


def _links(
    network: Network, layer: Layer, shown: range | tuple[int, ...], seen: dict[str, _Seen]
) -> NDArray[np.float32]:
    """The part of each shown map that comes from each shown map of what ``layer`` reads, 1 for the largest."""
    module, outs = network.module(layer.name), torch.tensor(list(shown))
    blocks = []
    first = 0
    for name in reads(network.description, layer):
        source = seen[name]
        ins = torch.tensor(source.shown)
        if isinstance(module, nn.Conv2d):
            blocks.append(_convolved(module, source.means.cpu(), outs, ins))
        elif isinstance(module, nn.Linear):
            blocks.append(_weighed(module, source, outs)[:, ins])
        elif layer.kind in ("attention", "other") and layer.name not in channel_orders(network):
            blocks.append(torch.zeros(len(outs), len(ins)))  # every map comes of all: no link says how much
        else:  # map for map
            blocks.append((outs[:, None] == first + ins).float())
            first += len(source.means) if layer.kind == "concatenation" else 0
    links = torch.cat(blocks, 1)
    return to_numpy(links / links.abs().amax(1, keepdim=True).clamp_min(1e-12))


def _convolved(module: nn.Conv2d, means: Tensor, outs: Tensor, ins: Tensor) -> Tensor:
    """(outs, ins): 0 where a group does not read a channel."""
    sums = module.weight.detach()[outs.to(module.weight.device)].sum((2, 3)).cpu()
    each = sums.shape[1]  # channels that a group reads
    inside = ins - (outs // (module.out_channels // module.groups) * each)[:, None]
    is_read = (inside >= 0) & (inside < each)
    return sums.gather(1, inside.clamp(0, each - 1)) * is_read * means[ins]


def _weighed(module: nn.Linear, source: _Seen, outs: Tensor) -> Tensor:
    """(outs, input channels): the exact part of a sum over units, or the mean of one at each place."""
    weights = module.weight.detach()[outs.to(module.weight.device)]
    channels = len(source.means)
    if source.values is None or len(source.values) != weights.shape[1]:
        return (weights * source.means).cpu() if channels == weights.shape[1] else torch.zeros(len(outs), channels)
    return (weights * source.values).reshape(len(outs), channels, -1).sum(2).cpu()
