"""The figures of the page "What decided" show the numbers they were given."""

from __future__ import annotations

import numpy as np
import pytest

from explainer.figures import theme
from explainer.figures.attribution import rank_correlations, removal_curves


@pytest.mark.parametrize("dark", [False, True])
def test_rank_correlations(dark: bool) -> None:
    values = np.array([[1, 0.5, -0.2], [1, np.nan, 0.4]])
    figure = rank_correlations([0, 3, 6], values, ["A", "B"], dark)
    assert [trace.name for trace in figure.data] == ["A", "B"]
    for trace, row in zip(figure.data, values, strict=True):
        np.testing.assert_array_equal(trace.x, [0, 3, 6])
        np.testing.assert_array_equal(trace.y, row)
    low, high = figure.layout.yaxis.range
    assert low < -1 and high > 1
    assert len({trace.line.dash for trace in figure.data}) == 2  # told apart without colours, too


def test_removal_curves() -> None:
    shares, probabilities = np.array([0, 0.5, 1]), np.array([1, 0.25, 0.0])
    curves = [("A", shares, probabilities, 0.375), ("Random order", shares, probabilities[::-1], 0.375)]
    figure = removal_curves(curves, "Deletion", "probability of 7", False, chance="Random order")
    np.testing.assert_allclose(figure.data[0].x, [0, 50, 100])
    np.testing.assert_allclose(figure.data[0].y, [100, 25, 0])
    assert figure.data[0].name == "A <b>0.38</b>"
    assert figure.data[1].line.color == theme.LIGHT.quiet and figure.data[1].line.dash == "dot"
    assert figure.layout.title.text == "Deletion"
    assert figure.layout.yaxis.title.text == "probability of 7"
