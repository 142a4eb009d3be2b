"""Sizes, parameters and multiply-accumulates (MACs) of layers, in plain integers.

Every function but the counts speaks of one axis. Those that can meet impossible settings raise GeometryError.

Sources: Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep learning" (arXiv:1603.07285),
sections 2 to 4; for "same" padding, TensorFlow's definition, which for stride 1 is PyTorch's too; for pooling in
ceil mode and adaptive pooling, PyTorch's documentation of MaxPool2d and AdaptiveAvgPool2d.
"""

from __future__ import annotations

from math import prod
from typing import Literal

from explainer.words.book import Said, SaidError

PaddingName = Literal["valid", "same", "full"]
PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]
AxisName = Literal["rows", "columns"]
Sides = tuple[int, int]  # (before, after) along one axis

AXES: tuple[AxisName, AxisName] = ("rows", "columns")
MAX_SIDE = 2048  # of a padded input or an output, so that an absurd number in a link costs nothing


class GeometryError(SaidError, ValueError):
    """These settings are impossible; the message is one sentence for the visitor: which value to change."""


def result(number: int) -> str:
    """What a formula of a size gives, in LaTeX: below 1 it says so, since there is no such size."""
    return f"{number}" if number >= 1 else f"{number} < 1"


def extent(kernel: int, dilation: int = 1) -> int:
    """Pixels from the first to the last one that a dilated kernel reads, both included."""
    return (kernel - 1) * dilation + 1


def positions(size: int, kernel: int, stride: int = 1, padding: Sides = (0, 0), dilation: int = 1) -> int:
    """floor((size + padding - extent) / stride) + 1, below 1 where the window is too large to stand anywhere.

    ``padding`` is (before, after) in pixels.
    """
    return (size + sum(padding) - extent(kernel, dilation)) // stride + 1


def output_size(size: int, kernel: int, stride: int = 1, padding: Sides = (0, 0), dilation: int = 1) -> int:
    """``positions`` that a window takes along one axis, at least 0."""
    return max(positions(size, kernel, stride, padding, dilation), 0)


def same_padding(size: int, kernel: int, stride: int = 1, dilation: int = 1) -> Sides:
    """Padding (before, after) that gives ceil(size / stride) positions.

    Where the total is odd, the extra pixel comes after.
    """
    positions = -(-size // stride)
    total = max((positions - 1) * stride + extent(kernel, dilation) - size, 0)
    return total // 2, total - total // 2


def full_padding(kernel: int, dilation: int = 1) -> Sides:
    """Padding (before, after) with which the window begins and ends on a single pixel of the input."""
    return (extent(kernel, dilation) - 1,) * 2


def padding_sides(
    padding: PaddingName | Sides,
    size: int,
    kernel: int,
    stride: int = 1,
    dilation: int = 1,
    *,
    axis: AxisName = "rows",
) -> Sides:
    """Padding (before, after) in pixels, where ``padding`` may be a name.

    Raises GeometryError for a size, kernel, stride or dilation below 1.
    """
    _check_positive(axis, size=size, kernel=kernel, stride=stride, dilation=dilation)
    if padding == "valid":
        return 0, 0
    if padding == "same":
        return same_padding(size, kernel, stride, dilation)
    if padding == "full":
        return full_padding(kernel, dilation)
    return padding


def convolution_size(
    size: int,
    kernel: int,
    stride: int = 1,
    padding: Sides = (0, 0),
    dilation: int = 1,
    *,
    mode: PaddingMode = "zeros",
    axis: AxisName = "rows",
) -> int:
    """``output_size`` of a convolution, at least 1.

    Raises GeometryError where a number is out of range, the kernel is larger than the padded input, or ``mode``
    has too few pixels to copy: reflection needs a padding smaller than the input, circular padding one at most as
    wide (as torch.nn.functional.pad).
    """
    _check_positive(axis, size=size, kernel=kernel, stride=stride, dilation=dilation)
    _check_padding(size, padding, mode, axis)
    spans, padded = extent(kernel, dilation), size + sum(padding)
    if spans > padded:
        spanned, most = _count(spans, axis), _count(padded, axis)
        if dilation > 1:
            raise GeometryError(Said("geometry.dilated_too_large", spans=spanned, padded=padded))
        raise GeometryError(Said("geometry.kernel_too_large", spans=spanned, padded=padded, most=most))
    return output_size(size, kernel, stride, padding, dilation)


def _count(number: int, axis: AxisName) -> Said:
    return Said(f"geometry.count.{axis}", count=number)


def _name(axis: AxisName) -> Said:
    return Said(f"geometry.axis.{axis}")


def _check_positive(axis: AxisName, **values: int) -> None:
    for what, value in values.items():
        if value < 1:
            raise GeometryError(Said(f"geometry.least.{what}", axis=_name(axis), value=value))


def _check_padding(size: int, padding: Sides, mode: PaddingMode, axis: AxisName) -> None:
    widest = max(padding)
    if min(padding) < 0:
        raise GeometryError(Said("geometry.padding_below_0", axis=_name(axis), padding=min(padding)))
    if mode == "reflect" and widest >= size:
        added = _count(widest, axis)
        raise GeometryError(Said("geometry.too_little_to_reflect", padding=added, size=size, most=size - 1))
    if mode == "circular" and widest > size:
        raise GeometryError(Said("geometry.too_little_to_wrap", padding=_count(widest, axis), size=size))
    if size + sum(padding) > MAX_SIDE:
        padded = _count(size + sum(padding), axis)
        raise GeometryError(Said("geometry.padded_too_large", padded=padded, most=MAX_SIDE))


def pooling_size(
    size: int,
    window: int,
    stride: int,
    padding: int = 0,
    *,
    ceil_mode: bool = False,
    dilation: int = 1,
    axis: AxisName = "rows",
) -> int:
    """Positions that a pooling window takes along one axis, at least 1; ``padding`` on both sides.

    In ceil mode a last window may reach over the end, as long as it starts inside the input or the padding before it.
    Raises GeometryError where a number is out of range, the padding is more than half the window, or no position
    is left.
    """
    _check_positive(axis, size=size, window=window, stride=stride, dilation=dilation)
    _check_padding(size, (padding, padding), "zeros", axis)
    if padding > window // 2:
        of, most = _count(window, axis), window // 2
        raise GeometryError(Said("geometry.padding_over_half", padding=padding, window=of, most=most))
    found = pooling_positions(size, window, stride, padding, ceil_mode=ceil_mode, dilation=dilation)
    if found < 1:
        key = "geometry.dilated_window_too_large" if dilation > 1 else "geometry.window_too_large"
        raise GeometryError(Said(key, spans=_count(extent(window, dilation), axis), padded=size + 2 * padding))
    return found


def pooling_positions(
    size: int, window: int, stride: int, padding: int = 0, *, ceil_mode: bool = False, dilation: int = 1
) -> int:
    """What the formula of ``pooling_size`` gives, below 1 where the window is too large to stand anywhere."""
    if not ceil_mode:
        return positions(size, window, stride, (padding, padding), dilation)
    found = positions(size, window, stride, (padding, padding + stride - 1), dilation)
    return found - ((found - 1) * stride >= size + padding)


def adaptive_bins(size: int, bins: int, axis: AxisName = "rows") -> tuple[tuple[int, int], ...]:
    """Where each of ``bins`` windows of adaptive pooling starts and stops (exclusive); neighbours may overlap.

    Bin i covers floor(i * size / bins) to ceil((i + 1) * size / bins). Raises GeometryError for fewer than 1 bin
    or more than ``MAX_SIDE``.
    """
    if not 1 <= bins <= MAX_SIDE:
        raise GeometryError(Said("geometry.bins", most=_count(MAX_SIDE, axis), bins=bins))
    return tuple((i * size // bins, -(-(i + 1) * size // bins)) for i in range(bins))


def transposed_size(
    size: int,
    kernel: int,
    stride: int = 1,
    padding: int = 0,
    *,
    output_padding: int = 0,
    dilation: int = 1,
    axis: AxisName = "rows",
) -> int:
    """Output size of a transposed convolution: (size - 1) * stride - 2 * padding + extent + output_padding.

    ``padding`` takes pixels away on both sides, ``output_padding`` adds some after. Raises GeometryError where a
    number is out of range, output_padding is not smaller than the stride or the dilation (as torch demands), or
    nothing is left.
    """
    _check_positive(axis, size=size, kernel=kernel, stride=stride, dilation=dilation)
    if padding < 0 or output_padding < 0:
        raise GeometryError(Said("geometry.transposed_padding_below_0", axis=_name(axis)))
    if output_padding >= max(stride, dilation):
        added, most = _count(output_padding, axis), max(stride, dilation) - 1
        raise GeometryError(Said("geometry.output_padding_too_large", padding=added, most=most))
    whole = transposed_positions(size, kernel, stride, output_padding=output_padding, dilation=dilation)
    if whole - 2 * padding < 1:
        taken, most = _count(whole, axis), (whole - 1) // 2
        raise GeometryError(Said("geometry.padding_takes_all", padding=padding, whole=taken, most=most))
    if whole - 2 * padding > MAX_SIDE:
        output = _count(whole - 2 * padding, axis)
        raise GeometryError(Said("geometry.output_too_large", output=output, most=MAX_SIDE))
    return whole - 2 * padding


def transposed_positions(
    size: int, kernel: int, stride: int = 1, padding: int = 0, *, output_padding: int = 0, dilation: int = 1
) -> int:
    """What the formula of ``transposed_size`` gives, below 1 where the padding takes all away."""
    return (size - 1) * stride - 2 * padding + extent(kernel, dilation) + output_padding


def check_groups(channels: int, filters: int, groups: int) -> None:
    """Raises GeometryError unless ``groups`` divides the channels of the input and the filters."""
    if groups < 1:
        raise GeometryError(Said("geometry.no_group", groups=groups))
    for count, key in ((channels, "geometry.groups_of_channels"), (filters, "geometry.groups_of_filters")):
        if count < 1 or count % groups:
            raise GeometryError(Said(key, groups=groups, count=count))


def convolution_parameters(
    inputs: int, outputs: int, kernel: int | tuple[int, int], bias: bool = True, groups: int = 1
) -> int:
    """Weights of a 2-D convolution: one filter of inputs / groups planes an output, plus its bias.

    ``kernel`` is (height, width), or the side of a square one. Raises GeometryError where groups do not divide.
    """
    check_groups(inputs, outputs, groups)
    return outputs * (inputs // groups * _area(kernel) + bias)


def linear_parameters(inputs: int, outputs: int, bias: bool = True) -> int:
    """Weights of a fully connected layer: one an input and output, plus a bias an output."""
    return outputs * (inputs + bias)


def fully_connected_parameters(inputs: tuple[int, ...], outputs: tuple[int, ...], bias: bool = True) -> int:
    """Weights of the fully connected layer between values of these shapes, such as (channels, height, width)."""
    return linear_parameters(prod(inputs), prod(outputs), bias)


def batch_norm_parameters(channels: int) -> int:
    """Trainable numbers of batch normalization: gamma and beta a channel; running statistics do not count."""
    return 2 * channels


def convolution_macs(
    inputs: int, outputs: int, kernel: int | tuple[int, int], out_height: int, out_width: int, *, groups: int = 1
) -> int:
    """Multiply-accumulates of a 2-D convolution for one image, biases not counted.

    Products with zeros of the padding count. Raises GeometryError where groups do not divide.
    """
    check_groups(inputs, outputs, groups)
    return out_height * out_width * outputs * (inputs // groups) * _area(kernel)


def separable_parameters(inputs: int, outputs: int, kernel: int | tuple[int, int], bias: bool = True) -> int:
    """Weights of a depthwise separable convolution: one kernel an input, then a 1x1 convolution, each with biases.

    Source: Howard et al. 2017, MobileNets (arXiv:1704.04861), section 3.1.
    """
    return convolution_parameters(inputs, inputs, kernel, bias, groups=inputs) + convolution_parameters(
        inputs, outputs, 1, bias
    )


def separable_macs(inputs: int, outputs: int, kernel: int | tuple[int, int], out_height: int, out_width: int) -> int:
    """Multiply-accumulates of both steps of a depthwise separable convolution, biases not counted."""
    depthwise = convolution_macs(inputs, inputs, kernel, out_height, out_width, groups=inputs)
    return depthwise + convolution_macs(inputs, outputs, 1, out_height, out_width)


def _area(kernel: int | tuple[int, int]) -> int:
    return kernel * kernel if isinstance(kernel, int) else kernel[0] * kernel[1]
