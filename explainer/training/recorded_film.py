"""A run whose film comes with the app: sixteen large filters that begin as noise and end as strokes and edges.

Strong weight decay makes what the digits do not ask for vanish, so that the filters become smooth.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
import safetensors.numpy

from explainer.data.assets import assets_path
from explainer.networks.config import Block, NetworkConfig, Pool
from explainer.training.config import Recipe, RunConfig
from explainer.training.film import Frame
from explainer.training.job import Job, State
from explainer.training.snapshot import Point

FILMED = RunConfig(
    NetworkConfig((Block(16, 9, 2, "valid"), Block(32, 3, 1, "valid", Pool())), hidden=(64,)),
    Recipe(
        optimizer="adamw",
        learning_rate=0.01,
        schedule="one-cycle",
        betas=(0.7, 0.9),
        weight_decay=0.5,
        label_smoothing=0.1,
        epochs=2,
    ),
)
FILE = "film.safetensors"


@functools.cache
def recorded_film() -> Job:
    """The run of ``FILMED`` as it was recorded: its film, and the accuracies that were measured."""
    read = safetensors.numpy.load_file(assets_path() / "film" / FILE)
    columns = (read["steps"].tolist(), read["epochs"].tolist(), read["accuracies"].tolist())
    frames = tuple(
        Frame(step, epoch, kernels) for step, epoch, kernels in zip(*columns[:2], read["kernels"], strict=True)
    )
    return Job(FILMED, state=State("finished", tuple(_point(*row) for row in zip(*columns, strict=True)), film=frames))


def to_bytes(film: Sequence[Frame], points: Sequence[Point]) -> bytes:
    """The file that ``recorded_film`` reads; a moment without a measured accuracy gets none."""
    measured = {point.step: point.test_accuracy for point in points if point.test_accuracy is not None}
    return safetensors.numpy.save(
        {
            "kernels": np.stack([frame.picture for frame in film]),
            "steps": np.array([frame.step for frame in film]),
            "epochs": np.array([frame.epoch for frame in film]),
            "accuracies": np.array([measured.get(frame.step, np.nan) for frame in film]),
        }
    )


def _point(step: int, epoch: float, accuracy: float) -> Point:
    known = None if np.isnan(accuracy) else accuracy
    return Point(step, epoch, 0.0, 0.0, 0.0, None, None, None, known)
