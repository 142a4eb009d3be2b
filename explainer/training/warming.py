"""What a process that trains does before the first run comes."""

from __future__ import annotations

from dataclasses import replace

from explainer.data.digits import load
from explainer.networks.presets import PRESETS
from explainer.training.config import Recipe, RunConfig
from explainer.training.loop import train


def warm_up() -> None:
    """Two steps of the smallest network: nothing is left to import or set up when a person presses Train."""
    mnist = load("mnist")
    few = replace(
        mnist,
        train_images=mnist.train_images[:64],
        train_labels=mnist.train_labels[:64],
        test_images=mnist.test_images[:64],
        test_labels=mnist.test_labels[:64],
    )
    config = RunConfig(PRESETS["first-steps"], Recipe(batch_size=32, epochs=1))
    for _ in train(config, few):
        pass
