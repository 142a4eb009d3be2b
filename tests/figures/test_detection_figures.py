"""The curves of a detector and the classes of a cell: what is drawn is what was given."""

from __future__ import annotations

import numpy as np
import pytest

from explainer.figures.detection import Part, Titles, class_figure, run_figure

TITLES = Titles("losses", "precision", "scenes")
SCENES = np.array([0.0, 100, 200, 300])
NONE = np.nan


def test_every_part_and_the_measurements_alone() -> None:
    parts = [Part("centre", np.array([NONE, 2.0, 0.0, 0.5])), Part("class", np.array([NONE, 9.0, 8.0, 3.0]))]
    precision = np.array([0.0, NONE, 0.25, NONE])
    figure = run_figure(SCENES, parts, precision, TITLES, end=400, dark=False, height=300)
    centre, digits, measured = figure.data
    assert [centre.name, digits.name] == ["centre", "class"]
    assert np.array_equal(centre.y, [NONE, 2.0, NONE, 0.5], equal_nan=True)  # a logarithm of 0 there is not
    assert list(measured.x) == [0, 200] and list(measured.y) == [0.0, 0.25]
    assert figure.layout.yaxis.type == "log" and list(figure.layout.yaxis2.range) == [0, 1.03]
    low, high = 10 ** np.array(figure.layout.yaxis.range)
    assert low < 0.5 and high > 9.0
    assert list(figure.layout.xaxis.range) == list(figure.layout.xaxis2.range) == [0, 400]


def test_without_a_point_there_are_axes() -> None:
    empty = np.array([])
    figure = run_figure(empty, [Part("centre", empty)], empty, TITLES, end=400, dark=True, height=300)
    assert 10 ** figure.layout.yaxis.range[0] == pytest.approx(0.01 / 1.514, rel=0.01)  # a margin of 1000 ** 0.06


def test_the_true_class_is_highlighted_and_every_bar_is_in_sight() -> None:
    values = np.array([0.5, -0.3, *[0.001] * 7, -0.001])
    figure = class_figure(values, 1, dark=False, height=200)
    (bars,) = figure.data
    assert [color == bars.marker.color[1] for color in bars.marker.color] == [each == 1 for each in range(10)]
    assert list(bars.text) == ["0.50", "−0.30", *["0.00"] * 8]
    low, high = figure.layout.yaxis.range
    assert low < -0.3 and high > 0.5


def test_classes_with_names_stand_below_their_bars() -> None:
    figure = class_figure(np.array([0.25, 0.75]), 0, dark=False, names=("bird", "flower"), height=200)
    (bars,) = figure.data
    assert list(figure.layout.xaxis.ticktext) == list(bars.hovertext) == ["bird", "flower"]
    assert list(figure.layout.xaxis.tickvals) == list(bars.x) == [0, 1]
