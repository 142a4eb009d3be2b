"""What a detector's boxes are worth: suppression of those that say the same, and average precision of the rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explainer.tasks.detection.cells import Candidates
from explainer.tasks.detection.config import DIGITS
from explainer.tasks.detection.losses import iou
from explainer.tasks.detection.reports import DetectionResults

TOO_ALIKE = 0.6  # IoU from which on the lower of two boxes goes, whatever their classes
FAINTEST = 0.01  # score of a box that is considered at all
ENOUGH = 0.5  # IoU with the truth of a box that has found it


@dataclass(frozen=True, eq=False)
class Detections:
    """The boxes of ``n`` scenes that are left, the highest score first.

    ``scene`` (d,) int64, ``boxes`` (d, 4) float32, ``scores`` (d,) float32, ``classes`` (d,) int64.
    """

    scene: Tensor
    boxes: Tensor
    scores: Tensor
    classes: Tensor


def detections(candidates: Candidates, most_alike: float = TOO_ALIKE, faintest: float = FAINTEST) -> Detections:
    """Those of ``faintest`` score or more whose IoU with every better one that stays is at most ``most_alike``."""
    scores, order = candidates.scores.sort(dim=1, descending=True, stable=True)
    boxes = candidates.boxes.gather(1, order.unsqueeze(2).expand(-1, -1, 4))
    stays = kept(boxes, scores >= faintest, most_alike)
    scene, place = stays.nonzero(as_tuple=True)
    scores = scores[scene, place]
    best = scores.argsort(descending=True, stable=True)
    scene, place = scene[best], place[best]
    classes = candidates.classes.gather(1, order)[scene, place]
    return Detections(scene, boxes[scene, place], scores[best], classes)


def kept(boxes: Tensor, considered: Tensor, most_alike: float) -> Tensor:
    """Greedy suppression of ``boxes`` (n, c, 4), the best first: which of those ``considered`` (n, c) stay, (n, c)."""
    most = int(considered.sum(dim=1).max()) if considered.numel() else 0
    cut = boxes[:, :most]
    alike = iou(cut.unsqueeze(2), cut.unsqueeze(1)) > most_alike  # (n, most, most)
    stays = considered.clone()
    for number in range(1, most):
        stays[:, number] &= ~(alike[:, number, :number] & stays[:, :number]).any(dim=1)
    return stays


def results(found: Detections, boxes: Tensor, classes: Tensor) -> DetectionResults:
    """Precision against recall of every class in scenes with ``boxes`` (n, m, 4) of ``classes`` (n, m), -1 for none.

    A detection has found the digit of its class and scene with which its IoU is highest, if that is at least 0.5 and
    none with a higher score has found it. Average precision is the whole area under the highest precision that is
    reached at a recall or beyond.
    """
    is_right = _is_right(found, boxes, classes).numpy()
    digit, score = found.classes.numpy(), found.scores.numpy()
    truths = np.bincount(classes[classes >= 0].numpy(), minlength=DIGITS)
    curves = [_curve(is_right[digit == number], score[digit == number], truths[number]) for number in range(DIGITS)]
    recall, precision, at = (np.concatenate(column) for column in zip(*curves, strict=True))
    return DetectionResults(
        average_precision=np.array([area(*curve[:2]) for curve in curves]),
        truths=truths,
        recall=recall,
        precision=precision,
        score=at,
        digit=np.repeat(np.arange(DIGITS, dtype=np.uint8), [len(curve[0]) for curve in curves]),
        scenes=len(boxes),
    )


def area(recall: NDArray[np.float32], precision: NDArray[np.float32]) -> float:
    """Average precision: the area under the highest ``precision`` (p,) at each of the rising ``recall`` or beyond."""
    highest = np.maximum.accumulate(precision[::-1].astype(np.float64))[::-1]
    return float(np.diff(recall.astype(np.float64), prepend=0.0) @ highest)


def _is_right(found: Detections, boxes: Tensor, classes: Tensor) -> Tensor:
    """(d,) bool: which detections find a digit that none before has found."""
    overlap = iou(found.boxes.unsqueeze(1), boxes[found.scene])  # (d, m)
    overlap = overlap.where(classes[found.scene] == found.classes.unsqueeze(1), -1.0)
    best, which = overlap.max(dim=1)
    hits = (best >= ENOUGH).nonzero().squeeze(1)
    truth = (found.scene * boxes.shape[1] + which)[hits].numpy()
    first = np.unique(truth, return_index=True)[1]  # of each truth: detections come with the highest score first
    is_right = torch.zeros(len(best), dtype=torch.bool)
    is_right[hits[torch.from_numpy(first)]] = True
    return is_right


def _curve(
    is_right: NDArray[np.bool_], score: NDArray[np.float32], truths: int
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Recall, precision and score where a digit is found: between these points precision only falls."""
    at = np.flatnonzero(is_right)
    number = np.arange(1, len(at) + 1)
    return (
        (number / max(truths, 1)).astype(np.float32),
        (number / (at + 1)).astype(np.float32),
        score[at].astype(np.float32),
    )
