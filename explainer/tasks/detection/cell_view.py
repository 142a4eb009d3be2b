"""One cell of a scene, looked at closely: what each of its numbers becomes, and what lies there in truth."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from explainer.tasks.detection.cells import encode, modern_offsets, placed, split, v1_offsets
from explainer.tasks.detection.config import DetectionConfig
from explainer.tasks.detection.examples import watched_examples
from explainer.tasks.detection.losses import iou, responsibility
from explainer.tasks.detection.measuring import ENOUGH
from explainer.tasks.detection.network import untrained
from explainer.tasks.detection.reports import DetectionViews
from explainer.tasks.detection.testing import views
from explainer.tasks.detection.weights import from_bytes

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class CellBox:
    """One of a cell's boxes.

    ``numbers`` are the five that the network gives: x, y, width, height and confidence (YOLO v1), or presence, x, y,
    width and height (modern). ``box`` is left, top, right, bottom in pixels. ``sure`` is the confidence or the
    probability of presence, 0 or more; ``score`` that times the likeliest class's probability. ``overlap`` is the IoU
    with the digit of the cell, None without one.
    """

    numbers: tuple[float, ...]
    box: tuple[float, float, float, float]
    sure: float
    score: float
    overlap: float | None
    is_responsible: bool


@dataclass(frozen=True)
class Cell:
    """The cell in ``row`` and ``column``, both from 0 on: its boxes, and what the classes have, which all boxes share.

    ``classes`` are probabilities with the modern loss, else the outputs themselves; ``digit`` is the likeliest.
    ``truth`` is the class of the digit with its centre here, None without one.
    """

    row: int
    column: int
    boxes: tuple[CellBox, ...]
    classes: tuple[float, ...]
    digit: int
    truth: int | None


def cell_of(
    config: DetectionConfig,
    outputs: Floats,
    boxes: Floats,
    classes: NDArray[np.int64],
    *,
    row: int,
    column: int,
) -> Cell:
    """The cell of a scene whose ``outputs`` are (channels, 7, 7), with ``boxes`` (m, 4) of ``classes`` (m,), -1 none.

    ``row`` and ``column`` are 0 to 6.
    """
    given = torch.from_numpy(outputs).unsqueeze(0)
    truth = encode(torch.from_numpy(boxes).unsqueeze(0), torch.from_numpy(classes).unsqueeze(0))
    numbers, likely = split(given, config.boxes_of_a_cell)
    is_v1 = config.loss == "yolo-v1"
    offsets = v1_offsets(numbers, config.square_roots) if is_v1 else modern_offsets(numbers)
    sure = numbers[..., 4].clamp(min=0) if is_v1 else numbers[..., 0].sigmoid()
    shown = likely if is_v1 else likely.softmax(dim=-1)
    at = (0, row, column)
    is_there = bool(truth.is_object[at])
    overlap = iou(placed(offsets), placed(truth.offsets.unsqueeze(3)))[at]
    responsible = torch.full_like(overlap, float(is_there)).bool()
    if is_v1:
        responsible = responsibility(given, truth, config.boxes, config.square_roots)[0][at]
    best = float(shown[at].clamp(min=0).max())
    made = [
        CellBox(
            numbers=tuple(numbers[at][number].tolist()),
            box=tuple(placed(offsets)[at][number].tolist()),
            sure=float(sure[at][number]),
            score=float(sure[at][number]) * best,
            overlap=float(overlap[number]) if is_there else None,
            is_responsible=bool(responsible[number]),
        )
        for number in range(config.boxes_of_a_cell)
    ]
    digit = int(shown[at].argmax())
    return Cell(
        row, column, tuple(made), tuple(shown[at].tolist()), digit, int(truth.classes[at]) if is_there else None
    )


def first_views(config: DetectionConfig) -> DetectionViews:
    """What the network says of the watched scenes before it has learned anything. Raises DatasetError."""
    return views(untrained(config), config, watched_examples(config.clutter, config.kind))


@functools.lru_cache(maxsize=16)
def views_of(weights: bytes) -> DetectionViews:
    """What the network of a weights file says of the watched scenes. Raises WeightsError, DatasetError."""
    config, network = from_bytes(weights)
    return views(network, config, watched_examples(config.clutter, config.kind))


def found_digits(found: Floats, boxes: Floats, classes: NDArray[np.int64]) -> tuple[int, int]:
    """How many digits of some scenes are found, and how many there are: for what is given see ``is_found``."""
    return int(is_found(found, boxes, classes).any(axis=1).sum()), int((classes >= 0).sum())


def is_found(found: Floats, boxes: Floats, classes: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which box finds which digit, (s, k, m): one of its class with an IoU above 0.5.

    ``found`` (s, k, 6) are left, top, right, bottom, score and class, with a score of 0 where there is no box; the
    truth is ``boxes`` (s, m, 4) and ``classes`` (s, m), -1 where there is no digit.
    """
    ours, theirs = torch.from_numpy(found), torch.from_numpy(boxes)
    is_near = iou(ours[:, :, None, :4], theirs[:, None]).numpy() > ENOUGH
    is_right = (found[:, :, None, 5] == classes[:, None]) & (found[:, :, None, 4] > 0)
    made: NDArray[np.bool_] = is_near & is_right & (classes >= 0)[:, None]
    return made
