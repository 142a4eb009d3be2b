"""Makes the welcome page's picture: trains a small network on MNIST and records how it reads ten test digits.

    python assets/make_welcome.py

About half a minute on two cores. It writes two files to assets/welcome/: ``network.safetensors``, the trained
weights, and ``forward_pass.npz``, what every part of the network holds for one test digit of each class.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from reader import correct, train
from torch import nn
from torch.nn import functional

from explainer.data import digits
from explainer.networks.build import normalize
from explainer.networks.config import Block, NetworkConfig, Pool
from explainer.networks.plan import layers, parameter_count
from explainer.networks.weights import to_bytes

FOLDER = Path(__file__).resolve().parent / "welcome"
CONFIG = NetworkConfig((Block(4, 5, pool=Pool()), Block(8, 5, pool=Pool())), hidden=(48,))
EPOCHS, LEARNING_RATE = 3, 0.003


@torch.no_grad()
def record(network: nn.Sequential, images: np.ndarray) -> dict[str, np.ndarray]:
    """What the parts of ``network`` hold for ``images`` (n, 28, 28) uint8, each a float32 array (n, ...).

    The values of a convolution are those after its ReLU.
    """
    held = {"input": images[:, None].astype(np.float32)}
    values = normalize(torch.from_numpy(images.copy())).unsqueeze(1)
    names = {
        "activation_1": "convolution_1",
        "activation_2": "convolution_2",
        "activation_fc_1": "fully_connected",
    }
    for name, layer in network.named_children():
        values = layer(values)
        if name in names or name.startswith("pooling"):
            held[names.get(name, name)] = values.numpy()
    held["probabilities"] = functional.softmax(values, dim=1).numpy()
    return held


def main() -> None:
    """Trains, records the first test digit of each class that the network reads correctly, and saves both."""
    data = digits.load("mnist")
    network = train(CONFIG, data, EPOCHS, LEARNING_RATE)
    right = correct(network, data)
    chosen = np.array([np.flatnonzero((data.test_labels == label) & right)[0] for label in range(10)])
    held = record(network, data.test_images[chosen])
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "network.safetensors").write_bytes(to_bytes(network, CONFIG))
    np.savez_compressed(
        FOLDER / "forward_pass.npz",
        test_index=chosen,
        accuracy=right.mean(),
        parameters=parameter_count(CONFIG),
        windows=windows(),
        **halved(held),
    )
    sys.stdout.write(f"accuracy {right.mean():.4f}, digits {chosen.tolist()}\n")


def windows() -> np.ndarray:
    """(kernel, stride, padding) of every part, from the digit to the probabilities, int64 (7, 3)."""
    sliding = [layer for layer in layers(CONFIG) if layer.kind in ("convolution", "pool")]
    rows = [(layer.kernel, layer.stride, layer.padding[0]) for layer in sliding]
    return np.array([(0, 1, 0), *rows, (0, 1, 0), (0, 1, 0)])


def halved(held: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The maps in half precision, which a picture cannot tell apart, and the probabilities as they are."""
    return {name: a if name == "probabilities" else a.astype(np.float16) for name, a in held.items()}


if __name__ == "__main__":
    main()
