"""Test accuracy of the presets with their recipes: means over three seeds, of the final epoch and the best."""

import sys
from dataclasses import replace

from benchmarks.common import note, report
from explainer.data.digits import load
from explainer.networks.presets import PRESETS
from explainer.training.config import RunConfig
from explainer.training.loop import train
from explainer.training.presets import recipe
from explainer.training.snapshot import Snapshot

SEEDS = (0, 1, 2)
# dropout of the fully connected layer, and the accuracy in % that the final epoch must reach
TARGETS = {"first-steps": (0.0, 98.9), "wider": (0.5, 99.2), "widest": (0.4, 99.4)}


def accuracies(preset: str, dropout: float, seed: int) -> tuple[float, float]:
    """Accuracy in % on all test digits, of the final epoch and of the best."""
    config = RunConfig(replace(PRESETS[preset], dropout=dropout), recipe(preset), seed=seed)
    points = [item.point for item in train(config, load("mnist")) if isinstance(item, Snapshot)]
    whole = [100 * point.test_accuracy for point in points if point.test_digits == 10_000 and point.test_accuracy]
    return whole[-1], max(whole)


def main(presets: list[str]) -> None:
    for preset in presets:
        dropout, target = TARGETS[preset]
        results = [accuracies(preset, dropout, seed) for seed in SEEDS]
        finals, bests = ([round(result[part], 2) for result in results] for part in (0, 1))
        note(f"{preset}: final {finals}; best {bests}, mean {sum(bests) / len(SEEDS):.2f}")
        report(f"{preset}, final epoch, mean of {len(SEEDS)} seeds, %", sum(finals) / len(SEEDS), target)


if __name__ == "__main__":
    main(sys.argv[1:] or list(TARGETS))
