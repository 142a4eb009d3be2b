"""Makes the network of the page "From maps to probabilities": a small reader of digits without padding.

    python assets/make_softmax.py

About half a minute on two cores. It writes ``network.safetensors``, the trained weights, to assets/softmax/. No
convolution pads, so that a larger picture gives exactly what each of its 28x28 parts gives alone; the digits are slid
by up to two pixels, because on a larger picture they do not stand in the middle of a part.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from explainer.data import digits
from explainer.networks.build import build, normalize
from explainer.networks.config import Block, NetworkConfig, Pool
from explainer.networks.weights import to_bytes

FOLDER = Path(__file__).resolve().parent / "softmax"
CONFIG = NetworkConfig((Block(6, 5, padding="valid", pool=Pool()), Block(8, 5, padding="valid", pool=Pool())))
SEED, EPOCHS, BATCH, LEARNING_RATE, MOST_SHIFT = 0, 4, 64, 0.01, 2


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
            loss = functional.cross_entropy(network(slid(pixels[batch])), targets[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return network.eval()


def slid(pixels: Tensor) -> Tensor:
    """A batch (n, 1, 28, 28), all slid alike by up to ``MOST_SHIFT`` pixels; background comes in."""
    down, across = torch.randint(2 * MOST_SHIFT + 1, (2,)).tolist()
    padded = functional.pad(pixels, (MOST_SHIFT,) * 4, value=float(pixels.min()))
    return padded[:, :, down : down + 28, across : across + 28]


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
