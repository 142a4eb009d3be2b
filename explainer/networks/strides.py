"""A larger step at the beginning of a network: all maps after it are smaller, and its weights are the same."""

from __future__ import annotations

from torch import nn

from explainer.networks.windows import Pair, padding, pair


def first_stride(network: nn.Module) -> Pair | None:
    """That of the first convolution, in the order of the modules; None where there is none."""
    first = _first(network)
    return pair(first.stride) if first else None


def with_double_stride(network: nn.Module) -> nn.Module:
    """``network``, whose first convolution now has twice its stride; a later layer may find its maps too small."""
    if first := _first(network):
        above, _, left, _ = padding(first)
        first.padding = above, left  # PyTorch has "same" for a stride of 1 alone
        first.stride = (2 * first.stride[0], 2 * first.stride[1])
    return network


def _first(network: nn.Module) -> nn.Conv2d | None:
    return next((part for part in network.modules() if isinstance(part, nn.Conv2d)), None)
