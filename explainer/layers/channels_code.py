"""PyTorch code that computes what the page about channels shows, from the same numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from numpy.typing import NDArray

from explainer.layers.code import convolution_code, literal
from explainer.layers.convolution import Convolution


def separable_code(
    inputs: str,
    shape: tuple[int, int],
    kernels: NDArray[Any],
    mixing: NDArray[Any],
    *,
    settings: Convolution,
    bias: NDArray[Any],
) -> str:
    """Code that ends with ``output``, the maps (1, filters, height, width) of a depthwise separable convolution.

    ``inputs`` is code that makes ``inputs`` (1, channels, height, width), whose height and width are ``shape``.
    ``kernels`` (channels, kernel height, kernel width), one a channel; ``mixing`` (filters, channels); ``settings``
    of the first step, which has no bias; ``bias`` (filters,) of the second.
    """
    first = convolution_code(inputs, shape, kernels[:, None], replace(settings, groups=len(kernels)))
    lines = [
        *(first, ""),
        "# So far depthwise: one map a channel. A 1x1 convolution mixes them pixel by pixel.",
        literal("mixing", mixing[:, :, None, None]),
        literal("bias", bias),
        "output = F.conv2d(output, mixing, bias)",
    ]
    return "\n".join(lines)
