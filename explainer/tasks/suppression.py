"""Non-maximum suppression step by step: of boxes that overlap, the one with the best score goes on alone.

Sources: N. Bodla et al., "Soft-NMS: improving object detection with one line of code", ICCV 2017, figure 2 and
equations 1 to 3. ``torchvision.ops.nms`` and ``batched_nms`` suppress above the threshold, not at it; so does this.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explainer.tasks.boxes import Floats, as_boxes, iou

Method: TypeAlias = Literal["greedy", "linear", "gaussian"]
METHODS: tuple[Method, ...] = ("greedy", "linear", "gaussian")


@dataclass(frozen=True)
class Settings:
    """How boxes are suppressed.

    ``threshold``: IoU above which a box is suppressed, or in linear soft-NMS loses score; the Gaussian asks for none.
    ``least``: the score, 0 to 1, below which a box is left out, before and after. ``sigma``: of the Gaussian, above 0.
    ``by_class``: boxes of other classes are left alone.
    """

    method: Method = "greedy"
    threshold: float = 0.5
    least: float = 0.0
    sigma: float = 0.5
    by_class: bool = True


@dataclass(frozen=True)
class Comparison:
    """The chosen box with another one: its number, their IoU, its score before and after, 0 where suppressed."""

    other: int
    iou: float
    before: float
    after: float
    is_out: bool


@dataclass(frozen=True)
class Step:
    """One round: the number of the box that is kept, its score by now, and whom it was compared with, best first."""

    chosen: int
    score: float
    comparisons: tuple[Comparison, ...]


def suppress(boxes: ArrayLike, scores: ArrayLike, classes: ArrayLike, settings: Settings) -> tuple[Step, ...]:
    """All rounds with boxes (n, 4), scores (n,) and classes (n,); those kept are the ``chosen``, in this order.

    Each round keeps the box with the best score of those left, the first of equal ones, and lowers or suppresses the
    others of its class. Raises ValueError for another number of scores or classes than of boxes.
    """
    array, now, kinds = as_boxes(boxes), np.array(scores, np.float64), np.asarray(classes)
    if not len(array) == len(now) == len(kinds):
        raise ValueError(f"{len(array)} boxes, {len(now)} scores, {len(kinds)} classes")
    overlaps = iou(array, array)
    left = [number for number in range(len(array)) if now[number] >= settings.least]
    steps = []
    while left:
        chosen = max(left, key=lambda number: (now[number], -number))
        rest = [number for number in left if number != chosen]
        rivals = [number for number in rest if not settings.by_class or kinds[number] == kinds[chosen]]
        rivals.sort(key=lambda number: (-now[number], number))
        compared = tuple(_compared(number, float(overlaps[chosen, number]), now, settings) for number in rivals)
        steps.append(Step(chosen, float(now[chosen]), compared))
        out = {each.other for each in compared if each.is_out}
        for each in compared:
            now[each.other] = each.after
        left = [number for number in rest if number not in out]
    return tuple(steps)


def nms(boxes: ArrayLike, scores: ArrayLike, threshold: float, classes: ArrayLike | None = None) -> NDArray[np.int64]:
    """The numbers of the boxes that greedy suppression keeps, best first; within each class where ``classes`` is given.

    Fast: one row of IoU for each box kept.
    """
    array, order = as_boxes(boxes), np.argsort(-np.asarray(scores, np.float64), kind="stable")
    kinds = None if classes is None else np.asarray(classes)
    kept = []
    while order.size:
        chosen, order = order[0], order[1:]
        kept.append(chosen)
        is_out = iou(array[chosen : chosen + 1], array[order])[0] > threshold
        order = order[~is_out] if kinds is None else order[~is_out | (kinds[order] != kinds[chosen])]
    return np.array(kept, np.int64)


def weight(overlap: float, settings: Settings) -> float:
    """What a score is multiplied by when the chosen box overlaps so much, IoU 0 to 1."""
    if settings.method == "gaussian":
        return float(np.exp(-(overlap**2) / settings.sigma))
    if overlap <= settings.threshold:
        return 1.0
    return 1 - overlap if settings.method == "linear" else 0.0


def _compared(other: int, overlap: float, now: Floats, settings: Settings) -> Comparison:
    factor, before = weight(overlap, settings), float(now[other])
    after = before * factor
    is_out = factor == 0 if settings.method == "greedy" else after < settings.least or after == 0
    return Comparison(other, overlap, before, after, is_out)
