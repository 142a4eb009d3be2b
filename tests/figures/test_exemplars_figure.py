"""The bars of the classes that a unit likes best."""

from __future__ import annotations

import numpy as np
import pytest

from explainer.figures import theme
from explainer.figures.exemplars import class_counts


@pytest.mark.parametrize("dark", [False, True])
def test_bars_carry_their_numbers_and_what_chance_gives(dark: bool) -> None:
    counts, expected = np.array([3, 0, 7]), np.array([4.0, 2.5, 3.5])
    figure = class_counts(counts, expected, ("a", "b", "c"), dark)
    (bars,) = figure.data
    assert list(bars.y) == [3, 0, 7] and list(bars.text) == ["3", "0", "<b>7</b>"]
    colors = bars.marker.color
    assert colors[2] == theme.QUALITATIVE[0] and colors[0] == colors[1] == theme.palette(dark).quiet
    assert [(line.x0, line.x1, line.y0, line.y1) for line in figure.layout.shapes] == [
        (place - 0.46, place + 0.46, level, level) for place, level in enumerate(expected)
    ]
    assert list(figure.layout.xaxis.ticktext) == ["a", "b", "c"]
    assert figure.layout.yaxis.range[1] > 7 and figure.layout.yaxis.range[0] == 0
