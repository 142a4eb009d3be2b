"""What the figures of normalization show, and where."""

from __future__ import annotations

import numpy as np
import pytest

from explainer.figures.normalization import accuracy_over_batch, channel_ridges, running_statistics

EDGES = np.array([-1.0, 0.0, 1.0, 2.0])
SHARES = np.array([[0.25, 0.75, 0.0], [1.0, 0.0, 0.0]])


@pytest.mark.parametrize("dark", [False, True])
def test_every_channel_has_its_histogram_and_its_mean_on_both_sides(dark: bool) -> None:
    sides = ((EDGES, SHARES, np.array([0.5, -0.5])), (EDGES, SHARES, np.array([0.0, 0.1])))
    figure = channel_ridges(*sides, dark, names=("before", "after"))
    ridges = [trace for trace in figure.data if trace.fill == "tonexty"]
    assert [trace.xaxis.replace("1", "") for trace in ridges] == ["x", "x", "x2", "x2"]
    for trace, channel in zip(ridges, (0, 1, 0, 1), strict=True):
        assert list(trace.x) == [-0.5, 0.5, 1.5]
        assert list(trace.customdata) == (100 * SHARES[channel]).tolist()
        heights = channel - np.array(trace.y)
        np.testing.assert_allclose((heights / heights.max()) ** 2, SHARES[channel] / SHARES[channel].max(), atol=1e-12)
    means = [trace for trace in figure.data if trace.mode == "markers"]
    assert [list(trace.x) for trace in means] == [[0.5, -0.5], [0.0, 0.1]]


def test_running_averages_begin_before_the_first_batch() -> None:
    batches = (np.array([1.0, 3.0]), np.array([4.0, 2.0]))
    averages = (np.array([0.0, 0.5, 1.75]), np.array([1.0, 2.5, 2.25]))
    figure = running_statistics(batches, averages, (2.0, 3.0), False)
    by_name = {(trace.name, trace.yaxis): trace for trace in figure.data}
    assert len(by_name) == len(figure.data) == 6
    dots, line, goal = figure.data[3:]
    assert (list(dots.x), list(dots.y)) == ([1, 2], [4.0, 2.0])
    assert (list(line.x), list(line.y)) == ([0, 1, 2], [1.0, 2.5, 2.25])
    assert list(goal.y) == [3.0, 3.0]
    for axis, low, high in ((figure.layout.yaxis, 0.0, 3.0), (figure.layout.yaxis2, 1.0, 4.0)):
        assert axis.range[0] < low
        assert axis.range[1] > high


def test_the_chosen_size_of_a_batch_is_marked_with_its_accuracy() -> None:
    figure = accuracy_over_batch((1, 2, 4), (0.1, 0.65, 0.9), 0.98, 2, False)
    training, evaluation, mark = figure.data
    np.testing.assert_allclose(training.y, [10, 65, 90])
    assert list(evaluation.y) == [98, 98]
    assert (list(mark.x), list(mark.text)) == ([2], ["<b>65.0 %</b>"])
