"""Boxes go into cells and come back, and outputs say what the formulas say."""

from __future__ import annotations

from math import exp, log

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from explainer.tasks.detection.cells import CellTruth, decode, encode, placed
from explainer.tasks.detection.config import DetectionConfig

MODERN, V1 = DetectionConfig(), DetectionConfig(loss="yolo-v1")
CONFIGS = [MODERN, V1, DetectionConfig(loss="yolo-v1", square_roots=False), DetectionConfig(loss="yolo-v1", boxes=2)]


@st.composite
def digits(draw: st.DrawFn) -> tuple[Tensor, Tensor]:
    """Up to six boxes (1, m, 4), no two with their centres in one cell, and classes (1, m), some of them -1."""
    cells = draw(st.lists(st.integers(0, 48), min_size=1, max_size=6, unique=True))
    inside = st.floats(0.02, 0.98)
    boxes = []
    for cell in cells:
        x, y = (cell % 7 + draw(inside)) * 16, (cell // 7 + draw(inside)) * 16
        width, height = draw(st.floats(2, 112)), draw(st.floats(2, 112))
        boxes.append([x - width / 2, y - height / 2, x + width / 2, y + height / 2])
    classes = draw(st.lists(st.integers(-1, 9), min_size=len(cells), max_size=len(cells)))
    return torch.tensor([boxes], dtype=torch.float64), torch.tensor([classes])


def outputs_that_say(truth: CellTruth, config: DetectionConfig) -> Tensor:
    """What a perfect network would give (n, channels, 7, 7): the formulas of the outputs, turned round."""
    x, y, width, height = truth.offsets.clamp(1e-9, 1).unbind(-1)
    one_hot = torch.nn.functional.one_hot(truth.classes.clamp(min=0), 10).double()
    if config.loss == "modern":
        presence = torch.where(truth.is_object, 40.0, -40.0).double()
        box = [presence, x.logit(), y.logit(), (4 * width).log(), (4 * height).log()]
        return torch.cat([torch.stack(box, dim=1), 60 * one_hot.permute(0, 3, 1, 2)], dim=1)
    sizes = [width.sqrt(), height.sqrt()] if config.square_roots else [width, height]
    box = torch.stack([x, y, *sizes, truth.is_object.double()], dim=1)
    others = [torch.zeros_like(box)] * (config.boxes - 1)
    return torch.cat([*others, box, one_hot.permute(0, 3, 1, 2)], dim=1)


def sorted_rows(boxes: Tensor, classes: Tensor) -> Tensor:
    rows = torch.cat([classes.unsqueeze(1).double(), boxes], dim=1)
    return torch.tensor(sorted(rows.tolist())).reshape(-1, 5)


@given(digits())
def test_what_is_encoded_comes_back(given_digits: tuple[Tensor, Tensor]) -> None:
    boxes, classes = given_digits
    truth = encode(boxes, classes)
    there = classes[0] >= 0
    back = placed(truth.offsets.unsqueeze(3))[truth.is_object][:, 0]
    expected = sorted_rows(boxes[0, there], classes[0, there])
    torch.testing.assert_close(sorted_rows(back, truth.classes[truth.is_object]), expected, rtol=0, atol=1e-9)
    assert (truth.classes[~truth.is_object] == -1).all() and (truth.offsets[~truth.is_object] == 0).all()


@pytest.mark.parametrize("config", CONFIGS, ids=["modern", "v1", "v1 without roots", "v1, two boxes"])
@given(digits())
def test_outputs_that_say_the_truth_are_decoded_to_it(
    config: DetectionConfig, given_digits: tuple[Tensor, Tensor]
) -> None:
    boxes, classes = given_digits
    found = decode(config, outputs_that_say(encode(boxes, classes), config))
    sure = found.scores[0] > 0.5
    there = classes[0] >= 0
    torch.testing.assert_close(found.scores[0, sure], torch.ones(int(there.sum()), dtype=torch.float64))
    expected = sorted_rows(boxes[0, there], classes[0, there])
    torch.testing.assert_close(sorted_rows(found.boxes[0, sure], found.classes[0, sure]), expected, rtol=0, atol=1e-5)


def test_a_digit_belongs_to_the_cell_of_its_centre() -> None:
    truth = encode(torch.tensor([[[10.0, 20, 38, 76], [0, 0, 0, 0]]]), torch.tensor([[3, -1]]))
    assert truth.is_object.nonzero().tolist() == [[0, 3, 1]]  # the centre (24, 48): on the upper edge of row 3
    assert truth.offsets[0, 3, 1].tolist() == [0.5, 0.0, 0.25, 0.5]
    assert truth.classes[0, 3, 1] == 3


def test_of_two_digits_in_one_cell_the_first_stays() -> None:
    boxes = torch.tensor([[[0.0, 0, 20, 20], [2, 2, 22, 22], [3, 3, 21, 25]]])
    truth = encode(boxes, torch.tensor([[4, 5, 6]]))
    assert truth.classes[truth.is_object].tolist() == [4]
    assert truth.offsets[0, 0, 0].tolist() == pytest.approx([10 / 16, 10 / 16, 20 / 112, 20 / 112])


def test_the_modern_outputs_by_hand() -> None:
    outputs = torch.zeros(1, 15, 7, 7, dtype=torch.float64)
    outputs[0, :5, 2, 5] = torch.tensor([log(3), log(3), -log(3), log(0.5), 9.0])  # sigmoids 0.75, 0.75, 0.25
    outputs[0, 5 + 8, 2, 5] = log(11)  # softmax 11 / 20
    found = decode(MODERN, outputs)
    assert found.boxes[0, 0].tolist() == [8 - 14, 8 - 14, 8 + 14, 8 + 14]
    assert float(found.scores[0, 0]) == pytest.approx(0.5 * 0.1)
    x, y, height = 5 * 16 + 12, 2 * 16 + 4, 28 * exp(2)  # the height's logarithm stops at 2
    expected = [x - 7, y - height / 2, x + 7, y + height / 2]
    assert found.boxes[0, 2 * 7 + 5].tolist() == pytest.approx(expected)
    assert float(found.scores[0, 2 * 7 + 5]) == pytest.approx(0.75 * 11 / 20)
    assert found.classes[0, 2 * 7 + 5] == 8


def test_the_outputs_of_yolo_v1_by_hand() -> None:
    config = DetectionConfig(loss="yolo-v1", boxes=2)
    outputs = torch.zeros(1, 20, 7, 7)
    outputs[0, :10, 1, 0] = torch.tensor([0.5, 0.25, 0.5, -0.25, 0.9, 0.0, 0.0, 0.1, 0.2, -0.3])
    outputs[0, 10:, 1, 0] = torch.linspace(-1, 0.8, 10)
    found = decode(config, outputs)
    assert found.boxes.shape == (1, 98, 4)
    assert found.boxes[0, 14].tolist() == pytest.approx([8 - 14, 20 - 3.5, 8 + 14, 20 + 3.5])  # 0.25 and 0.0625 of 112
    assert found.scores[0, 14:16].tolist() == pytest.approx([0.9 * 0.8, 0.0])
    assert found.classes[0, 14:16].tolist() == [9, 9]
