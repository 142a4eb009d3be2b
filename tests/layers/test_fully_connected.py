"""A fully connected layer against torch, and against itself as a convolution."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.layers.fully_connected import (
    FullyConnected,
    as_convolution,
    as_kernels,
    flatten,
    output,
    picture_weights,
    weighted_sum,
)
from explainer.layers.geometry import GeometryError, convolution_parameters


def a_layer(seed: int, shape: tuple[int, int, int], neurons: int) -> FullyConnected:
    rng = np.random.default_rng(seed)
    return FullyConnected(rng.normal(size=(neurons, int(np.prod(shape)))), rng.normal(size=neurons), shape)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 999), st.tuples(*[st.integers(1, 4)] * 3), st.integers(1, 4))
def test_it_is_torchs_and_as_a_convolution_the_same(seed: int, shape: tuple[int, int, int], neurons: int) -> None:
    layer = a_layer(seed, shape, neurons)
    maps = np.random.default_rng(seed + 1).normal(size=shape)
    want = torch.nn.functional.linear(
        torch.from_numpy(maps).flatten(), torch.from_numpy(layer.weights), torch.from_numpy(layer.bias)
    )
    np.testing.assert_allclose(output(layer, maps), want, rtol=0, atol=1e-12)
    np.testing.assert_allclose(as_convolution(layer, maps), want[:, None, None], rtol=0, atol=1e-12)


def test_on_larger_maps_it_scores_every_part() -> None:
    layer = a_layer(0, (3, 4, 2), 5)
    maps = np.random.default_rng(1).normal(size=(3, 7, 6))
    scores = as_convolution(layer, maps)
    assert scores.shape == (5, 4, 5)
    for row in range(4):
        for column in range(5):
            part = maps[:, row : row + 4, column : column + 2]
            np.testing.assert_allclose(scores[:, row, column], output(layer, part), rtol=0, atol=1e-12)


def test_one_sum_taken_apart_by_hand() -> None:
    layer = FullyConnected(np.array([[1.0, 2, 3, 4], [0, 0, 0, 1]]), np.array([0.5, -1]), (2, 1, 2))
    maps = np.array([[[1.0, 0]], [[2, -1]]])
    found = weighted_sum(layer, maps, 0)
    np.testing.assert_array_equal(found.terms, [[[1, 0]], [[6, -4]]])
    np.testing.assert_array_equal(found.per_map, [1, 2])
    assert (found.bias, found.result) == (0.5, 3.5)
    assert weighted_sum(layer, maps, 1).result == -2


def test_maps_are_flattened_map_by_map_and_row_by_row() -> None:
    maps = np.array([[[0, 1, 2], [3, 4, 5]], [[6, 7, 8], [9, 10, 11]]])
    np.testing.assert_array_equal(flatten(maps), np.arange(12))


def test_the_weights_become_filters_in_the_order_of_the_vector() -> None:
    layer = a_layer(2, (3, 2, 4), 2)
    np.testing.assert_array_equal(as_kernels(layer).reshape(2, -1), layer.weights)


def test_the_textbook_count() -> None:
    assert picture_weights(512, 512) == 134_217_728
    assert convolution_parameters(1, 1, 5, bias=False) == 25


def test_maps_of_another_shape_are_refused() -> None:
    layer = a_layer(0, (2, 3, 3), 1)
    for wrong in ((2, 3, 4), (3, 3, 3)):
        with pytest.raises(ValueError, match="reads maps of shape"):
            output(layer, np.zeros(wrong))
    with pytest.raises(ValueError, match="reads maps of shape"):
        weighted_sum(layer, np.zeros((2, 2, 3)), 0)
    with pytest.raises(GeometryError):
        as_convolution(layer, np.zeros((2, 2, 3)))
