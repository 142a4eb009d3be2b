"""The sums of both losses: by hand, as plain loops over cells and boxes, and their gradients."""

from __future__ import annotations

from math import exp, log

import pytest
import torch
from torch import Generator, Tensor
from torchvision.ops import box_iou, generalized_box_iou_loss

from explainer.tasks.detection.cells import CellTruth, encode
from explainer.tasks.detection.config import DetectionConfig
from explainer.tasks.detection.losses import (
    generalized_iou,
    iou,
    loss_parts,
    modern_parts,
    responsibility,
    v1_parts,
)

V1 = DetectionConfig(loss="yolo-v1")
ONE_DIGIT = encode(torch.tensor([[[40.0, 40, 68, 68]]], dtype=torch.float64), torch.tensor([[2]]))  # in the middle


def some(count: int, channels: int, seed: int = 0) -> tuple[Tensor, CellTruth]:
    """Outputs (count, channels, 7, 7) and a truth with up to four digits a scene, float64."""
    chance = Generator().manual_seed(seed)
    outputs = torch.randn(count, channels, 7, 7, generator=chance, dtype=torch.float64) * 0.7
    start = torch.rand(count, 4, 2, generator=chance, dtype=torch.float64) * 70
    size = torch.rand(count, 4, 2, generator=chance, dtype=torch.float64) * 38 + 4
    classes = torch.randint(-1, 10, (count, 4), generator=chance)
    return outputs, encode(torch.cat([start, start + size], dim=2), classes)


def test_the_five_sums_by_hand() -> None:
    outputs = torch.zeros(1, 15, 7, 7, dtype=torch.float64)
    outputs[0, :5, 3, 3] = torch.tensor([0.5, 0.375, 0.5, 0.6, 0.7], dtype=torch.float64)
    outputs[0, 5 + 2, 3, 3] = 0.8
    outputs[0, 4, 0, 0] = 0.2
    # Predicted: 28 x 40.32 around (56, 54); true: 28 x 28 around (54, 54)
    overlap = 26 * 28 / (28 * 40.32 + 28 * 28 - 26 * 28)
    expected = [0.125**2, 0.1**2, (0.7 - overlap) ** 2, 0.2**2, 0.2**2]
    assert loss_parts(V1, outputs, ONE_DIGIT).tolist() == pytest.approx(expected, abs=1e-12)
    without_roots = loss_parts(DetectionConfig(loss="yolo-v1", square_roots=False), outputs, ONE_DIGIT)
    assert float(without_roots[1]) == pytest.approx(0.25**2 + 0.35**2)


def test_the_three_sums_by_hand() -> None:
    parts = loss_parts(DetectionConfig(), torch.zeros(1, 15, 7, 7, dtype=torch.float64), ONE_DIGIT)
    overlap = 26**2 / (2 * 28**2 - 26**2) - (30**2 - (2 * 28**2 - 26**2)) / 30**2  # shifted by two pixels each way
    assert parts.tolist() == pytest.approx([49 * log(2), 1 - overlap, log(10)], abs=1e-12)


def overlap_of(ours: list[float], theirs: list[float]) -> tuple[float, float]:
    """IoU and generalized IoU of two boxes, each the centre and the sides."""
    (x, y, w, h), (u, v, a, b) = ours, theirs
    across = max(min(x + w / 2, u + a / 2) - max(x - w / 2, u - a / 2), 0)
    down = max(min(y + h / 2, v + b / 2) - max(y - h / 2, v - b / 2), 0)
    union = w * h + a * b - across * down
    wide = max(x + w / 2, u + a / 2) - min(x - w / 2, u - a / 2)
    high = max(y + h / 2, v + b / 2) - min(y - h / 2, v - b / 2)
    return across * down / union, across * down / union - (wide * high - union) / (wide * high)


def plain_v1(outputs: Tensor, truth: CellTruth, boxes: int, square_roots: bool) -> list[float]:
    """The five sums of arXiv:1506.02640, equation 3, one cell and box after the other."""
    sums = [0.0] * 5
    for scene in range(len(outputs)):
        for row in range(7):
            for column in range(7):
                numbers = outputs[scene, :, row, column].tolist()
                own = [numbers[5 * b : 5 * b + 5] for b in range(boxes)]
                if not truth.is_object[scene, row, column]:
                    sums[3] += sum(box[4] ** 2 for box in own)
                    continue
                x, y, w, h = truth.offsets[scene, row, column].tolist()
                overlaps = []
                for box in own:
                    sides = [s * s if square_roots else max(s, 0.0) for s in box[2:4]]
                    ours = [box[0] * 16, box[1] * 16, sides[0] * 112, sides[1] * 112]
                    overlaps.append(overlap_of(ours, [x * 16, y * 16, w * 112, h * 112])[0])
                chosen = overlaps.index(max(overlaps))
                for b, box in enumerate(own):
                    if b != chosen:
                        sums[3] += box[4] ** 2
                        continue
                    wanted = [w**0.5, h**0.5] if square_roots else [w, h]
                    sums[0] += (box[0] - x) ** 2 + (box[1] - y) ** 2
                    sums[1] += (box[2] - wanted[0]) ** 2 + (box[3] - wanted[1]) ** 2
                    sums[2] += (box[4] - overlaps[b]) ** 2
                digit = int(truth.classes[scene, row, column])
                sums[4] += sum((p - (k == digit)) ** 2 for k, p in enumerate(numbers[5 * boxes :]))
    return [each / len(outputs) for each in sums]


def plain_modern(outputs: Tensor, truth: CellTruth) -> list[float]:
    """The three sums, one cell after the other."""
    sums, digits = [0.0] * 3, 0
    for scene in range(len(outputs)):
        for row in range(7):
            for column in range(7):
                presence, *box = outputs[scene, :5, row, column].tolist()
                likely = outputs[scene, 5:, row, column].tolist()
                there = bool(truth.is_object[scene, row, column])
                sums[0] += log(1 + exp(-presence if there else presence))
                if there:
                    digits += 1
                    x, y, w, h = truth.offsets[scene, row, column].tolist()
                    centre = [16 / (1 + exp(-each)) for each in box[:2]]
                    sides = [28 * exp(min(max(each, -3), 2)) for each in box[2:]]
                    sums[1] += 1 - overlap_of([*centre, *sides], [x * 16, y * 16, w * 112, h * 112])[1]
                    sums[2] += log(sum(map(exp, likely))) - likely[int(truth.classes[scene, row, column])]
    return [each / digits for each in sums]


@pytest.mark.parametrize("boxes", [1, 2])
@pytest.mark.parametrize("square_roots", [True, False])
def test_the_five_sums_are_those_of_a_plain_loop(boxes: int, square_roots: bool) -> None:
    config = DetectionConfig(loss="yolo-v1", boxes=boxes, square_roots=square_roots)
    outputs, truth = some(5, 5 * boxes + 10)
    assert loss_parts(config, outputs, truth).tolist() == pytest.approx(
        plain_v1(outputs, truth, boxes, square_roots), rel=1e-9
    )


def test_the_three_sums_are_those_of_a_plain_loop() -> None:
    outputs, truth = some(5, 15)
    outputs[:, 3:5] *= 4  # beyond where sizes stop
    assert modern_parts(outputs, truth).tolist() == pytest.approx(plain_modern(outputs, truth), rel=1e-9)


def test_the_box_with_the_highest_overlap_answers_for_the_digit() -> None:
    outputs = torch.zeros(1, 20, 7, 7, dtype=torch.float64)
    outputs[0, 0:4, 3, 3] = torch.tensor([0.375, 0.375, 0.4, 0.5])
    outputs[0, 5:9, 3, 3] = torch.tensor([0.375, 0.375, 0.5, 0.49])
    responsible, overlap = responsibility(outputs, ONE_DIGIT, 2, True)
    assert responsible.nonzero().tolist() == [[0, 3, 3, 1]]
    assert overlap[0, 3, 3].tolist() == pytest.approx([(0.4 / 0.5) ** 2, (0.49 / 0.5) ** 2])
    outputs[0, :10, 3, 3] = 0  # boxes without an area
    assert responsibility(outputs, ONE_DIGIT, 2, True)[0].nonzero().tolist() == [[0, 3, 3, 0]]


def test_scenes_without_digits_have_a_loss() -> None:
    empty = encode(torch.zeros(2, 1, 4, dtype=torch.float64), torch.full((2, 1), -1))
    outputs, _ = some(2, 15)
    presence = outputs[:, 0]
    assert modern_parts(outputs, empty).tolist() == pytest.approx(
        [float(torch.log1p(presence.exp()).sum()), 0.0, 0.0], rel=1e-9
    )
    assert loss_parts(V1, outputs, empty).tolist()[:3] == [0, 0, 0]


@pytest.mark.parametrize("boxes", [1, 2])
def test_gradients_of_the_five_sums(boxes: int) -> None:
    outputs, truth = some(2, 5 * boxes + 10, seed=3)
    responsible, overlap = responsibility(outputs, truth, boxes, True)  # what is wanted has no gradient

    def sums(values: Tensor) -> Tensor:
        return v1_parts(values, truth, responsible=responsible, overlap=overlap, square_roots=True)

    assert torch.autograd.gradcheck(sums, outputs.requires_grad_())


def test_gradients_of_the_three_sums() -> None:
    outputs, truth = some(2, 15, seed=3)
    assert torch.autograd.gradcheck(lambda values: modern_parts(values, truth), outputs.requires_grad_())


def test_overlaps_are_torchvisions() -> None:
    chance = Generator().manual_seed(1)
    start = torch.rand(2, 40, 2, generator=chance, dtype=torch.float64) * 60
    boxes = torch.cat([start, start + 1 + 50 * torch.rand(2, 40, 2, generator=chance, dtype=torch.float64)], dim=2)
    ours, theirs = boxes
    torch.testing.assert_close(iou(ours.unsqueeze(1), theirs.unsqueeze(0)), box_iou(ours, theirs))
    loss = generalized_box_iou_loss(ours, theirs, reduction="none", eps=0)
    torch.testing.assert_close(1 - generalized_iou(ours, theirs), loss)
