"""PyTorch code of a transposed convolution, and how evenly its stamps add up."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.layers.code import literal
from explainer.layers.geometry import extent
from explainer.layers.transposed import Transposed


def transposed_code(inputs: str, shape: tuple[int, int], kernel: NDArray[Any], settings: Transposed) -> str:
    """Code that ends with ``output`` and ``gradient``, both (1, 1, height, width): the same map in two ways.

    ``inputs`` is code that makes ``inputs`` (1, 1, height, width), whose height and width are ``shape``; ``kernel`` is
    (kernel height, kernel width).
    """
    steps = f"stride={settings.stride}, padding={settings.padding}, dilation={settings.dilation}"
    lines = ["import torch", "import torch.nn.functional as F", "", inputs, literal("weights", kernel[None, None])]
    lines.append(f"output = F.conv_transpose2d(inputs, weights, {steps}, output_padding={settings.output_padding})")
    lines += ["", "# The same map is the gradient that a convolution with these weights sends back to its input."]
    lines.append("picture = torch.zeros_like(output, requires_grad=True)")
    lines.append(f"maps = F.conv2d(picture, weights, {steps})[..., :{shape[0]}, :{shape[1]}]")
    lines.append("(gradient,) = torch.autograd.grad(maps, picture, inputs)")
    return "\n".join(lines)


def inner_sums(size: tuple[int, int], kernel: NDArray[Any], settings: Transposed) -> NDArray[np.float64]:
    """What an input of ones gives far from the border of the output (rows, columns): a pattern that repeats.

    A cell there gets the weights k of an axis with k * dilation mod stride = its own phase; a kernel of ones counts
    the stamps that reach it. All equal: no checkerboard. Along an axis with one input value
    nothing repeats: it is as long as the one stamp. ``size`` is (height, width), and so are the axes of ``kernel``.
    """
    strides = [
        settings.stride[axis] if size[axis] > 1 else extent(kernel.shape[axis], settings.dilation[axis])
        for axis in (0, 1)
    ]
    rows, columns = (
        np.arange(kernel.shape[axis]) * settings.dilation[axis] % stride for axis, stride in enumerate(strides)
    )
    sums = np.zeros(strides)
    np.add.at(sums, (rows[:, None], columns), kernel)
    return sums
