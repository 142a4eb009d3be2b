from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.layers.maxout import PRESETS, MaxoutError, corners, envelope, lines_of, maxout

number = st.integers(-20, 20).map(float)
lines = st.lists(st.tuples(number, number), min_size=1, max_size=8).map(tuple)


@given(lines, st.floats(-50, 50))
@settings(max_examples=60)
def test_it_is_the_largest_line(given_lines: tuple[tuple[float, float], ...], x: float) -> None:
    want = max(slope * x + constant for slope, constant in given_lines)
    assert float(maxout(given_lines).value(np.array(x))) == pytest.approx(want, abs=1e-10)


@given(lines)
@settings(max_examples=60)
def test_the_envelope_has_only_lines_that_are_somewhere_on_top(given_lines: tuple[tuple[float, float], ...]) -> None:
    upper = envelope(given_lines)
    places = corners(upper)
    assert places == sorted(places)
    assert [slope for slope, _ in upper] == sorted({slope for slope, _ in upper})
    between = [(left + right) / 2 for left, right in zip([-1e3, *places], [*places, 1e3], strict=True)]
    for (slope, constant), x in zip(upper, between, strict=True):
        assert slope * x + constant == pytest.approx(max(s * x + c for s, c in given_lines), abs=1e-9)


def test_relu_and_magnitude_are_maxouts() -> None:
    x = np.linspace(-3, 3, 61)
    np.testing.assert_array_equal(maxout(PRESETS["relu"]).value(x), np.maximum(x, 0))
    np.testing.assert_array_equal(maxout(PRESETS["absolute"]).value(x), np.abs(x))
    assert maxout(PRESETS["absolute"]).kinks == (0.0,)


def test_the_bowl_touches_its_parabola_at_five_places_from_below() -> None:
    bowl = maxout(PRESETS["bowl"])
    places = np.array([-4.0, -2, 0, 2, 4])
    np.testing.assert_allclose(bowl.value(places), places**2 / 4, rtol=0, atol=1e-12)
    x = np.linspace(-6, 6, 601)
    assert (bowl.value(x) <= x**2 / 4 + 1e-12).all()
    assert bowl.kinks == (-3.0, -1.0, 1.0, 3.0)
    assert bowl.slope(np.array([-5.0, -2, 0, 0.5, 4])).tolist() == [-2, -1, 0, 0, 2]


def test_any_shape_of_x() -> None:
    x = np.arange(6.0).reshape(2, 3)
    assert maxout(PRESETS["bowl"]).value(x).shape == (2, 3)
    assert maxout(((2.0, 1.0),)).slope(x).tolist() == [[2.0] * 3] * 2


@pytest.mark.parametrize(
    ("grid", "sentence"),
    [(np.ones((2, 3)), "two numbers"), (np.ones((9, 2)), "at most 8"), (np.array([[21.0, 0.0]]), "-20 and 20")],
)
def test_what_is_no_lines_gets_a_sentence(grid: np.ndarray, sentence: str) -> None:
    with pytest.raises(MaxoutError, match=sentence):
        lines_of(grid)
