"""Which unit of a layer a picture excites most, how strongly, and which pixels it can see.

What Zeiler and Fergus 2013 (arXiv:1311.2901) and Springenberg et al. 2014 (arXiv:1412.6806) show of a layer begins with
its strongest units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from explainer.inspection.exemplars import layers_of_units
from explainer.inspection.reach import Box
from explainer.inspection.receptive_field import field
from explainer.inspection.target import Floats, Unit, array, tensor
from explainer.networks.description import Layer
from explainer.networks.graph import Network, forward


@dataclass(frozen=True)
class Fired:
    """A ``unit``, its ``activation`` on a picture, and the ``seen`` pixels: outside of them nothing moves it.

    ``is_strongest`` tells whether no unit of its channel is stronger.
    """

    unit: Unit
    activation: float
    seen: Box
    is_strongest: bool


def layers(network: Network) -> tuple[Layer, ...]:
    """The layers whose units can be explained, in order: those of maps, and of features; the logits are classes."""
    return layers_of_units(network)[:-1]


def fired(
    network: Network,
    inputs: Floats,
    layer: str,
    channel: int | None = None,
    *,
    row: int | None = None,
    column: int | None = None,
) -> Fired:
    """The strongest unit on ``inputs`` (1, channels, size, size) of the layer called ``layer``.

    Of all its units with this ``channel``, ``row`` and ``column``, where they are given; the first of equal ones. A
    layer without maps has no rows and columns. Raises KeyError for an unknown layer, IndexError for one of them that is
    not there.
    """
    network.description.layer(layer)
    with torch.no_grad():
        values = array(forward(network, tensor(network, inputs), until=layer)[layer][0])
    asked = [channel, row, column][: values.ndim]
    for given, count in zip(asked, values.shape, strict=True):
        if given is not None and not 0 <= given < count:
            raise IndexError(f"{given} of {count} in {layer}.")
    chosen = tuple(slice(None) if given is None else slice(given, given + 1) for given in asked)
    found = np.unravel_index(int(values[chosen].argmax()), values[chosen].shape)
    place = tuple(int(at) if given is None else given for at, given in zip(found, asked, strict=True))
    unit = Unit(layer, place[0], (place[1], place[2]) if values.ndim == 3 else None)
    activation = float(values[place])
    seen = field(network, layer, *(unit.at or (0, 0)), channel=unit.channel)
    size = inputs.shape[-1]
    return Fired(unit, activation, seen.within(size, size), bool(activation >= values[place[0]].max()))
