"""A small network trained for a few steps, to see whether its neurons become different from each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from explainer.training.flow import ACTIVATIONS, CLASSES, PIXELS, ActivationName, batch
from explainer.training.initialization import draw
from explainer.training.one_thread import one_thread

NEURONS = 8
RATE = 0.05


@dataclass(frozen=True, eq=False)
class Neurons:
    """After training: the weights of the first layer's neurons (8, 784), how far the most different two of them are
    apart in one weight, how far the furthest weight has moved from its start, and the loss."""

    weights: NDArray[np.float32]
    difference: float
    moved: float
    loss: float


def train(start: Literal["constant", "xavier"], activation: ActivationName, steps: int, seed: int = 0) -> Neurons:
    """``steps`` >= 0 steps of gradient descent on the batch of ``flow``, with two hidden layers of 8 neurons."""
    chance = torch.Generator().manual_seed(seed)
    pixels, labels = (torch.from_numpy(part.copy()) for part in batch())
    sizes = ((NEURONS, PIXELS), (NEURONS, NEURONS), (CLASSES, NEURONS))
    weights = [draw(torch.empty(size), start, chance) for size in sizes]
    first = weights[0].clone()
    with torch.enable_grad(), one_thread():
        for step in range(steps + 1):
            free = [weight.detach().requires_grad_() for weight in weights]
            loss = functional.cross_entropy(_logits(free, activation, pixels), labels)
            if step < steps:
                gradients = torch.autograd.grad(loss, free)
                weights = [weight - RATE * slope for weight, slope in zip(weights, gradients, strict=True)]
    spread = (weights[0].amax(0) - weights[0].amin(0)).max()
    moved = (weights[0] - first).abs().max()
    return Neurons(weights[0].numpy(), float(spread), float(moved), float(loss.detach()))


def _logits(weights: list[torch.Tensor], activation: ActivationName, values: torch.Tensor) -> torch.Tensor:
    for weight in weights[:-1]:
        values = ACTIVATIONS[activation](values @ weight.T)
    return values @ weights[-1].T
