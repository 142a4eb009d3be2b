"""The number that an attribution explains: the logit of a class, or its probability.

The logit is what the class's own evidence adds up to; a probability also rises where another class's logit falls, and
near 0 and 1 it hardly moves: K. Simonyan et al. 2013, arXiv:1312.6034, section 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explainer.networks.graph import Network, device_of

Of = Literal["logit", "probability"]
Floats = NDArray[np.floating]
_NUMBERS = 200_000  # that go through a network at once: more saves no time on a CPU, and takes memory


@dataclass(frozen=True)
class Target:
    """The logit, or the probability, of the class number ``label``."""

    label: int
    of: Of = "logit"


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
