"""What a network does after its last maps: as it was built, flattened as published, or convolutions all the way.

A fully connected layer that reads maps of h × w is a convolution with a window of h × w, with the same weights (J. Long
et al. 2015, arXiv:1411.4038, section 3.1). On a larger picture it gives a map of scores, where the fully connected
layer gets more numbers than it has weights for, or adaptive pooling makes as many as it reads of any maps.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Literal

import torch
from torch import nn

from explainer.networks.windows import pair

Head = Literal["built", "flat", "convolutions"]
Shape = tuple[int, int, int]

# Their forward passes run their children in order, and flatten before the first fully connected layer.
_IN_ORDER = {
    "Sequential", "AlexNet", "VGG", "GoogLeNet", "ResNet", "RegNet", "EfficientNet", "MobileNetV3", "ConvNeXt",
}  # fmt: skip


def heads(network: nn.Module, shape: Shape) -> tuple[Head, ...]:
    """Those that ``network``, made for inputs of ``shape`` (channels, height, width), can have: "built" first."""
    found = _split(network)
    if found is None:
        return ("built",)
    before, head = found
    maps = _maps(before, shape)
    is_hidden = isinstance(head[0][1], nn.AdaptiveAvgPool2d) and pair(head[0][1].output_size) == maps[1:] != (1, 1)
    return ("built", "flat", "convolutions") if is_hidden else ("built", "convolutions")


def with_head(network: nn.Module, shape: Shape, head: Head) -> nn.Module:
    """``network``, made for inputs of ``shape``, with another head: the same weights, shared, at the same paths.

    In evaluation mode and at that shape it computes what ``network`` does; "convolutions" gives scores (n, classes, 1,
    1) there, and on larger pictures a map of them. Raises KeyError for a head that it cannot have.
    """
    if head == "built":
        return network
    found = _split(network)
    if found is None or head not in heads(network, shape):
        raise KeyError(head)
    before, after = found
    if head == "flat":
        (name, _), *rest = after
        return nn.Sequential(OrderedDict([*before, (name, nn.Identity()), ("flatten", nn.Flatten()), *rest]))
    names, parts = zip(*after, strict=True)
    made = _converted(parts, _maps(before, shape))
    return nn.Sequential(OrderedDict([*before, *zip(names, made, strict=True)]))


def _split(network: nn.Module) -> tuple[list[tuple[str, nn.Module]], list[tuple[str, nn.Module]]] | None:
    """Its children before the pooling or flattening that ends the maps, and from there on; None where there is none."""
    if type(network).__name__ not in _IN_ORDER:
        return None
    parts = list(network.named_children())
    ends = (at for at, (_, part) in enumerate(parts) if isinstance(part, (nn.AdaptiveAvgPool2d, nn.Flatten)))
    at = next(ends, None)
    return None if at is None else (parts[:at], parts[at:])


def _maps(before: list[tuple[str, nn.Module]], shape: Shape) -> Shape:
    """The shape of the last maps, found on the meta device or with numbers, wherever the weights are."""
    network = nn.Sequential(OrderedDict(before)).eval()
    weights = next(network.parameters())
    with torch.no_grad():
        channels, height, width = network(weights.new_zeros(1, *shape)).shape[1:]
    return channels, height, width


def _converted(parts: Iterable[nn.Module], maps: Shape) -> Iterator[nn.Module]:
    """``parts``, one after the other, of which the first reads ``maps``, without flattening."""
    for part in parts:
        if isinstance(part, nn.Sequential):
            inside = list(_converted(part, maps))
            yield nn.Sequential(OrderedDict(zip(dict(part.named_children()), inside, strict=True)))
            dense = [each for each in inside if isinstance(each, nn.Conv2d)]
            maps = (dense[-1].out_channels, 1, 1) if dense else maps
        else:
            made, maps = _convert(part, maps)
            yield made


def _convert(part: nn.Module, maps: Shape) -> tuple[nn.Module, Shape]:
    channels, *sides = maps
    match part:
        case nn.Flatten():
            return nn.Identity(), maps
        case nn.AdaptiveAvgPool2d() if pair(part.output_size) == tuple(sides):
            return nn.Identity(), maps
        case nn.AdaptiveAvgPool2d() if pair(part.output_size) == (1, 1):
            return nn.AvgPool2d((sides[0], sides[1]), stride=1), (channels, 1, 1)
        case nn.Linear():
            return as_convolution(part, maps), (part.out_features, 1, 1)
        case _:
            return part, maps


def as_convolution(dense: nn.Linear, maps: Shape) -> nn.Conv2d:
    """The convolution over ``maps`` (channels, height, width) that computes what ``dense`` does of them flattened."""
    channels, *sides = maps
    window = (sides[0], sides[1])
    made = nn.Conv2d(channels, dense.out_features, window, bias=dense.bias is not None, device="meta")
    made.weight = nn.Parameter(dense.weight.view(dense.out_features, channels, *window))
    made.bias = dense.bias
    return made
