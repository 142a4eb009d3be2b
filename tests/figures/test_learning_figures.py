"""The curves of a network in training: what is drawn is what was given."""

from __future__ import annotations

import numpy as np
import pytest

from explainer.figures.learning import Baseline, Curve, Titles, run_figure

TITLES = Titles("losses", "precision", "scenes")
SCENES = np.array([0.0, 100, 200, 300])
NONE = np.nan
SIZE = {"end": 400, "limits": (0.0, 1.03), "height": 300}


def test_every_part_and_the_measurements_alone() -> None:
    parts = [
        Curve("centre", SCENES, np.array([NONE, 2.0, 0.0, 0.5])),
        Curve("class", SCENES, np.array([NONE, 9.0, 8.0, 3.0])),
    ]
    precision = Curve("mAP", SCENES, np.array([0.0, NONE, 0.25, NONE]))
    figure = run_figure(parts, [precision], TITLES, dark=False, **SIZE)
    centre, digits, measured = figure.data
    assert [centre.name, digits.name] == ["centre", "class"]
    assert np.array_equal(centre.y, [NONE, 2.0, NONE, 0.5], equal_nan=True)  # a logarithm of 0 there is not
    assert list(measured.x) == [0, 200] and list(measured.y) == [0.0, 0.25]
    assert figure.layout.yaxis.type == "log" and list(figure.layout.yaxis2.range) == [0, 1.03]
    low, high = 10 ** np.array(figure.layout.yaxis.range)
    assert low < 0.5 and high > 9.0
    assert list(figure.layout.xaxis.range) == list(figure.layout.xaxis2.range) == [0, 400]


def test_without_a_point_there_are_axes() -> None:
    empty = np.array([])
    figure = run_figure([Curve("centre", empty, empty)], [Curve("mAP", empty, empty)], TITLES, dark=True, **SIZE)
    assert 10 ** figure.layout.yaxis.range[0] == pytest.approx(0.01 / 1.514, rel=0.01)  # a margin of 1000 ** 0.06


def test_parts_that_only_a_twin_has_are_in_the_legend() -> None:
    parts = [Curve(name, SCENES, np.ones(4), is_twin) for name, is_twin in [("a", False), ("b", False), ("b", True)]]
    figure = run_figure([*parts, Curve("c", SCENES, np.ones(4), True)], [], TITLES, dark=False, **SIZE)
    assert [(line.name, line.showlegend) for line in figure.data] == [
        ("a", True),
        ("b", True),
        ("b", False),
        ("c", True),
    ]


def test_a_twin_has_the_same_colour_and_dots_and_a_baseline_goes_across() -> None:
    own, twin = (Curve("loss", SCENES, np.array([4.0, 3, 2, 1]), is_twin) for is_twin in (False, True))
    figure = run_figure([own, twin], [], TITLES, dark=False, baselines=[Baseline("a table", 0.945)], **SIZE)
    first, second, level = figure.data
    assert first.line.color == second.line.color and (first.line.dash, second.line.dash) == (None, "dot")
    assert list(level.x) == [0, 400] and list(level.y) == [0.945, 0.945]
    assert [note.text for note in figure.layout.annotations][-1] == "a table"


def test_a_line_stands_at_the_moment_that_is_looked_at() -> None:
    own = Curve("loss", SCENES, np.ones(4))
    assert not run_figure([own], [], TITLES, dark=False, **SIZE).layout.shapes
    shapes = run_figure([own], [], TITLES, dark=False, looked_at=200.0, **SIZE).layout.shapes
    assert [(shape.x0, shape.x1, shape.yref) for shape in shapes] == [(200, 200, "y domain"), (200, 200, "y2 domain")]
