"""What the preset for pictures in colour learns within two minutes, on a stand-in for CIFAR-10 of the same size.

The stand-in is made here: MNIST's digits, each in a colour of its own, enlarged to 32x32 pixels, on slopes, noise and
blurred photographs, 50,000 to train on and 10,000 others, on other photographs, to test on. It is easier than CIFAR-10.

``python -m benchmarks.colour [SEED ...]``
"""

import sys
from dataclasses import replace

import numpy as np
import torch
from torch import Generator, Tensor
from torch.nn import functional

from benchmarks.common import note, report
from explainer.data.catalogue import CLASS_NAMES
from explainer.data.digits import Digits, load
from explainer.networks.presets import PRESETS
from explainer.tasks.backgrounds import backgrounds, photographs
from explainer.training.config import RunConfig
from explainer.training.loop import train
from explainer.training.presets import recipe
from explainer.training.snapshot import Snapshot

PRESET, SIDE, CHUNK = "three-stages", 32, 5_000
TRAINING, WITHIN, GOAL = 50_000, 120.0, 0.9


def stand_in() -> Digits:
    """It has the name, the shapes and the memory layout of CIFAR-10."""
    digits = load("mnist")
    parts = ((digits.train_images[:TRAINING], digits.train_labels[:TRAINING]), (digits.test_images, digits.test_labels))
    pictures = [coloured(images, training=place == 0) for place, (images, _) in enumerate(parts)]
    (_, train_labels), (_, test_labels) = parts
    return Digits("cifar-10", pictures[0], train_labels, pictures[1], test_labels, CLASS_NAMES["cifar-10"])


def coloured(images: np.ndarray, *, training: bool) -> np.ndarray:
    """Digits (n, 28, 28) uint8 as pictures (n, 32, 32, 3) uint8, a view of planes."""
    chance, photos = Generator().manual_seed(int(training)), photographs(training=training)
    planes = [_on_grounds(torch.tensor(part), photos, chance) for part in np.split(images, len(images) // CHUNK)]
    return np.concatenate(planes).transpose(0, 2, 3, 1)


def _on_grounds(digits: Tensor, photos: Tensor, chance: Generator) -> np.ndarray:
    ink = functional.interpolate(digits.unsqueeze(1) / 255, size=SIDE, mode="bilinear")
    colour = torch.rand(len(digits), 3, 1, 1, generator=chance)
    ground = backgrounds(photos, SIDE, len(digits), chance)
    return (255 * ground.lerp(colour.expand_as(ground), ink).clamp(0, 1)).byte().numpy()


def learns(seed: int, digits: Digits) -> None:
    network = replace(PRESETS[PRESET], reads="colour")
    config = RunConfig(network, recipe(PRESET), dataset="cifar-10", seed=seed)
    for item in train(config, digits):
        if isinstance(item, Snapshot) and item.point.test_accuracy is not None:
            last = item.point
            note(f"seed {seed}: epoch {last.epoch:.2f}, {last.seconds:.1f} s, {100 * item.point.test_accuracy:.1f} %")
    report(f"seed {seed}: seconds of training over two minutes", last.seconds / WITHIN, 1.0, at_most=True)
    report(f"seed {seed}: share of the test pictures", last.test_accuracy or 0.0, GOAL)


def main(seeds: list[str]) -> None:
    digits = stand_in()
    for seed in seeds or ["0"]:
        learns(int(seed), digits)


if __name__ == "__main__":
    main(sys.argv[1:])
