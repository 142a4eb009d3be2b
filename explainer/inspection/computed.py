"""How one map of a trained network was computed: the maps that it reads, its kernels, the sum, and what follows.

A fully connected layer is the convolution with a kernel as large as its input, so that units are told like maps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from explainer.inspection.columns import is_pointwise, passes_on, plane_shape, planes, to_numpy
from explainer.inspection.taps import (
    Kernels,
    Taps,
    convolution_taps,
    kernels_of,
    origin,
    pooling_taps,
    read_channels,
    title_of,
    values_of,
)
from explainer.networks.description import INPUT, Layer
from explainer.networks.graph import Network, device_of, forward

Core = Literal["weighted sum", "maximum", "mean", "sum", "product", "other"]

MAPS = 6  # input maps that are shown, those of largest part in the sum
UNITS = 24  # 1x1 input maps
NUMBERS = 400_000  # in all shown maps together, so that large maps stay light to send
LEAST = 3
_FOLLOWS, _PASSES_ON = ("activation", "normalization"), ("dropout", "reshape")


@dataclass(frozen=True, eq=False)
class Source:
    """A map that is read: ``values`` (height, width), its ``kernel``, and what it adds, ``partial`` (of the output).

    Without a kernel, as in pooling, there is no partial sum.
    """

    layer: str
    title: str
    channel: int
    values: NDArray[np.float32]
    kernel: NDArray[np.float32] | None = None
    partial: NDArray[np.float32] | None = None


@dataclass(frozen=True, eq=False)
class Step:
    """What a layer makes of each number after the core: ``values`` (height, width) of its map number ``channel``.

    Batch normalization has ``mean``, ``deviation`` (with its epsilon in it), ``scale`` and ``shift``.
    """

    layer: str
    title: str
    kind: str
    detail: str
    channel: int
    values: NDArray[np.float32]
    numbers: tuple[float, ...] = ()


@dataclass(frozen=True, eq=False)
class Computed:
    """One map, from what it reads to what becomes of it.

    ``core`` says how the maps of ``sources`` become one; ``taps`` which of their places meet at which place of it.
    ``others`` is how many maps more are read, and ``rest`` (height, width) what they add together. ``steps`` are the
    core's own map and then one step for each layer after it; ``chosen`` is the number of the one that was asked for.
    """

    core: Core
    sources: tuple[Source, ...]
    others: int
    rest: NDArray[np.float32] | None
    bias: float
    taps: Taps | None
    steps: tuple[Step, ...]
    chosen: int

    @property
    def asked(self) -> Step:
        """The map that was asked for."""
        return self.steps[self.chosen]


@dataclass(frozen=True)
class _Chain:
    """A layer that mixes places or maps, and then layers that change each number by itself, with their channels."""

    layers: tuple[Layer, ...]
    channels: tuple[int, ...]
    chosen: int

    @property
    def core(self) -> Layer:
        """The layer that mixes."""
        return self.layers[0]


def computed(network: Network, inputs: NDArray[np.float32], layer: str, channel: int) -> Computed:
    """How the map ``channel`` of ``layer`` comes about for ``inputs`` (1, channels, size, size).

    The network stays as it is. Raises KeyError for an unknown layer, IndexError for a channel that it has not.
    """
    asked = network.description.layer(layer)
    if not 0 <= channel < plane_shape(asked)[0]:
        raise IndexError(f"{asked.title} has the maps 0 to {plane_shape(asked)[0] - 1}, not {channel}.")
    chain = _chain(network, asked, channel)
    names = [each.name for each in chain.layers]
    read = {origin(network, name)[0] for name in chain.core.reads}
    with torch.inference_mode():
        pictures = torch.from_numpy(inputs).to(device_of(network))
        values = forward(network, pictures, keep={*names, *read}, until=names[-1])
        steps = tuple(
            _step(network, each, number, planes(values[each.name], each)[0, number])
            for each, number in zip(chain.layers, chain.channels, strict=True)
        )
        found = kernels_of(network, chain.core, chain.channels[0])
        if found is None:
            return _unweighted(network, chain, values, steps)
        return _weighted_sum(network, chain, values, steps, kernels=found[0], bias=found[1])


def ends_in(network: Network, layer: Layer) -> Layer:
    """The last of the layers that change each number of ``layer`` by itself, as its ReLU does; itself without any."""
    while (following := _after(network, layer)) is not None:
        layer = following
    return layer


def _chain(network: Network, asked: Layer, channel: int) -> _Chain:
    """Back from ``asked`` to the layer that mixes, and on over what only changes each number."""
    layers, channels = [asked], [channel]
    while (before := _before(network, layers[0], channels[0])) is not None:
        layers.insert(0, before[0])
        channels.insert(0, before[1])
    # What only passes numbers on is no step.
    kept = [at for at, each in enumerate(layers) if at in (0, len(layers) - 1) or each.kind not in _PASSES_ON]
    layers, channels = [layers[at] for at in kept], [channels[at] for at in kept]
    chosen = len(layers) - 1
    while (following := _after(network, layers[-1])) is not None:
        layers.append(following)
        channels.append(channels[-1])
    return _Chain(tuple(layers), tuple(channels), chosen)


def _before(network: Network, layer: Layer, channel: int) -> tuple[Layer, int] | None:
    """The map of which ``layer`` makes its map ``channel`` number by number; None where it mixes."""
    if INPUT in layer.reads:
        return None
    description = network.description
    if layer.kind == "concatenation" and layer.is_maps:
        for name in layer.reads:
            part = description.layer(name)
            if channel < part.channels:
                return part, channel
            channel -= part.channels
        return None
    if is_pointwise(network, layer) or passes_on(description, layer):
        return description.layer(layer.reads[0]), channel
    return None


def _after(network: Network, layer: Layer) -> Layer | None:
    readers = network.description.readers(layer.name)
    follows = len(readers) == 1 and readers[0].kind in _FOLLOWS and is_pointwise(network, readers[0])
    return readers[0] if follows else None


def _step(network: Network, layer: Layer, channel: int, value: Tensor) -> Step:
    numbers = _normalization(network.module(layer.name), channel)
    return Step(layer.name, layer.title, layer.kind, layer.detail, channel, to_numpy(value), numbers)


def _normalization(module: nn.Module | None, channel: int) -> tuple[float, ...]:
    """Mean, deviation, scale and shift of one channel of batch normalization in use; () for another layer."""
    if not isinstance(module, nn.modules.batchnorm._BatchNorm):
        return ()
    if module.running_mean is None or module.running_var is None:
        return ()
    scale = 1.0 if module.weight is None else float(module.weight[channel])
    shift = 0.0 if module.bias is None else float(module.bias[channel])
    deviation = (float(module.running_var[channel]) + module.eps) ** 0.5
    return float(module.running_mean[channel]), deviation, scale, shift


def _unweighted(network: Network, chain: _Chain, values: dict[str, Tensor], steps: tuple[Step, ...]) -> Computed:
    """Pooling, a sum or a product of maps, or what this page cannot take apart."""
    core = chain.core
    sources = tuple(_sources(network, core, chain.channels[0], values))
    pooled = sources and pooling_taps(network.module(core.name), core, sources[0].values.shape, steps[0].values.shape)
    if pooled:
        return Computed(pooled[0], sources, 0, None, 0.0, pooled[1], steps, chain.chosen)
    kind: Core = "other"
    if len(sources) == len(core.reads) > 1:
        kind = "sum" if core.kind == "sum" else "product" if core.kind == "product" else "other"
    return Computed(kind, sources, 0, None, 0.0, None, steps, chain.chosen)


def _sources(network: Network, core: Layer, channel: int, values: dict[str, Tensor]) -> Iterator[Source]:
    """The map of the same number of each layer that is read, where it has one."""
    for name in core.reads:
        before, _ = origin(network, name)
        maps = values_of(network, before, values)
        if channel < len(maps):
            yield Source(before, title_of(network, before), channel, to_numpy(maps[channel]))


def _weighted_sum(
    network: Network,
    chain: _Chain,
    values: dict[str, Tensor],
    steps: tuple[Step, ...],
    *,
    kernels: Kernels,
    bias: float,
) -> Computed:
    name, maps, kernels = read_channels(network, chain.core, values, kernels)
    title = title_of(network, name)
    partials = kernels.partials(maps)
    order = torch.sort(partials.abs().flatten(1).mean(1), descending=True, stable=True).indices
    most = _most(maps[0].numel(), partials[0].numel())
    sources = tuple(
        Source(name, title, kernels.first + at, *(to_numpy(each[at]) for each in (maps, kernels.weights, partials)))
        for at in order[:most].tolist()
    )
    others = len(order) - len(sources)
    rest = to_numpy(partials[order[most:]].sum(0)) if others else None
    taps = convolution_taps(kernels, maps.shape[1:], steps[0].values.shape)
    return Computed("weighted sum", sources, others, rest, bias, taps, steps, chain.chosen)


def _most(read: int, made: int) -> int:
    return UNITS if read == made == 1 else max(LEAST, min(MAPS, NUMBERS // (read + made)))
