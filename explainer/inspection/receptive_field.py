"""What one unit of any layer sees of the network's input: all it could see, and what moves it here.

Theoretical: Araujo, Norris and Sim 2019, "Computing Receptive Fields of Convolutional Neural Networks", Distill, read
from the unit back to the input, so that branches, skips and adaptive windows are exact. Effective: Luo et al. 2016,
arXiv:1701.04128, section 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from explainer.networks.description import INPUT, Layer
from explainer.networks.graph import Network, device_of, forward
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


def field(network: Network, layer: str, row: int = 0, column: int = 0) -> Box:
    """What the unit in ``row`` and ``column`` of the layer called ``layer`` could see of the input, in pixels.

    The unit of a layer without maps sees all that its maps before could. Raises KeyError for an unknown layer.
    """
    size = network.description.transform.size
    layers = {known.name: known for known in network.description.layers}
    boxes = {layer: Box(row, column, row + 1, column + 1) if _plane(layers[layer]) else Box(0, 0, 1, 1)}
    for current in reversed(network.description.layers):
        if (box := boxes.get(current.name)) is None:
            continue
        for name in current.reads:
            plane = (size, size) if name == INPUT else _plane(layers[name]) or (1, 1)
            seen = _read(network.module(current.name), current, box, plane)
            boxes[name] = seen.around(boxes[name]) if name in boxes else seen
    return boxes[INPUT]


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


def _plane(layer: Layer) -> tuple[int, int] | None:
    """Height and width of what a layer gives, wherever its channels are; None for features without a place."""
    match layer.shape:
        case (_, height, width) if layer.is_maps:
            return height, width
        case (height, width, _):
            return height, width
        case (_, _, height, width):
            return height, width
        case _:
            return None


def _read(module: nn.Module | None, layer: Layer, box: Box, plane: tuple[int, int]) -> Box:
    """The part of its input, of height and width ``plane``, that a layer reads for ``box`` of its output."""
    output = _plane(layer)
    step = _step(module, plane, output) if output else None
    if step is None and output != plane:
        return Box(0, 0, *plane)
    if step is None:
        return box
    (top, bottom), (left, right) = (step(axis, span) for axis, span in enumerate(_spans(box)))
    return Box(top, left, bottom, right)


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
            return lambda axis, span: _window(span, kernel[axis], stride[axis], before[axis], dilation[axis])
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
