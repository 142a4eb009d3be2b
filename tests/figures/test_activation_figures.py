from __future__ import annotations

import numpy as np
import pytest

from explainer.figures import theme
from explainer.figures.activation import gradients_over_layers, histograms

NAN = np.nan


def test_every_pixel_is_in_a_bar() -> None:
    before = np.array([[-2.0, -1.0], [0.0, 2.0]])
    first, second = histograms(before, np.maximum(before, 0), dark=False).data
    assert sum(first.y) == pytest.approx(100) and sum(second.y) == pytest.approx(100)
    assert (first.customdata[0][0], first.customdata[-1][1]) == (-2, 2)
    assert second.y[0] == 75  # three zeros
    assert second.xaxis == "x2"
    assert (first.marker.color, second.marker.color) == theme.QUALITATIVE[:2]


def test_a_map_of_one_value_is_one_bar() -> None:
    bars = histograms(np.full((3, 3), 7.0), np.zeros((3, 3)), dark=True).data
    assert [max(each.y) for each in bars] == [100, 100]


def test_magnitudes_stand_on_a_logarithmic_axis() -> None:
    gradients = np.array([[0.25, -0.0625], [1.0, 1.0]])
    figure = gradients_over_layers(gradients, ["a", "b"], dark=False)
    np.testing.assert_array_equal(figure.data[0].y, [0.25, 0.0625])
    assert figure.data[0].x.tolist() == [1, 2]
    assert [line.name for line in figure.data] == ["a: <b>−0.0625</b>", "b: <b>1</b>"]
    low, high = figure.layout.yaxis.range
    assert figure.layout.yaxis.type == "log" and 10**low < 0.0625 and 10**high > 1


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([0.5, 0.0, 0.0], "0 from layer 2 on"),
        ([NAN, NAN, NAN], "undefined from layer 1 on"),
        ([0.5, 1e-20, 1.234e-33], "1.23 · 10<sup>−33</sup>"),
        ([1.0, 1.0, 1e12], "10<sup>12</sup>"),
    ],
)
def test_what_no_such_axis_can_show_is_said(values: list[float], text: str) -> None:
    (line,) = gradients_over_layers(np.array([values]), ["f"], dark=True).data
    assert line.name == f"f: <b>{text}</b>"
    shown = np.array(line.y, dtype=float)
    assert np.isnan(shown[[not v > 0 for v in values]]).all()
