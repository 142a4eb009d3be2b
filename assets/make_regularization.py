"""Records the runs of the page "Regularization": 500 digits, a large network, and five remedies against overfitting.

    python assets/make_regularization.py

Ten to twenty minutes on one core. It trains, through the project's own training loop, the plain network and each remedy
from three seeds, and writes a JSON file for each to assets/regularization/: settings and seeds, the versions it was
made with, and what was measured after every epoch.
"""

from __future__ import annotations

import platform
import sys
from pathlib import Path
from time import perf_counter

import numpy as np
import torch

from explainer.data import digits
from explainer.training.regularization import REMEDIES, SEEDS, Recording, Remedy, config, to_json
from explainer.training.regularization_runs import record

FOLDER = Path(__file__).resolve().parent / "regularization"


def made_with() -> dict[str, str]:
    """What the numbers may depend on beside settings and seeds."""
    return {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
        "machine": f"{platform.system()} {platform.machine()}",
        "threads": str(torch.get_num_threads()),
    }


def make(remedy: Remedy) -> None:
    """Trains ``remedy`` from every seed and writes its file."""
    data, start = digits.load("mnist"), perf_counter()
    runs = tuple(record(config(remedy, seed), data) for seed in SEEDS)
    (FOLDER / f"{remedy}.json").write_bytes(to_json(Recording(remedy, made_with(), runs)) + b"\n")
    ends = ", ".join(f"{100 * run.curves.test_accuracy[-1]:.2f} %" for run in runs)
    sys.stdout.write(f"{remedy}: {ends} of the test digits right, {perf_counter() - start:.0f} s\n")
    sys.stdout.flush()


if __name__ == "__main__":
    torch.set_num_threads(1)
    FOLDER.mkdir(exist_ok=True)
    for name in REMEDIES:
        make(name)
