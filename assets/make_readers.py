"""Trains the two readers of digits that the pages under "Inside" look into: without and with batch normalization.

    python assets/make_readers.py

About twelve minutes on one core. It writes ``plain.safetensors`` and ``batch_norm.safetensors`` to assets/readers/.
They read drawings, too, so digits lean while they learn, and strokes vary: varied.py.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from reader import correct, train
from varied import varied

from explainer.data import digits
from explainer.networks.presets import PRESETS
from explainer.networks.weights import to_bytes

FOLDER = Path(__file__).resolve().parent / "readers"
PLAIN = replace(PRESETS["wider"], dropout=0.4)
CONFIGS = {"plain": PLAIN, "batch_norm": replace(PLAIN, batch_norm=True)}
EPOCHS, LEARNING_RATE = 12, 0.004


def main() -> None:
    """Trains, measures, and saves."""
    data = digits.load("mnist")
    FOLDER.mkdir(exist_ok=True)
    for name, config in CONFIGS.items():
        network = train(config, data, EPOCHS, LEARNING_RATE, varied)
        (FOLDER / f"{name}.safetensors").write_bytes(to_bytes(network, config))
        sys.stdout.write(f"{name}: accuracy {correct(network, data).mean():.4f}\n")


if __name__ == "__main__":
    main()
