"""The comparison of a greedy with a random start as a PyTorch script that needs nothing of this package."""

from __future__ import annotations

from json import dumps

from explainer.data import digits
from explainer.tasks.autoencoder import data, greedy
from explainer.tasks.autoencoder.greedy import GreedyConfig
from explainer.tasks.script_parts_code import joined, sources
from explainer.training.script_code import MNIST_SOURCE, READ_IDX

_HEAD = '''
"""A deep network that begins layer by layer without labels, against a random start.

Trains on the CPU, exactly as the comparison that this script stands for:

    python this_file.py [FOLDER_OF_DATA]

{source}
Needs PyTorch and NumPy. With the same number of threads the numbers are the same to
the last digit; with another, sums are rounded differently.
"""

from __future__ import annotations

import copy
import gzip
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor, nn
from torch.nn import functional
'''

_LOOP = """
errors, lost = {"random": [], "greedy": []}, []
pixels = train_images[:UNLABELLED].flatten(1).float() / 255
chosen = torch.from_numpy(subset_indices(test_labels.numpy().astype(np.uint8), TESTED, TEST_SEED))
tests = Unseen(test_images[chosen].flatten(1).float() / 255, test_labels[chosen])
for seed in range(SEEDS):
    network = deep(config, seed)
    starts = {"random": copy.deepcopy(network), "greedy": network}
    chance = Generator().manual_seed(seed + 200)
    lost.append([list(greedy_stage(network, number, pixels, chance))[-1] for number in range(config.layers)])
    own = torch.from_numpy(subset_indices(train_labels.numpy().astype(np.uint8), config.labels, seed))
    lessons = Lessons(train_images[own].flatten(1).float() / 255, train_labels[own], steps_of(config, seed))
    for start, begun in starts.items():
        measured = [error for error in fine_tune(begun, config, lessons, tests) if error is not None]
        errors[start].append(measured)
        print(f"seed {seed}, {start} start: {measured[-1]:.1%} of {len(chosen):,} test digits are wrong")
"""


def greedy_code(config: GreedyConfig) -> str:
    """Python source that ends with ``errors`` of each start and seed, after the same steps, and ``lost`` of each seed.

    Its functions are those of this package, word for word.
    """
    parts = [
        _HEAD.format(source=MNIST_SOURCE),
        _constants(config),
        READ_IDX,
        *sources(digits.subset_indices, digits._quotas),
        *sources(greedy.GreedyConfig, greedy.Lessons, greedy.Unseen),
        *sources(greedy.linear_layer, greedy.uniform, greedy.layer, greedy.deep, greedy.greedy_stage),
        *sources(greedy.steps_of, greedy.wrong, greedy.fine_tune),
        f"config = {_written(config)}",
        _LOOP,
    ]
    return joined(part.strip("\n") for part in parts)


def _constants(config: GreedyConfig) -> str:
    lines = [
        f"UnitName, SEEDS, UNLABELLED = str, {greedy.SEEDS}, {config.unlabelled}",
        f"EPOCHS, BATCH, GREEDY_RATE = {greedy.EPOCHS}, {greedy.BATCH}, {greedy.GREEDY_RATE!r}  # of each layer",
        f"STEPS, FEW, MOMENTUM = {config.steps}, {greedy.FEW}, {greedy.MOMENTUM}  # of the fine-tuning",
        f"RATES = {dumps(greedy.RATES)}",
        f"TESTS = {greedy.TESTS}",
        f"TESTED, TEST_SEED = {data.TESTED}, {data.TEST_SEED}",
    ]
    return "\n".join(lines)


def _written(config: GreedyConfig) -> str:
    return (
        f"GreedyConfig({dumps(config.units)}, layers={config.layers}, labels={config.labels}, width={config.width}, "
        f"steps=STEPS, unlabelled=UNLABELLED)"
    )
