"""Makes the network of the page "From maps to probabilities": a small reader of digits without padding.

    python assets/make_softmax.py

About half a minute on two cores. It writes ``network.safetensors``, the trained weights, to assets/softmax/. No
convolution pads, so that a larger picture gives exactly what each of its 28x28 parts gives alone; the digits are slid
by up to two pixels, because on a larger picture they do not stand in the middle of a part.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from reader import correct, train
from torch import Tensor
from torch.nn import functional

from explainer.data import digits
from explainer.networks.config import Block, NetworkConfig, Pool
from explainer.networks.weights import to_bytes

FOLDER = Path(__file__).resolve().parent / "softmax"
CONFIG = NetworkConfig((Block(6, 5, padding="valid", pool=Pool()), Block(8, 5, padding="valid", pool=Pool())))
EPOCHS, LEARNING_RATE, MOST_SHIFT = 4, 0.01, 2


def slid(pixels: Tensor) -> Tensor:
    """A batch (n, 1, 28, 28), all slid alike by up to ``MOST_SHIFT`` pixels; background comes in."""
    down, across = torch.randint(2 * MOST_SHIFT + 1, (2,)).tolist()
    padded = functional.pad(pixels, (MOST_SHIFT,) * 4, value=float(pixels.min()))
    return padded[:, :, down : down + 28, across : across + 28]


def main() -> None:
    """Trains, measures, and saves."""
    data = digits.load("mnist")
    network = train(CONFIG, data, EPOCHS, LEARNING_RATE, slid)
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "network.safetensors").write_bytes(to_bytes(network, CONFIG))
    weights = sum(parameter.numel() for parameter in network.parameters())
    sys.stdout.write(f"accuracy {correct(network, data).mean():.4f}, {weights:,} weights\n")


if __name__ == "__main__":
    main()
