"""The figure of accuracies shows the numbers it was given."""

from __future__ import annotations

import pytest

from explainer.figures.architectures import Point, accuracy_over_cost

POINTS = [Point("A", 5.0, 70.0), Point("B", 0.5, 60.0), Point("C", 50.0, 80.0)]


@pytest.mark.parametrize("dark", [False, True])
def test_every_point_is_there_once_and_the_marked_are_named(dark: bool) -> None:
    figure = accuracy_over_cost(POINTS, {"B"}, ("MACs", "Accuracy"), dark)
    others, marked = figure.data
    assert (list(others.x), list(others.y), list(others.text)) == ([5.0, 50.0], [70.0, 80.0], ["A", "C"])
    assert (list(marked.x), list(marked.y), list(marked.text)) == ([0.5], [60.0], ["B"])
    assert marked.mode == "markers+text" and others.mode == "markers"
    assert figure.layout.xaxis.type == "log" and figure.layout.xaxis.title.text == "MACs"


def test_none_need_be_marked() -> None:
    others, marked = accuracy_over_cost(POINTS, (), ("", ""), False).data
    assert len(others.x) == 3 and len(marked.x) == 0
