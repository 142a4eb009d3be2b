"""How the bundled readers of digits were trained, for the scripts beside this file."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from explainer.data.digits import Digits
from explainer.networks.build import build, normalize
from explainer.networks.config import NetworkConfig

SEED, BATCH = 0, 64


def train(
    config: NetworkConfig,
    data: Digits,
    epochs: int,
    learning_rate: float,
    move: Callable[[Tensor], Tensor] = lambda pixels: pixels,
) -> nn.Sequential:
    """The network after ``epochs`` epochs of Adam with one cycle of the learning rate, on one thread.

    ``move`` makes of each batch (n, 1, 28, 28) what the network is shown.
    """
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    network = build(config)
    pixels = _pixels(data.train_images)
    targets = torch.from_numpy(data.train_labels.astype(np.int64))
    optimizer = torch.optim.Adam(network.parameters())
    steps = epochs * (len(pixels) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, learning_rate, total_steps=steps)
    for _ in range(epochs):
        order = torch.randperm(len(pixels))
        for batch in order[: len(order) // BATCH * BATCH].view(-1, BATCH):
            loss = functional.cross_entropy(network(move(pixels[batch])), targets[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return network.eval()


@torch.no_grad()
def correct(network: nn.Sequential, data: Digits) -> np.ndarray:
    """Which of the test digits the network reads as their labels, bool (n,)."""
    return network(_pixels(data.test_images)).argmax(1).numpy() == data.test_labels


def _pixels(images: np.ndarray) -> Tensor:
    return normalize(torch.from_numpy(images.copy())).unsqueeze(1)
