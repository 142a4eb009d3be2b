"""Makes the network of the page "Normalization": a small reader of digits with batch normalization.

    python assets/make_normalization.py

About a minute on two cores. It writes ``network.safetensors`` to assets/normalization/: the trained weights, the
gamma and beta that were learned, and the running means and variances that the training left behind.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from explainer.data import digits
from explainer.networks.build import build, normalize
from explainer.networks.config import Block, NetworkConfig, Pool
from explainer.networks.weights import to_bytes

FOLDER = Path(__file__).resolve().parent / "normalization"
CONFIG = NetworkConfig((Block(6, 5, pool=Pool()), Block(8, 5, pool=Pool())), hidden=(32,), batch_norm=True)
SEED, EPOCHS, BATCH, LEARNING_RATE = 0, 3, 64, 0.01


def train(images: np.ndarray, labels: np.ndarray) -> nn.Sequential:
    """The network after ``EPOCHS`` epochs of Adam with one cycle of the learning rate; images uint8 (n, 28, 28)."""
    torch.manual_seed(SEED)
    network = build(CONFIG)
    pixels = normalize(torch.from_numpy(images.copy())).unsqueeze(1)
    targets = torch.from_numpy(labels.astype(np.int64))
    optimizer = torch.optim.Adam(network.parameters())
    steps = EPOCHS * (len(pixels) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=steps)
    for _ in range(EPOCHS):
        order = torch.randperm(len(pixels))
        for batch in order[: len(order) // BATCH * BATCH].view(-1, BATCH):
            loss = functional.cross_entropy(network(pixels[batch]), targets[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return network.eval()


@torch.no_grad()
def accuracy(network: nn.Sequential, images: np.ndarray, labels: np.ndarray) -> float:
    """The share of ``images`` that the network reads as their labels."""
    logits = network(normalize(torch.from_numpy(images.copy())).unsqueeze(1))
    return float((logits.argmax(1).numpy() == labels).mean())


def main() -> None:
    """Trains, measures, and saves."""
    torch.set_num_threads(1)
    data = digits.load("mnist")
    network = train(data.train_images, data.train_labels)
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "network.safetensors").write_bytes(to_bytes(network, CONFIG))
    weights = sum(parameter.numel() for parameter in network.parameters())
    sys.stdout.write(f"accuracy {accuracy(network, data.test_images, data.test_labels):.4f}, {weights:,} weights\n")


if __name__ == "__main__":
    main()
