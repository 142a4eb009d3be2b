"""Suppression, against torchvision and rounds done by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision.ops import batched_nms
from torchvision.ops import nms as torchvision_nms

from explainer.tasks.boxes import as_boxes
from explainer.tasks.suppression import Settings, nms, suppress

WIDE, SHIFTED, FAR = (0, 0, 10, 10), (0, 0, 10, 5), (50, 50, 60, 60)  # IoU of the first two: 1 / 2


@st.composite
def scored(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Whole pixels, and few scores: many are equal, and many IoU are exactly at a threshold."""
    side = st.integers(0, 12)
    boxes = draw(st.lists(st.tuples(side, side, st.integers(1, 9), st.integers(1, 9)), max_size=9))
    count = len(boxes)
    scores = draw(st.lists(st.sampled_from([0.2, 0.5, 0.9]), min_size=count, max_size=count))
    classes = draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))
    array = as_boxes([(x, y, x + width, y + height) for x, y, width, height in boxes])
    return array, np.array(scores, float), np.array(classes, int)


@given(scored(), st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]))
def test_greedy_is_torchvisions(made: tuple[np.ndarray, np.ndarray, np.ndarray], threshold: float) -> None:
    boxes, scores, classes = made
    tensors = torch.from_numpy(boxes), torch.from_numpy(scores)
    plain = torchvision_nms(*tensors, threshold).tolist()
    by_class = batched_nms(*tensors, torch.from_numpy(classes), threshold).tolist()
    assert nms(boxes, scores, threshold).tolist() == plain
    assert nms(boxes, scores, threshold, classes).tolist() == by_class
    steps = suppress(boxes, scores, classes, Settings(threshold=threshold, by_class=False))
    assert [step.chosen for step in steps] == plain
    steps = suppress(boxes, scores, classes, Settings(threshold=threshold))
    assert [step.chosen for step in steps] == by_class


def test_at_the_threshold_a_box_stays() -> None:
    settings = [Settings(threshold=threshold, by_class=False) for threshold in (0.5, 0.49)]
    stays, goes = (suppress([WIDE, SHIFTED, FAR], [0.9, 0.8, 0.7], [0, 0, 0], each) for each in settings)
    assert [step.chosen for step in stays] == [0, 1, 2]
    assert [step.chosen for step in goes] == [0, 2]
    first = goes[0].comparisons
    assert [(each.other, each.iou, each.is_out) for each in first] == [(1, 0.5, True), (2, 0.0, False)]


def test_soft_suppression_by_hand() -> None:
    linear = Settings("linear", threshold=0.3, by_class=False)
    (_, second, third) = suppress([WIDE, SHIFTED, FAR], [0.9, 0.8, 0.6], [0, 0, 0], linear)
    assert (second.chosen, second.score) == (2, 0.6)  # 0.8 has become 0.4
    assert (third.chosen, third.score) == (1, 0.4)
    gaussian = Settings("gaussian", sigma=0.5, by_class=False)
    third = suppress([WIDE, SHIFTED, FAR], [0.9, 0.8, 0.6], [0, 0, 0], gaussian)[2]
    assert third.score == pytest.approx(0.8 * math.exp(-0.25 / 0.5), rel=1e-12)


def test_a_score_below_the_least_is_left_out_before_and_after() -> None:
    linear = Settings("linear", threshold=0.3, least=0.45, by_class=False)
    steps = suppress([WIDE, SHIFTED, FAR, FAR], [0.9, 0.8, 0.6, 0.44], [0, 0, 0, 0], linear)
    assert [step.chosen for step in steps] == [0, 2]
    assert [(each.other, each.after, each.is_out) for each in steps[0].comparisons] == [(1, 0.4, True), (2, 0.6, False)]


@given(scored(), st.sampled_from([0.1, 0.5, 0.9]))
def test_soft_scores_never_rise_and_other_classes_are_left_alone(
    made: tuple[np.ndarray, np.ndarray, np.ndarray], sigma: float
) -> None:
    boxes, scores, classes = made
    steps = suppress(boxes, scores, classes, Settings("gaussian", sigma=sigma))
    assert sorted(step.chosen for step in steps) == list(range(len(boxes)))
    assert all(step.score <= scores[step.chosen] for step in steps)
    assert all(classes[each.other] == classes[step.chosen] for step in steps for each in step.comparisons)


def test_every_box_needs_a_score() -> None:
    with pytest.raises(ValueError, match="score"):
        suppress([WIDE], [], [0], Settings())
