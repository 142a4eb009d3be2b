"""What a detector minimizes: the five sums of YOLO v1, or the three of its successors."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from explainer.tasks.detection.cells import CellTruth, modern_offsets, placed, split, v1_offsets
from explainer.tasks.detection.config import DetectionConfig


def loss_parts(config: DetectionConfig, outputs: Tensor, truth: CellTruth) -> Tensor:
    """The sums (5,) or (3,) of the loss, in the order of ``config.PARTS``, not yet weighted."""
    if config.loss == "modern":
        return modern_parts(outputs, truth)
    responsible, overlap = responsibility(outputs, truth, config.boxes, config.square_roots)
    return v1_parts(outputs, truth, responsible=responsible, overlap=overlap, square_roots=config.square_roots)


@torch.no_grad()
def responsibility(outputs: Tensor, truth: CellTruth, boxes: int, square_roots: bool) -> tuple[Tensor, Tensor]:
    """Which box of each cell answers for its digit, (n, 7, 7, b) bool, and each box's IoU with it, (n, 7, 7, b).

    It is the one with the highest IoU, the first of equals; none in a cell without a digit.
    """
    predicted = placed(v1_offsets(split(outputs, boxes)[0], square_roots))
    overlap = iou(predicted, placed(truth.offsets.unsqueeze(3)))
    best = functional.one_hot(overlap.argmax(dim=-1), boxes).bool()
    return best & truth.is_object.unsqueeze(-1), overlap


def v1_parts(outputs: Tensor, truth: CellTruth, *, responsible: Tensor, overlap: Tensor, square_roots: bool) -> Tensor:
    """The five sums of squares of YOLO v1 (5,), over all cells and boxes, as the mean of the scenes.

    In the order of arXiv:1506.02640, equation 3: centres, sizes, confidence of ``responsible`` boxes (which should be
    their IoU, ``overlap``), confidence of all others (which should be 0), classes in cells with a digit. With
    ``square_roots`` the outputs for width and height are the roots of these.
    """
    numbers, classes = split(outputs, responsible.shape[-1])
    wanted = truth.offsets.unsqueeze(3)
    sizes = wanted[..., 2:].sqrt() if square_roots else wanted[..., 2:]
    own = responsible.unsqueeze(-1)
    one_hot = functional.one_hot(truth.classes.clamp(min=0), classes.shape[-1])
    confidence = numbers[..., 4]
    parts = [
        (own * (numbers[..., :2] - wanted[..., :2]).square()).sum(),
        (own * (numbers[..., 2:4] - sizes).square()).sum(),
        (responsible * (confidence - overlap).square()).sum(),
        (~responsible * confidence.square()).sum(),
        (truth.is_object.unsqueeze(-1) * (classes - one_hot).square()).sum(),
    ]
    return torch.stack(parts) / len(outputs)


def modern_parts(outputs: Tensor, truth: CellTruth) -> Tensor:
    """Three sums (3,), each divided by the number of digits (by 1 without any).

    Cross-entropy of presence over all cells; 1 - generalized IoU (arXiv:1902.09630) and cross-entropy of the digit
    over the cells that hold one.
    """
    numbers, classes = split(outputs, 1)
    there, presence = truth.is_object, numbers[..., 0, 0]
    wanted = placed(truth.offsets.unsqueeze(3))[there][:, 0]
    predicted = placed(modern_offsets(numbers))[there][:, 0]
    parts = [
        functional.binary_cross_entropy_with_logits(presence, there.to(presence.dtype), reduction="sum"),
        (1 - generalized_iou(predicted, wanted)).sum(),
        functional.cross_entropy(classes[there], truth.classes[there], reduction="sum"),
    ]
    return torch.stack(parts) / there.sum().clamp(min=1)


def iou(ours: Tensor, theirs: Tensor) -> Tensor:
    """Intersection over union (...) of boxes (..., 4), left, top, right, bottom; 0 for two without an area."""
    shared, union, _ = _areas_of_two(ours, theirs)
    return shared / union.clamp(min=1e-9)


def generalized_iou(ours: Tensor, theirs: Tensor) -> Tensor:
    """IoU less the share of the smallest box around both that neither covers: -1..1, (...) of boxes (..., 4)."""
    shared, union, around = _areas_of_two(ours, theirs)
    return shared / union.clamp(min=1e-9) - (around - union) / around.clamp(min=1e-9)


def _areas_of_two(ours: Tensor, theirs: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Areas of what two boxes share, of what they cover together, and of the smallest box around both."""
    low, high = torch.maximum(ours[..., :2], theirs[..., :2]), torch.minimum(ours[..., 2:], theirs[..., 2:])
    first, last = torch.minimum(ours[..., :2], theirs[..., :2]), torch.maximum(ours[..., 2:], theirs[..., 2:])
    shared = _product((high - low).clamp(min=0))
    union = _product(ours[..., 2:] - ours[..., :2]) + _product(theirs[..., 2:] - theirs[..., :2]) - shared
    return shared, union, _product(last - first)


def _product(sides: Tensor) -> Tensor:
    """Areas (...) of ``sides`` (..., 2); without the detours of ``prod``'s gradient."""
    return sides[..., 0] * sides[..., 1]
