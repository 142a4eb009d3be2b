"""Anchors against torchvision's own, boxes coded by its coder, and numbers by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional
from torchvision.models import vgg16
from torchvision.models.detection._utils import BoxCoder
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.ops import box_iou

from explainer.tasks.anchors import (
    BALANCE,
    BATCH,
    FIELD,
    NEGATIVE,
    POSITIVE,
    STRIDE,
    all_anchors,
    anchors_at,
    centre,
    coded,
    decoded,
    labels,
    loss,
    positions,
    resized,
    sizes,
    smooth_l1,
)
from explainer.tasks.anchors_code import anchors_code
from explainer.tasks.anchors_formula import coding_formulas, decoding_formulas, loss_formulas
from explainer.tasks.boxes import Box

SIDES = st.tuples(st.floats(-200, 900), st.floats(-200, 900), st.floats(4, 700), st.floats(4, 700))
BOXES = SIDES.map(lambda each: (each[0], each[1], each[0] + each[2], each[1] + each[3]))


def test_sizes_by_hand() -> None:
    root = 2**0.5
    expected = [(s * w, s * h) for s in (128, 256, 512) for w, h in ((1 / root, root), (1, 1), (root, 1 / root))]
    np.testing.assert_allclose(sizes(), expected, rtol=0, atol=1e-9)
    np.testing.assert_allclose(sizes().prod(axis=1), np.repeat([128**2, 256**2, 512**2], 3))
    np.testing.assert_allclose(sizes()[:3].round(1), [(90.5, 181.0), (128, 128), (181.0, 90.5)])


def test_sizes_are_those_of_torchvision_to_whole_pixels() -> None:
    made = AnchorGenerator(((128, 256, 512),), ((0.5, 1.0, 2.0),)).cell_anchors[0].numpy()  # ratios of height to width
    theirs = {(right - left, bottom - top) for left, top, right, bottom in made.tolist()}
    ours = {tuple((2 * np.rint(each / 2)).tolist()) for each in sizes()}  # it rounds each half
    assert ours == theirs


def test_positions_are_those_of_torchvision_moved_to_the_centre_of_their_fields() -> None:
    generator = AnchorGenerator(((128, 256, 512),), ((0.5, 1.0, 2.0),))
    theirs = generator.grid_anchors([[4, 6]], [[torch.tensor(16), torch.tensor(16)]])[0].numpy().reshape(24, 9, 4)
    middles = (theirs[:, 0, :2] + theirs[:, 0, 2:]) / 2 + STRIDE / 2
    ours = all_anchors(4, 6).reshape(24, 9, 4)
    np.testing.assert_allclose((ours[:, :, :2] + ours[:, :, 2:]) / 2, np.repeat(middles[:, None], 9, axis=1))
    np.testing.assert_array_equal(ours[2 * 6 + 5], anchors_at(2, 5))


def same_shape(layer: nn.Module) -> nn.Module:
    """A layer of one map that reads the same pixels, all of them with a gradient."""
    return nn.Conv2d(1, 1, 3, padding=1) if isinstance(layer, nn.Conv2d) else nn.AvgPool2d(2)


def test_a_position_is_the_centre_of_its_field_of_228_pixels() -> None:
    """By the gradient: what pixels 3 x 3 of conv5_3 depend on."""
    kinds = [each for each in vgg16(weights=None).features if not isinstance(each, nn.ReLU)][:17]  # up to conv5_3
    network = nn.Sequential(*(same_shape(each) for each in kinds), nn.Conv2d(1, 1, 3)).double()
    for weights in network.parameters():
        nn.init.ones_(weights)
    picture = torch.zeros(1, 1, 640, 640, dtype=torch.float64, requires_grad=True)
    row, column = 18, 20
    network(picture)[0, 0, row - 1, column - 1].backward()  # 3 x 3 without padding: moved by one
    assert picture.grad is not None
    down, across = (picture.grad[0, 0].sum(dim=axis).nonzero()[:, 0] for axis in (1, 0))
    assert len(down) == len(across) == FIELD
    found = ((across[0] + across[-1] + 1).item() / 2, (down[0] + down[-1] + 1).item() / 2)
    assert found == centre(row, column) == (328, 296)


@pytest.mark.parametrize(
    ("size", "expected", "cells"),
    [
        ((512, 512), (600, 600), (37, 37)),
        ((600, 400), (900, 600), (37, 56)),
        ((451, 300), (902, 600), (37, 56)),
        ((1000, 100), (1000, 100), (6, 62)),
    ],
)
def test_pictures_are_resized_as_the_paper_does(
    size: tuple[int, int], expected: tuple[int, int], cells: tuple[int, int]
) -> None:
    assert resized(*size) == expected
    assert positions(*expected) == cells


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("seed", range(6))
def test_labels_are_those_of_a_plain_loop(seed: int, inside: bool) -> None:
    left, top, wide, high = np.random.default_rng(seed).integers((0, 0, 30, 30), (500, 300, 400, 300))
    truth, size = (float(left), float(top), float(left + wide), float(top + high)), (900, 600)
    every = all_anchors(*positions(*size))
    found = labels(every, truth, size, inside_only=inside)
    overlaps = box_iou(torch.from_numpy(every), torch.tensor([truth], dtype=torch.float64))[:, 0].tolist()
    used = [not inside or (a[0] >= 0 and a[1] >= 0 and a[2] <= 900 and a[3] <= 600) for a in every.tolist()]
    best = max(each for each, takes_part in zip(overlaps, used, strict=True) if takes_part)
    expected = []
    for overlap, takes_part in zip(overlaps, used, strict=True):
        if not takes_part:
            expected.append("left out")
        elif overlap > 0.7 or abs(overlap - best) < 1e-9:
            expected.append("positive")
        else:
            expected.append("negative" if overlap < 0.3 else "ignored")
    parts = {"positive": found.is_positive, "negative": found.is_negative, "ignored": found.is_ignored}
    for name, part in {**parts, "left out": ~found.is_used}.items():
        assert part.tolist() == [each == name for each in expected]


def test_a_truth_that_no_anchor_touches_has_no_positive_one() -> None:
    found = labels(all_anchors(37, 37), (0, 0, 5, 5), (600, 600), inside_only=True)
    assert not found.is_positive.any() and found.is_negative.sum() == found.is_used.sum() > 0


def test_a_picture_smaller_than_every_anchor_has_none_inside() -> None:
    found = labels(all_anchors(4, 4), (0, 0, 50, 50), (64, 64), inside_only=True)
    assert not (found.is_used | found.is_positive | found.is_negative | found.is_ignored).any()


@given(BOXES, BOXES)
def test_the_code_of_a_box_is_that_of_torchvision_and_leads_back(truth: Box, anchor: Box) -> None:
    coder = BoxCoder((1.0, 1.0, 1.0, 1.0))
    both = [torch.tensor([each], dtype=torch.float64) for each in (truth, anchor)]
    t = coded(truth, anchor)
    assert t == pytest.approx(coder.encode_single(*both)[0].tolist(), abs=1e-9)
    assert decoded(t, anchor) == pytest.approx(truth, abs=1e-6)


def test_a_code_by_hand() -> None:
    assert coded((20, 30, 60, 50), (10, 10, 30, 50)) == pytest.approx((1.0, 0.25, np.log(2), np.log(0.5)))
    assert decoded((1.0, 0.25, np.log(2), np.log(0.5)), (10, 10, 30, 50)) == pytest.approx((20, 30, 60, 50))


@given(st.floats(-5, 5))
def test_the_smooth_loss_is_torchs(difference: float) -> None:
    values = torch.tensor([difference], dtype=torch.float64), torch.zeros(1, dtype=torch.float64)
    assert smooth_l1(difference) == pytest.approx(functional.smooth_l1_loss(*values).item(), abs=1e-12)


def test_the_loss_of_one_anchor_by_hand() -> None:
    found = loss((0, 0, 0, 0), (0.5, -2, 0, 1), 0.5, is_positive=True, positions=2_400)
    assert found.coordinates == pytest.approx((0.125, 1.5, 0, 0.5))
    assert found.class_part == pytest.approx(np.log(2) / 256)
    assert found.box_part == pytest.approx(10 * 2.125 / 2_400)
    assert found.whole == pytest.approx(0.0027076 + 0.0088542, abs=1e-6)
    negative = loss((0, 0, 0, 0), (0.5, -2, 0, 1), 0.2, is_positive=False, positions=2_400)
    assert (negative.class_part, negative.box_part) == (pytest.approx(-np.log(0.8) / 256), 0)


def test_formulas_by_hand() -> None:
    anchor, truth = (10.0, 10.0, 30.0, 50.0), (20.0, 30.0, 60.0, 50.0)
    coding = coding_formulas(truth, anchor)
    assert coding[0].endswith(r"\frac{40.0 - 20.0}{20.0} = 1.000")
    assert coding[3].endswith(r"\log \frac{20.0}{40.0} = -0.693")
    back = decoding_formulas((0.5, -0.25, 0, 0), anchor, decoded((0.5, -0.25, 0, 0), anchor))
    assert back[0].endswith(r"20.0 + 20.0 \cdot 0.5 = 30.0")
    assert back[1].endswith(r"30.0 + 40.0 \cdot (-0.25) = 20.0")
    assert back[2].endswith(r"20.0\, e^{0} = 20.0")
    found = loss((0, 0, 0, 0), (0.5, -2, 0, 1), 0.5, is_positive=True, positions=2_400)
    boxes, whole = loss_formulas(found, 0.5, is_positive=True, positions=2_400)
    assert boxes.endswith("= 0.125 + 1.500 + 0.000 + 0.500 = 2.125")
    assert r"\frac{-\log 0.5}{256} + 10 \cdot \frac{1 \cdot 2.125}{2{,}400}" in whole
    assert whole.endswith("= 0.00271 + 0.00885 = 0.01156")


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("place", [(14, 21, 1), (14, 21, 8), (0, 0, 0)])
def test_the_code_computes_the_same(place: tuple[int, int, int], inside: bool) -> None:
    truth, size, predicted = (270.0, 172.0, 420.0, 296.0), (902, 600), (0.1, -0.2, 0.3, 2.0)
    names: dict[str, Any] = {}
    exec(anchors_code(truth, size, place, predicted, probability=0.3, inside_only=inside), names)
    found = labels(all_anchors(*positions(*size)), truth, size, inside_only=inside)
    assert names["positive"].tolist() == found.is_positive.tolist()
    assert names["negative"].tolist() == found.is_negative.tolist()
    anchor = anchors_at(*place[:2])[place[2]].tolist()
    t = coded(truth, tuple(anchor))
    assert names["wanted"].tolist() == pytest.approx(t, abs=1e-12)
    number = (place[0] * 56 + place[1]) * 9 + place[2]
    is_positive = bool(found.is_positive[number])
    made = loss(predicted, t, 0.3, is_positive=is_positive, positions=37 * 56)
    expected = made.whole if is_positive or found.is_negative[number] else 0.0
    assert names["loss"].item() == pytest.approx(expected, abs=1e-12)


def test_what_the_paper_states() -> None:
    assert (BATCH, BALANCE, POSITIVE, NEGATIVE) == (256, 10, 0.7, 0.3)
    rows, columns = positions(1000, 600)
    assert (rows, columns, rows * columns * 9) == (37, 62, 20_646)  # "about 20,000 anchors"


def test_how_many_anchors_lie_inside_a_picture() -> None:
    """By the places of a box along each side: its centres 16 i + 8 are half its side or more from both ends."""
    count = 0
    for width, height in sizes():
        across = sum(width / 2 <= 16 * i + 8 <= 1000 - width / 2 for i in range(62))
        count += across * sum(height / 2 <= 16 * i + 8 <= 600 - height / 2 for i in range(37))
    found = labels(all_anchors(37, 62), (0, 0, 10, 10), (1000, 600), inside_only=True)
    assert found.is_used.sum() == count == 8_044
