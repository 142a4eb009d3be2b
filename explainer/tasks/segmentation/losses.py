"""What a network that says something of every pixel minimizes."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def cross_entropy(scores: Tensor, classes: Tensor, background: float) -> Tensor:
    """The mean over all pixels of -log of the true class's probability, a scalar, in nats.

    ``scores`` (n, k, h, w), ``classes`` (n, h, w) int64. Pixels of class 0 have the weight ``background``, all others
    1, and the mean is divided by the sum of the weights.
    """
    weights = torch.ones(scores.shape[1], dtype=scores.dtype, device=scores.device)
    weights[0] = background
    return functional.cross_entropy(scores, classes, weight=weights)


def dice(scores: Tensor, classes: Tensor) -> Tensor:
    """1 - the mean over the classes of 2 sum(p g) / (sum(p^2) + sum(g)), a scalar, 0..1.

    p are the probabilities of a class in all pixels of all pictures, g is 1 where it is true, else 0. F. Milletari,
    N. Navab, S.-A. Ahmadi 2016, arXiv:1606.04797, section 3. ``scores`` (n, k, h, w), ``classes`` (n, h, w) int64.
    """
    probabilities = scores.softmax(dim=1)
    truth = functional.one_hot(classes, scores.shape[1]).movedim(3, 1).to(scores.dtype)
    shared = (probabilities * truth).sum(dim=(0, 2, 3))
    sizes = probabilities.square().sum(dim=(0, 2, 3)) + truth.sum(dim=(0, 2, 3))
    return 1 - (2 * shared / sizes.clamp(min=1e-9)).mean()


def loss_parts(parts: tuple[str, ...], outputs: Tensor, targets: Tensor, background: float) -> Tensor:
    """The values (p,) of ``parts``, whose sum is the loss: see ``UNetConfig.parts``."""
    made = []
    for part in parts:
        if part == "cross-entropy":
            made.append(cross_entropy(outputs, targets, background))
        else:
            made.append(dice(outputs, targets) if part == "dice" else functional.mse_loss(outputs, targets))
    return torch.stack(made)
