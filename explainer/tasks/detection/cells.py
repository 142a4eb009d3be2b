"""Boxes as numbers of cells, and back: the truth as a loss compares it, and what a network's outputs say.

A cell is responsible for the digit whose box has its centre there (J. Redmon et al. 2016, arXiv:1506.02640, section 2).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from explainer.tasks.detection.config import CELL, GRID, NUMBERS, SIDE, DetectionConfig

TYPICAL = 28.0  # pixels of a digit's side: what the modern loss's boxes are multiples of
SMALLEST, LARGEST = -3.0, 2.0  # natural logarithms of these multiples
NOTHING = -1  # the class of a cell without a digit


@dataclass(frozen=True, eq=False)
class CellTruth:
    """What lies in each cell of ``n`` scenes.

    ``is_object`` (n, 7, 7) bool; ``offsets`` (n, 7, 7, 4) float: the centre's x and y inside of its cell, 0..1, then
    width and height as shares of the picture's, 0 where there is nothing; ``classes`` (n, 7, 7) int64, -1 there.
    """

    is_object: Tensor
    offsets: Tensor
    classes: Tensor


@dataclass(frozen=True, eq=False)
class Candidates:
    """All ``c`` boxes that a network predicts in each of ``n`` scenes, row by row of cells.

    ``boxes`` (n, c, 4) float: left, top, right, bottom in pixels, also beyond the picture; ``scores`` (n, c): from 0
    on, to 1 with the modern loss, while sums of squares let it be somewhat larger; ``classes`` (n, c) int64.
    """

    boxes: Tensor
    scores: Tensor
    classes: Tensor


def encode(boxes: Tensor, classes: Tensor) -> CellTruth:
    """The truth of ``boxes`` (n, m, 4), left, top, right, bottom in pixels, and ``classes`` (n, m), -1 for none.

    Of two digits with their centres in one cell the first stays: a cell has one digit.
    """
    count, most = classes.shape
    centres = (boxes[..., :2] + boxes[..., 2:]) / (2 * CELL)  # (n, m, 2), in cells
    cells = centres.floor().clamp(0, GRID - 1)
    offsets = torch.cat([centres - cells, (boxes[..., 2:] - boxes[..., :2]) / SIDE], dim=2)
    place = (cells[..., 1] * GRID + cells[..., 0]).long()
    place = torch.where(classes >= 0, place, GRID * GRID)  # nothing goes to a cell that is cut off
    made = offsets.new_zeros(count, GRID * GRID + 1, 4)
    found = classes.new_full((count, GRID * GRID + 1), NOTHING)
    every = torch.arange(count, device=classes.device)
    for number in reversed(range(most)):
        made[every, place[:, number]] = offsets[:, number]
        found[every, place[:, number]] = classes[:, number]
    found = found[:, :-1].reshape(count, GRID, GRID)
    return CellTruth(found >= 0, made[:, :-1].reshape(count, GRID, GRID, 4), found)


def placed(offsets: Tensor) -> Tensor:
    """Boxes in pixels of ``offsets`` (n, 7, 7, b, 4), as the truth has them, for ``b`` boxes in every cell."""
    cell = torch.arange(GRID, dtype=offsets.dtype, device=offsets.device)
    x = (offsets[..., 0] + cell.view(1, 1, GRID, 1)) * CELL
    y = (offsets[..., 1] + cell.view(1, GRID, 1, 1)) * CELL
    centre, half = torch.stack([x, y], dim=-1), offsets[..., 2:] * (SIDE / 2)
    return torch.cat([centre - half, centre + half], dim=-1)


def split(outputs: Tensor, boxes: int) -> tuple[Tensor, Tensor]:
    """Outputs (n, 5 b + classes, 7, 7) as the numbers of boxes (n, 7, 7, b, 5) and of classes (n, 7, 7, classes)."""
    cells = outputs.permute(0, 2, 3, 1)
    numbers = cells[..., : NUMBERS * boxes].reshape(*cells.shape[:3], boxes, NUMBERS)
    return numbers, cells[..., NUMBERS * boxes :]


def v1_offsets(numbers: Tensor, square_roots: bool) -> Tensor:
    """Offsets (n, 7, 7, b, 4) of boxes (n, 7, 7, b, 5): x, y, width, height, or the roots of these two, confidence."""
    sizes = numbers[..., 2:4].square() if square_roots else numbers[..., 2:4].clamp(min=0)
    return torch.cat([numbers[..., :2], sizes], dim=-1)


def modern_offsets(numbers: Tensor) -> Tensor:
    """Offsets (n, 7, 7, b, 4) of boxes (n, 7, 7, b, 5): presence, x, y, width, height, as any real numbers.

    A centre is a sigmoid, so it stays in its cell; a side is 28 pixels times an exponential.
    """
    sizes = numbers[..., 3:].clamp(SMALLEST, LARGEST).exp() * (TYPICAL / SIDE)
    return torch.cat([numbers[..., 1:3].sigmoid(), sizes], dim=-1)


def decode(config: DetectionConfig, outputs: Tensor) -> Candidates:
    """What the outputs (n, channels, 7, 7) of ``config``'s network say.

    A box's class is the likeliest of its cell, its score that class's probability times the confidence (YOLO v1: the
    outputs themselves, less than 0 taken as 0) or the probability of presence (modern: of sigmoid and softmax).
    """
    numbers, classes = split(outputs, config.boxes_of_a_cell)
    if config.loss == "yolo-v1":
        boxes = placed(v1_offsets(numbers, config.square_roots))
        sure, likely = numbers[..., 4].clamp(min=0), classes.clamp(min=0)
    else:
        boxes = placed(modern_offsets(numbers))
        sure, likely = numbers[..., 0].sigmoid(), classes.softmax(dim=-1)
    best, which = likely.max(dim=-1, keepdim=True)  # (n, 7, 7, 1)
    scores = sure * best
    return Candidates(boxes.flatten(1, 3), scores.flatten(1), which.expand_as(scores).flatten(1))
