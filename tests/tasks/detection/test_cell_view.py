"""One cell with its numbers: against ``decode``, and against sums by hand."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch

from explainer.tasks.detection.cell_view import cell_of, first_views, found_digits
from explainer.tasks.detection.cells import decode
from explainer.tasks.detection.config import GRID, DetectionConfig
from explainer.tasks.detection.detection_formula import box_formulas, loss_formula
from explainer.tasks.detection.examples import WATCHED, unseen_examples, watched
from explainer.tasks.detection.loop import train
from explainer.tasks.detection.network import build, untrained
from explainer.training.snapshot import Snapshot

CONFIGS = [
    DetectionConfig(loss="yolo-v1", boxes=2),
    DetectionConfig(loss="yolo-v1", boxes=1, square_roots=False),
    DetectionConfig(loss="modern"),
]
BOXES = np.array([[10.0, 20, 30, 50], [0, 0, 0, 0]], np.float32)  # centre 20, 35: row 2, column 1
CLASSES = np.array([4, -1])


@pytest.mark.parametrize("config", CONFIGS)
def test_every_cell_says_what_decode_says(config: DetectionConfig) -> None:
    outputs = torch.randn(1, config.channels, GRID, GRID, generator=torch.Generator().manual_seed(1))
    all_boxes = decode(config, outputs)
    number = 0
    for row in range(GRID):
        for column in range(GRID):
            cell = cell_of(config, outputs[0].numpy(), BOXES, CLASSES, row=row, column=column)
            for box in cell.boxes:
                assert box.box == pytest.approx(all_boxes.boxes[0, number].tolist(), abs=1e-4)
                assert box.score == pytest.approx(float(all_boxes.scores[0, number]), abs=1e-6)
                if box.score:
                    assert cell.digit == int(all_boxes.classes[0, number])
                number += 1
            assert cell.truth == (4 if (row, column) == (2, 1) else None)
    assert number == GRID * GRID * config.boxes_of_a_cell


def outputs_by_hand(config: DetectionConfig, numbers: list[float]) -> Any:
    outputs = np.zeros((config.channels, GRID, GRID), np.float32)
    outputs[: len(numbers), 2, 1] = numbers
    outputs[-10 + 4, 2, 1] = 0.5  # class 4
    return outputs


def test_the_better_box_is_responsible() -> None:
    config = DetectionConfig(loss="yolo-v1", boxes=2, square_roots=False)
    exact = [0.25, 0.1875, 20 / 112, 30 / 112, 0.8]  # 20 = 16 (1 + 0.25), 35 = 16 (2 + 0.1875)
    half = [0.25, 0.1875, 20 / 112, 15 / 112, 0.4]
    cell = cell_of(config, outputs_by_hand(config, half + exact), BOXES, CLASSES, row=2, column=1)
    assert [box.overlap for box in cell.boxes] == pytest.approx([0.5, 1.0])
    assert [box.is_responsible for box in cell.boxes] == [False, True]
    assert cell.boxes[1].box == pytest.approx((10, 20, 30, 50), abs=1e-4)
    assert [box.score for box in cell.boxes] == pytest.approx([0.2, 0.4])
    elsewhere = cell_of(config, outputs_by_hand(config, half), BOXES, CLASSES, row=0, column=0)
    assert [(box.overlap, box.is_responsible) for box in elsewhere.boxes] == [(None, False)] * 2


def test_the_formulas_of_a_box() -> None:
    config = DetectionConfig(loss="yolo-v1", boxes=1)
    outputs = outputs_by_hand(config, [0.25, -0.5, 0.5, -0.25, 0.4])
    cell = cell_of(config, outputs, BOXES, CLASSES, row=2, column=1)
    assert box_formulas(config, cell, cell.boxes[0]) == (
        r"x = 16\,(1 + 0.25) = 20.0",
        r"y = 16\,(2 + (-0.5)) = 24.0",
        r"w = 112 \cdot 0.5^2 = 28.0",
        r"h = 112 \cdot (-0.25)^2 = 7.0",
        r"\mathrm{score} = 0.4 \cdot 0.5 = 0.200",
    )


@pytest.mark.parametrize("config", CONFIGS)
def test_what_a_formula_says_is_what_its_numbers_give(config: DetectionConfig) -> None:
    outputs = torch.randn(config.channels, GRID, GRID, generator=torch.Generator().manual_seed(2)).numpy() * 2
    for row, column in ((0, 0), (2, 1), (6, 3)):
        cell = cell_of(config, outputs, BOXES, CLASSES, row=row, column=column)
        for box in cell.boxes:
            for formula in box_formulas(config, cell, box):
                _, made, result = formula.split(" = ")
                assert evaluated(made) == pytest.approx(float(result), rel=0.012, abs=0.09)


def evaluated(latex: str) -> float:
    """The number that a formula of a box gives, with Python's own arithmetic."""
    text = re.sub(r"(\d)\\,\(", r"\1 * (", latex)
    text = re.sub(r"\\sigma\(([^()]*)\)", r"(1 / (1 + 2.718281828459045 ** -(\1)))", text)
    text = re.sub(r"\\,e\^\{([^{}]*)\}", r" * 2.718281828459045 ** (\1)", text)
    text = re.sub(r"(\S+) \\cdot 10\^\{(-?\d+)\}", r"\1e\2", text)
    text = text.replace(r"\cdot", "*").replace(r"\max", "max").replace("^", "**")
    return float(eval(text))


def test_the_weights_stand_in_the_loss() -> None:
    v1, plain, modern = (loss_formula(config, (3.0, 3.0, 1.0, 0.25, 1.0)) for config in CONFIGS)
    assert v1.startswith(r"\mathcal{L} = 3 \sum") and "+ 0.25 \\sum" in v1 and r"\sqrt{w}" in v1
    assert r"\sqrt" not in plain and r"\Delta w^2" in plain
    assert modern == r"\mathcal{L} = \mathrm{BCE}(p) + 3\,(1 - \mathrm{GIoU}) + 1\,\mathrm{CE}(c)"


@pytest.mark.parametrize("config", CONFIGS)
def test_untrained_is_how_a_run_begins(config: DetectionConfig) -> None:
    torch.manual_seed(config.seed)
    state = torch.get_rng_state()
    ours = untrained(config).state_dict()
    assert torch.equal(torch.get_rng_state(), state)
    for name, theirs in build(config).state_dict().items():
        assert torch.equal(ours[name], theirs), name


def test_the_watched_scenes_are_the_first_of_the_tests() -> None:
    ours, every = watched(2), unseen_examples(2)
    assert np.array_equal(ours.pictures, every.pictures[:WATCHED, 0].numpy())
    assert np.array_equal(ours.boxes, every.boxes[:WATCHED].numpy())
    assert np.array_equal(ours.classes, every.classes[:WATCHED].numpy())


def test_the_first_views_are_those_of_the_first_snapshot() -> None:
    config = CONFIGS[0]
    first = next(report for report in train(config) if isinstance(report, Snapshot))
    assert first.views is not None
    assert np.allclose(first_views(config).outputs, first.views.outputs, atol=1e-4)


def test_a_digit_is_found_by_a_box_of_its_class_that_covers_half() -> None:
    boxes = np.array([[[0, 0, 10, 10], [50, 50, 60, 60], [0, 0, 0, 0]]], np.float32)
    classes = np.array([[3, 3, -1]])

    def found(*rows: list[float]) -> tuple[int, int]:
        return found_digits(np.array([rows], np.float32), boxes, classes)

    assert found([0, 0, 10, 5.1, 0.9, 3]) == (1, 2)
    assert found([0, 0, 10, 4.9, 0.9, 3]) == (0, 2)
    assert found([0, 0, 10, 10, 0.9, 4]) == (0, 2)
    assert found([0, 0, 10, 10, 0.0, 3]) == (0, 2)  # no box
    assert found([0, 0, 10, 10, 0.9, 3], [0, 0, 10, 9, 0.8, 3], [50, 50, 60, 60, 0.1, 3]) == (2, 2)
