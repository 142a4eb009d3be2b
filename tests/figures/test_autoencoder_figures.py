"""Errors of digits that come back, and of two starts, as they are drawn."""

from __future__ import annotations

import numpy as np
import pytest

from explainer.figures.autoencoder import ErrorCurve, StartCurves, error_figure, layers_figure, start_figure
from explainer.figures.learning import Baseline


@pytest.mark.parametrize("dark", [False, True])
def test_errors_stand_below_the_highest_level(dark: bool) -> None:
    seen = np.array([0.0, 100.0, 200.0])
    figure = error_figure(
        ErrorCurve("train", seen, np.array([np.nan, 0.05, 0.04])),
        ErrorCurve("test", seen, np.array([0.23, np.nan, 0.03])),
        [Baseline("mean", 0.07), Baseline("pca", 0.05)],
        end=400,
        titles=("error", "digits"),
        dark=dark,
        height=200,
    )
    assert figure.layout.yaxis.range == pytest.approx((0, 1.12 * 0.07))
    by_name = {trace.name: trace for trace in figure.data if trace.name}
    assert list(by_name["test"].x) == [0, 200] and list(by_name["test"].y) == [0.23, 0.03]
    assert [trace.y[0] for trace in figure.data if not trace.name] == [0.07, 0.05]
    assert {"mean", "pca"} <= {each.text for each in figure.layout.annotations}


def test_a_mean_goes_as_far_as_all_its_runs() -> None:
    errors = np.array([[90.0, 50.0, 20.0], [80.0, 40.0, np.nan]])
    starts = [StartCurves("random", errors), StartCurves("greedy", np.empty((0, 3)))]
    figure = start_figure((0, 10, 20), starts, titles=("wrong", "steps"), dark=False, height=200)
    random, greedy = (trace for trace in figure.data if trace.name)
    np.testing.assert_array_equal(random.y, [85, 45, np.nan])
    assert np.isnan(greedy.y).all() and len(figure.data) == 4


def test_layers_that_are_not_trained_yet_have_no_bar() -> None:
    shares = np.array([[10.0, 4.0, np.nan], [12.0, np.nan, np.nan]])
    figure = layers_figure(["1", "2", "3"], shares, titles=("lost", "layer"), dark=True, height=200)
    np.testing.assert_array_equal(figure.data[0].y, [11, 4, 0])
    assert len(figure.data) == 3
