"""What a function in a network's code does, as the module, or the window, that says the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import fx, nn

from explainer.networks.layouts import name_of
from explainer.networks.windows import Pair, pair


@dataclass(frozen=True)
class WindowAttention:
    """Attention within windows of ``size`` (rows, columns), the plane rolled by ``shift`` first: Z. Liu et al. 2021,
    "Swin Transformer", arXiv:2103.14030.
    """

    size: Pair
    shift: Pair

    def reads(self, axis: int, length: int) -> NDArray[np.int64]:
        """The places (length, size) that each of ``length`` places reads along an axis, -1 for none.

        Without what its mask keeps out, to which torchvision leaves a weight of exp(-100), about 4e-44.
        """
        size = self.size[axis]
        padded = -(-length // size) * size
        shift = 0 if size >= padded else self.shift[axis]
        at = np.arange(padded)
        rolled = (at - shift) % padded
        order = np.argsort(rolled)  # of each place in the rolled plane, the one that it comes from
        windows = order.reshape(-1, size)[rolled // size]
        is_read = ((windows < shift) == (at < shift)[:, None]) & (windows < length)
        return np.where(is_read, windows, -1)[:length]


@dataclass(frozen=True)
class PatchMerging:
    """Two by two neighbours become one place, their channels one after the other."""

    def reads(self, axis: int, length: int) -> NDArray[np.int64]:  # noqa: ARG002 (as WindowAttention's)
        """The places (half, 2) that each place reads along an axis of ``length`` places, -1 for none."""
        places = np.arange(-(-length // 2))[:, None] * 2 + np.arange(2)
        return np.where(places < length, places, -1)


Reading = WindowAttention | PatchMerging


def pooling(node: fx.Node) -> nn.Module | None:
    """The module that does what a pooling function does; None for another function."""
    made: dict[str, tuple[tuple[str, ...], Callable[..., nn.Module]]] = {
        "avg_pool2d": (
            ("input", "kernel_size", "stride", "padding", "ceil_mode", "count_include_pad", "divisor_override"),
            nn.AvgPool2d,
        ),
        "max_pool2d": (("input", "kernel_size", "stride", "padding", "dilation", "ceil_mode"), _max_pool),
        "adaptive_avg_pool2d": (("input", "output_size"), nn.AdaptiveAvgPool2d),
        "adaptive_max_pool2d": (("input", "output_size"), nn.AdaptiveMaxPool2d),
    }
    found = made.get(name_of(node.target)) if node.op == "call_function" else None
    if found is None:
        return None
    names, build = found
    settings = _arguments(node, names)
    del settings["input"]
    return build(**settings)


def reading(node: fx.Node) -> Reading | None:
    """Which places a function of a vision transformer reads for each of its own; None for another function."""
    match name_of(node.target) if node.op == "call_function" else "":
        case "shifted_window_attention":
            names = ("input", "qkv", "proj", "bias", "window_size", "num_heads", "shift_size")
            settings = _arguments(node, names)
            return WindowAttention(pair(settings["window_size"]), pair(settings["shift_size"]))
        case "patch_merging_pad":
            return PatchMerging()
        case _:
            return None


def _max_pool(**settings: Any) -> nn.Module:
    return nn.MaxPool2d(**{name: value for name, value in settings.items() if name != "return_indices"})


def _arguments(node: fx.Node, names: tuple[str, ...]) -> dict[str, Any]:
    """The arguments of a call by their ``names``, in the order in which the function takes them."""
    return {**dict(zip(names, node.args, strict=False)), **node.kwargs}
