"""What a detector with anchors says of a picture, sifted, and one of its cells taken apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explainer.tasks.boxes import Box, iou
from explainer.tasks.face_detector import ANCHORS, Candidates
from explainer.tasks.suppression import nms


@dataclass(frozen=True)
class Pair:
    """A box that is kept and one that goes for it, by their numbers, and their IoU."""

    kept: int
    gone: int
    overlap: float


@dataclass(frozen=True, eq=False)
class Sifted:
    """The numbers of the boxes, best score first: ``every`` one, those ``above`` the threshold, and those ``kept``.

    ``pairs`` says for which box each of the others above the threshold goes, best first.
    """

    every: NDArray[np.int64]
    above: NDArray[np.int64]
    kept: NDArray[np.int64]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class AnchorBox:
    """A box of a cell: the ``numbers`` t_x, t_y, t_w, t_h and t_o, its anchor's size in cells, and what they make.

    ``centre`` and ``size`` are in pixels of the picture, ``score`` is 0..1.
    """

    numbers: tuple[float, float, float, float, float]
    anchor: tuple[float, float]
    box: Box
    score: float

    @property
    def centre(self) -> tuple[float, float]:
        """Across and down."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        return self.box[2] - self.box[0], self.box[3] - self.box[1]


def sifted(found: Candidates, least: float, most_alike: float) -> Sifted:
    """The boxes that score above ``least``, and of those what greedy suppression at the IoU ``most_alike`` keeps."""
    every = np.argsort(-found.scores, kind="stable")
    above = every[found.scores[every] > least]
    kept = above[nms(found.boxes[above], found.scores[above], most_alike)]
    overlaps = iou(found.boxes[kept], found.boxes[above])
    pairs = []
    for column, gone in enumerate(above):
        if gone not in kept:
            first = int(np.argmax(overlaps[:, column] > most_alike))
            pairs.append(Pair(int(kept[first]), int(gone), float(overlaps[first, column])))
    return Sifted(every, above, kept, tuple(pairs))


def boxes_of_cell(found: Candidates, row: int, column: int) -> tuple[AnchorBox, ...]:
    """The boxes of the cell in ``row`` and ``column``, both from 0 on, an anchor each."""
    numbers = found.raw[:, row, column].astype(float).reshape(len(ANCHORS), -1).tolist()
    first = (row * found.raw.shape[2] + column) * len(ANCHORS)
    return tuple(
        AnchorBox(
            tuple(numbers[anchor]),
            (float(ANCHORS[anchor][0]), float(ANCHORS[anchor][1])),
            tuple(found.boxes[first + anchor].tolist()),
            float(found.scores[first + anchor]),
        )
        for anchor in range(len(ANCHORS))
    )
