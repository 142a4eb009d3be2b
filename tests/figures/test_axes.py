from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.figures.axes import (
    accuracy_limits,
    errors_limits,
    errors_ticks,
    linear_ticks,
    log_limits,
    log_ticks,
    share,
    spread,
)


@pytest.mark.parametrize(
    ("lowest", "start"),
    # From 95 to 100, 96.25 is a quarter of the way up: the axis starts at 95 from there on.
    [(10.0, 0), (62.4, 0), (62.5, 50), (84.9, 50), (85, 80), (96.2, 90), (96.25, 95), (98.5, 98), (100, 99)],
)
def test_an_accuracy_axis_starts_where_the_lowest_line_ends_in_its_upper_part(lowest: float, start: float) -> None:
    limits = accuracy_limits(np.array([lowest, 100.0]))
    assert limits == pytest.approx((start, 100 + 0.02 * (100 - start)))


def test_an_accuracy_axis_without_lines_shows_all() -> None:
    assert accuracy_limits(np.zeros(0)) == (0.0, 102.0)


def test_a_logarithmic_axis_has_an_even_margin() -> None:
    low, high = log_limits(np.array([1.0, 100.0, 10.0]))
    assert (low, high) == pytest.approx((100**-0.06, 100**1.06))
    assert log_limits(np.array([2.0])) == pytest.approx((2 / 1.1, 2 * 1.1))


def test_shares_of_an_axis() -> None:
    assert share(15.0, (10.0, 20.0)) == 0.5
    assert share(10.0, (1.0, 100.0), "log") == pytest.approx(0.5)


def test_labels_are_moved_apart_around_their_middle() -> None:
    assert spread(np.array([50.0, 54.0]), 20, 0, 100).tolist() == [42.0, 62.0]
    assert spread(np.array([54.0, 50.0]), 20, 0, 100).tolist() == [62.0, 42.0]
    assert spread(np.array([10.0, 50.0]), 20, 0, 100).tolist() == [10.0, 50.0]
    assert spread(np.array([99.0, 98.0, 97.0]), 20, 0, 100).tolist() == [100.0, 80.0, 60.0]
    assert spread(np.array([-5.0]), 20, 0, 100).tolist() == [0.0]
    # The pair at the bottom is pushed up by the border and takes the third along.
    assert spread(np.array([0.0, 1.0, 21.0]), 20, 0, 100).tolist() == [0.0, 20.0, 40.0]


@given(st.lists(st.floats(-50, 150), max_size=8), st.floats(1, 14))
def test_no_two_labels_overlap(places: list[float], gap: float) -> None:
    wished = np.array(places)
    moved = spread(wished, gap, 0, 100)  # at most 7 gaps of 14: there is room
    assert (np.diff(np.sort(moved)) > gap - 1e-9).all()
    assert ((moved > -1e-9) & (moved < 100 + 1e-9)).all()
    order = np.argsort(wished, kind="stable")
    assert (np.diff(moved[order]) > 0).all()


@pytest.mark.parametrize(
    ("limits", "ticks"),
    [
        ((0.07, 2.3), [0.1, 0.2, 0.5, 1.0, 2.0]),
        ((0.06, 0.2), [0.07, 0.1, 0.15, 0.2]),
        ((0.001, 2.5), [0.001, 0.01, 0.1, 1.0]),
        ((1e-6, 100.0), [1e-6, 1e-4, 1e-2, 1.0, 100.0]),
    ],
)
def test_ticks_of_a_logarithmic_axis_are_few_and_round(limits: tuple[float, float], ticks: list[float]) -> None:
    assert log_ticks(limits) == ticks


@pytest.mark.parametrize(
    ("limits", "ticks"),
    [
        ((0.0, 5.0), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]),
        ((0.0, 1.5), [0.0, 0.5, 1.0, 1.5]),
        ((0.0, 100.0), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]),
        ((95.0, 100.1), [95.0, 96.0, 97.0, 98.0, 99.0, 100.0]),
        ((99.0, 100.02), [99.0, 99.2, 99.4, 99.6, 99.8, 100.0]),
    ],
)
def test_ticks_of_a_linear_axis_are_few_and_round(limits: tuple[float, float], ticks: list[float]) -> None:
    assert linear_ticks(limits) == ticks


@given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e6), st.integers(3, 12))
def test_ticks_of_a_linear_axis_lie_on_it_evenly(low: float, length: float, most: int) -> None:
    ticks = linear_ticks((low, low + length), most)
    assert 1 <= len(ticks) <= most
    assert low - 1e-6 * length <= ticks[0] and ticks[-1] <= low + length * (1 + 1e-6)
    steps = np.diff(ticks)
    assert np.allclose(steps, steps[:1], rtol=1e-4)


def test_on_an_axis_of_errors_a_tenth_of_them_is_as_far_wherever_it_lies() -> None:
    limits = (0.0, 99.9)
    assert [share(value, limits, "errors") for value in (0, 90, 99, 99.9)] == pytest.approx([0, 1 / 3, 2 / 3, 1])


@pytest.mark.parametrize("best", [10.0, 60.0, 97.0, 99.31, 100.0])
def test_an_axis_of_errors_shows_guessing_and_the_best(best: float) -> None:
    low, high = errors_limits(np.array([9.8, best]))
    assert low == 9.8 and 95 < high < 100
    assert best == 100 or share(best, (low, high), "errors") < 1
    ticks = errors_ticks((low, high))
    places = [share(tick, (low, high), "errors") for tick in ticks]
    assert len(ticks) >= 4 and 0 <= places[0] < places[-1] <= 1
    assert min(np.diff(places)) >= 0.08


def test_an_axis_of_errors_without_values_shows_the_usual_range() -> None:
    assert errors_limits(np.zeros(0)) == errors_limits(np.array([10.0, 95.0]))
