from __future__ import annotations

import json

import numpy as np
import pytest

from explainer.figures import theme
from pages.layers.activation.function_plot import Curve, Step, encode

X = np.linspace(-4, 4, 9)
RELU = Curve("ReLU", np.maximum(X, 0), np.where(X == 0, np.nan, (X > 0) * 1.0), corners=((0.0, 0.0, 1.0),))


def test_values_and_slopes_travel_and_what_is_undefined_is_null() -> None:
    data = encode(X, [RELU], 1.0)
    (curve,) = data["curves"]
    assert data["x"] == X.tolist()
    assert curve["values"] == [0, 0, 0, 0, 0, 1, 2, 3, 4]
    assert curve["slopes"] == [0, 0, 0, 0, None, 1, 1, 1, 1]
    assert curve["corners"] == [[0, 0, 1]]
    assert json.loads(json.dumps(data, allow_nan=False))["curves"] == data["curves"]


def test_colours_are_those_of_the_theme_in_order() -> None:
    data = encode(X, [RELU, RELU], 0.0)
    assert [curve["color"] for curve in data["curves"]] == list(theme.QUALITATIVE[:2])


@pytest.mark.parametrize(("cursor", "top"), [(1.0, 2.4), (4.0, 4.0)])
def test_the_y_axis_leaves_out_what_is_far_but_not_the_value_at_the_cursor(cursor: float, top: float) -> None:
    data = encode(X, [RELU], cursor)
    low, high = data["limits"][1]
    assert high == pytest.approx(top * 1.05) and low == pytest.approx(-0.05 * top)


def test_a_flat_curve_still_has_an_axis() -> None:
    flat = Curve("flat", np.zeros(9), np.zeros(9))
    low, high = encode(X, [flat], 0.0)["limits"][1]
    assert low < 0 and high > 1


def test_steps_have_the_colour_of_their_direction() -> None:
    steps = [Step("a", 0, 1), Step("b", 1, -1), Step("z", 0, -1, is_total=True)]
    data = encode(X, [RELU], 0.0, steps=steps)["steps"]
    assert [(each["text"], each["from"], each["to"]) for each in data] == [("a", 0, 1), ("b", 1, -1), ("z", 0, -1)]
    assert len({each["color"] for each in data}) == 3
