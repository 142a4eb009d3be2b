"""The figures of the page "From maps to probabilities" show the numbers they were given."""

from __future__ import annotations

import numpy as np
import pytest

from explainer.figures.softmax import gradient_bars, loss_curve, weights_over_side


@pytest.mark.parametrize("dark", [False, True])
def test_bars_of_a_gradient_with_their_notes_on_the_other_side(dark: bool) -> None:
    figure = gradient_bars(np.array([-0.4, 0.3, 0.1]), ["a", "b", "c"], 0, dark)
    np.testing.assert_array_equal(figure.data[0].x, [-0.4, 0.3, 0.1])
    assert [(note.text, note.y, note.xanchor) for note in figure.layout.annotations] == [
        *(("a", 0, "left"), ("b", 1, "right"), ("c", 2, "right")),
    ]
    assert figure.layout.yaxis.ticktext == ("<b>✓ 0</b>", "1", "2")
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]  # class 0 on top


def test_a_gradient_of_nothing_has_an_axis() -> None:
    low, high = gradient_bars(np.zeros(2), ["", ""], 1, False).layout.xaxis.range
    assert low < 0 < high


def test_the_loss_curve_and_its_mark() -> None:
    figure = loss_curve(0.25, -np.log(0.25), False)
    curve, _, mark = figure.data
    np.testing.assert_allclose(curve.y, -np.log(np.array(curve.x) / 100), rtol=1e-12)
    assert (mark.x[0], mark.y[0]) == (25, pytest.approx(1.386, abs=1e-3))
    assert figure.layout.annotations[0].text == "<b>1.386</b>"


def test_a_loss_beyond_the_axis_is_marked_at_its_top() -> None:
    figure = loss_curve(0.0, 2000.0, False)
    assert figure.data[2].y[0] == figure.layout.yaxis.range[1]
    assert "2000 ↑" in figure.layout.annotations[0].text


def test_weights_over_the_side() -> None:
    sides = np.array([8, 28, 512])
    figure = weights_over_side(sides, sides**2 * 512, 25, 512, False)
    marks = [(trace.x[0], trace.y[0]) for trace in figure.data if trace.mode == "markers"]
    assert marks == [(512, 134_217_728), (512, 25)]
    assert [trace.name for trace in figure.data if trace.mode == "lines"] == [
        *("fully connected: <b>134,217,728</b>", "convolution: <b>25</b>"),
    ]
    with pytest.raises(ValueError, match="100"):
        weights_over_side(sides, sides**2, 25, 100, False)
