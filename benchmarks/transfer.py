"""What ten pictures a class teach a new last layer on SqueezeNet's features: 0.85 of the others on white are right.

Also on other backgrounds, learned on white and tested on others, and with all detail lost first. The mean and the
spread of five draws; the balanced accuracy is the mean of the classes' own. The layer is learned within 1 s.

``python -m benchmarks.transfer``
"""

from time import perf_counter

import numpy as np

from benchmarks.common import note, report
from explainer.tasks.transfer.config import Ground
from explainer.tasks.transfer.features import CUTS, Floats, features
from explainer.tasks.transfer.linear import last_layer
from explainer.tasks.transfer.pictures import cutout_pictures
from explainer.tasks.transfer.splits import balanced_accuracy, split

CLASSES = ("mammals", "birds", "fruit", "flowers", "vehicles")
DRAWS, PER_CLASS, REDUCED = 5, (5, 10), 32
GOAL, WITHIN = 0.85, 1.0


def of(ground: Ground, reduced: int | None = None) -> Floats:
    rgb = cutout_pictures(CLASSES, ground, reduced=reduced).rgb
    return np.concatenate([last for (last,) in features(rgb, CUTS[-1:])])


def judged(name: str, learned: Floats, tested: Floats, per_class: int) -> float:
    """Prints what five draws give; the mean accuracy."""
    labels, accuracy, balanced = cutout_pictures(CLASSES, side=1).labels, [], []
    for seed in range(DRAWS):
        train, test = split(labels, per_class, seed)
        found = last_layer(learned[train], labels[train], len(CLASSES)).classes(tested[test])
        accuracy.append(float((found == labels[test]).mean()))
        balanced.append(balanced_accuracy(labels[test], found))
    mean, spread = np.mean(accuracy), np.std(accuracy)
    note(f"{name}, {per_class} a class: {mean:.3f} +- {spread:.3f}, balanced {np.mean(balanced):.3f}")
    return float(mean)


def main() -> None:
    start = perf_counter()
    white = of("white")
    note(f"features of {len(white)} pictures: {(perf_counter() - start) / len(white):.3f} s each")
    other, blurred = of("random"), of("white", REDUCED)
    for per_class in PER_CLASS:
        judged("random", other, other, per_class)
        judged("white to random", white, other, per_class)
        judged(f"white, {REDUCED} pixels first", blurred, blurred, per_class)
        reached = judged("white", white, white, per_class)
    report(f"white, {PER_CLASS[-1]} a class", reached, GOAL)
    labels = cutout_pictures(CLASSES, side=1).labels
    start = perf_counter()
    last_layer(white, labels, len(CLASSES))
    report(f"seconds for a new layer, {len(labels)} pictures", perf_counter() - start, WITHIN, at_most=True)


if __name__ == "__main__":
    main()
