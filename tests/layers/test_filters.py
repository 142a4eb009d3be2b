"""Filters with a name: their weights by hand, and what they do to a picture."""

from __future__ import annotations

import numpy as np
import pytest

from explainer.layers.convolution import output
from explainer.layers.filters import FILTERS, LUMA, MIXTURES, MOST_FILTERS, filters, mixtures
from explainer.layers.geometry import GeometryError

NAMES = [each.name for each in FILTERS]


def test_a_kernel_for_each_colour() -> None:
    red, green, blue = filters(1, 3)[0]
    assert red.tolist() == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    assert green.tolist() == red.T.tolist()
    assert blue.tolist() == [[2, -1, -1], [-1, 2, -1], [-1, -1, 2]]


def test_red_against_green_cancels_on_yellow_and_ignores_blue() -> None:
    weights = filters(3, 3)[2:]
    yellow = np.stack([np.full((4, 4), 200.0), np.full((4, 4), 200.0), np.arange(16.0).reshape(4, 4)])
    np.testing.assert_allclose(output(yellow, weights), 0, atol=1e-12)
    red = np.stack([np.full((4, 4), 200.0), np.full((4, 4), 50.0), np.zeros((4, 4))])
    np.testing.assert_allclose(output(red, weights), 150, atol=1e-12)  # the difference of the means


@pytest.mark.parametrize("side", [1, 2, 3, 5])
def test_luma_is_the_weighted_sum_of_each_pixel(side: int) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (3, 7, 7)).astype(np.float64)
    grey = output(picture, filters(4, side)[3:])[0]
    at = (side - 1) // 2  # where the 1 stands
    expected = np.einsum("c,chw->hw", LUMA, picture)[at : at + len(grey), at : at + len(grey)]
    np.testing.assert_allclose(grey, expected, rtol=0, atol=1e-10)


@pytest.mark.parametrize("side", range(1, 12))
def test_every_filter_has_every_side(side: int) -> None:
    weights = filters(MOST_FILTERS, side, seed=5)
    assert weights.shape == (MOST_FILTERS, 3, side, side)
    assert np.isfinite(weights).all() and weights.any(axis=(1, 2, 3)).all()


def test_at_side_1_only_the_shares_are_left() -> None:
    assert filters(4, 1)[:, :, 0, 0].tolist() == [[1, 1, 1], [1, 1, 1], [1, -1, 0], list(LUMA)]


def test_the_seed_makes_the_random_filters_and_only_those() -> None:
    first, again, other = filters(10, 3, 1), filters(10, 3, 1), filters(10, 3, 99)
    assert np.array_equal(first, again)
    same = [np.array_equal(a, b) for a, b in zip(first, other, strict=True)]
    assert same == [not name.startswith("random") for name in NAMES]
    planes = first[[NAMES.index("random"), NAMES.index("random, too")]].reshape(6, 9)
    assert len({tuple(plane) for plane in planes}) == 6


def test_mixtures_are_one_weight_a_channel() -> None:
    assert mixtures(3).tolist() == [[1, 1, 1], [1, -1, 0], list(LUMA)]
    assert [each.name for each, row in zip(MIXTURES, mixtures(10), strict=True) if each.shares is None] == [
        "random",
        "random, too",
    ]
    assert not np.array_equal(mixtures(10, 1)[8:], mixtures(10, 2)[8:])
    assert not np.array_equal(mixtures(10)[8], mixtures(10)[9])


@pytest.mark.parametrize("count", [0, MOST_FILTERS + 1])
def test_other_counts_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match="There are 1 to 10 filters"):
        filters(count, 3)
    with pytest.raises(ValueError, match="There are 1 to 10 filters"):
        mixtures(count)


def test_other_sides_are_refused_in_a_sentence() -> None:
    with pytest.raises(GeometryError, match="Choose a kernel of 1 to 11"):
        filters(1, 12)
