"""The window of a layer: what PyTorch writes as one number, two, or a word, as numbers for rows and columns."""

from __future__ import annotations

from typing import Any

from torch import nn

Pair = tuple[int, int]


def pair(value: Any) -> Pair:
    """A module's setting for (rows, columns), where one number stands for both."""
    return (value, value) if isinstance(value, int) else (int(value[0]), int(value[1]))


def padding(module: nn.Conv2d) -> tuple[int, int, int, int]:
    """Rows above and below, columns left and right, that a convolution adds to its input.

    ``same`` adds ``dilation * (kernel - 1)`` in all, and an odd one out below or right, as PyTorch does.
    """
    if module.padding == "valid":
        return 0, 0, 0, 0
    if module.padding == "same":
        extents = [d * (k - 1) for d, k in zip(module.dilation, module.kernel_size, strict=True)]
        top, left = (extent // 2 for extent in extents)
        return top, extents[0] - top, left, extents[1] - left
    down, across = pair(module.padding)
    return down, down, across, across
