"""What the figures of dropout draw, where, and with what on hover."""

from __future__ import annotations

import numpy as np
import pytest

from explainer.figures.dropout import means_over_passes, probability_spread, variance_through_layers

both = pytest.mark.parametrize("dark", [False, True])


@both
def test_means_are_drawn_over_the_passes_with_the_test_beside_them(dark: bool) -> None:
    means = (np.array([4.0, 3.0, 2.5]), np.array([2.0, 1.5, 1.25]))
    figure = means_over_passes((means[0], 2.4), (means[1], 1.2), 2, dark)
    one, two, marks = figure.data
    assert [(shape.y0, shape.y1) for shape in figure.layout.shapes] == [(2.4, 2.4), (1.2, 1.2)]
    assert list(one.x) == [1, 2, 3] and list(one.y) == [4.0, 3.0, 2.5]
    assert list(two.y) == [2.0, 1.5, 1.25]
    assert (list(marks.x), list(marks.y)) == ([2, 2], [3.0, 1.5])
    low, high = figure.layout.yaxis.range
    assert low < 0 and high > 4


@both
def test_every_mask_is_a_dot_in_the_row_of_its_class(dark: bool) -> None:
    probabilities = np.array([[0.2, 0.8], [0.6, 0.4], [1.0, 0.0]])
    mean, deviation = probabilities.mean(0), np.array([0.5, 0.1])
    figure = probability_spread(probabilities, mean, deviation, np.array([0.9, 0.1]), dark, chosen=2)
    dots, ring, full, average = figure.data
    np.testing.assert_allclose(dots.x, [20, 80, 60, 40, 100])  # what has less than 1 % has none
    np.testing.assert_array_equal(np.rint(dots.y), [0, 1, 0, 1, 0])
    np.testing.assert_array_equal(dots.customdata, [[1, 0], [1, 1], [2, 0], [2, 1], [3, 0]])
    np.testing.assert_allclose(ring.x, [60, 40])
    np.testing.assert_allclose(ring.y, np.asarray(dots.y)[2:4])
    np.testing.assert_allclose(full.x, [90, 10])
    np.testing.assert_allclose(average.x, [60, 40])
    np.testing.assert_allclose(average.error_x.array, [40, 10])  # no probability is above 100 %
    np.testing.assert_allclose(average.error_x.arrayminus, [50, 10])
    np.testing.assert_allclose(average.customdata, [50, 10])


@both
@pytest.mark.parametrize("top", [1.0, 20.0, 3.5e8])
def test_variances_have_ticks_inside_their_axis(dark: bool, top: float) -> None:
    figure = variance_through_layers(np.geomspace(1, top, 9), np.ones(9), dark)
    assert [list(line.x) for line in figure.data] == [list(range(9))] * 2
    low, high = 10.0 ** np.array(figure.layout.yaxis.range)
    assert low < 1 and top < high
    ticks = figure.layout.yaxis.tickvals
    assert 2 <= len(ticks) == len(figure.layout.yaxis.ticktext) <= 6
    assert all(low <= tick <= high for tick in ticks)


def test_large_variances_are_written_out() -> None:
    figure = variance_through_layers(np.geomspace(1, 3.5e8, 9), np.ones(9), dark=False)
    assert list(figure.layout.yaxis.ticktext) == ["1", "100", "10,000", "1 M", "100 M"]
