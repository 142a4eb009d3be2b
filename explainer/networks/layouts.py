"""Where a layer's output has its channels, and where its places: found by following every number through the network.

Steps that only move numbers (a permutation, windows cut out for attention, tokens made of a map) are run once more on
the places themselves, so that a map is known again wherever it comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor, fx, nn

from explainer.networks.description import Layout

MOVING = frozenset(
    [
        "permute",
        "transpose",
        "swapaxes",
        "reshape",
        "view",
        "flatten",
        "contiguous",
        "unsqueeze",
        "squeeze",
        "getitem",
        "chunk",
        "split",
        "unbind",
        "cat",
        "roll",
        "flip",
    ]
)  # functions and methods that only say where numbers go
_MOVING_MODULES = (nn.Flatten, nn.Unflatten, nn.Identity)
_OF_MAPS = (
    nn.modules.conv._ConvNd, nn.modules.batchnorm._BatchNorm, nn.modules.pooling._MaxPoolNd,
    nn.modules.pooling._AvgPoolNd, nn.modules.pooling._AdaptiveAvgPoolNd, nn.modules.pooling._AdaptiveMaxPoolNd,
    nn.modules.padding._ConstantPadNd, nn.GroupNorm, nn.modules.instancenorm._InstanceNorm, nn.LocalResponseNorm,
    nn.Upsample,
)  # fmt: skip  # modules that read and give (n, channels, height, width)
_FUNCTIONS_OF_MAPS = ("avg_pool2d", "max_pool2d", "adaptive_avg_pool2d", "adaptive_max_pool2d", "interpolate", "conv2d")


@dataclass(frozen=True, eq=False)
class Places:
    """Of every number of a value its place in a plane (height, width): row * width + column, -1 for none.

    ``at`` has the shape of the value, of one picture; a tuple of them where the value is a tuple, None for no tensor.
    """

    at: Any
    plane: tuple[int, int]


def name_of(target: Any) -> str:
    """What a function or a method is called: "add" for ``__add__``, ``add_`` and "add"."""
    return str(getattr(target, "__name__", target)).strip("_")


def places(
    graph: fx.GraphModule, node: fx.Node, value: Any, values: Mapping[fx.Node, Any], known: Mapping[fx.Node, Places]
) -> Places | None:
    """The places of what ``node`` gives, ``value``, from those of what it reads; None where they cannot be told."""
    if node.op == "placeholder":
        return _fresh(value, "channels-first")
    read = [known[used] for used in node.all_input_nodes if used in known]
    if not read:
        return None
    module = graph.get_submodule(str(node.target)) if node.op == "call_module" else None
    if isinstance(module, _MOVING_MODULES) or (module is None and name_of(node.target) in MOVING):
        return _moved(module, node, values, known, read[0].plane)
    if isinstance(value, Tensor):
        return _computed(module, node, value, read)
    if isinstance(value, tuple) and any(isinstance(part, Tensor) for part in value):
        parts = [_computed(module, node, part, read) if isinstance(part, Tensor) else None for part in value]
        return Places(tuple(part and part.at for part in parts), read[0].plane)
    return None


def layout_of(found: Places | None) -> tuple[Layout, int]:
    """How channels and places lie, and how many tokens come before those of the places (a class token)."""
    if found is None or not isinstance(found.at, Tensor):
        return "none", 0
    at, (height, width) = found.at[0], found.plane
    plane = torch.arange(height * width).reshape(height, width)
    if at.dim() >= 2 and at.shape[-2:] == plane.shape and bool((at == plane).all()):
        return ("channels-first" if at.dim() == 3 else "planes"), 0
    if at.dim() == 3 and at.shape[:2] == plane.shape and bool((at == plane[..., None]).all()):
        return "channels-last", 0
    extra = at.shape[0] - plane.numel()
    is_tokens = at.dim() == 2 and extra >= 0 and bool((at[extra:] == plane.reshape(-1, 1)).all())
    return ("tokens", extra) if is_tokens and bool((at[:extra] == -1).all()) else ("none", 0)


def maps_of(value: Tensor, layout: Layout, extra: int, plane: tuple[int, ...]) -> Tensor:
    """What a layer gives (n, ...) as maps (n, channels, height, width), without the ``extra`` tokens."""
    if layout == "channels-last":
        return value.permute(0, 3, 1, 2)
    if layout == "tokens":
        return value[:, extra:].transpose(1, 2).reshape(len(value), -1, *plane)
    return value


def value_of(maps: Tensor, layout: Layout, extra: int, value: Tensor) -> Tensor:
    """The way back: ``maps`` as the layer gives them, with the extra tokens of ``value``."""
    if layout == "channels-last":
        return maps.permute(0, 2, 3, 1)
    if layout == "tokens":
        return torch.cat([value[:, :extra], maps.flatten(2).transpose(1, 2)], 1)
    return maps


def _fresh(value: Tensor, layout: Layout) -> Places:
    """A plane of its own: each place of the value is one."""
    height, width = value.shape[2:4] if layout == "channels-first" else value.shape[1:3]
    plane = torch.arange(height * width, dtype=torch.int32).reshape(height, width)
    at = plane if layout == "channels-first" else plane[..., None]
    return Places(at.expand(1, *value.shape[1:]), (height, width))


def _moved(
    module: nn.Module | None,
    node: fx.Node,
    values: Mapping[fx.Node, Any],
    known: Mapping[fx.Node, Places],
    plane: tuple[int, int],
) -> Places | None:
    """The places after a step that only moves numbers: it moves the places too."""

    def places_or_value(used: fx.Node) -> Any:
        if used in known:
            return known[used].at
        value = values[used]
        return torch.full(value.shape, -1, dtype=torch.int32) if isinstance(value, Tensor) else value

    args, kwargs = fx.map_arg((node.args, node.kwargs), places_or_value)
    if module is not None:
        return Places(module(*args, **kwargs), plane)
    if node.op == "call_method":
        return None if args[0] is None else Places(getattr(args[0], str(node.target))(*args[1:], **kwargs), plane)
    function = cast(Callable[..., Any], node.target)
    return Places(function(*args, **kwargs), plane)


def _computed(module: nn.Module | None, node: fx.Node, value: Tensor, read: list[Places]) -> Places | None:
    """The places of what was computed of numbers at places: kept where the shape is, a new plane where maps stay."""
    is_of_maps = isinstance(module, _OF_MAPS) or (module is None and name_of(node.target) in _FUNCTIONS_OF_MAPS)
    if is_of_maps and value.dim() == 4:
        return _fresh(value, "channels-first")
    tensors = [each for each in read if isinstance(each.at, Tensor)]
    if same := next((each for each in tensors if each.at.shape[1:] == value.shape[1:]), None):
        return same
    for each in tensors:
        layout, _ = layout_of(each)
        if layout == "channels-first" and value.dim() == 4:
            return _fresh(value, layout)
        one = each.at[..., :1]
        if value.shape[1:-1] == each.at.shape[1:-1] and bool((each.at == one).all()):
            return Places(one.expand(1, *value.shape[1:]), each.plane)
        if layout == "channels-last" and value.dim() == 4:
            return _fresh(value, layout)
    return None
