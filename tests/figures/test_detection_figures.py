"""The classes of a cell: what is drawn is what was given."""

from __future__ import annotations

import numpy as np

from explainer.figures.detection import class_figure


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
