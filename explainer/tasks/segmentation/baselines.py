"""What is known of a head's slices without a network: what every network must be compared with."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import torch

from explainer.tasks import brain
from explainer.tasks.overlap import confusion, mean_iou
from explainer.tasks.segmentation.config import CLASSES, UNetConfig
from explainer.tasks.segmentation.data import unseen_examples


@dataclass(frozen=True)
class Baselines:
    """The mean IoU, 0..1, over all test slices: of the labels of the nearest training slice, and of a table of 256.

    The table has the most frequent label of each brightness, of training slices from the same scanner.
    """

    neighbour: float
    table: float


def baselines(config: UNetConfig) -> Baselines | None:
    """Of a run on slices of a brain that tells classes; None for others."""
    if config.data != "brain" or config.task != "segment":
        return None
    return _of(UNetConfig(data="brain", split=config.split, scanner=config.scanner))


@functools.lru_cache(maxsize=4)
def _of(config: UNetConfig) -> Baselines:
    slices, (train, test) = brain.slices(), brain.split(config.split)
    truth = slices.labels[test]
    seen = slices.t1[train]
    if config.scanner == "poor":
        chance = torch.Generator().manual_seed(0)
        seen = brain.levels(brain.poor(torch.from_numpy(seen.astype(np.float32) / 255), chance).numpy())
    shown = unseen_examples(config).inputs[:, 0].numpy()
    found = brain.brightness_table(seen, slices.labels[train], shown)
    copied = brain.copied_neighbour(train, test)
    return Baselines(*(mean_iou(confusion(truth, each, CLASSES["brain"])) for each in (copied, found)))
