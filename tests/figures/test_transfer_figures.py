"""The map of features and accuracy against depth: what is drawn is what was given."""

from __future__ import annotations

import numpy as np

from explainer.figures.transfer import depth_figure, map_figure


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
    assert list(points.x) == [0, 0, 1, 1] and list(points.y) == [0.2, 0.4, 0.6, 1.0]
    assert np.allclose(line.y, [0.3, 0.8])
    level, band = figure.layout.shapes
    assert level.y0 == 0.5 and (band.x0, band.x1) == (0.6, 1.4)
