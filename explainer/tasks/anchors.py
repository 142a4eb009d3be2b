"""Anchors of a region proposal network: boxes of nine sizes at every position of VGG16's last map.

Source: S. Ren, K. He, R. Girshick, J. Sun, "Faster R-CNN", NeurIPS 2015, arXiv:1506.01497, sections 3.1 and 3.3. A
position's anchors have their centre at the centre of its receptive field, 16 i + 8 pixels. Boxes are (left, top, right,
bottom) in pixels of the picture as the network reads it, its shorter side 600.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from explainer.tasks.boxes import Box, Floats, iou

STRIDE, FIELD = 16, 228  # pixels: between positions, and a side of the receptive field of 3 x 3 of them
SCALES, RATIOS = (128, 256, 512), (0.5, 1.0, 2.0)  # the root of the area; width over height
SHORTER, LONGEST = 600, 1_000  # pixels of a picture's sides, once it is resized
POSITIVE, NEGATIVE = 0.7, 0.3  # IoU
BATCH, BALANCE = 256, 10  # anchors of a mini-batch, N_cls, and lambda
TURN = 1.0  # of the smooth L1 loss, from the square to the straight line
_SAME = 1e-9  # of two IoUs

Flags: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Labels:
    """What a truth makes of anchors (n,): their IoU with it, and whether each is positive or negative.

    ``is_inside``: it does not cross the picture's border; ``is_used``: it takes part, and neither of both where it is
    ignored. ``is_highest``: no other that takes part has a higher IoU.
    """

    overlaps: Floats
    is_inside: Flags
    is_used: Flags
    is_highest: Flags

    @property
    def is_positive(self) -> Flags:
        """IoU above 0.7, or the highest."""
        return np.asarray(self.is_used & ((self.overlaps > POSITIVE) | self.is_highest))

    @property
    def is_negative(self) -> Flags:
        """IoU below 0.3, and not the highest."""
        return np.asarray(self.is_used & (self.overlaps < NEGATIVE) & ~self.is_highest)

    @property
    def is_ignored(self) -> Flags:
        """It takes part and is neither."""
        return np.asarray(self.is_used & ~self.is_positive & ~self.is_negative)


@dataclass(frozen=True)
class Loss:
    """Of one anchor: the log loss of its class, ``coordinates`` of the smooth L1 loss, and both parts as weighted.

    An anchor that is ignored has none.
    """

    log: float
    coordinates: tuple[float, float, float, float]
    class_part: float
    box_part: float

    @property
    def whole(self) -> float:
        """The anchor's share of the loss."""
        return self.class_part + self.box_part


def resized(width: int, height: int) -> tuple[int, int]:
    """Width and height of a picture as the network reads it: the shorter side 600, the longer at most 1,000."""
    factor = min(SHORTER / min(width, height), LONGEST / max(width, height))
    return max(STRIDE, round(width * factor)), max(STRIDE, round(height * factor))


def positions(width: int, height: int) -> tuple[int, int]:
    """Rows and columns of the map conv5_3, four poolings by 2 below a picture."""
    return height // STRIDE, width // STRIDE


def sizes() -> Floats:
    """Width and height (9, 2) of the anchors: by scale, in each by the ratio of width to height."""
    return np.array([(scale * ratio**0.5, scale / ratio**0.5) for scale in SCALES for ratio in RATIOS])


def centre(row: int, column: int) -> tuple[float, float]:
    """Across and down, of a position's receptive field."""
    return STRIDE * (column + 0.5), STRIDE * (row + 0.5)


def anchors_at(row: int, column: int) -> Floats:
    """The nine (9, 4) of a position, from 0 on."""
    middle, half = np.array(centre(row, column)), sizes() / 2
    return np.concatenate([middle - half, middle + half], axis=1)


def all_anchors(rows: int, columns: int) -> Floats:
    """Those of all positions (rows * columns * 9, 4), row by row."""
    down, across = np.indices((rows, columns)) * STRIDE
    shifts = np.stack([across, down, across, down], axis=2).reshape(-1, 1, 4)
    return np.asarray((anchors_at(0, 0) + shifts).reshape(-1, 4))


def labels(anchors: Floats, truth: Box, size: tuple[int, int], *, inside_only: bool) -> Labels:
    """What ``truth`` makes of ``anchors`` (n, 4) over a picture of ``size`` (width, height).

    With ``inside_only``, as in training, anchors that cross the border take no part.
    """
    width, height = size
    overlaps = iou(anchors, [truth])[:, 0]
    is_inside = (anchors[:, :2] >= 0).all(axis=1) & (anchors[:, 2] <= width) & (anchors[:, 3] <= height)
    is_used = is_inside if inside_only else np.ones(len(anchors), bool)
    best = overlaps[is_used].max(initial=0.0)
    is_highest = is_used & (overlaps >= best - _SAME) & (best > 0)
    return Labels(overlaps, is_inside, is_used, is_highest)


def coded(box: Box, anchor: Box) -> tuple[float, float, float, float]:
    """t_x, t_y, t_w and t_h of a box: what moves and stretches ``anchor`` to it (equation 2)."""
    (x, y, width, height), (x_a, y_a, width_a, height_a) = _middle(box), _middle(anchor)
    return (
        (x - x_a) / width_a,
        (y - y_a) / height_a,
        float(np.log(width / width_a)),
        float(np.log(height / height_a)),
    )


def decoded(t: tuple[float, float, float, float], anchor: Box) -> Box:
    """The box that ``t`` makes of an anchor."""
    x_a, y_a, width_a, height_a = _middle(anchor)
    x, y = x_a + width_a * t[0], y_a + height_a * t[1]
    width, height = width_a * float(np.exp(t[2])), height_a * float(np.exp(t[3]))
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def smooth_l1(difference: float) -> float:
    """Half the square up to 1, beyond a straight line."""
    size = abs(difference)
    return 0.5 * size**2 if size < TURN else size - 0.5


def loss(
    predicted: tuple[float, float, float, float],
    wanted: tuple[float, float, float, float],
    probability: float,
    *,
    is_positive: bool,
    positions: int,
) -> Loss:
    """What a positive or negative anchor adds to the loss (equation 1), with N_cls = 256 and N_reg = ``positions``.

    ``probability``, above 0 and below 1, is what the network gives to "an object". A negative anchor has no part of
    the boxes.
    """
    log = -float(np.log(probability if is_positive else 1 - probability))
    first, second, third, fourth = (smooth_l1(a - b) for a, b in zip(predicted, wanted, strict=True))
    box = BALANCE / positions * (first + second + third + fourth) if is_positive else 0.0
    return Loss(log, (first, second, third, fourth), log / BATCH, box)


def _middle(box: Box) -> tuple[float, float, float, float]:
    """Centre across and down, width and height."""
    left, top, right, bottom = box
    return (left + right) / 2, (top + bottom) / 2, right - left, bottom - top
