"""The figures of the page "Regularization" show the numbers and the epochs they were given."""

from __future__ import annotations

import numpy as np
import pytest

from explainer.figures.regularization import RunLines, Stop, overfitting_curves, weight_histogram

RUN = RunLines("L2", [2.3, 0.5, 0.1, 0.0], [2.3, 0.6, 0.4, 0.5], [2.3, 0.7, 0.5, 0.6])
PLAIN = RunLines("No remedy", [2.3, 0.4, 0.0, 0.0], [2.3, 0.6, 0.5, 0.7])


@pytest.mark.parametrize("dark", [False, True])
def test_the_lines_are_the_runs_and_the_gap_is_filled(dark: bool) -> None:
    figure = overfitting_curves(RUN, PLAIN, Stop(2, 3, waited=True), "loss", dark)
    drawn = {trace.name: trace for trace in figure.data}
    assert list(drawn["L2, train"].y) == RUN.train and list(drawn["L2, test"].y) == RUN.test
    assert list(drawn["No remedy, test"].y) == PLAIN.test
    assert list(drawn["L2, validation"].x) == [0, 1, 2, 3]
    assert [name for name, trace in drawn.items() if trace.fill == "tonexty"] == ["L2, test"]
    names = [trace.name for trace in figure.data]
    assert names.index("L2, test") == names.index("L2, train") + 1  # what it is filled to
    assert drawn["L2, test"].line.width > drawn["No remedy, test"].line.width


def test_the_stop_is_drawn_at_its_epochs() -> None:
    long = RunLines("L2", [1.0] * 11, [1.0] * 11)
    layout = overfitting_curves(long, None, Stop(4, 7, waited=True), "loss", False).layout
    spans = {(shape.x0, shape.x1) for shape in layout.shapes}
    assert spans == {(4, 7), (7, 7), (7, 10), (4, 4)}  # patience, the stop, what is not trained, the best
    assert [note.text for note in layout.annotations] == ["<b>best: 4</b>", "stops: 7"]


def test_a_run_that_ends_first_is_not_paled() -> None:
    long = RunLines("L2", [1.0] * 11, [1.0] * 11)
    layout = overfitting_curves(long, None, Stop(9, 10, waited=False), "loss", False).layout
    assert {(shape.x0, shape.x1) for shape in layout.shapes} == {(9, 9)}
    assert [note.text for note in layout.annotations] == ["<b>best: 9</b>"]


def test_accuracies_have_an_axis_in_percent() -> None:
    run = RunLines("L2", [10.0, 99.0, 100.0], [10.0, 90.0, 93.0])
    low, high = overfitting_curves(run, None, Stop(2, 2, waited=False), "accuracy", False).layout.yaxis.range
    assert 80 <= low < 93 and 100 <= high < 101


def test_the_histogram_has_shares_in_percent() -> None:
    figure = weight_histogram((-0.1, 0.0, 0.1, 0.2), [("L1", (1, 98, 1)), ("No remedy", (50, 50, 0))], False)
    np.testing.assert_allclose(figure.data[0].y, [1, 98, 1])
    np.testing.assert_allclose(figure.data[0].x, [-0.05, 0.05, 0.15])
    np.testing.assert_allclose(figure.data[1].customdata, [50, 50, 0])
    assert figure.data[1].y[2] > 0  # what a logarithmic axis can hold
