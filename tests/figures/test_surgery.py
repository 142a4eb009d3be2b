"""Charts of surgery show each number where it belongs."""

from __future__ import annotations

import numpy as np
import pytest

from explainer.figures.surgery import Line, Titles, accuracy_lines, class_bars, harm_bars

TITLES = Titles("Above", "Below", "%{x}: %{y}")


@pytest.mark.parametrize("dark", [False, True])
def test_bars_are_sorted_by_harm_and_keep_their_filters(dark: bool) -> None:
    lost = np.array([0.1, 2.0, -0.3, 2.0])
    figure = harm_bars(lost, TITLES, dark, marked=2)
    (bars,) = figure.data
    assert list(bars.customdata) == [1, 3, 0, 2]
    np.testing.assert_array_equal(bars.y, lost[[1, 3, 0, 2]])
    assert list(figure.layout.xaxis.ticktext) == ["1", "3", "0", "2"]
    colors = bars.marker.color
    assert len(set(colors[:3])) == 1 and colors[3] != colors[0]


def test_many_bars_have_no_numbers_below_them() -> None:
    assert harm_bars(np.zeros(200), TITLES, False).layout.xaxis.showticklabels is False


def test_classes_have_two_bars() -> None:
    before, after = np.arange(10.0), np.arange(10.0)[::-1]
    figure = class_bars(before, after, TITLES, ("before", "now"), False)
    assert [trace.name for trace in figure.data] == ["before", "now"]
    np.testing.assert_array_equal(figure.data[1].y, after)


def test_lines_end_where_nothing_is_known_and_the_rule_is_at_its_place() -> None:
    lines = [Line("trained", np.array([90.0, 80.0, 70.0]), True), Line("damaged", np.array([60.0]))]
    figure = accuracy_lines((0, 1, 2), lines, TITLES, 1, False, limits=(50, 101))
    assert [list(trace.x) for trace in figure.data] == [[0, 1, 2], [0]]
    assert figure.data[0].line.dash == "dot" and figure.data[0].line.color != figure.data[1].line.color
    assert figure.layout.shapes[0].x0 == figure.layout.shapes[0].x1 == 1
    assert tuple(figure.layout.yaxis.range) == (50, 101) and figure.layout.showlegend
