"""Softmax and cross-entropy against torch in float64, and against what can be computed by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.layers.softmax import LARGEST_SINGLE, cross_entropy, entropy, softmax, unshifted, unshifted_powers

LOGITS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=10)
TEMPERATURES = st.floats(0.1, 10)


@settings(max_examples=60, deadline=None)
@given(LOGITS, TEMPERATURES)
def test_the_shares_are_those_of_torch(logits: list[float], temperature: float) -> None:
    found = softmax(np.array(logits), temperature)
    want = torch.softmax(torch.tensor(logits, dtype=torch.float64) / temperature, 0).numpy()
    np.testing.assert_allclose(found.probabilities, want, rtol=1e-12, atol=1e-300)
    assert found.probabilities.sum() == pytest.approx(1, abs=1e-12)
    assert found.powers.max() == 1


@settings(max_examples=60, deadline=None)
@given(LOGITS, TEMPERATURES, st.data())
def test_loss_and_gradient_are_those_of_autograd(logits: list[float], temperature: float, data: st.DataObject) -> None:
    label = data.draw(st.integers(0, len(logits) - 1))
    found = cross_entropy(softmax(np.array(logits), temperature), label)
    values = torch.tensor(logits, dtype=torch.float64, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(values / temperature, torch.tensor(label))
    loss.backward()
    assert found.loss == pytest.approx(loss.item(), rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(found.gradient, values.grad.numpy(), rtol=0, atol=1e-12)
    assert found.gradient.sum() == pytest.approx(0, abs=1e-12)


def test_two_logits_by_hand() -> None:
    found = softmax(np.array([math.log(3), 0.0]))
    np.testing.assert_allclose(found.probabilities, [0.75, 0.25], rtol=1e-15)
    loss = cross_entropy(found, 1)
    assert loss.loss == pytest.approx(math.log(4), abs=1e-15)
    np.testing.assert_allclose(loss.gradient, [0.75, -0.75], rtol=1e-15)


def test_logits_of_a_thousand_work_and_fail_without_the_shift() -> None:
    large, small = np.array([1000.0, 1001.0, 1002.0]), np.array([0.0, 1.0, 2.0])
    np.testing.assert_array_equal(softmax(large).probabilities, softmax(small).probabilities)
    assert np.isinf(unshifted_powers(large)).all()
    assert np.isnan(unshifted(large)).all()
    assert np.isnan(unshifted(-large)).all()  # 0 / 0
    np.testing.assert_allclose(unshifted(small), softmax(small).probabilities, rtol=1e-6)


def test_float32_ends_where_it_is_said_to() -> None:
    below, above = unshifted_powers(np.array([LARGEST_SINGLE - 1e-4, LARGEST_SINGLE + 1e-4]))
    assert np.isfinite(below) and np.isinf(above)
    assert pytest.approx(88.7228, abs=1e-4) == LARGEST_SINGLE


def test_the_loss_stays_finite_where_the_probability_is_rounded_to_nothing() -> None:
    found = softmax(np.array([0.0, 2000.0]))
    assert found.probabilities[0] == 0
    assert cross_entropy(found, 0).loss == 2000


def test_temperature_flattens_and_keeps_the_order() -> None:
    logits = np.array([3.0, 1.0, -2.0, 0.5])
    spreads = [entropy(softmax(logits, temperature).probabilities) for temperature in (0.1, 0.5, 1, 2, 10)]
    assert spreads == sorted(spreads)
    assert spreads[-1] < math.log(4)
    np.testing.assert_array_equal(np.argsort(softmax(logits, 10).probabilities), np.argsort(logits))


def test_entropy_at_its_ends() -> None:
    assert entropy(np.array([0.0, 1.0])) == 0
    assert entropy(np.full(8, 1 / 8)) == pytest.approx(math.log(8))


def test_impossible_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        softmax(np.array([1.0]), 0)
    with pytest.raises(ValueError, match="Class 3"):
        cross_entropy(softmax(np.zeros(3)), 3)
    with pytest.raises(ValueError, match="Class -1"):
        cross_entropy(softmax(np.zeros(3)), -1)
