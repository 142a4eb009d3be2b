"""The pictures of a run, which of them are learned from, and how these are changed each time they are seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor
from torch.nn import functional

from explainer.tasks.transfer.collection import unpacked
from explainer.tasks.transfer.config import TransferConfig
from explainer.tasks.transfer.pictures import cutout_pictures
from explainer.tasks.transfer.splits import held_out, split
from explainer.tasks.transfer.study import DRAWS

LEAST_CROP, MOST_COLOUR = 0.7, 0.25  # of a side; how far brightness and each colour go up and down


@dataclass(frozen=True, eq=False)
class Examples:
    """``learned`` (n, side, side, 3) and ``tested`` (t, side, side, 3) uint8, with their classes (n,) and (t,)."""

    learned: NDArray[np.uint8]
    learned_labels: NDArray[np.int64]
    tested: NDArray[np.uint8]
    tested_labels: NDArray[np.int64]


def examples(config: TransferConfig) -> Examples:
    """The pictures of a run: of the first of the draws that the study of the same seed makes."""
    seed = config.draw * DRAWS
    if config.pictures:
        learned = tested = unpacked([each for own in config.pictures for each in own], config.side)
        labels = np.repeat(np.arange(len(config.pictures)), [len(own) for own in config.pictures])
        train, test = held_out(config.pictures, seed)
    else:
        made = cutout_pictures(config.classes, config.learned, side=config.side, reduced=config.reduced)
        learned, labels = made.rgb, made.labels
        tested = cutout_pictures(config.classes, config.tested, side=config.side, reduced=config.reduced).rgb
        train, test = split(labels, config.per_class, seed)
    return Examples(learned[train], labels[train], tested[test], labels[test])


def varied(pictures: Tensor, generator: Generator) -> Tensor:
    """Pictures (n, 3, h, w), 0..1, each flipped or not, cropped to 0.7 to 1 of its sides, and coloured, at random."""
    count = len(pictures)
    size = LEAST_CROP + (1 - LEAST_CROP) * torch.rand(count, generator=generator)
    flip = torch.randint(0, 2, (count,), generator=generator) * 2.0 - 1
    moved = (2 * torch.rand(2, count, generator=generator) - 1) * (1 - size)
    zero = torch.zeros(count)
    # (n, 2, 3): output coordinates to input coordinates, both in -1..1
    matrices = torch.stack([size * flip, zero, moved[0], zero, size, moved[1]], dim=1).view(-1, 2, 3)
    grid = functional.affine_grid(matrices, list(pictures.shape), align_corners=False).to(pictures)
    cropped = functional.grid_sample(pictures, grid, padding_mode="reflection", align_corners=False)
    colour = 1 + MOST_COLOUR * (2 * torch.rand(count, 3, 1, 1, generator=generator) - 1)
    return (cropped * colour.to(pictures)).clamp(0, 1)
