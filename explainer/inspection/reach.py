"""How far the windows of one unit reach over the network's input, the padding of every layer included."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray
from torch import nn

from explainer.inspection.channel_order import channel_orders
from explainer.inspection.pointwise import keeps_channels, keeps_places
from explainer.networks.description import INPUT, Layer
from explainer.networks.graph import Network
from explainer.networks.windows import padding, pair

Span = tuple[int, int]  # first row or column, and the one after the last


@dataclass(frozen=True)
class Box:
    """Rows ``top`` to ``bottom`` and columns ``left`` to ``right`` of a picture, the last ones not included.

    They may lie outside of the picture, in the padding.
    """

    top: int
    left: int
    bottom: int
    right: int

    def within(self, height: int, width: int) -> Box:
        """The part of it that lies in a picture of this size."""
        return Box(max(0, self.top), max(0, self.left), min(height, self.bottom), min(width, self.right))

    def around(self, other: Box) -> Box:
        """The smallest box with both in it."""
        return Box(
            min(self.top, other.top),
            min(self.left, other.left),
            max(self.bottom, other.bottom),
            max(self.right, other.right),
        )


def reach(network: Network, layer: str, row: int = 0, column: int = 0, channel: int | None = None) -> Box:
    """What the windows of the unit in ``row`` and ``column`` of the layer called ``layer`` span, in pixels.

    Padding included; of all channels where no ``channel`` is given. Raises KeyError for an unknown layer.
    """
    size = network.description.transform.size
    layers = {known.name: known for known in network.description.layers}
    boxes = {layer: Box(row, column, row + 1, column + 1) if plane_of(layers[layer]) else Box(0, 0, 1, 1)}
    channels = {layer: channel}
    for current in reversed(network.description.layers):
        if (box := boxes.get(current.name)) is None:
            continue
        for name, wanted in _reads(network, current, channels[current.name]):
            plane = (size, size) if name == INPUT else plane_of(layers[name]) or (1, 1)
            seen = _read(network, current, box, plane)
            is_same = channels.get(name, wanted) == wanted
            channels[name] = wanted if is_same else None
            boxes[name] = seen.around(boxes[name]) if name in boxes else seen
    return boxes[INPUT]


def _reads(network: Network, layer: Layer, channel: int | None) -> Iterator[tuple[str, int | None]]:
    """The layers that a ``channel`` of a layer reads, each with the one of its channels that it reads, None for all."""
    sources = {name: network.description.layer(name) for name in layer.reads if name != INPUT}
    are_maps = layer.is_maps and len(sources) == len(layer.reads) and all(one.is_maps for one in sources.values())
    if channel is not None and layer.name in (orders := channel_orders(network)):
        before, order = orders[layer.name]
        yield before, int(order[channel])
    elif channel is None or not are_maps:
        yield from ((name, None) for name in layer.reads)
    elif layer.kind == "concatenation" and sum(one.channels for one in sources.values()) == layer.channels:
        first = 0
        for name, source in sources.items():
            if first <= channel < first + source.channels:
                yield name, channel - first
            first += source.channels
    else:
        keeps = keeps_channels(network, layer)
        yield from ((n, channel if keeps and one.channels == layer.channels else None) for n, one in sources.items())


def plane_of(layer: Layer) -> tuple[int, int] | None:
    """Height and width of what a layer gives, wherever its channels are; None for features without a place."""
    has_plane = layer.is_maps or layer.layout == "planes"
    return (layer.shape[-2], layer.shape[-1]) if has_plane else None


def _read(network: Network, layer: Layer, box: Box, plane: tuple[int, int]) -> Box:
    """The part of its input, of height and width ``plane``, that a layer reads for ``box`` of its output."""
    output = plane_of(layer)
    if output and (reading := network.reading(layer.name)):
        (top, bottom), (left, right) = (
            _of_places(reading.reads(axis, plane[axis]), span) for axis, span in enumerate(_spans(box))
        )
        return Box(top, left, bottom, right)
    step = _step(network.module(layer.name), plane, output) if output else None
    if step is None:
        return box if output == plane and keeps_places(network, layer) else Box(0, 0, *plane)
    (top, bottom), (left, right) = (step(axis, span) for axis, span in enumerate(_spans(box)))
    return Box(top, left, bottom, right)


def _of_places(reads: NDArray[np.int64], span: Span) -> Span:
    """From the first place that is read for ``span`` to the last; those outside of the plane see as its ends do."""
    some = reads[max(0, min(span[0], len(reads) - 1)) : max(1, span[1])]
    return int(some[some >= 0].min()), int(some.max()) + 1


def _spans(box: Box) -> Iterator[Span]:
    yield box.top, box.bottom
    yield box.left, box.right


def _step(
    module: nn.Module | None, plane: tuple[int, int], output: tuple[int, int]
) -> Callable[[int, Span], Span] | None:
    """For an axis and a span of the output the span of the input; None where a layer works on each place alone."""
    match module:
        case nn.Conv2d():
            top, _, left, _ = padding(module)
            return lambda axis, span: _window(
                span, module.kernel_size[axis], module.stride[axis], (top, left)[axis], module.dilation[axis]
            )
        case nn.MaxPool2d() | nn.AvgPool2d():
            kernel, stride, before = (pair(value) for value in (module.kernel_size, module.stride, module.padding))
            dilation = pair(getattr(module, "dilation", 1))
            ends = [(place, end + before[axis]) for axis, (place, end) in enumerate(zip(output, plane, strict=True))]
            return lambda axis, span: _up_to(
                _window(span, kernel[axis], stride[axis], before[axis], dilation[axis]), span, *ends[axis]
            )
        case nn.AdaptiveAvgPool2d() | nn.AdaptiveMaxPool2d():
            return lambda axis, span: (
                span[0] * plane[axis] // output[axis],
                ceil(span[1] * plane[axis] / output[axis]),
            )
        case nn.ZeroPad2d():
            left, _, top, _ = module.padding
            return lambda axis, span: (span[0] - (top, left)[axis], span[1] - (top, left)[axis])
        case _:
            return None


def _window(span: Span, kernel: int, stride: int, padding: int, dilation: int) -> Span:
    return span[0] * stride - padding, (span[1] - 1) * stride - padding + dilation * (kernel - 1) + 1


def _up_to(window: Span, span: Span, output: int, end: int) -> Span:
    """The last window of a pooling that rounds up ends with the padding."""
    return window if span[1] > output else (window[0], min(window[1], end))
