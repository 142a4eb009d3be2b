"""Boxes, against literal numbers and torchvision."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision.ops import box_iou, generalized_box_iou

from explainer.tasks.boxes import Box, as_boxes, enclosing, generalized_iou, iou, overlap, shared

coordinate = st.integers(0, 60)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    left, top = draw(coordinate), draw(coordinate)
    return left, top, left + draw(st.integers(1, 40)), top + draw(st.integers(1, 40))


def test_two_boxes_by_hand() -> None:
    found = overlap((10, 10, 50, 40), (30, 20, 70, 60))
    assert (found.a, found.b, found.intersection, found.union, found.enclosing) == (1200, 1600, 400, 2400, 3000)
    assert found.iou == 400 / 2400
    assert found.generalized == pytest.approx(400 / 2400 - 600 / 3000)
    assert shared((10, 10, 50, 40), (30, 20, 70, 60)) == (30, 20, 50, 40)
    assert enclosing((10, 10, 50, 40), (30, 20, 70, 60)) == (10, 10, 70, 60)


def test_disjoint_boxes_differ_in_the_generalized_iou_alone() -> None:
    near, far = overlap((0, 0, 10, 10), (10, 0, 20, 10)), overlap((0, 0, 10, 10), (90, 0, 100, 10))
    assert near.iou == far.iou == 0
    assert near.generalized == 0
    assert far.generalized == -0.8


def test_boxes_without_an_area() -> None:
    point: Box = (3, 3, 3, 3)
    assert overlap(point, point).iou == overlap(point, point).generalized == 0
    assert iou([point], [point]).tolist() == generalized_iou([point], [point]).tolist() == [[0.0]]


@given(st.lists(boxes(), max_size=6), st.lists(boxes(), max_size=6))
def test_agrees_with_torchvision(a: list[Box], b: list[Box]) -> None:
    ours, theirs = as_boxes(a), as_boxes(b)
    expected = [f(torch.from_numpy(ours), torch.from_numpy(theirs)).numpy() for f in (box_iou, generalized_box_iou)]
    np.testing.assert_allclose(iou(ours, theirs), expected[0], rtol=1e-12, atol=0)
    np.testing.assert_allclose(generalized_iou(ours, theirs), expected[1], rtol=1e-12, atol=1e-12)


@given(boxes(), boxes())
def test_one_pair_is_that_of_the_arrays(a: Box, b: Box) -> None:
    found = overlap(a, b)
    assert found.iou == iou([a], [b])[0, 0] == iou([b], [a])[0, 0]
    assert found.generalized == pytest.approx(generalized_iou([a], [b])[0, 0], abs=1e-12)
    assert -1 < found.generalized <= found.iou <= 1


def test_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        iou([1, 2, 3, 4], [[1, 2, 3, 4]])
