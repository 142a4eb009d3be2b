"""Records the film of filters that the page "Filters" shows before a visitor has trained a network.

    python assets/make_film.py

Half a minute on two cores. It writes ``film.safetensors`` to assets/film/.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch

from explainer.data import digits
from explainer.training.job import Job
from explainer.training.loop import train
from explainer.training.recorded_film import FILE, FILMED, to_bytes
from explainer.training.snapshot import Snapshot

FOLDER = Path(__file__).resolve().parent / "film"


def main() -> None:
    """Trains on the CPU with one thread, so that a machine repeats its numbers, and saves."""
    torch.set_num_threads(1)
    job = Job(FILMED)
    for report in train(FILMED, digits.load(FILMED.dataset), device=torch.device("cpu")):
        if isinstance(report, Snapshot):
            job.take(report)
    state = job.state()
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / FILE).write_bytes(to_bytes(state.film, state.points))
    sys.stdout.write(f"{len(state.film)} frames, accuracy {state.points[-1].test_accuracy:.4f}\n")


if __name__ == "__main__":
    main()
