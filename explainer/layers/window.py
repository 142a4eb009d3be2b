"""A layer as a window that slides over its input: which numbers meet at which position, and what becomes of them.

One description serves convolution, transposed convolution and pooling. All of them are separable in where they
read: the rows that an output row reads do not depend on the column. So each axis has its own list of taps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from explainer.layers.geometry import PaddingMode, Sides, extent

Reduction = Literal["sum", "max", "l2"]
Activation = Literal["none", "relu"]

ZERO = -1  # in Axis.source: a position of the padding that copies no pixel
OUTSIDE = -2  # in Axis.source: a position where there is nothing, not even padding, that impossible settings would read


@dataclass(frozen=True)
class Axis:
    """How the output positions of one axis read the input along it.

    ``source`` has, for every position of the padded input, the index of the pixel that it copies, or ``ZERO``;
    the first ``before`` positions are padding. ``taps`` has, for every output position, the pairs (position in the
    padded input, index in the kernel) that meet there, ascending by position; there may be none.
    """

    source: tuple[int, ...]
    before: int
    size: int
    taps: tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True, eq=False)
class Window:
    """One output map of a layer, with all that it is computed from.

    ``inputs`` (channels, height, width) and ``kernels`` (channels, kernel height, kernel width) float64; pooling
    has no ``kernels`` and one channel. An output value is
    ``activation(reduction of value * weight over all taps / divisor + bias)``; in pooling every weight is 1.
    ``divisors`` (output height, output width) belong to means, or are None. The reduction "l2" is the root of the
    sum of squares. Padding that counts as a number is ``ZERO`` or a copy in ``Axis.source``; padding that does not
    count (maximum pooling) has no taps.
    """

    inputs: NDArray[np.float64]
    kernels: NDArray[np.float64] | None
    rows: Axis
    columns: Axis
    reduction: Reduction = "sum"
    divisors: NDArray[np.float64] | None = None
    bias: float = 0.0
    activation: Activation = "none"

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the output map."""
        return len(self.rows.taps), len(self.columns.taps)


class Tap(NamedTuple):
    """One pair that meets at a position: where it lies in the padded input and in the kernel, and its numbers."""

    row: int
    column: int
    kernel_row: int
    kernel_column: int
    value: float
    weight: float
    product: float


def sources(size: int, padding: Sides, mode: PaddingMode = "zeros") -> tuple[int, ...]:
    """``Axis.source`` of an input of ``size`` pixels: for every padded position the pixel it copies, or ``ZERO``.

    The modes are those of torch.nn.functional.pad. Where the input has too few pixels to copy, which
    ``geometry.convolution_size`` does not let pass, a position is ``OUTSIDE``.
    """
    positions = np.arange(-padding[0], size + padding[1])
    inside = (positions >= 0) & (positions < size)
    copied = {
        "zeros": np.where(inside, positions, ZERO),
        "reflect": size - 1 - np.abs(size - 1 - np.abs(positions)),
        "replicate": positions.clip(0, size - 1),
        "circular": positions % size,
    }[mode]
    furthest = {"reflect": size - 1, "circular": size}.get(mode, max(padding))
    return tuple(np.where((positions < -furthest) | (positions >= size + furthest), OUTSIDE, copied).tolist())


def sliding_axis(
    source: tuple[int, ...], padding: Sides, positions: int, kernel: int, *, stride: int = 1, dilation: int = 1
) -> Axis:
    """The axis of a window of ``kernel`` taps that stands at ``positions`` places on a padded input.

    Taps beyond the padded input, which pooling in ceil mode has, are left out.
    """
    taps = tuple(
        tuple((at, k) for k in range(kernel) if (at := position * stride + k * dilation) < len(source))
        for position in range(positions)
    )
    return Axis(source, padding[0], len(source) - sum(padding), taps)


def overhanging_axis(source: tuple[int, ...], padding: Sides, kernel: int, *, dilation: int = 1) -> Axis:
    """The axis of impossible settings: the window at its first place, where it may reach beyond the padded input."""
    beyond = max(extent(kernel, dilation) - len(source), 0)
    taps = tuple((k * dilation, k) for k in range(kernel))
    return Axis(source + (OUTSIDE,) * beyond, padding[0], len(source) - sum(padding), (taps,))


def padded(window: Window) -> NDArray[np.float64]:
    """The inputs with their padding (channels, padded height, padded width)."""
    rows, columns = np.array(window.rows.source, int), np.array(window.columns.source, int)
    values: NDArray[np.float64] = window.inputs[:, rows[:, None], columns]
    values[:, rows < 0] = 0
    values[:, :, columns < 0] = 0
    return values


def taps(window: Window, row: int, column: int) -> tuple[tuple[Tap, ...], ...]:
    """What meets at one output position: for every channel its taps, row by row."""
    values = padded(window)
    return tuple(
        tuple(
            _tap(window, values, channel, (y, x), (i, j))
            for y, i in window.rows.taps[row]
            for x, j in window.columns.taps[column]
        )
        for channel in range(len(window.inputs))
    )


def _tap(
    window: Window, values: NDArray[np.float64], channel: int, place: tuple[int, int], cell: tuple[int, int]
) -> Tap:
    value = float(values[(channel, *place)])
    weight = 1.0 if window.kernels is None else float(window.kernels[(channel, *cell)])
    return Tap(*place, *cell, value, weight, value * weight)


def value(window: Window, row: int, column: int) -> float:
    """One output value, from its taps one by one. A maximum over no taps is minus infinity."""
    products = [tap.product for channel in taps(window, row, column) for tap in channel]
    if window.reduction == "max":
        total = max(products, default=-math.inf)
    elif window.reduction == "l2":
        total = math.sqrt(sum(product * product for product in products))
    else:
        total = sum(products)
    if window.divisors is not None:
        total /= float(window.divisors[row, column])
    total += window.bias
    return max(total, 0.0) if window.activation == "relu" else total


def partials(window: Window) -> NDArray[np.float64]:
    """What each channel contributes (channels, output height, output width): its own reduction over its taps.

    Before division, bias and activation. For "sum" the channels' maps add up to the sum of all products.
    """
    values = padded(window)
    if window.reduction == "l2":
        values = values**2
    largest = window.reduction == "max"
    if window.kernels is None:
        reduced = _along(values, window.rows, 1, largest)
        reduced = _along(reduced, window.columns, 2, largest)
    else:
        kernels = window.kernels**2 if window.reduction == "l2" else window.kernels
        reduced = _products(values, kernels, window, largest)
    return np.sqrt(reduced) if window.reduction == "l2" else reduced


def evaluate(window: Window) -> NDArray[np.float64]:
    """The whole output map (output height, output width): ``value`` at every position, computed at once."""
    maps = partials(window)
    total: NDArray[np.float64]
    if window.reduction == "max":
        total = maps.max(axis=0)
    elif window.reduction == "l2":
        total = np.sqrt((maps**2).sum(axis=0))
    else:
        total = maps.sum(axis=0)
    if window.divisors is not None:
        total = total / window.divisors
    total = total + window.bias
    return total.clip(min=0) if window.activation == "relu" else total


def never_read(window: Window) -> NDArray[np.bool_]:
    """Which pixels of the input (height, width) no position reads, neither themselves nor their copies in padding."""
    rows, columns = _read(window.rows), _read(window.columns)
    return ~(rows[:, None] & columns)


def left_over(window: Window) -> NDArray[np.bool_]:
    """Which pixels (height, width) lie beyond all that are read, in a row or column too many for another step.

    What is never read and is not left over lies between: the window jumps over it, or reads around it.
    """
    rows, columns = (_beyond(_read(axis)) for axis in (window.rows, window.columns))
    return rows[:, None] | columns


def _beyond(read: NDArray[np.bool_]) -> NDArray[np.bool_]:
    seen = np.logical_or.accumulate
    return ~(seen(read) & seen(read[::-1])[::-1])


def _read(axis: Axis) -> NDArray[np.bool_]:
    read = np.zeros(axis.size, bool)
    read[[axis.source[at] for position in axis.taps for at, _ in position if axis.source[at] >= 0]] = True
    return read


def _slots(axis: Axis) -> list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]]:
    """The n-th tap of every position, for every n: padded positions, kernel indices, and whether there is one."""
    slots = []
    for n in range(max(map(len, axis.taps), default=0)):
        nth = [(*position[n], True) if n < len(position) else (0, 0, False) for position in axis.taps]
        at, index, there = np.array(nth, np.int64).T
        slots.append((at, index, there == 1))
    return slots


def _along(values: NDArray[np.float64], axis: Axis, number: int, largest: bool) -> NDArray[np.float64]:
    """``values`` (channels, rows, columns) reduced over the taps of one axis: the order of two axes is free."""
    neutral, join = (-np.inf, np.maximum) if largest else (0.0, np.add)
    shape = [*values.shape]
    shape[number] = len(axis.taps)
    total = np.full(shape, neutral)
    for at, _, there in _slots(axis):
        mask = there.reshape(-1, *[1] * (2 - number))
        total = join(total, np.where(mask, values.take(at, number), neutral))
    return total


def _products(
    values: NDArray[np.float64], kernels: NDArray[np.float64], window: Window, largest: bool
) -> NDArray[np.float64]:
    neutral, join = (-np.inf, np.maximum) if largest else (0.0, np.add)
    total = np.full((len(values), *window.shape), neutral)
    for y, i, row_there in _slots(window.rows):
        value_rows, kernel_rows = values.take(y, 1), kernels.take(i, 1)
        for x, j, column_there in _slots(window.columns):
            products = value_rows.take(x, 2) * kernel_rows.take(j, 2)
            total = join(total, np.where(row_there[:, None] & column_there, products, neutral))
    return total
