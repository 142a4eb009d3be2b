"""Boxes with anchors sifted and taken apart, against torchvision, and the code that finds the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torchvision.ops import box_iou, nms

from explainer.data.assets import assets_path
from explainer.data.samples import original
from explainer.tasks.face_cells import Pair, boxes_of_cell, sifted
from explainer.tasks.face_detector import Candidates, candidates, decode
from explainer.tasks.face_detector_code import face_detector_code
from explainer.tasks.face_formula import box_formulas


def found_by_chance(seed: int) -> Candidates:
    return decode(np.random.default_rng(seed).normal(0, 1.5, (25, 3, 3)).astype(np.float32), 90)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("least", "alike"), [(0.0, 0.3), (0.4, 0.5), (0.8, 0.1), (1.0, 0.5)])
def test_what_is_kept_is_what_torchvision_keeps(seed: int, least: float, alike: float) -> None:
    found = found_by_chance(seed)
    made = sifted(found, least, alike)
    assert (np.diff(found.scores[made.every]) <= 0).all() and len(made.every) == 45
    assert sorted(made.above) == np.flatnonzero(found.scores > least).tolist()
    boxes, scores = torch.from_numpy(found.boxes[made.above]), torch.from_numpy(found.scores[made.above])
    assert made.kept.tolist() == made.above[nms(boxes, scores, alike).numpy()].tolist()
    assert sorted(pair.gone for pair in made.pairs) == sorted(set(made.above) - set(made.kept))
    overlaps = box_iou(torch.from_numpy(found.boxes), torch.from_numpy(found.boxes)).numpy()
    for pair in made.pairs:
        assert pair.overlap == pytest.approx(overlaps[pair.kept, pair.gone], abs=1e-12)
        assert pair.overlap > alike and found.scores[pair.kept] >= found.scores[pair.gone]


def test_a_box_goes_for_the_best_that_it_overlaps() -> None:
    boxes = np.array([[0, 0, 10, 10], [0, 0, 10, 9], [50, 50, 60, 60], [0, 0, 10, 8]], float)
    found = Candidates(boxes, np.array([0.7, 0.9, 0.8, 0.6]), np.zeros((4, 3), np.int64), np.zeros((25, 1, 1)))
    made = sifted(found, 0.5, 0.5)
    assert made.kept.tolist() == [1, 2]
    assert made.pairs == (Pair(1, 0, 0.9), Pair(1, 3, pytest.approx(8 / 9)))


def test_the_boxes_of_a_cell_are_its_own() -> None:
    found = found_by_chance(0)
    made = boxes_of_cell(found, 2, 1)
    rows = np.flatnonzero((found.places[:, :2] == (2, 1)).all(axis=1))
    assert [each.box for each in made] == [tuple(box) for box in found.boxes[rows]]
    assert [each.score for each in made] == found.scores[rows].tolist()
    assert [each.numbers for each in made] == [tuple(map(float, found.raw[5 * a : 5 * a + 5, 2, 1])) for a in range(5)]
    assert made[1].anchor == (6.041143, 7.080126)


def test_formulas_by_hand() -> None:
    raw = np.zeros((25, 2, 2), np.float32)
    raw[:5, 1, 0] = (0, np.log(3), np.log(2), 0, -np.log(4))
    made = box_formulas(boxes_of_cell(decode(raw, 100), 1, 0)[0], row=1, column=0, cells=2, extent=100)
    assert made == (
        r"x = \tfrac{100}{2}\,(0 + \sigma(0)) = 25.0",
        r"y = \tfrac{100}{2}\,(1 + \sigma(1.099)) = 87.5",
        r"w = \tfrac{100}{2} \cdot 1.603\, e^{0.693} = 160.3",
        r"h = \tfrac{100}{2} \cdot 2.094\, e^{0} = 104.7",
        r"\mathrm{score} = \sigma(-1.386) = 0.200",
    )


@pytest.mark.parametrize(("name", "side"), [("astronaut", 224), ("photographer", 416), ("cat", 224)])
def test_the_code_finds_the_same(name: str, side: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(assets_path().parent)
    file = {"astronaut": "astronaut.png", "photographer": "camera.png", "cat": "chelsea.png"}[name]
    names: dict[str, Any] = {}
    exec(face_detector_code(f"assets/images/{file}", side=side, least=0.02, most_alike=0.4), names)
    found = candidates(original(name).rgb, side)
    made = sifted(found, 0.02, 0.4)
    np.testing.assert_allclose(names["boxes"].numpy(), found.boxes, rtol=0, atol=1e-2)
    np.testing.assert_allclose(names["scores"].numpy(), found.scores, rtol=0, atol=1e-5)
    assert names["kept"].tolist() == made.kept.tolist()
