from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from explainer.figures.runs import run_curve, thin
from explainer.training.snapshot import Point


def test_points_of_a_run_become_columns() -> None:
    points = [
        Point(1, 0.25, 0.5, 900.0, 0.002, 2.3, 0.1),
        Point(2, 0.5, 1.5, 900.0, 0.002, None, None, 1.25, 0.75, 10_000),
    ]
    curve = run_curve("Small", points, note="stopped", changes=((0.3, "lr 0.01"),))
    assert (curve.name, curve.note, curve.changes) == ("Small", "stopped", ((0.3, "lr 0.01"),))
    assert curve.epoch.tolist() == [0.25, 0.5]
    np.testing.assert_array_equal(curve.train_loss, [2.3, np.nan])
    np.testing.assert_array_equal(curve.train_accuracy, [0.1, np.nan])
    np.testing.assert_array_equal(curve.test_loss, [np.nan, 1.25])
    np.testing.assert_array_equal(curve.test_accuracy, [np.nan, 0.75])
    assert curve.test_digits.tolist() == [0, 10_000]


def test_few_values_are_all_drawn() -> None:
    assert thin(np.array([3.0, 1.0, 2.0]), np.zeros(3, bool), 10).tolist() == [0, 1, 2]


def test_spikes_ends_and_marks_survive() -> None:
    values = np.zeros(10_000)
    values[1234], values[5678] = 9.0, -9.0
    marks = np.zeros(10_000, bool)
    marks[[1111, 2222]] = True
    chosen = thin(values, marks, 300)
    assert len(chosen) <= 300
    assert {0, 1111, 1234, 2222, 5678, 9999} <= set(chosen.tolist())


@given(st.integers(1, 2000), st.integers(4, 300), st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_thinning_keeps_the_extremes_within_its_room(n: int, most: int, seed: int, marked: float) -> None:
    rng = np.random.default_rng(seed)
    values, marks = rng.normal(size=n), rng.random(n) < marked
    chosen = thin(values, marks, most)
    assert len(chosen) <= max(most, 4)
    assert (np.diff(chosen) > 0).all()
    assert {0, n - 1, int(values.argmin()), int(values.argmax())} <= set(chosen.tolist())
    if n > most and marks.sum() <= min(most // 2, most - 4):
        assert set(np.flatnonzero(marks).tolist()) <= set(chosen.tolist())
