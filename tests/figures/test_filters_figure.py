"""The way that filters have moved, drawn."""

from __future__ import annotations

import numpy as np
import pytest

from explainer.figures.filters import movement


@pytest.mark.parametrize("dark", [False, True])
def test_the_way_is_drawn_in_per_cent_and_what_is_not_finite_left_out(dark: bool) -> None:
    figure = movement(np.array([0.0, 0.5, 1.0, 1.5]), np.array([0.0, 0.25, np.inf, 0.5]), dark, height=200)
    (line,) = figure.data
    assert list(line.x) == [0.0, 0.5, 1.5]
    assert list(line.y) == [0.0, 25.0, 50.0]
    assert figure.layout.height == 200
    assert figure.layout.yaxis.ticksuffix == "\u00a0%"
