"""Suppression is torchvision's, and average precision that of a plain loop."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Generator, Tensor
from torchvision.ops import box_iou, nms

from explainer.tasks.detection.cells import Candidates
from explainer.tasks.detection.measuring import Detections, detections, results


def some_candidates(seed: int, scenes: int = 6, count: int = 49) -> Candidates:
    chance = Generator().manual_seed(seed)
    start = torch.rand(scenes, count, 2, generator=chance) * 50
    boxes = torch.cat([start, start + 10 + 30 * torch.rand(scenes, count, 2, generator=chance)], dim=2)
    scores = torch.rand(scenes, count, generator=chance) ** 3
    return Candidates(boxes, scores, torch.randint(10, (scenes, count), generator=chance))


def some_truth(seed: int, scenes: int = 6, most: int = 5) -> tuple[Tensor, Tensor]:
    chance = Generator().manual_seed(seed)
    start = torch.rand(scenes, most, 2, generator=chance) * 50
    boxes = torch.cat([start, start + 10 + 30 * torch.rand(scenes, most, 2, generator=chance)], dim=2)
    return boxes, torch.randint(-1, 4, (scenes, most), generator=chance)


@pytest.mark.parametrize("most_alike", [0.0, 0.3, 0.6, 1.0])
@pytest.mark.parametrize("seed", range(3))
def test_suppression_is_torchvisions(seed: int, most_alike: float) -> None:
    candidates = some_candidates(seed)
    found = detections(candidates, most_alike, faintest=0.05)
    assert (found.scores.diff() <= 0).all()
    for scene in range(6):
        boxes, scores = candidates.boxes[scene], candidates.scores[scene]
        bright = (scores >= 0.05).nonzero().squeeze(1)
        expected = bright[nms(boxes[bright], scores[bright], most_alike)]
        own = found.scene == scene
        assert torch.equal(found.boxes[own], boxes[expected])
        assert torch.equal(found.scores[own], scores[expected])
        assert torch.equal(found.classes[own], candidates.classes[scene, expected])


def test_a_box_that_went_suppresses_nothing() -> None:
    boxes = torch.tensor([[[0.0, 0, 10, 10], [3, 0, 13, 10], [6, 0, 16, 10]]])  # IoUs 7 / 13 and 4 / 16
    found = detections(Candidates(boxes, torch.tensor([[0.9, 0.8, 0.7]]), torch.zeros(1, 3, dtype=torch.long)), 0.5)
    assert found.boxes[:, 0].tolist() == [0, 6]


def test_nothing_at_all() -> None:
    empty = Candidates(torch.zeros(2, 3, 4), torch.zeros(2, 3), torch.zeros(2, 3, dtype=torch.long))
    found = detections(empty)
    assert len(found.scores) == 0
    boxes, classes = some_truth(0, scenes=2)
    measured = results(found, boxes, classes)
    assert (measured.mean, len(measured.recall)) == (0.0, 0)
    assert results(found, boxes, torch.full_like(classes, -1)).mean == 0.0


def plain_average_precision(found: Detections, boxes: Tensor, classes: Tensor, digit: int) -> float | None:
    """One detection after the other, then one recall after the other."""
    truths = int((classes == digit).sum())
    if not truths:
        return None
    taken: set[tuple[int, int]] = set()
    right = tried = 0
    points = []
    for scene, box, label in zip(found.scene.tolist(), found.boxes, found.classes.tolist(), strict=True):
        if label != digit:
            continue
        tried += 1
        best, which = -1.0, -1
        for number in range(boxes.shape[1]):
            if classes[scene, number] == digit:
                overlap = float(box_iou(box[None], boxes[scene, number][None]))
                best, which = max((best, which), (overlap, number), key=lambda pair: pair[0])
        if best > 0.5 and (scene, which) not in taken:
            taken.add((scene, which))
            right += 1
        points.append((right / truths, right / tried))
    total = 0.0
    for number in range(1, truths + 1):  # every recall that there is
        reached = [precision for recall, precision in points if recall >= number / truths - 1e-12]
        total += max(reached, default=0.0) / truths
    return total


@pytest.mark.parametrize("seed", range(8))
def test_average_precision_is_that_of_a_plain_loop(seed: int) -> None:
    candidates, (boxes, classes) = some_candidates(seed), some_truth(seed + 100)
    # Some of the candidates near the truth, so that there is something to find, some twice
    near = boxes + torch.randn(boxes.shape, generator=Generator().manual_seed(seed)) * 1.5
    candidates.boxes[:, :5], candidates.boxes[:, 5:10] = near, near + 1
    candidates.classes[:, :5], candidates.classes[:, 5:10] = classes.clamp(min=0), classes.clamp(min=0)
    found = detections(candidates, most_alike=0.9)
    measured = results(found, boxes, classes)
    expected = [plain_average_precision(found, boxes, classes, digit) for digit in range(10)]
    there = [each for each in expected if each is not None]
    assert measured.average_precision.tolist() == pytest.approx([each or 0.0 for each in expected], abs=1e-6)
    assert measured.mean == pytest.approx(np.mean(there), abs=1e-6)
    assert max(there) > 0.2
    assert measured.truths.sum() == int((classes >= 0).sum())


def test_average_precision_by_hand() -> None:
    """Right, wrong, right, of three digits: 1/3 at precision 1, 1/3 at 2/3, and one that is not found."""
    boxes = torch.tensor([[[0.0, 0, 10, 10], [40, 0, 50, 10], [80, 0, 90, 10]]])
    found = Detections(
        torch.zeros(4, dtype=torch.long),
        torch.tensor([[0.0, 0, 10, 10], [1, 0, 11, 10], [40, 0, 50, 10], [80, 0, 90, 10]]),  # the second finds it again
        torch.tensor([0.9, 0.8, 0.7, 0.6]),
        torch.tensor([3, 3, 3, 5]),
    )
    measured = results(found, boxes, torch.tensor([[3, 3, 3]]))
    assert measured.average_precision[3] == pytest.approx(1 / 3 + 2 / 9)
    recall, precision = measured.curve(3)
    assert (recall.tolist(), precision.tolist()) == (pytest.approx([1 / 3, 2 / 3]), pytest.approx([1, 2 / 3]))
    assert (measured.truths[3], measured.scenes, measured.mean) == (3, 1, measured.average_precision[3])
    assert measured.score.tolist() == pytest.approx([0.9, 0.7])
