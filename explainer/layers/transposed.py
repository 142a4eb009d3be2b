"""Transposed convolution: input and kernel exchange roles, so that every input value stamps the kernel on the output.

Source: Dumoulin and Visin 2016 (arXiv:1603.07285), section 4; for the checkerboard, Odena, Dumoulin and Olah 2016,
"Deconvolution and Checkerboard Artifacts", Distill.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from explainer.layers import geometry
from explainer.layers.geometry import Sides
from explainer.layers.rounding import without_rounding
from explainer.layers.tensors import to_numpy, to_tensor
from explainer.layers.window import Axis, Window

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Transposed:
    """The settings of a transposed convolution but its weights; pairs are (down, across).

    ``stride`` is how far apart the stamps lie, ``dilation`` how far apart the cells of a stamp. ``padding`` takes that
    many pixels away on both sides of the output, ``output_padding`` adds some below and on the right.
    """

    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int] = (0, 0)
    output_padding: tuple[int, int] = (0, 0)
    dilation: tuple[int, int] = (1, 1)


def output_shape(size: tuple[int, int], kernel: tuple[int, int], settings: Transposed) -> tuple[int, int]:
    """Height and width of the output; raises GeometryError as ``geometry.transposed_size`` does."""
    height, width = (
        geometry.transposed_size(
            size=size[axis],
            kernel=kernel[axis],
            stride=settings.stride[axis],
            padding=settings.padding[axis],
            output_padding=settings.output_padding[axis],
            dilation=settings.dilation[axis],
            axis=name,
        )
        for axis, name in enumerate(geometry.AXES)
    )
    return height, width


def window(
    inputs: NDArray[Any], kernels: NDArray[Any], settings: Transposed | None = None, bias: float = 0.0
) -> Window:
    """All that reaches the output map, gathered: the taps of an output cell are the stamps that cover it.

    Args:
        inputs: (channels, height, width).
        kernels: (channels, kernel height, kernel width): each channel stamps its own, and the stamps add up.
        settings: None means the defaults.
        bias: added to every output cell, those that no stamp reaches too.

    Raises:
        GeometryError: impossible settings.
        ValueError: arrays of other shapes.
    """
    settings = settings or Transposed()
    _check(inputs, kernels)
    rows, columns = _axes(inputs.shape[1:], kernels.shape[1:], settings)
    return Window(inputs.astype(np.float64), kernels.astype(np.float64), rows, columns, bias=bias)


def impossible(inputs: NDArray[Any], kernels: NDArray[Any], settings: Transposed) -> tuple[Window, tuple[Sides, Sides]]:
    """The map that impossible settings would make, and how many of its rows and columns they cannot have.

    Those are (before, after) along each axis: all where the padding takes all away, which is then left out of the map,
    and the last ones where the output padding is too large. Arguments are those of ``window``, which raises
    GeometryError for such settings.
    """
    _check(inputs, kernels)
    found = [_impossible(inputs.shape[1 + axis], kernels.shape[1 + axis], axis, settings) for axis in range(2)]
    (rows, above), (columns, beside) = found
    return Window(inputs.astype(np.float64), kernels.astype(np.float64), rows, columns), (above, beside)


def _impossible(size: int, kernel: int, number: int, settings: Transposed) -> tuple[Axis, Sides]:
    stride, dilation, padding = settings.stride[number], settings.dilation[number], settings.padding[number]
    more = settings.output_padding[number]
    whole = geometry.transposed_positions(size, kernel, stride, output_padding=more, dilation=dilation)
    cut = padding if whole > 2 * padding else 0
    lost = (0, max(more - max(stride, dilation) + 1, 0)) if whole > 2 * padding else (whole, 0)
    return _axis(size, kernel, whole - 2 * cut, stride=stride, padding=cut, dilation=dilation), lost


def output(
    inputs: NDArray[Any], kernels: NDArray[Any], settings: Transposed | None = None, bias: float = 0.0
) -> NDArray[Any]:
    """The output map (output height, output width), computed by torch on the app's device.

    Sums that are nothing but rounding are 0. Arguments and errors are those of ``window``. float32 inputs give
    float32, all others float64.
    """
    import torch  # noqa: PLC0415  pages that compute nothing open without torch

    settings = settings or Transposed()
    _check(inputs, kernels)
    output_shape(inputs.shape[1:], kernels.shape[1:], settings)  # raises
    with torch.inference_mode():
        values, stamps = to_tensor(inputs)[None], to_tensor(kernels, like=inputs)[:, None]
        made = without_rounding(
            _map(values, stamps, settings) + bias,
            stamps.numel() + 1,  # the bias
            float(values.abs().max() * stamps.abs().sum()) + abs(bias),
            lambda: _map(values.abs(), stamps.abs(), settings) + abs(bias),
        )
        return to_numpy(made, like=inputs)


def _map(values: torch.Tensor, stamps: torch.Tensor, settings: Transposed) -> torch.Tensor:
    """The map (height, width) without bias of values (1, channels, ...) and kernels (channels, 1, ...)."""
    import torch  # noqa: PLC0415

    maps = torch.nn.functional.conv_transpose2d(
        values,
        stamps,
        None,
        settings.stride,
        settings.padding,
        settings.output_padding,
        dilation=settings.dilation,
    )
    return maps[0, 0]


def checkerboard(size: tuple[int, int], kernel: tuple[int, int], settings: Transposed) -> NDArray[np.int64]:
    """How many stamps of one channel reach each cell of the output (output height, output width).

    Uneven where the stride does not divide the kernel: the artefact of that name. ``size`` and ``kernel`` are (height,
    width). Raises GeometryError for impossible settings.
    """
    rows, columns = _axes(size, kernel, settings)
    return np.outer([len(taps) for taps in rows.taps], [len(taps) for taps in columns.taps])


def gradient_of_convolution(
    upstream: NDArray[Any], kernels: NDArray[Any], settings: Transposed | None = None
) -> NDArray[Any]:
    """The same map by another way: the gradient that a convolution sends back to its input, through torch's autograd.

    The convolution has the kernels (channels, height, width) as its filters, the same stride, padding and dilation, and
    an input of the transposed convolution's output size. ``upstream`` (channels, height, width) arrives at its outputs;
    the output padding tells which of the input sizes that lead to as many outputs is meant, and outputs beyond
    ``upstream``, which a dilation larger than the stride allows, receive 0. Errors as in ``window``.
    """
    import torch  # noqa: PLC0415

    settings = settings or Transposed()
    _check(upstream, kernels)
    height, width = upstream.shape[1:]
    shape = output_shape((height, width), kernels.shape[1:], settings)
    arriving = to_tensor(upstream)
    with torch.enable_grad():
        picture = torch.zeros(1, 1, *shape, dtype=arriving.dtype, device=arriving.device, requires_grad=True)
        filters = to_tensor(kernels, like=upstream)[:, None]
        maps = torch.nn.functional.conv2d(picture, filters, None, settings.stride, settings.padding, settings.dilation)
        (found,) = torch.autograd.grad(maps[0, :, :height, :width], picture, arriving)
    return to_numpy(found[0, 0], like=upstream)


def _axes(size: tuple[int, ...], kernel: tuple[int, ...], settings: Transposed) -> tuple[Axis, Axis]:
    shape = output_shape((size[0], size[1]), (kernel[0], kernel[1]), settings)
    rows, columns = (
        _axis(
            size=size[axis],
            kernel=kernel[axis],
            positions=shape[axis],
            stride=settings.stride[axis],
            padding=settings.padding[axis],
            dilation=settings.dilation[axis],
        )
        for axis in range(2)
    )
    return rows, columns


def _axis(size: int, kernel: int, positions: int, *, stride: int, padding: int, dilation: int) -> Axis:
    """Input cell i stamps kernel cell k on the output cell i * stride + k * dilation - padding."""
    taps: list[list[tuple[int, int]]] = [[] for _ in range(positions)]
    for at in range(size):
        for k in range(kernel):
            reached = at * stride + k * dilation - padding
            if 0 <= reached < positions:
                taps[reached].append((at, k))
    return Axis(tuple(range(size)), 0, size, tuple(map(tuple, taps)))


def _check(inputs: NDArray[Any], kernels: NDArray[Any]) -> None:
    if inputs.ndim != 3 or kernels.ndim != 3 or len(inputs) != len(kernels):
        raise ValueError(
            f"Inputs and kernels are (channels, height, width), with as many channels, not {inputs.shape} and "
            f"{kernels.shape}."
        )
