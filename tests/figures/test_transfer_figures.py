"""The map of features and accuracy against depth: what is drawn is what was given."""

from __future__ import annotations

import numpy as np

from explainer.figures.transfer import case_figure, depth_figure, few_figure, map_figure


def test_every_class_has_its_pictures_and_their_marks() -> None:
    places, labels = np.arange(8.0).reshape(4, 2), np.array([0, 1, 1, 0])
    learned, wrong = np.array([True, False, False, False]), np.array([False, True, False, False])
    titles = ["a", "b", "c", "d"]
    figure = map_figure(
        places, labels, ["x", "y"], is_learned=learned, is_wrong=wrong, titles=titles, dark=False, height=300
    )
    first, second = figure.data
    assert list(first.x) == [0, 6] and list(first.y) == [1, 7] and list(first.customdata) == ["a", "d"]
    assert list(first.marker.symbol) == ["circle", "circle-open"]
    assert list(second.marker.symbol) == ["x-thin", "circle-open"]


def test_draws_are_points_and_their_mean_a_line() -> None:
    accuracy = np.array([[0.2, 0.4], [0.6, 1.0]])
    figure = depth_figure(accuracy, ["a", "b"], 1, chance=0.5, axis="right", dark=True, height=300)
    points, line = figure.data
    assert list(points.x) == [0, 0, 1, 1] and list(points.y) == [20, 40, 60, 100]
    assert np.allclose(line.y, [30, 80])
    level, band = figure.layout.shapes
    assert level.y0 == 50 and (band.x0, band.x1) == (0.6, 1.4)


def test_a_case_has_a_bar_for_each_way_and_a_point_for_each_known_split() -> None:
    accuracy = np.array([[0.5, 0.7], [0.25, np.nan], [np.nan, np.nan]])
    figure = case_figure(accuracy, ["a", "b", "c"], [False, True, False], chance=0.2, dark=False, height=150)
    bars, points = figure.data
    assert np.allclose(bars.x, [60, 25, np.nan], equal_nan=True) and list(bars.y) == [0, 1, 2]
    assert list(points.x) == [50, 70, 25] and list(points.y) == [0, 0, 1]
    assert list(figure.layout.yaxis.ticktext) == ["a", "<b>b</b>", "c"]
    assert [each.text for each in figure.layout.annotations] == ["60.0\u00a0%", "25.0\u00a0%"]
    assert figure.layout.shapes[0].x0 == 20


def test_a_way_is_a_line_through_the_means_of_its_seeds() -> None:
    accuracy = np.array([[[0.5, 0.7], [0.8, np.nan], [np.nan, np.nan]]])
    titles = ("pictures", "right", "guessing")
    figure = few_figure(accuracy, (1, 5, 10), ["a"], titles=titles, chance=0.2, dark=True, height=300)
    line, points = figure.data
    assert list(line.x) == [1, 5, 10] and np.allclose(line.y, [60, 80, np.nan], equal_nan=True)
    assert list(points.x) == [1, 1, 5] and list(points.y) == [50, 70, 80]
    assert figure.layout.shapes[0].y0 == 20 and figure.layout.annotations[0].text == "guessing"
