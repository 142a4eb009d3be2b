"""Gradient clipping: what is too long is shortened, or what is too large is cut off.

Source: Pascanu, Mikolov and Bengio 2013, "On the difficulty of training recurrent neural networks", section 3.2.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

_EPSILON = 1e-6  # keeps a norm of 0 from dividing by 0, as in torch.nn.utils.clip_grad_norm_


def norm(gradients: Sequence[Tensor]) -> float:
    """The length of all ``gradients``, taken as one vector; NaN where one of their numbers is."""
    return float(torch.stack([torch.linalg.vector_norm(part, dtype=torch.float64) for part in gradients]).norm())


def clip_by_norm(gradients: Sequence[Tensor], most: float) -> list[Tensor]:
    """All gradients times one factor, so that together they are at most ``most`` > 0 long: the direction stays.

    As in torch, an infinite length gives factors of 0, and with them NaN for infinite numbers.
    """
    factor = min(most / (norm(gradients) + _EPSILON), 1.0)
    return [part * factor for part in gradients]


def clip_by_value(gradients: Sequence[Tensor], most: float) -> list[Tensor]:
    """Every number cut off at -``most`` and ``most`` > 0: small ones stay, and the direction changes."""
    return [part.clamp(-most, most) for part in gradients]
