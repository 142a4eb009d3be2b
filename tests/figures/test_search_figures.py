"""The best so far never falls, and a run's curves leave out what was not measured."""

from __future__ import annotations

import numpy as np

from explainer.figures.search import Found, best_so_far, trial_curves


def test_the_best_so_far_is_the_highest_until_then() -> None:
    found = [Found("a", np.array([0.2, 0.1, 0.5, 0.4])), Found("b", np.array([]))]
    figure = best_so_far(found, 9, ("runs", "best"), dark=False, height=200)
    assert list(figure.data[0].y) == [20, 20, 50, 50] and list(figure.data[0].x) == [1, 2, 3, 4]
    assert len(figure.data[1].x) == 0 and tuple(figure.layout.xaxis.range) == (0.5, 9.5)


def test_a_run_that_diverged_is_none_of_the_best() -> None:
    figure = best_so_far([Found("a", np.array([np.nan, 0.2, np.nan]))], 9, ("runs", "best"), dark=False, height=200)
    assert np.array_equal(figure.data[0].y, [np.nan, 20, 20], equal_nan=True)


def test_without_any_run_the_axis_is_that_of_accuracies() -> None:
    figure = best_so_far([Found("a", np.array([]))], 9, ("runs", "best"), dark=True, height=200)
    assert tuple(figure.layout.yaxis.range) == (0, 100)


def test_what_was_not_measured_is_not_drawn() -> None:
    steps = np.array([0.0, 5.0, 10.0])
    losses, right = np.array([np.nan, 2.0, 1.0]), np.array([0.1, np.nan, 0.9])
    figure = trial_curves(steps, losses, right, ("steps", "loss", "right"), dark=False, height=200)
    loss, accuracy = figure.data
    assert (list(loss.x), list(loss.y)) == ([5, 10], [2, 1])
    assert (list(accuracy.x), list(accuracy.y), accuracy.yaxis) == ([0, 10], [10, 90], "y2")
