"""A trained network as the stack of windows that gives a layer its field: where branches meet, along the widest.

A. Araujo, W. Norris, J. Sim, "Computing receptive fields of convolutional neural networks", Distill 2019: the field of
a network with branches is that of its widest branch.
"""

from __future__ import annotations

from dataclasses import replace
from weakref import WeakKeyDictionary

from torch import nn

from explainer.inspection.pointwise import keeps_places
from explainer.inspection.reach import plane_of, reach
from explainer.layers.receptive import Step
from explainer.networks.description import INPUT, Layer
from explainer.networks.graph import Network
from explainer.networks.stack import Item, Ladder, Rung
from explainer.networks.windows import padding, pair

_windowed: WeakKeyDictionary[Network, tuple[tuple[Layer, ...], Layer | None]] = WeakKeyDictionary()


def windowed(network: Network) -> tuple[Layer, ...]:
    """The layers that slide a window over maps, give maps, and see no more of the input than such windows let them."""
    return _found(network)[0]


def reads_more(network: Network) -> Layer | None:
    """The first layer that reads more than a window of a fixed size and has windows behind it, which are left out."""
    return _found(network)[1]


def _found(network: Network) -> tuple[tuple[Layer, ...], Layer | None]:
    """Kept as long as the network is."""
    if network not in _windowed:
        _windowed[network] = _followed(network)
    return _windowed[network]


def _followed(network: Network) -> tuple[tuple[Layer, ...], Layer | None]:
    more: dict[str, Layer | None] = {INPUT: None}  # of each layer the first below it, or it, that reads more
    found: list[Layer] = []
    left_out: Layer | None = None
    for layer in network.description.layers:
        before = next((more[name] for name in layer.reads if more[name] is not None), None)
        is_window = _item(network, layer) is not None
        is_known = is_window or layer.kind == "padding" or layer.layout == "planes" or keeps_places(network, layer)
        more[layer.name] = before or (None if is_known else layer)
        if is_window and before is None:
            found.append(layer)
        elif is_window:
            left_out = left_out or before
    return tuple(found), left_out


def ladder(network: Network, layer: str) -> Ladder:
    """The windowed layers on the widest path from the input to ``layer``, columns along. Raises KeyError."""
    rungs: list[Rung] = []
    name = layer
    while name != INPUT:
        known, module = network.description.layer(name), network.module(name)
        if isinstance(module, nn.ZeroPad2d) and rungs:  # belongs to the window that reads it
            rungs[-1] = _padded(rungs[-1], *pair(module.padding[:2]))
        if (item := _item(network, known)) is not None and (plane := plane_of(known)) is not None:
            rungs.append(Rung(item, plane[1], known.title, known.key))
        name = _widest(network, known.reads)
    return Ladder(network.description.transform.size, tuple(reversed(rungs)))


def branches(network: Network, layer: str) -> tuple[int, int] | None:
    """The narrowest and the widest field, in pixels, of what the last layer below ``layer`` where paths meet reads.

    None where no paths of different fields meet.
    """
    name = layer
    while name != INPUT:
        reads = network.description.layer(name).reads
        widths = [width(network, read) for read in reads]
        if len(set(widths)) > 1:
            return min(widths), max(widths)
        name = _widest(network, reads)
    return None


def _widest(network: Network, reads: tuple[str, ...]) -> str:
    return reads[0] if len(reads) == 1 else max(reads, key=lambda read: width(network, read))


def width(network: Network, name: str) -> int:
    """Columns that the field of one unit spans, padding included; 1 for the input."""
    if name == INPUT:
        return 1
    box = reach(network, name)
    return box.right - box.left


def _padded(rung: Rung, before: int, after: int) -> Rung:
    step = rung.item.step
    step = replace(step, padding=step.padding + before)
    return replace(rung, item=replace(rung.item, step=step, after=rung.item.after + after))


def _item(network: Network, layer: Layer) -> Item | None:
    """Its window along the columns; None for a layer without one of a fixed size, or without maps."""
    if not layer.is_maps:
        return None
    match module := network.module(layer.name):
        case nn.Conv2d():
            _, _, before, after = padding(module)
            return Item("c", Step(module.kernel_size[1], module.stride[1], before, module.dilation[1]), after)
        case nn.MaxPool2d():
            kernel, stride, outside, dilation = (
                pair(value)[1] for value in (module.kernel_size, module.stride, module.padding, module.dilation)
            )
            return Item("p", Step(kernel, stride, outside, dilation), outside)
        case nn.AvgPool2d():
            kernel, stride, outside = (pair(value)[1] for value in (module.kernel_size, module.stride, module.padding))
            return Item("a", Step(kernel, stride, outside), outside)
        case _:
            return None
