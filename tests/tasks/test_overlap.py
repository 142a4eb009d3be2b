"""Confusion matrix, IoU and Dice: by hand, and against sets of pixels."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, f1_score, jaccard_score

from explainer.tasks.overlap import accuracy, confusion, dice, intersection_over_union, mean_iou

TRUTH = np.array([[0, 0, 1], [1, 1, 2]])
FOUND = np.array([[0, 1, 1], [1, 2, 2]])


def test_a_small_picture_by_hand() -> None:
    matrix = confusion(TRUTH, FOUND, 4)
    assert matrix.tolist() == [[1, 1, 0, 0], [0, 2, 1, 0], [0, 0, 1, 0], [0, 0, 0, 0]]
    np.testing.assert_allclose(intersection_over_union(matrix), [1 / 2, 2 / 4, 1 / 2, math.nan])
    np.testing.assert_allclose(dice(matrix), [2 / 3, 4 / 6, 2 / 3, math.nan])
    assert mean_iou(matrix) == pytest.approx(0.5)
    assert accuracy(matrix) == pytest.approx(4 / 6)


def test_nothing_has_no_score() -> None:
    matrix = confusion(np.zeros((0, 3), int), np.zeros((0, 3), int), 2)
    assert matrix.tolist() == [[0, 0], [0, 0]]
    assert math.isnan(mean_iou(matrix)) and math.isnan(accuracy(matrix))


@pytest.mark.parametrize("found", [np.array([0, 3]), np.array([0, -1]), np.array([0])])
def test_what_does_not_fit_is_refused(found: np.ndarray) -> None:
    with pytest.raises(ValueError, match="="):
        confusion(np.array([0, 1]), found, 3)


@given(pairs=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=60))
def test_as_scikit_learn_counts_them(pairs: list[tuple[int, int]]) -> None:
    truth, found = np.array(pairs).T
    matrix = confusion(truth, found, 4)
    kinds = [0, 1, 2, 3]
    np.testing.assert_array_equal(matrix, confusion_matrix(truth, found, labels=kinds))
    ious, dices = intersection_over_union(matrix), dice(matrix)
    np.testing.assert_allclose(
        np.nan_to_num(dices), f1_score(truth, found, labels=kinds, average=None, zero_division=0)
    )
    there = jaccard_score(truth, found, labels=kinds, average=None, zero_division=0)
    np.testing.assert_allclose(np.nan_to_num(ious), there)
    np.testing.assert_allclose(dices, 2 * ious / (1 + ious))
    halves = confusion(truth[::2], found[::2], 4) + confusion(truth[1::2], found[1::2], 4)
    np.testing.assert_array_equal(matrix, halves)
