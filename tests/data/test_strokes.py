"""Strokes from the browser: checked, frozen, and drawn with a round pen."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from explainer.data.drawing import (
    MAX_POINTS,
    MAX_STROKES,
    EmptyDrawingError,
    InvalidStrokesError,
    rasterize,
    to_mnist,
    validate_strokes,
)

Ink = NDArray[np.uint8]


@pytest.mark.parametrize("width", [0.05, 0.09, 0.3])
def test_a_dot_is_a_disc_of_the_pens_width(width: float) -> None:
    picture = rasterize((((0.5, 0.5),),), 280, width)

    assert picture.sum() / 255 == pytest.approx(math.pi * (width * 280 / 2) ** 2, rel=0.02)
    np.testing.assert_array_equal(picture, picture[::-1])
    np.testing.assert_array_equal(picture, picture.T)
    assert 0 < np.count_nonzero((picture > 0) & (picture < 255)) < 400  # antialiased, at its outline only


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ((0.25, 0.5), (0.75, 0.5)),
        ((0.3, 0.2), (0.3, 0.9)),
        ((0.2, 0.2), (0.8, 0.7)),
        ((0.8, 0.3), (0.2, 0.5)),
    ],
)
def test_a_straight_stroke_is_a_bar_with_round_ends(start: tuple[float, float], end: tuple[float, float]) -> None:
    width = 28.0
    picture = rasterize(((start, end),), 280, width / 280)

    length = 280 * math.dist(start, end)
    assert picture.sum() / 255 == pytest.approx(math.pi * width**2 / 4 + length * width, rel=0.02)


def test_ink_is_where_the_distance_to_the_stroke_is_below_half_a_pen() -> None:
    """An independent oracle: the distance from every pixel's centre to every segment of a bent stroke."""
    points = np.array([(0.2, 0.3), (0.7, 0.25), (0.4, 0.8), (0.85, 0.75)])
    side, width = 200, 0.1
    picture = rasterize((tuple((float(x), float(y)) for x, y in points),), side, width)

    y, x = (np.mgrid[:side, :side] + 0.5) / side
    pixel = np.stack([x, y], -1)
    distances = []
    for start, end in itertools.pairwise(points):
        along = np.clip(((pixel - start) @ (end - start)) / ((end - start) @ (end - start)), 0, 1)
        distances.append(np.linalg.norm(pixel - start - along[..., None] * (end - start), axis=-1))
    outside = (np.min(distances, axis=0) - width / 2) * side  # in pixels, negative inside

    assert (picture[outside < -1] == 255).all()
    assert (picture[outside > 1] == 0).all()


def test_x_runs_to_the_right_and_y_down() -> None:
    picture = rasterize((((0.9, 0.1),),), 100)

    assert picture[:20, 80:].sum() == picture.sum() > 0


def test_ink_at_the_border_is_cut_off_there() -> None:
    corner = rasterize((((0.0, 0.0),),), 280, 0.2)

    assert corner.sum() / 255 == pytest.approx(math.pi * 28**2 / 4, rel=0.05)
    assert to_mnist(corner).max() == 255


def test_no_strokes_give_empty_paper() -> None:
    paper = rasterize((), 5)

    np.testing.assert_array_equal(paper, np.zeros((5, 5), np.uint8))
    with pytest.raises(EmptyDrawingError):
        to_mnist(paper)


coordinates = st.floats(0, 1)
stroke_lists = st.lists(st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=6), max_size=5)


@settings(deadline=None)
@given(stroke_lists, st.integers(1, 64))
def test_all_valid_strokes_can_be_drawn_and_every_point_is_inked(
    strokes: list[list[tuple[float, float]]], size: int
) -> None:
    picture = rasterize(validate_strokes(strokes), size, 0.3)

    assert picture.shape == (size, size)
    for x, y in (point for stroke in strokes for point in stroke):
        assert picture[min(int(y * size), size - 1), min(int(x * size), size - 1)] > 0


@given(stroke_lists)
def test_valid_strokes_come_back_frozen_and_unchanged(strokes: list[list[tuple[float, float]]]) -> None:
    frozen = validate_strokes([[list(point) for point in stroke] for stroke in strokes])

    assert frozen == tuple(tuple(stroke) for stroke in strokes)
    assert hash(frozen) == hash(validate_strokes(frozen))


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (None, "list of strokes, not a value of type NoneType"),
        ("[[[0,0]]]", "list of strokes, not a value of type str"),
        ({"0": [[0, 0]]}, "list of strokes, not a value of type dict"),
        ([7], "list of points, not a value of type int"),
        (["ab"], "list of points, not a value of type str"),
        ([[]], "at least one point"),
        ([[0.5]], "list of two numbers, not a value of type float"),
        ([["ab"]], "list of two numbers, not a value of type str"),
        ([[[0.1]]], "two numbers, x and y; this one has 1"),
        ([[[0.1, 0.2, 0.3]]], "two numbers, x and y; this one has 3"),
        ([[[0.1, "0.2"]]], "number, not a value of type str"),
        ([[[True, 0.2]]], "number, not a value of type bool"),
        ([[[None, 0.2]]], "number, not a value of type NoneType"),
        ([[[math.nan, 0.2]]], "between 0 and 1"),
        ([[[0.1, math.inf]]], "between 0 and 1"),
        ([[[0.1, -0.001]]], "between 0 and 1"),
        ([[[1.001, 0.2]]], "between 0 and 1"),
        ([[[10**400, 0.2]]], "between 0 and 1"),
        ([[[0.5, 0.5]]] * (MAX_STROKES + 1), "at most 200 strokes; this one has 201"),
        ([[[0.5, 0.5]] * (MAX_POINTS + 1)], "at most 20000 points; this one has 20001"),
    ],
)
def test_what_a_browser_must_not_send_is_refused_with_a_sentence(value: object, sentence: str) -> None:
    with pytest.raises(InvalidStrokesError, match=sentence) as caught:
        validate_strokes(value)
    assert str(caught.value).endswith(".")


def test_the_largest_allowed_drawing_is_accepted() -> None:
    stroke = [[0.25, 0.75]] * (MAX_POINTS // MAX_STROKES)

    strokes = validate_strokes([stroke] * MAX_STROKES)

    assert len(strokes) == MAX_STROKES
    assert sum(map(len, strokes)) == MAX_POINTS


@pytest.mark.parametrize(
    "call",
    [
        lambda: rasterize((), 0),
        lambda: rasterize((), 1025),
        lambda: rasterize((), 28, 0.0),
        lambda: rasterize((), 28, 1.5),
        lambda: rasterize((), 28, math.nan),
    ],
    ids=["no size", "too large", "no width", "too wide", "not a width"],
)
def test_a_pen_or_a_picture_out_of_range_is_refused(call: Callable[[], Ink]) -> None:
    with pytest.raises(ValueError, match=r"size of a picture|pen's width"):
        call()
