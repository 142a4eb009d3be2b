"""The percentiles of a network's weights and biases, and the norms of its gradients, layer by layer."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from explainer.training.spread import PERCENTILES, Spread

MOST_SORTED = 20_000  # numbers of a tensor; of more, every n-th, but the ends are of all


def spread(network: nn.Module, epoch: float) -> Spread:
    """That of every convolution and fully connected layer of ``network``, with the gradients that it holds now."""
    found = [
        (name.rpartition(".")[2], layer)
        for name, layer in network.named_modules()
        if isinstance(layer, (nn.Conv2d, nn.Linear))
    ]
    return Spread(
        epoch,
        tuple(name for name, _ in found),
        np.stack([percentiles(layer.weight) for _, layer in found]),
        np.stack([percentiles(layer.bias) for _, layer in found]),
        np.array([_norm(layer) for _, layer in found], np.float32),
    )


def percentiles(values: Tensor | None) -> NDArray[np.float32]:
    """Of all numbers at PERCENTILES, (9,), between two numbers in proportion; NaN where one is not finite."""
    if values is None:
        return np.full(len(PERCENTILES), np.nan, np.float32)
    numbers = values.detach().float().cpu().reshape(-1).numpy()
    low, high = numbers.min(), numbers.max()
    if not np.isfinite([low, high]).all():
        return np.full(len(PERCENTILES), np.nan, np.float32)
    ordered = np.sort(numbers[:: -(-len(numbers) // MOST_SORTED)])
    places = np.array(PERCENTILES) / 100 * (len(ordered) - 1)
    result: NDArray[np.float32] = np.interp(places, np.arange(len(ordered)), ordered).astype(np.float32)
    result[0], result[-1] = low, high
    return result


def _norm(layer: nn.Module) -> float:
    """Of the gradient of all its parameters; NaN before the first step."""
    gradients = [parameter.grad for parameter in layer.parameters() if parameter.grad is not None]
    if not gradients:
        return float("nan")
    return float(torch.linalg.vector_norm(torch.stack(torch._foreach_norm(gradients))))
