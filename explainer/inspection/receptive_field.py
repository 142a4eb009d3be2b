"""What one unit of any layer sees of the network's input: all it could see, and what moves it here.

Theoretical: Araujo, Norris and Sim 2019, "Computing Receptive Fields of Convolutional Neural Networks", Distill; here
all units at once, from the input to the layer, so that branches, skips, adaptive windows and what reaches over the end
of a map are exact. Effective: Luo et al. 2016, arXiv:1701.04128, section 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from explainer.inspection.channel_order import channel_orders
from explainer.inspection.pointwise import keeps_channels, keeps_places
from explainer.inspection.reach import Box, plane_of
from explainer.networks.description import INPUT, Layer
from explainer.networks.graph import Network, device_of, forward
from explainer.networks.windows import padding, pair

Ends = NDArray[np.int32]  # (channels, length, 2): first pixel and the one after the last; one channel stands for all

_NOTHING = 2**30  # the first pixel of a unit that reads only padding, and less 0 the last one
_known: WeakKeyDictionary[Network, tuple[dict[str, Ends], dict[str, Ends]]] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Fields:
    """What each row, and each column, of a layer's maps could see of the input, of each of n kinds of channels.

    ``kinds`` (channels,) are 0 to n - 1; ``rows`` (n, height, 2) and ``columns`` (n, width, 2) are the first pixel and
    the one after the last.
    """

    kinds: NDArray[np.int32]
    rows: Ends
    columns: Ends

    def of(self, channel: int) -> Fields:
        """Those of one channel, which is the only one then."""
        kind = slice(self.kinds[channel], self.kinds[channel] + 1)
        return Fields(np.zeros(1, np.int32), self.rows[kind], self.columns[kind])


def fields(network: Network, layer: str) -> Fields:
    """The receptive fields of all units of the layer called ``layer``: rows and columns do not depend on each other.

    Channels of a concatenation, and all that keeps channels apart behind it, see what their own branch sees. Where a
    network takes channels apart, or shuffles them, each sees what it did before. Raises KeyError.
    """
    known = network.description.layer(layer)
    down, across = (along[layer] for along in _seen(network))
    count, channels = max(len(down), len(across)), _channels(known) or 1
    each = np.concatenate([_of_all(down, count), _of_all(across, count)], axis=1)
    each = np.where(each[..., :1] < each[..., 1:], each, 0)  # what reads only padding sees nothing
    unlike, kinds = np.unique(each, axis=0, return_inverse=True)
    height = down.shape[1]
    return Fields(np.broadcast_to(kinds.reshape(-1).astype(np.int32), channels), unlike[:, :height], unlike[:, height:])


def field(network: Network, layer: str, row: int = 0, column: int = 0, channel: int | None = None) -> Box:
    """The pixels of the input that the unit in ``row`` and ``column`` of the layer called ``layer`` could see.

    Of all channels together where no ``channel`` is given. The unit of a layer without maps sees all that its maps
    before could. Raises KeyError for an unknown layer.
    """
    known = fields(network, layer)
    known = known if channel is None else known.of(channel)
    at = (row, column) if plane_of(network.description.layer(layer)) else (0, 0)
    top, bottom = _of_any(known.rows[:, at[0]])
    left, right = _of_any(known.columns[:, at[1]])
    return Box(top, left, bottom, right)


def effective(
    network: Network, layer: str, row: int, column: int, *, channel: int, inputs: NDArray[np.float32]
) -> NDArray[np.float32]:
    """How strongly each pixel (size, size) of ``inputs`` (1, channels, size, size) moves one unit: |gradient|.

    Summed over the input's channels; scaled to a maximum of 1, all 0 where nothing moves it. ``row`` and ``column``
    do not matter for a layer without maps.
    """
    pictures = torch.from_numpy(inputs).to(device_of(network)).requires_grad_()
    output = forward(network, pictures, until=layer)[layer][0, channel]
    unit = output[row, column] if output.dim() == 2 else output
    (gradient,) = torch.autograd.grad(unit, pictures)
    strength: NDArray[np.float32] = gradient[0].abs().sum(0).cpu().numpy()
    return strength / (strength.max() or 1.0)


def _seen(network: Network) -> tuple[dict[str, Ends], dict[str, Ends]]:
    """Along rows and along columns; kept as long as the network is."""
    if (found := _known.get(network)) is None:
        found = _known[network] = _along(network, 0), _along(network, 1)
    return found


def _along(network: Network, axis: int) -> dict[str, Ends]:
    """What the units of every layer see along one axis: rows (0) or columns (1)."""
    at = np.arange(network.description.transform.size, dtype=np.int32)
    known = {INPUT: np.stack([at, at + 1], 1)[None]}
    orders = channel_orders(network)
    for layer in network.description.layers:
        plane = plane_of(layer)
        length = plane[axis] if plane else 1
        parts = [_windowed(network, layer, known[name], axis, length) for name in layer.reads]
        if layer.name in orders:
            known[layer.name] = _moved(known, *orders[layer.name])
            continue
        known[layer.name] = (
            _of_length(_joined(network, layer, parts), length) if plane else _hull(_merged(parts), (0, 1))[None, None]
        )
    return known


def _of_length(ends: Ends, length: int) -> Ends:
    """Of every place, where all see the same."""
    return ends if ends.shape[1] == length else np.broadcast_to(ends, (len(ends), length, 2))


def _moved(known: dict[str, Ends], source: str, order: NDArray[np.int64]) -> Ends:
    """What the channels of ``source`` see, in another order."""
    return known[source] if len(known[source]) == 1 else known[source][order]


def _windowed(network: Network, layer: Layer, before: Ends, axis: int, length: int) -> Ends:
    """What is read for each of ``length`` places; where nothing says which, all there is."""
    reading = network.reading(layer.name)
    windows = (
        reading.reads(axis, before.shape[1])
        if reading and plane_of(layer)
        else _windows(network.module(layer.name), axis, before.shape[1], length)
    )
    if windows is None:
        is_kept = before.shape[1] == length and keeps_places(network, layer)
        return before if is_kept else _hull(before, 1)[:, None]
    nothing = np.broadcast_to(np.array([_NOTHING, -_NOTHING], np.int32), (len(before), 1, 2))
    return _hull(np.concatenate([before, nothing], 1)[:, windows], 2)  # -1 reads what is behind the last


def _windows(module: nn.Module | None, axis: int, before: int, length: int) -> NDArray[np.int64] | None:
    """The places (length, most) that each place reads, -1 for none; None where each reads its own, or all."""
    match module:
        case nn.Conv2d():
            kernel, stride, dilation = module.kernel_size[axis], module.stride[axis], module.dilation[axis]
            outside = padding(module)[2 * axis]
        case nn.MaxPool2d() | nn.AvgPool2d():
            settings = (module.kernel_size, module.stride, module.padding, getattr(module, "dilation", 1))
            kernel, stride, outside, dilation = (pair(setting)[axis] for setting in settings)
        case nn.AdaptiveAvgPool2d() | nn.AdaptiveMaxPool2d():
            at, step = np.arange(length)[:, None], np.arange(before)
            is_read = (step >= at * before // length) & (step * length < (at + 1) * before)
            return np.where(is_read, step, -1)
        case nn.ZeroPad2d():
            kernel, stride, outside, dilation = 1, 1, module.padding[2 - 2 * axis], 1
        case _:
            return None
    places = np.arange(length)[:, None] * stride - outside + dilation * np.arange(kernel)
    return np.where((places >= 0) & (places < before), places, -1)


def _joined(network: Network, layer: Layer, parts: list[Ends]) -> Ends:
    """Of what a layer reads at each place, what each of its channels does."""
    counts = [_channels(network.description.layer(name)) or 0 if name != INPUT else 0 for name in layer.reads]
    if layer.kind == "concatenation" and layer.is_maps and sum(counts) == layer.channels and all(counts):
        return np.concatenate([_of_all(part, count) for part, count in zip(parts, counts, strict=True)])
    module, merged = network.module(layer.name), _merged(parts)
    if isinstance(module, nn.Conv2d) and module.groups > 1 and len(merged) > 1:
        groups = _hull(merged.reshape(module.groups, -1, *merged.shape[1:]), 1)
        return groups.repeat(module.out_channels // module.groups, 0)
    return merged if keeps_channels(network, layer) and len(merged) in (1, _channels(layer)) else _hull(merged, 0)[None]


def _merged(parts: list[Ends]) -> Ends:
    """What any of ``parts`` sees, each at its place; all channels of those whose channels are others."""
    most = max(map(len, parts))
    alike = [part if len(part) in (1, most) else _hull(part, 0)[None] for part in parts]
    length = max(part.shape[1] for part in alike)
    alike = [part if part.shape[1] in (1, length) else _hull(part, 1)[:, None] for part in alike]
    return _hull(np.stack(np.broadcast_arrays(*alike)), 0)


def _hull(ends: Ends, axes: int | tuple[int, ...]) -> Ends:
    """The first of the first pixels, and the last of the last, over ``axes``."""
    made: Ends = np.stack([ends[..., 0].min(axes), ends[..., 1].max(axes)], -1)
    return made


def _of_any(spans: Ends) -> tuple[int, int]:
    """From the first pixel of any of ``spans`` (n, 2) to the last, without those in which there is none."""
    some = spans[spans[:, 0] < spans[:, 1]]
    return (int(some[:, 0].min()), int(some[:, 1].max())) if len(some) else (0, 0)


def _of_all(ends: Ends, channels: int) -> Ends:
    return np.broadcast_to(ends, (channels, *ends.shape[1:]))


def _channels(layer: Layer) -> int | None:
    """How many channels a layer has, wherever they are; None where they cannot be told."""
    if plane_of(layer) is None:
        return layer.shape[0]
    return layer.shape[0] if layer.is_maps else None
