"""What a detector's boxes are worth: suppression of those that say the same, and average precision of the rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explainer.tasks import average_precision
from explainer.tasks.detection.cells import Candidates
from explainer.tasks.detection.losses import iou
from explainer.tasks.detection.reports import DetectionResults

TOO_ALIKE = 0.6  # IoU from which on the lower of two boxes goes, whatever their classes
FAINTEST = 0.01  # score of a box that is considered at all
ENOUGH = 0.5  # IoU with the truth above which a box has found it


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


def results(found: Detections, boxes: Tensor, classes: Tensor, kinds: int = 10) -> DetectionResults:
    """Precision against recall of each of ``kinds`` classes in scenes with ``boxes`` (n, m, 4) of ``classes`` (n, m).

    A class is -1 where there is nothing.

    What a right detection is, and average precision: see ``explainer.tasks.average_precision``.
    """
    ranking = average_precision.ranked(_by_scene(found, len(boxes)), _truths(boxes, classes))
    right = ranking.is_right(ENOUGH)
    truths = np.bincount(classes[classes >= 0].numpy(), minlength=kinds)
    curves = [_curve(ranking, right, digit, truths[digit]) for digit in range(kinds)]
    recall, precision, score = np.concatenate([curve.points for curve in curves], axis=1)
    return DetectionResults(
        average_precision=np.array([curve.area for curve in curves]),
        truths=truths,
        recall=recall,
        precision=precision,
        score=score,
        digit=np.repeat(np.arange(kinds, dtype=np.uint8), [curve.points.shape[1] for curve in curves]),
        scenes=len(boxes),
    )


def _by_scene(found: Detections, scenes: int) -> list[average_precision.Detections]:
    """The detections of every scene; those of none are empty."""
    order = found.scene.argsort(stable=True)
    counts = torch.bincount(found.scene, minlength=scenes).tolist()
    columns = (each[order].numpy() for each in (found.boxes, found.scores, found.classes))
    parts = (np.split(each, np.cumsum(counts)[:-1]) for each in columns)
    return [average_precision.Detections(*each) for each in zip(*parts, strict=True)]


def _truths(boxes: Tensor, classes: Tensor) -> list[average_precision.Truths]:
    is_there = classes >= 0
    pairs = zip(boxes, classes, is_there, strict=True)
    return [average_precision.Truths(of[own].numpy(), kinds[own].numpy()) for of, kinds, own in pairs]


@dataclass(frozen=True, eq=False)
class _Curve:
    """Of one class the average precision, and recall, precision and score (k,) float32 where a digit is found."""

    area: float
    points: NDArray[np.float32]


def _curve(ranking: average_precision.Ranked, right: NDArray[np.bool_], digit: int, truths: int) -> _Curve:
    """Between the points where a digit is found precision only falls."""
    own = ranking.classes == digit
    if truths == 0:
        return _Curve(0.0, np.empty((3, 0), np.float32))
    curve, at = average_precision.precision_recall(right[own], truths), np.flatnonzero(right[own])
    points = np.stack([curve.recall, curve.precision, ranking.scores[own]])[:, at]
    return _Curve(average_precision.area(curve), points.astype(np.float32))
