"""Convolution: the settings of a layer, its windows with every number that meets, and its output through torch.

What deep learning calls convolution is cross-correlation; ``flip`` gives the true convolution of signal processing,
whose kernel is turned by 180 degrees. A one-dimensional signal is a picture of one row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from explainer.layers import geometry
from explainer.layers.geometry import GeometryError, PaddingMode, PaddingName, Sides
from explainer.layers.rounding import without_rounding
from explainer.layers.tensors import to_numpy, to_tensor
from explainer.layers.window import Activation, Axis, Window, overhanging_axis, sliding_axis, sources
from explainer.words.book import Said

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Convolution:
    """The settings of a convolution but its weights.

    ``stride`` and ``dilation`` are (down, across). ``padding`` is (top, bottom, left, right) in pixels or a name:
    "same" gives ceil(size / stride) positions. ``mean`` divides by the number of weights. Filters are shared out among
    ``groups`` in order: filter f of F reads the planes of group f * groups // F.
    """

    stride: tuple[int, int] = (1, 1)
    dilation: tuple[int, int] = (1, 1)
    padding: PaddingName | tuple[int, int, int, int] = "valid"
    mode: PaddingMode = "zeros"
    groups: int = 1
    flip: bool = False
    mean: bool = False
    activation: Activation = "none"


@dataclass(frozen=True, eq=False)
class Separable:
    """The two steps of a depthwise separable convolution.

    ``depthwise`` (channels, output height, output width) has one map a channel; ``output`` (filters, output height,
    output width) mixes them.
    """

    depthwise: NDArray[Any]
    output: NDArray[Any]


def padding_of(size: tuple[int, int], kernel: tuple[int, int], settings: Convolution) -> tuple[Sides, Sides]:
    """Padding in pixels: (top, bottom), (left, right), for inputs and kernels of these heights and widths.

    Raises GeometryError for a stride or dilation below 1.
    """
    top, bottom, left, right = settings.padding if not isinstance(settings.padding, str) else (0, 0, 0, 0)
    named = settings.padding if isinstance(settings.padding, str) else None
    rows, columns = (
        geometry.padding_sides(
            padding=named or sides,
            size=size[axis],
            kernel=kernel[axis],
            stride=settings.stride[axis],
            dilation=settings.dilation[axis],
            axis=geometry.AXES[axis],
        )
        for axis, sides in enumerate(((top, bottom), (left, right)))
    )
    return rows, columns


def output_shape(size: tuple[int, int], kernel: tuple[int, int], settings: Convolution) -> tuple[int, int]:
    """Height and width of the output map; raises GeometryError as ``geometry.convolution_size`` does."""
    padding = padding_of(size, kernel, settings)
    height, width = (
        geometry.convolution_size(
            size=size[axis],
            kernel=kernel[axis],
            stride=settings.stride[axis],
            padding=padding[axis],
            dilation=settings.dilation[axis],
            mode=settings.mode,
            axis=name,
        )
        for axis, name in enumerate(geometry.AXES)
    )
    return height, width


def planes_read(channels: int, filters: int, groups: int, number: int) -> range:
    """Which of the input's channels the filter ``number`` reads. Raises GeometryError where groups do not divide."""
    geometry.check_groups(channels, filters, groups)
    each = channels // groups
    group = number * groups // filters
    return range(group * each, (group + 1) * each)


def window(
    inputs: NDArray[Any],
    weights: NDArray[Any],
    settings: Convolution | None = None,
    number: int = 0,
    bias: NDArray[Any] | None = None,
) -> Window:
    """All that meets in one output map: that of filter ``number``.

    Args:
        inputs: (channels, height, width).
        weights: (filters, channels / groups, kernel height, kernel width).
        settings: None means the defaults.
        number: of the filter, from 0.
        bias: (filters,), or None for none.

    Returns:
        A Window with the planes that this filter reads, and its kernels as they are laid on the input: turned where
        ``settings.flip``.

    Raises:
        GeometryError: impossible settings.
        ValueError: arrays of other shapes.
    """
    settings = settings or Convolution()
    _check(inputs, weights, settings, bias)
    shape = output_shape(inputs.shape[1:], weights.shape[2:], settings)
    axes = _axes(inputs.shape[1:], weights.shape[2:], shape, settings)
    return _meeting(inputs, weights, settings, axes, number=number, bias=bias)


def overhanging(
    inputs: NDArray[Any],
    weights: NDArray[Any],
    settings: Convolution | None = None,
    number: int = 0,
    bias: NDArray[Any] | None = None,
) -> Window:
    """What impossible settings would read at their first place: a window that may reach beyond the padded input.

    Arguments are those of ``window``, which raises GeometryError for such settings. Raises the same for groups that do
    not divide, and a stride or dilation below 1.
    """
    settings = settings or Convolution()
    _check(inputs, weights, settings, bias)
    size, kernel = inputs.shape[1:], weights.shape[2:]
    padding = padding_of(size, kernel, settings)
    rows, columns = (
        overhanging_axis(
            sources(size[axis], padding[axis], settings.mode),
            padding[axis],
            kernel[axis],
            dilation=settings.dilation[axis],
        )
        for axis in range(2)
    )
    return _meeting(inputs, weights, settings, (rows, columns), number=number, bias=bias)


def _meeting(
    inputs: NDArray[Any],
    weights: NDArray[Any],
    settings: Convolution,
    axes: tuple[Axis, Axis],
    *,
    number: int,
    bias: NDArray[Any] | None,
) -> Window:
    planes = planes_read(len(inputs), len(weights), settings.groups, number)
    kernels = _laid(weights, settings)[number].astype(np.float64)
    shape = tuple(len(axis.taps) for axis in axes)
    return Window(
        inputs[planes.start : planes.stop].astype(np.float64),
        kernels,
        *axes,
        divisors=np.full(shape, float(kernels.size)) if settings.mean else None,
        bias=0.0 if bias is None else float(bias[number]),
        activation=settings.activation,
    )


def output(
    inputs: NDArray[Any],
    weights: NDArray[Any],
    settings: Convolution | None = None,
    bias: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """The output maps (filters, output height, output width), computed by torch on the app's device.

    Sums that are nothing but rounding are 0. Arguments and errors are those of ``window``. float32 inputs give
    float32, all others float64.
    """
    import torch  # noqa: PLC0415  pages that compute nothing open without torch

    settings = settings or Convolution()
    _check(inputs, weights, settings, bias)
    output_shape(inputs.shape[1:], weights.shape[2:], settings)  # raises
    with torch.inference_mode():
        kernels = to_tensor(_laid(weights, settings), like=inputs)
        padded = _pad(to_tensor(inputs)[None], padding_of(inputs.shape[1:], weights.shape[2:], settings), settings.mode)
        biases = to_tensor(np.zeros(len(weights)) if bias is None else bias, like=inputs)
        maps = without_rounding(
            _maps(padded, kernels, biases, settings),
            kernels[0].numel() + 2,  # the bias and the division
            _most(padded, kernels, biases, settings),
            lambda: _maps(padded.abs(), kernels.abs(), biases.abs(), settings),
        )
        if settings.activation == "relu":
            maps = maps.clamp(min=0)
        return to_numpy(maps[0], like=inputs)


def depthwise_separable(
    inputs: NDArray[Any], kernels: NDArray[Any], mixing: NDArray[Any], settings: Convolution | None = None
) -> Separable:
    """A depthwise convolution, then a 1x1 convolution, both without bias.

    ``kernels`` (channels, kernel height, kernel width), one a channel of the inputs; ``mixing`` (filters, channels).
    ``settings`` are those of the depthwise step; its groups are the channels, whatever they say. The windows of the
    steps are ``window(inputs, kernels[:, None], Convolution(groups=channels), channel)`` and
    ``window(depthwise, mixing[:, :, None, None], number=filter)``. Errors as in ``window``.
    """
    grouped = replace(settings or Convolution(), groups=len(inputs))
    depthwise = output(inputs, kernels[:, None], grouped)
    return Separable(depthwise, output(depthwise, mixing[:, :, None, None]))


def _maps(padded: torch.Tensor, kernels: torch.Tensor, biases: torch.Tensor, settings: Convolution) -> torch.Tensor:
    """The maps (1, filters, height, width) before the activation, of inputs (1, channels, height, width)."""
    import torch  # noqa: PLC0415

    maps = torch.nn.functional.conv2d(padded, kernels, None, settings.stride, 0, settings.dilation, settings.groups)
    divisor = kernels[0].numel() if settings.mean else 1
    return maps / divisor + biases[:, None, None]


def _most(padded: torch.Tensor, kernels: torch.Tensor, biases: torch.Tensor, settings: Convolution) -> float:
    """At least as large as the magnitudes that any cell of ``_maps`` adds up."""
    sums = kernels.abs().sum((1, 2, 3)) / (kernels[0].numel() if settings.mean else 1)
    return float(padded.abs().max() * sums.max() + biases.abs().max())


def _axes(
    size: tuple[int, ...], kernel: tuple[int, ...], shape: tuple[int, int], settings: Convolution
) -> tuple[Axis, Axis]:
    padding = padding_of((size[0], size[1]), (kernel[0], kernel[1]), settings)
    rows, columns = (
        sliding_axis(
            sources(size[axis], padding[axis], settings.mode),
            padding[axis],
            shape[axis],
            kernel[axis],
            stride=settings.stride[axis],
            dilation=settings.dilation[axis],
        )
        for axis in range(2)
    )
    return rows, columns


def _laid(weights: NDArray[Any], settings: Convolution) -> NDArray[Any]:
    """The weights as they are laid on the input."""
    return weights[:, :, ::-1, ::-1] if settings.flip else weights


def _check(inputs: NDArray[Any], weights: NDArray[Any], settings: Convolution, bias: NDArray[Any] | None) -> None:
    if inputs.ndim != 3 or weights.ndim != 4 or (bias is not None and bias.shape != weights.shape[:1]):
        raise ValueError(
            f"Inputs are (channels, height, width), weights (filters, channels, height, width), biases (filters,); "
            f"not {inputs.shape}, {weights.shape}, {None if bias is None else bias.shape}."
        )
    geometry.check_groups(len(inputs), len(weights), settings.groups)
    if weights.shape[1] * settings.groups != len(inputs):
        read, channels = len(inputs) // settings.groups, len(inputs)
        raise GeometryError(
            Said("geometry.filters_of_other_planes", planes=weights.shape[1], read=read, channels=channels)
        )


def _pad(maps: torch.Tensor, padding: tuple[Sides, Sides], mode: PaddingMode) -> torch.Tensor:
    import torch  # noqa: PLC0415

    name = "constant" if mode == "zeros" else mode
    return torch.nn.functional.pad(maps, (*padding[1], *padding[0]), mode=name)
