"""The number that an attribution explains: the logit of a class, or its probability; or the activation of a unit.

The logit is what the class's own evidence adds up to; a probability also rises where another class's logit falls, and
near 0 and 1 it hardly moves: K. Simonyan et al. 2013, arXiv:1312.6034, section 3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explainer.networks.graph import Network, device_of, forward

Of = Literal["logit", "probability"]
Floats = NDArray[np.floating]
Relu = Callable[[Tensor], Tensor]
_NUMBERS = 200_000  # that go through a network at once: more saves no time on a CPU, and takes memory


@dataclass(frozen=True)
class Target:
    """The logit, or the probability, of the class number ``label``."""

    label: int
    of: Of = "logit"


@dataclass(frozen=True)
class Unit:
    """The activation of one unit: of channel number ``channel`` of what the layer called ``layer`` gives.

    ``at`` is its row and column in the channel's map, None in a layer without maps.
    """

    layer: str
    channel: int
    at: tuple[int, int] | None = None


Explained: TypeAlias = Target | Unit


def class_of(explained: Explained) -> Target:
    """The class that is explained. Raises ValueError for a unit, of which not every method can tell."""
    if isinstance(explained, Target):
        return explained
    raise ValueError(f"Only a class can be explained so, not the unit {explained}.")


def explained_of(network: Network, pictures: Tensor, explained: Explained, relu: Relu | None = None) -> Tensor:
    """What is explained (n,), of n ``pictures``; ``relu`` runs in place of every ReLU.

    Of a unit the network runs up to its layer. Raises KeyError for an unknown layer, IndexError for a unit, or a class,
    that is not there.
    """
    layers = network.description.layers
    last = layers[-1].name if isinstance(explained, Target) else network.description.layer(explained.layer).name
    return explained_in(forward(network, pictures, until=last, relu=relu)[last], explained)


def explained_in(values: Tensor, explained: Explained) -> Tensor:
    """What is explained (n,), in the logits (n, classes), or in what the unit's layer gives, (n, channels, ...)."""
    if isinstance(explained, Target):
        return score(values, explained)
    return values[:, explained.channel, *(explained.at or ())]


def score(logits: Tensor, target: Target) -> Tensor:
    """The target (n,) of ``logits`` (n, classes).

    A probability is float64: near 1 its gradient, p (1 - p), would be lost in float32.
    """
    values = logits if target.of == "logit" else torch.softmax(logits.double(), dim=1)
    return values[:, target.label]


def tensor(network: Network, inputs: Floats) -> Tensor:
    """``inputs`` as a tensor of the same type where ``network`` computes; a copy of its own."""
    return torch.tensor(inputs, device=device_of(network))


def array(values: Tensor) -> Floats:
    """``values`` as an array on the CPU."""
    result: Floats = values.detach().cpu().numpy()
    return result


def at_once(inputs: Floats) -> int:
    """How many pictures like ``inputs`` (1, channels, size, size) go through a network together."""
    return max(1, min(256, _NUMBERS // int(inputs[0].size)))
