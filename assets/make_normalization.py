"""Makes the network of the page "Normalization": a small reader of digits with batch normalization.

    python assets/make_normalization.py

About a minute on two cores. It writes ``network.safetensors`` to assets/normalization/: the trained weights, the
gamma and beta that were learned, and the running means and variances that the training left behind.
"""

from __future__ import annotations

import sys
from pathlib import Path

from reader import correct, train

from explainer.data import digits
from explainer.networks.config import Block, NetworkConfig, Pool
from explainer.networks.weights import to_bytes

FOLDER = Path(__file__).resolve().parent / "normalization"
CONFIG = NetworkConfig((Block(6, 5, pool=Pool()), Block(8, 5, pool=Pool())), hidden=(32,), batch_norm=True)
EPOCHS, LEARNING_RATE = 3, 0.01


def main() -> None:
    """Trains, measures, and saves."""
    data = digits.load("mnist")
    network = train(CONFIG, data, EPOCHS, LEARNING_RATE)
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "network.safetensors").write_bytes(to_bytes(network, CONFIG))
    weights = sum(parameter.numel() for parameter in network.parameters())
    sys.stdout.write(f"accuracy {correct(network, data).mean():.4f}, {weights:,} weights\n")


if __name__ == "__main__":
    main()
