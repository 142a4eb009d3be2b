"""The effective receptive field: how much each pixel that a unit could see moves it.

W. Luo, Y. Li, R. Urtasun, R. Zemel, "Understanding the effective receptive field in deep convolutional neural
networks", NIPS 2016, arXiv:1701.04128: the gradient of a central unit with respect to the input.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from explainer.device import device
from explainer.inspection.receptive_field import field
from explainer.layers.receptive import Step
from explainer.networks.graph import Network, device_of, forward
from explainer.networks.stack import Item, Ladder, seen

Span = tuple[int, int]  # the first place, and the one after the last

CHANNELS = 8  # of every layer of a random stack but the input and the last, which have one
DRAWS = {1: 64, 2: 8}  # of random weights, by the axes of the input
MIXES = 8  # of a trained layer's channels
PART = 0.95  # of the squared gradient


@dataclass(frozen=True, eq=False)
class Effective:
    """The squared gradient (rows, columns) of one unit, mean over draws, in the box that the unit could see.

    It begins in row ``top``, column ``left`` of the input; its sum is 1, or 0 where nothing moves the unit.
    """

    squares: NDArray[np.float64]
    top: int
    left: int

    def holding(self, part: float = PART) -> NDArray[np.bool_]:
        """The fewest pixels of the box that hold ``part`` of the sum; none where nothing moves the unit."""
        order = self.squares.ravel().argsort()[::-1]
        total = np.cumsum(self.squares.ravel()[order])
        held = np.zeros(self.squares.size, bool)
        if total[-1] > 0:
            held[order[: int(np.searchsorted(total, part * total[-1] * (1 - 1e-12))) + 1]] = True
        return held.reshape(self.squares.shape)


def of_stack(
    ladder: Ladder, layer: int, unit: int, *, axes: int = 2, relu: bool = False, seed: int = 0, draws: int | None = None
) -> Effective:
    """That of a ``unit``, the same along each of 1 or 2 ``axes``, of a stack with random weights and random inputs.

    Weights are normal with the variance 2 / fan-in (He) with ``relu`` after every convolution but the last, 1 / fan-in
    without; inputs are standard normal. The same ``seed`` gives the same numbers.
    """
    generator = torch.Generator().manual_seed(seed)
    reads = seen(ladder, layer, unit)
    if not reads[0].any():  # it reads padding alone
        return Effective(np.zeros((1, 1)), 0, 0)
    spans = [_span(read) for read in reads]
    (first, last), below = spans[0], ladder.to(layer)
    summed = torch.zeros((last - first,) * axes)
    for _ in range(draws or DRAWS[axes]):
        pictures = torch.randn((1, 1, *summed.shape), generator=generator).to(device()).requires_grad_()
        result = _through(pictures, below, spans, axes, generator, relu=relu)
        (gradient,) = torch.autograd.grad(result.sum(), pictures)
        summed += gradient[0, 0].square().cpu()
    return Effective(_shares(np.atleast_2d(summed.double().numpy())), first if axes == 2 else 0, first)


def of_network(
    network: Network, layer: str, row: int, column: int, *, inputs: NDArray[np.float32], draws: int = MIXES
) -> Effective:
    """That of all units in ``row`` and ``column`` of a trained layer's maps, for the picture ``inputs``.

    The squares are summed over the channels of layer and input: exactly where the layer has at most ``draws``
    channels, else as the mean over ``draws`` sums with random signs, whose expectation they are. Raises KeyError.
    """
    pictures = torch.from_numpy(inputs).to(device_of(network)).requires_grad_()
    units = forward(network, pictures, until=layer)[layer][0, :, row, column]
    mixes = _mixes(len(units), draws).to(units.device)
    summed = torch.zeros(inputs.shape[2:], device=units.device)
    for number, mix in enumerate(mixes, 1):
        (gradient,) = torch.autograd.grad(units @ mix, pictures, retain_graph=number < len(mixes))
        summed += gradient[0].square().sum(0)
    box = field(network, layer, row, column)
    bottom, right = max(box.bottom, box.top + 1), max(box.right, box.left + 1)
    return Effective(_shares(summed[box.top : bottom, box.left : right].double().cpu().numpy()), box.top, box.left)


def _mixes(channels: int, draws: int) -> Tensor:
    """Weights (mixes, channels): each channel alone, or all of them with random signs."""
    if channels <= draws:
        return torch.eye(channels)
    generator = torch.Generator().manual_seed(0)
    return torch.randint(0, 2, (draws, channels), generator=generator).float() * 2 - 1


def _through(
    values: Tensor, ladder: Ladder, spans: list[Span], axes: int, generator: torch.Generator, *, relu: bool
) -> Tensor:
    """The unit, computed from no more of each layer than it reads: ``spans``, of the input and of every layer."""
    for number, rung in enumerate(ladder.rungs, 1):
        step, is_last = rung.item.step, number == len(ladder.rungs)
        (start, _), (first, last) = spans[number - 1], spans[number]
        behind = (last - 1) * step.stride - step.padding + step.dilation * (step.kernel - 1) + 1
        sides = (max(start - first * step.stride + step.padding, 0), max(behind - spans[number - 1][1], 0))
        if rung.item.kind != "c":
            values = _pooled(values, rung.item, sides, axes)
            continue
        channels = 1 if is_last else CHANNELS
        values = _convolved(values, step, sides, _weight((channels, values.shape[1]), step, axes, generator, 1 + relu))
        values = values.relu() if relu and not is_last else values
    return values


def _weight(channels: tuple[int, int], step: Step, axes: int, generator: torch.Generator, gain: float) -> Tensor:
    shape = (*channels, *(step.kernel,) * axes)
    deviation = (gain / (channels[1] * step.kernel**axes)) ** 0.5
    weight: Tensor = deviation * torch.randn(shape, generator=generator)
    return weight.to(device())


def _convolved(values: Tensor, step: Step, sides: Span, weight: Tensor) -> Tensor:
    axes = weight.dim() - 2
    convolve = functional.conv1d if axes == 1 else functional.conv2d
    made: Tensor = convolve(functional.pad(values, sides * axes), weight, None, step.stride, 0, step.dilation)
    return made


def _pooled(values: Tensor, item: Item, sides: Span, axes: int) -> Tensor:
    step = item.step
    if item.kind == "a":
        average = functional.avg_pool1d if axes == 1 else functional.avg_pool2d
        mean: Tensor = average(functional.pad(values, sides * axes), step.kernel, step.stride)
        return mean
    largest = functional.max_pool1d if axes == 1 else functional.max_pool2d
    padded = functional.pad(values, sides * axes, value=-torch.inf)
    found: Tensor = largest(padded, step.kernel, step.stride, 0, step.dilation)
    return found


def _span(read: NDArray[np.bool_]) -> Span:
    """From the first that is read to the one after the last."""
    places = np.flatnonzero(read)
    return int(places[0]), int(places[-1]) + 1


def _shares(squares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of their sum."""
    total = float(squares.sum())
    return squares / total if total > 0 else squares
