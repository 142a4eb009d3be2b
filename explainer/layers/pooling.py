"""Pooling: the settings, the windows with every number that meets, the output through torch, and two experiments.

The experiments: where the gradient goes, and how much the output changes when the picture is shifted. The numbers are
those of torch.nn.functional's max_pool2d, avg_pool2d, lp_pool2d (p = 2) and their adaptive relatives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from explainer.layers import geometry
from explainer.layers.geometry import GeometryError
from explainer.layers.rounding import without_rounding
from explainer.layers.tensors import to_numpy, to_tensor
from explainer.layers.window import ZERO, Axis, Reduction, Window, overhanging_axis, sliding_axis, sources
from explainer.words.book import Said

if TYPE_CHECKING:
    import torch

PoolingKind = Literal["max", "average", "l2"]
ShiftEdge = Literal["replicate", "circular"]
_REDUCTIONS: dict[PoolingKind, Reduction] = {"max": "max", "average": "sum", "l2": "l2"}


@dataclass(frozen=True)
class Pooling:
    """The settings of a pooling layer; pairs are (down, across).

    ``stride`` None is that of the window, so that windows touch. ``padding`` lies on both sides; it never counts in a
    maximum, counts as zeros in an L2 norm, and in a mean only where ``count_include_pad``. With ``bins`` the pooling
    is adaptive: that many windows share the input, and ``window``, ``stride``, ``padding`` and ``ceil_mode`` do not
    apply; one bin each way is global pooling.
    """

    kind: PoolingKind = "max"
    window: tuple[int, int] = (2, 2)
    stride: tuple[int, int] | None = None
    padding: tuple[int, int] = (0, 0)
    ceil_mode: bool = False
    count_include_pad: bool = True
    bins: tuple[int, int] | None = None

    @property
    def steps(self) -> tuple[int, int]:
        """The stride in use."""
        return self.stride or self.window


PRESETS: dict[str, Pooling] = {
    "max 2x2": Pooling("max"),
    "average 2x2": Pooling("average"),
    "l2 2x2": Pooling("l2"),
    "overlapping max 3x3": Pooling("max", (3, 3), (2, 2)),
    "adaptive max 2x2": Pooling("max", bins=(2, 2)),
    "global average": Pooling("average", bins=(1, 1)),
}


def output_shape(size: tuple[int, int], settings: Pooling) -> tuple[int, int]:
    """Height and width of the output; raises GeometryError as ``geometry.pooling_size`` and ``adaptive_bins`` do."""
    height, width = (_positions(size[axis], axis, settings) for axis in range(2))
    return height, width


def window(inputs: NDArray[Any], settings: Pooling | None = None, channel: int = 0) -> Window:
    """All that meets in the output map of one channel of ``inputs`` (channels, height, width).

    A mean is a sum with ``divisors``. An L2 norm has divisors only in ceil mode, where torch scales a norm over n of
    the window's N cells by sqrt(N / n). Raises GeometryError for impossible settings, ValueError for other shapes.
    """
    settings = settings or Pooling()
    _check(inputs)
    rows, columns = (_axis(inputs.shape[1 + axis], axis, settings) for axis in range(2))
    return Window(
        inputs[channel : channel + 1].astype(np.float64),
        None,
        rows,
        columns,
        _REDUCTIONS[settings.kind],
        _divisors(rows, columns, settings),
    )


def overhanging(inputs: NDArray[Any], settings: Pooling, channel: int = 0) -> Window:
    """What impossible settings would read at their first place: a window that may reach beyond the padded input.

    Arguments are those of ``window``, which raises GeometryError for such settings.
    """
    _check(inputs)
    rows, columns = (
        overhanging_axis(sources(size, (padding, padding)), (padding, padding), side)
        for size, padding, side in zip(inputs.shape[1:], settings.padding, settings.window, strict=True)
    )
    return Window(inputs[channel : channel + 1].astype(np.float64), None, rows, columns, _REDUCTIONS[settings.kind])


def output(inputs: NDArray[Any], settings: Pooling | None = None) -> NDArray[Any]:
    """The pooled maps (channels, output height, output width) of ``inputs`` (channels, height, width), through torch.

    Means that are nothing but rounding are 0. float32 inputs give float32, all others float64. Errors as in
    ``window``.
    """
    import torch  # noqa: PLC0415  pages that compute nothing open without torch

    settings = settings or Pooling()
    _check(inputs)
    output_shape(inputs.shape[1:], settings)  # raises
    with torch.inference_mode():
        values = to_tensor(inputs)
        maps = _pooled(values, settings)
        if settings.kind == "average":
            most = float(values.abs().max())
            maps = without_rounding(maps, _terms(values, settings), most, lambda: _pooled(values.abs(), settings))
        return to_numpy(maps, like=inputs)


def gradient(
    inputs: NDArray[Any], settings: Pooling | None = None, upstream: NDArray[Any] | None = None
) -> NDArray[Any]:
    """Where the gradient goes: that of sum(output * upstream) with respect to ``inputs`` (channels, height, width).

    ``upstream`` (channels, output height, output width) is what arrives at the outputs, None means 1 everywhere. A
    maximum passes it to its first maximal tap, row by row; a mean spreads it evenly; an L2 norm shares it out in
    proportion to the values, and passes on nothing where all are 0. Errors as in ``window``.
    """
    import torch  # noqa: PLC0415

    settings = settings or Pooling()
    _check(inputs)
    shape = (len(inputs), *output_shape(inputs.shape[1:], settings))
    upstream = np.ones(shape) if upstream is None else upstream
    if upstream.shape != shape:
        raise ValueError(f"The gradient that arrives has shape {upstream.shape}, the output {shape}.")
    with torch.enable_grad():
        values = to_tensor(inputs).requires_grad_()
        pooled = _pooled(values, settings)
        (found,) = torch.autograd.grad(pooled, values, to_tensor(upstream, like=inputs))
    return to_numpy(found, like=inputs)


def shift(inputs: NDArray[Any], pixels: int, edge: ShiftEdge = "replicate") -> NDArray[Any]:
    """``inputs`` (..., height, width) moved to the right by ``pixels``, 0 or more.

    What comes in at the left is a copy of the first column ("replicate", as if the picture went on), or what went out
    at the right ("circular"). Raises GeometryError for fewer than 0 pixels.
    """
    if pixels < 0:
        raise GeometryError(Said("geometry.shift_below_0", pixels=pixels))
    columns = np.arange(inputs.shape[-1]) - pixels
    return inputs[..., columns.clip(0) if edge == "replicate" else columns % inputs.shape[-1]]


def shift_changes(
    inputs: NDArray[Any], poolings: Sequence[Pooling], furthest: int, edge: ShiftEdge = "replicate"
) -> NDArray[np.float64]:
    """How much each pooling's output changes when the picture moves to the right by 0 to ``furthest`` pixels.

    Returns (poolings, furthest + 1): ||pool(shift(x, s)) - pool(x)|| / ||pool(x)||, where ||.|| is the root of the sum
    of squares over all channels. Where pool(x) is 0 everywhere, a change is infinite and none is 0. To compare with
    no pooling at all, add ``Pooling(window=(1, 1))``. Errors as in ``window`` and ``shift``.
    """
    shifted = [shift(inputs, pixels, edge) for pixels in range(furthest + 1)]
    changes = np.empty((len(poolings), furthest + 1))
    for row, settings in zip(changes, poolings, strict=True):
        maps = np.stack([output(moved, settings) for moved in shifted]).astype(np.float64).reshape(len(shifted), -1)
        change, whole = np.linalg.norm(maps - maps[0], axis=1), float(np.linalg.norm(maps[0]))
        row[:] = change / whole if whole else np.where(change > 0, np.inf, 0.0)
    return changes


def _positions(size: int, axis: int, settings: Pooling) -> int:
    name = geometry.AXES[axis]
    if settings.bins is not None:
        return len(geometry.adaptive_bins(size, settings.bins[axis], name))
    return geometry.pooling_size(
        size=size,
        window=settings.window[axis],
        stride=settings.steps[axis],
        padding=settings.padding[axis],
        ceil_mode=settings.ceil_mode,
        axis=name,
    )


def _axis(size: int, axis: int, settings: Pooling) -> Axis:
    if settings.bins is not None:
        bins = geometry.adaptive_bins(size, settings.bins[axis], geometry.AXES[axis])
        taps = tuple(tuple((at, at - start) for at in range(start, stop)) for start, stop in bins)
        return Axis(tuple(range(size)), 0, size, taps)
    positions, sides = _positions(size, axis, settings), (settings.padding[axis],) * 2
    source = sources(size, sides)
    sliding = sliding_axis(source, sides, positions, settings.window[axis], stride=settings.steps[axis])
    if settings.kind == "l2" or (settings.kind == "average" and settings.count_include_pad):
        return sliding
    counted = tuple(tuple(tap for tap in taps if source[tap[0]] != ZERO) for taps in sliding.taps)
    return Axis(source, sliding.before, size, counted)


def _divisors(rows: Axis, columns: Axis, settings: Pooling) -> NDArray[np.float64] | None:
    counts = np.outer([len(taps) for taps in rows.taps], [len(taps) for taps in columns.taps]).astype(np.float64)
    if settings.kind == "average":
        return counts
    scales = np.sqrt(counts / (settings.window[0] * settings.window[1]))
    if settings.kind == "l2" and settings.bins is None and (scales != 1).any():
        return np.asarray(scales, np.float64)
    return None


def _pooled(values: torch.Tensor, settings: Pooling) -> torch.Tensor:
    """``values`` (channels, height, width) pooled, differentiable."""
    from torch.nn import functional  # noqa: PLC0415

    squares = settings.kind == "l2"
    if settings.bins is not None:
        if settings.kind == "max":
            return functional.adaptive_max_pool2d(values, settings.bins)
        means = functional.adaptive_avg_pool2d(values**2 if squares else values, settings.bins)
        return _root(means * _bin_sizes(values, settings.bins)) if squares else means
    shape = (settings.window, settings.steps, settings.padding)
    if settings.kind == "max":
        return functional.max_pool2d(values, *shape, ceil_mode=settings.ceil_mode)
    if not squares:
        return functional.avg_pool2d(values, *shape, settings.ceil_mode, settings.count_include_pad)
    # As torch's own lp_pool2d, which takes no padding and has no gradient where all values are 0.
    return _root(functional.avg_pool2d(values**2, *shape, settings.ceil_mode) * settings.window[0] * settings.window[1])


def _terms(values: torch.Tensor, settings: Pooling) -> int:
    """How many numbers the largest window adds up, and the division."""
    size = settings.window[0] * settings.window[1] if settings.bins is None else _bin_sizes(values, settings.bins).max()
    return int(size) + 1


def _bin_sizes(values: torch.Tensor, bins: tuple[int, int]) -> torch.Tensor:
    rows, columns = (
        [stop - start for start, stop in geometry.adaptive_bins(values.shape[1 + axis], bins[axis])]
        for axis in range(2)
    )
    return values.new_tensor(rows)[:, None] * values.new_tensor(columns)


def _root(sums: torch.Tensor) -> torch.Tensor:
    """The square root, whose gradient at 0 is 0 rather than infinite."""
    positive = sums > 0
    return sums.where(positive, sums.new_ones(())).sqrt() * positive


def _check(inputs: NDArray[Any]) -> None:
    if inputs.ndim != 3:
        raise ValueError(f"Inputs are (channels, height, width), not {inputs.shape}.")
