"""Average precision: computed by hand, and against plain loops."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.tasks.average_precision import (
    THRESHOLDS,
    Detections,
    Truths,
    area,
    average_precision,
    eleven_points,
    mean_average_precision,
    precision_recall,
    ranked,
)


def slow_iou(a: list[float], b: list[float]) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    both = max(width, 0) * max(height, 0)
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def slow_area(flags: list[bool], objects: int) -> float:
    """Each right detection adds 1 / objects, at the best precision from there on."""
    precisions = [sum(flags[: i + 1]) / (i + 1) for i in range(len(flags))]
    return sum(max(precisions[i:]) / objects for i, right in enumerate(flags) if right)


def slow_average_precision(
    detections: list[Detections], truths: list[Truths], kind: int, threshold: float
) -> float | None:
    objects = sum(list(truth.classes).count(kind) for truth in truths)
    if not objects:
        return None
    listed = [
        (-found.scores[i], picture, i)
        for picture, found in enumerate(detections)
        for i in range(len(found.scores))
        if found.classes[i] == kind
    ]
    taken, flags = set(), []
    for _, picture, i in sorted(listed):
        best, most = None, -1.0
        for j, box in enumerate(truths[picture].boxes):
            share = slow_iou(detections[picture].boxes[i], box)
            if truths[picture].classes[j] == kind and share > most:
                best, most = (picture, j), share
        flags.append(most > threshold and best not in taken)
        if flags[-1]:
            taken.add(best)
    return slow_area(flags, objects)


def scenes(count: int, classes: int, seed: int) -> tuple[list[Detections], list[Truths]]:
    chance = np.random.default_rng(seed)
    detections, truths = [], []
    for _ in range(count):
        number = chance.integers(0, 5)
        boxes = chance.integers(0, 80, (number, 2))
        boxes = np.concatenate([boxes, boxes + chance.integers(15, 40, (number, 2))], axis=1).astype(float)
        kinds = chance.integers(0, classes, number)
        again = chance.integers(0, 3, number)
        near = np.repeat(boxes, again, axis=0)
        near = near + chance.integers(-4, 5, near.shape)
        said = np.where(chance.random(len(near)) < 0.2, chance.integers(0, classes, len(near)), np.repeat(kinds, again))
        scores = np.round(chance.random(len(near)), 2)
        detections.append(Detections(near, scores, said))
        truths.append(Truths(boxes, kinds))
    return detections, truths


def test_by_hand() -> None:
    """Right, wrong, right, right, wrong, of four objects: precision 1, 1/2, 2/3, 3/4, 3/5."""
    curve = precision_recall([True, False, True, True, False], 4)
    np.testing.assert_allclose(curve.precision, [1, 1 / 2, 2 / 3, 3 / 4, 3 / 5])
    assert curve.recall.tolist() == [0.25, 0.25, 0.5, 0.75, 0.75]
    assert curve.envelope.tolist() == [1, 0.75, 0.75, 0.75, 0.6]
    assert area(curve) == 0.25 * 1 + 0.25 * 0.75 + 0.25 * 0.75 == 0.625
    assert eleven_points(curve) == pytest.approx((3 * 1 + 5 * 0.75 + 3 * 0) / 11)
    assert average_precision([0.5, 0.9, 0.8, 0.7, 0.6], [False, True, False, True, True], 4) == 0.625


def test_a_perfect_and_a_useless_detector() -> None:
    assert area(precision_recall([True] * 7, 7)) == pytest.approx(1, abs=1e-12)
    assert eleven_points(precision_recall([True] * 7, 7)) == 1
    assert area(precision_recall([False] * 7, 7)) == 0
    assert area(precision_recall([], 3)) == eleven_points(precision_recall([], 3)) == 0


@given(st.lists(st.booleans(), max_size=30), st.integers(0, 5))
def test_the_area_is_that_of_a_plain_loop(flags: list[bool], missed: int) -> None:
    objects = sum(flags) + missed
    if objects:
        assert area(precision_recall(flags, objects)) == pytest.approx(slow_area(flags, objects), abs=1e-12)


def test_each_object_is_found_once() -> None:
    truth = Truths([(0, 0, 10, 10), (20, 0, 30, 10)], [0, 0])
    found = Detections(
        [(0, 0, 10, 9), (0, 0, 10, 10), (20, 0, 30, 5), (50, 50, 60, 60)], [0.9, 0.8, 0.7, 0.95], [0] * 4
    )
    ranking = ranked([found], [truth])
    assert ranking.numbers.tolist() == [3, 0, 1, 2]
    assert ranking.overlaps.tolist() == [0, 0.9, 1, 0.5]
    assert ranking.is_right(0.5).tolist() == [False, True, False, False]  # the last is at the threshold, not above
    assert ranking.is_right(0.45).tolist() == [False, True, False, True]
    assert ranking.is_right(0.9).tolist() == [False, False, True, False]


def test_other_classes_and_other_pictures_are_no_match() -> None:
    box = (0, 0, 10, 10)
    said = Detections([box], [0.9], [0])
    assert not ranked([said], [Truths([box], [1])]).is_right(0.5).any()
    assert not ranked([said, Detections([], [], [])], [Truths([], []), Truths([box], [0])]).is_right(0.5).any()
    assert not ranked([said], [Truths([(50, 50, 60, 60)], [0])]).is_right(0.0).any()


@pytest.mark.parametrize("seed", range(4))
def test_the_mean_is_that_of_plain_loops(seed: int) -> None:
    detections, truths = scenes(25, 4, seed)
    found = mean_average_precision(detections, truths, 5)  # nothing is of the last class
    assert np.isnan(found.by_class[4]).all()
    for kind in range(4):
        for column, threshold in enumerate(THRESHOLDS):
            expected = slow_average_precision(detections, truths, kind, threshold)
            assert found.by_class[kind, column] == pytest.approx(expected, abs=1e-12)
    assert found.mean == pytest.approx(found.by_class[:4].mean())
    assert found.by_threshold[0] == pytest.approx(found.by_class[:4, 0].mean())
    assert THRESHOLDS == (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)


def test_a_thousand_scenes_take_a_moment() -> None:
    detections, truths = scenes(1000, 10, 0)
    start = time.process_time()
    mean_average_precision(detections, truths, 10)
    assert time.process_time() - start < 1


def test_without_objects_there_is_none() -> None:
    with pytest.raises(ValueError, match="objects"):
        mean_average_precision([Detections([], [], [])], [Truths([], [])], 3)
    with pytest.raises(ValueError, match="objects"):
        precision_recall([True], 0)
