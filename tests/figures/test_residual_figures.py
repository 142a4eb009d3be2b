"""The drawings of a plain and a residual network: where each number stands."""

from __future__ import annotations

import numpy as np
import pytest

from explainer.figures.residual import Blocks, Network, Titles, blocks_figure, training_figure

TITLES = {name: Titles(name, "x", "%{x}: %{y}") for name in ("errors", "gradients", "shares", "rights")}
GRADIENTS = np.array([1e-14, 1e-3, 0.1])


def network(name: str, *, trained: bool) -> Network:
    epochs, errors = ([0.5, 1.0], [80.0, 20.0]) if trained else ([], [])
    return Network(name, epochs, errors, GRADIENTS, [86.0, 50.0], 2 * GRADIENTS if trained else None)


@pytest.mark.parametrize("dark", [False, True])
def test_before_training_gradients_stand_beside_what_blocks_add(dark: bool) -> None:
    pair = network("plain", trained=False), network("residual", trained=False)
    figure = training_figure(pair, TITLES, "start", 3.0, dark, height=300)
    assert [trace.name for trace in figure.data] == ["plain", "residual", "residual"]
    assert list(figure.data[0].x) == [1, 2, 3] and list(figure.data[0].y) == list(GRADIENTS)
    assert figure.layout.yaxis.type == "log" and figure.layout.yaxis.range[0] < -14
    assert (figure.data[2].type, figure.data[2].xaxis, list(figure.data[2].y)) == ("bar", "x2", [86.0, 50.0])
    assert [note.text for note in figure.layout.annotations] == ["<b>gradients</b>", "<b>shares</b>"]


def test_while_training_errors_stand_beside_gradients_now_and_at_the_start() -> None:
    pair = network("plain", trained=True), network("residual", trained=True)
    figure = training_figure(pair, TITLES, "start", 3.0, False, height=300)
    drawn = {(trace.name, trace.xaxis): list(trace.y) for trace in figure.data}
    assert drawn["plain", "x"] == drawn["residual", "x"] == [80.0, 20.0]
    assert drawn["plain, start", "x2"] == list(2 * GRADIENTS)
    assert drawn["plain", "x2"] == list(GRADIENTS)
    assert (list(figure.layout.xaxis.range), list(figure.layout.yaxis.range)) == ([0, 3], [0, 100])
    assert figure.layout.yaxis2.type == "log"


def test_gradients_that_no_axis_holds_are_left_out() -> None:
    broken = Network("plain", [], [], np.array([0.0, np.nan, np.inf]), [1.0])
    figure = training_figure((broken, broken), TITLES, "start", 3.0, False, height=300)
    assert np.isnan(figure.data[0].y).all()
    assert np.isfinite(figure.layout.yaxis.range).all()


def test_what_is_right_without_a_block_stands_beside_what_it_adds() -> None:
    counted = (
        Blocks("plain", [100.0] * 2, [100.0] * 2, [12.0, 9.0], 95.0),
        Blocks("residual", [30.0, 20.0], [86.0, 50.0], [90.0, 94.0], 96.0),
    )
    figure = blocks_figure(counted, TITLES, "start", False, height=300)
    drawn = {(trace.name, trace.type, trace.xaxis): list(trace.y) for trace in figure.data}
    assert drawn["residual", "bar", "x"] == [30.0, 20.0]
    assert drawn["start", "scatter", "x"] == [86.0, 50.0]
    assert drawn["plain", "bar", "x2"] == [12.0, 9.0] and drawn["residual", "bar", "x2"] == [90.0, 94.0]
    assert [shape.y0 for shape in figure.layout.shapes] == [95.0, 96.0]
    alone = blocks_figure(
        (Blocks("plain", [1.0], [1.0]), Blocks("residual", [2.0], [2.0])), TITLES, "s", True, height=300
    )
    assert [(trace.type, list(trace.y)) for trace in alone.data] == [("bar", [2.0])]
