"""PyTorch code that reproduces what the page about boxes shows: overlap, suppression, average precision."""

from __future__ import annotations

from collections.abc import Sequence

from explainer.tasks.box_sets import Scored
from explainer.tasks.boxes import Box
from explainer.tasks.suppression import Settings


def overlap_code(a: Box, b: Box) -> str:
    """Code that ends with the areas, the ``iou`` and the ``giou`` of the truth ``a`` and the detection ``b``."""
    return "\n".join(
        [
            "import torch",
            "from torchvision.ops import box_area, box_iou, generalized_box_iou",
            "",
            "# left, top, right, bottom",
            f"truth = torch.tensor([{list(map(float, a))}], dtype=torch.float64)",
            f"detection = torch.tensor([{list(map(float, b))}], dtype=torch.float64)",
            "areas = box_area(truth).item(), box_area(detection).item()",
            "iou = box_iou(truth, detection).item()",
            "giou = generalized_box_iou(truth, detection).item()",
        ]
    )


def suppression_code(scored: Scored, settings: Settings) -> str:
    """Code that ends with ``kept``, the numbers of the boxes that are kept, and their ``final`` scores."""
    name = "batched_nms" if settings.by_class else "nms"
    imports = f"from torchvision.ops import {name if settings.method == 'greedy' else 'box_iou'}"
    body = _greedy(name, settings) if settings.method == "greedy" else _soft(settings)
    return "\n".join(
        [
            "import torch",
            imports,
            "",
            f"boxes = torch.tensor({[list(map(float, box)) for box in scored.boxes]}, dtype=torch.float64)",
            f"scores = torch.tensor({list(scored.scores)}, dtype=torch.float64)",
            f"classes = torch.tensor({list(scored.classes)})",
            *body,
        ]
    )


def _greedy(name: str, settings: Settings) -> list[str]:
    classes = ", classes[candidates]" if settings.by_class else ""
    return [
        f"candidates = torch.where(scores >= {settings.least})[0]",
        f"kept = candidates[{name}(boxes[candidates], scores[candidates]{classes}, {settings.threshold})]",
        "final = scores[kept].tolist()",
        "kept = kept.tolist()",
    ]


def _soft(settings: Settings) -> list[str]:
    weight = f"torch.exp(-overlap**2 / {settings.sigma})"
    if settings.method == "linear":
        weight = f"torch.where(overlap > {settings.threshold}, 1 - overlap, 1.0)"
    same = " * (classes == classes[best])" if settings.by_class else ""
    return [
        "iou = box_iou(boxes, boxes)",
        f"left = scores >= {settings.least}",
        "kept, final = [], []",
        "while left.any():",
        "    best = torch.where(left, scores, -1.0).argmax().item()",
        "    kept.append(best)",
        "    final.append(scores[best].item())",
        "    left[best] = False",
        f"    overlap = iou[best]{same}",
        f"    scores = torch.where(left, scores * {weight}, scores)",
        f"    left &= scores >= {settings.least}",
    ]


def precision_code(pictures: Sequence[Scored], threshold: float) -> str:
    """Code that ends with ``precision`` and ``recall`` along the ranking, and their average precision ``ap``."""
    rows = [
        f"    ({list(map(list, each.boxes))}, {list(each.scores)}, {list(map(list, each.sketch.boxes))}),"
        for each in pictures
    ]
    return "\n".join(
        [
            "import torch",
            "from torchvision.ops import box_iou",
            "",
            "pictures = [  # of each: detections, their scores, objects",
            *rows,
            "]",
            "found = []",
            "for picture, (boxes, scores, truths) in enumerate(pictures):",
            "    boxes, truths = (torch.tensor(each, dtype=torch.float64) for each in (boxes, truths))",
            "    iou, truth = box_iou(boxes, truths).max(dim=1)",
            "    found += zip(scores, iou.tolist(), [(picture, each) for each in truth.tolist()])",
            "found.sort(key=lambda each: -each[0])",
            "right, taken = [], set()",
            "for score, iou, truth in found:",
            f"    right.append(iou > {threshold} and truth not in taken)",
            "    if right[-1]:",
            "        taken.add(truth)",
            "right = torch.tensor(right, dtype=torch.float64)",
            "precision = right.cumsum(0) / torch.arange(1, len(right) + 1)",
            f"recall = right.cumsum(0) / {sum(len(each.sketch.boxes) for each in pictures)}",
            "envelope = precision.flip(0).cummax(0).values.flip(0)",
            "ap = (recall.diff(prepend=torch.zeros(1)) * envelope).sum().item()",
        ]
    )
