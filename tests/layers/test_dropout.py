"""Masks, scalings and their relatives against closed forms and, with the same mask, against PyTorch's modules."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from explainer.layers import dropout
from explainer.layers.dropout import FLOOR

RATES = st.floats(0, 0.95)


@given(rate=RATES, seed=st.integers(0, 999))
def test_more_masks_begin_with_the_same_ones_and_a_higher_rate_drops_more(rate: float, seed: int) -> None:
    few, many = (dropout.masks(count, (5,), rate, seed) for count in (3, 10))
    np.testing.assert_array_equal(many[:3], few)
    assert not (dropout.masks(10, (5,), min(rate + 0.04, 0.99), seed) & ~many).any()


def test_the_share_that_is_dropped_is_the_rate() -> None:
    for rate in (0.0, 0.2, 0.95):
        share = 1 - dropout.masks(100, (1000,), rate, 0).mean()
        assert share == pytest.approx(rate, abs=4 * np.sqrt(rate * (1 - rate) / 100_000))


@pytest.mark.parametrize("rate", [-0.1, 1.0, float("nan")])
def test_impossible_rates(rate: float) -> None:
    with pytest.raises(ValueError, match="at least 0 and below 1"):
        dropout.masks(1, (3,), rate, 0)
    with pytest.raises(ValueError, match="at least 0 and below 1"):
        dropout.alpha_scale(rate)


@pytest.mark.parametrize("rate", [0.0, 0.3, 0.5, 0.9])
def test_inverted_scaling_is_that_of_torch(rate: float) -> None:
    torch.manual_seed(0)
    values = torch.rand(400, dtype=torch.float64) + 0.1  # no zeros: what torch dropped can be read off
    want = functional.dropout(values, rate).numpy()
    np.testing.assert_allclose(dropout.inverted(values.numpy(), want != 0, rate), want, rtol=1e-14)


@pytest.mark.parametrize("rate", [0.0, 0.25, 0.5])
def test_spatial_dropout_is_that_of_torch(rate: float) -> None:
    torch.manual_seed(1)
    maps = torch.rand(1, 12, 3, 4, dtype=torch.float64) + 0.1
    want = torch.nn.Dropout2d(rate)(maps)[0].numpy()
    keep = want[:, 0, 0] != 0
    assert keep.all() == (not rate)
    np.testing.assert_allclose(dropout.spatial(maps[0].numpy(), keep, rate), want, rtol=1e-14)


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 0.8])
def test_alpha_dropout_is_that_of_torch(rate: float) -> None:
    torch.manual_seed(2)
    values = torch.rand(500, dtype=torch.float64) + 0.5
    want = functional.alpha_dropout(values, rate, training=True).numpy()
    scale = dropout.alpha_scale(rate)
    keep = np.abs(want - (scale.a * FLOOR + scale.b)) > 1e-9
    assert 1 - keep.mean() == pytest.approx(rate, abs=0.1)
    np.testing.assert_allclose(dropout.alpha(values.numpy(), keep, rate), want, rtol=0, atol=1e-12)


@given(rate=RATES)
def test_a_and_b_keep_mean_0_and_variance_1(rate: float) -> None:
    """Closed form: with a share ``rate`` at the floor, E and Var of the rest being 0 and 1."""
    scale = dropout.alpha_scale(rate)
    mean, square = rate * FLOOR, (1 - rate) + rate * FLOOR**2
    assert scale.a * mean + scale.b == pytest.approx(0, abs=1e-12)
    assert scale.a**2 * (square - mean**2) == pytest.approx(1, abs=1e-12)


def test_the_mean_and_the_deviation_over_all_masks_of_four_units() -> None:
    """All 16 masks, each with its probability."""
    rate, bias = 0.3, 0.7
    values, weights = np.array([1.0, 2.0, 0.0, 3.0]), np.array([0.5, -1.0, 4.0, 2.0])
    keep = np.array(list(product([True, False], repeat=4)))
    chance = np.where(keep, 1 - rate, rate).prod(1)
    found = dropout.next_inputs(values, weights, bias, keep, rate)
    assert found.full == pytest.approx(0.5 - 2 + 6 + 0.7)
    assert found.scaled == pytest.approx(0.7 * 4.5 + 0.7)
    assert chance @ found.inverted == pytest.approx(found.full)
    assert chance @ found.plain == pytest.approx(found.scaled)
    deviation = np.sqrt(chance @ (found.inverted - found.full) ** 2)
    assert dropout.input_deviation(values, weights, rate) == pytest.approx(deviation)


def test_dropconnect_with_whole_columns_is_dropout() -> None:
    rng = np.random.default_rng(0)
    values, weights, bias = rng.normal(size=6), rng.normal(size=(3, 6)), rng.normal(size=3)
    units = dropout.masks(20, (6,), 0.4, 1)
    columns = np.repeat(units[:, None], 3, 1)
    np.testing.assert_allclose(
        dropout.connected_logits(values, weights, bias, columns, 0.4),
        dropout.logits(values, weights, bias, units, 0.4),
        rtol=0,
        atol=1e-12,
    )


def test_dropconnect_spreads_as_dropout_does_but_each_neuron_for_itself() -> None:
    rng = np.random.default_rng(0)
    values, weights, bias = rng.uniform(size=20), rng.uniform(0.5, 1, (2, 20)), np.zeros(2)
    one = dropout.logits(values, weights, bias, dropout.masks(4000, (20,), 0.5, 0), 0.5)
    two = dropout.connected_logits(values, weights, bias, dropout.masks(4000, (2, 20), 0.5, 0), 0.5)
    for each in (one, two):
        assert each[:, 0].std() == pytest.approx(dropout.input_deviation(values, weights[0], 0.5), rel=0.05)
    terms = weights * values
    shared = (terms[0] * terms[1]).sum() / np.sqrt((terms**2).sum(1).prod())  # the closed form of the correlation
    assert dropout.correlation(one[:, 0], one[:, 1]) == pytest.approx(shared, abs=0.02)
    assert dropout.correlation(two[:, 0], two[:, 1]) == pytest.approx(0, abs=4 / np.sqrt(4000))


def test_the_spread_of_predictions_against_torch() -> None:
    rng = np.random.default_rng(3)
    values, weights, bias = rng.uniform(0, 3, 8), rng.normal(size=(4, 8)), rng.normal(size=4)
    keep = dropout.masks(30, (8,), 0.5, 0)
    found = dropout.spread(values, weights, bias, keep, 0.5)
    inputs = torch.from_numpy(values * keep * 2)
    want = functional.linear(inputs, torch.from_numpy(weights), torch.from_numpy(bias)).softmax(1)
    np.testing.assert_allclose(found.probabilities, want.numpy(), atol=1e-12)
    np.testing.assert_allclose(found.mean, want.mean(0).numpy(), atol=1e-12)
    np.testing.assert_allclose(found.deviation, want.std(0, unbiased=False).numpy(), atol=1e-12)
    without = dropout.spread(values, weights, bias, np.ones((2, 8), bool), 0.0)
    np.testing.assert_allclose(without.probabilities[0], found.full, atol=1e-12)
    assert not without.deviation.any()


def test_dropped_cells_are_told_from_smooth_maps_and_not_from_noise() -> None:
    rng = np.random.default_rng(0)
    rows, columns = np.indices((20, 20))
    keep = dropout.masks(1, (1, 20, 20), 0.5, 1)[0]
    assert dropout.told_by_neighbours((rows + columns)[None].astype(float), keep) > 0.95
    assert abs(dropout.told_by_neighbours(rng.normal(size=(1, 20, 20)), keep)) < 0.25
    assert np.isnan(dropout.told_by_neighbours(np.ones((1, 20, 20)), keep))
    assert np.isnan(dropout.told_by_neighbours(rng.normal(size=(1, 20, 20)), np.ones((1, 20, 20), bool)))


def test_a_dropped_cell_is_compared_with_its_kept_neighbours_only() -> None:
    maps = np.array([[[1.0, 5.0, 3.0], [9.0, 2.0, 7.0]], [[4.0, 8.0, 6.0], [1.0, 1.0, 1.0]]])
    keep = np.ones((2, 2, 3), bool)
    keep[0, 0, 0] = keep[0, 1, 2] = keep[1, 0, 1] = False
    around = [(5 + 9 + 2) / 3, (5 + 3 + 2) / 3, (4 + 6 + 1 + 1 + 1) / 5]
    assert dropout.told_by_neighbours(maps, keep) == pytest.approx(np.corrcoef([1, 7, 8], around)[0, 1])


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.8])
def test_selu_keeps_mean_and_variance_with_alpha_dropout_and_not_with_plain_dropout(rate: float) -> None:
    values = dropout.selu_values(100_000, 0)
    assert values.mean() == pytest.approx(0, abs=0.02)
    assert values.var() == pytest.approx(1, abs=0.03)
    mean, variance = dropout.through_layers(8, 128, rate, 0, is_alpha=True)
    assert np.abs(mean).max() < 0.1
    assert variance == pytest.approx(np.ones(9), abs=0.2)
    plain = dropout.through_layers(1, 128, rate, 0, is_alpha=False)[1]
    assert plain[1] == pytest.approx(1 / (1 - rate), rel=0.1)  # Var of x m / q where E x = 0


def test_without_dropout_both_kinds_of_layers_are_the_same() -> None:
    for one, two in zip(*(dropout.through_layers(3, 64, 0.0, 4, is_alpha=kind) for kind in (True, False)), strict=True):
        np.testing.assert_allclose(one, two, atol=1e-12)


def test_running_mean() -> None:
    assert dropout.running_mean(np.array([4.0, 0.0, 5.0])).tolist() == [4, 2, 3]
