"""The schemes of single weights: closed forms of their variances, and torch.nn.init beside them."""

from __future__ import annotations

import math
from typing import get_args

import pytest
import torch
from torch import Tensor, nn

from explainer.training.initialization import CONSTANT, Scheme, draw, weight_variance

SHAPE = (200, 500)  # outputs, inputs


def drawn(scheme: Scheme, seed: int = 3) -> Tensor:
    return draw(torch.empty(SHAPE), scheme, torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("scheme", get_args(Scheme))
def test_the_variance_is_the_closed_form(scheme: Scheme) -> None:
    """Within five standard errors of a sample variance, whose kurtosis is 3 at most."""
    expected = weight_variance(scheme, 500, 200)
    found = drawn(scheme).double().var(correction=0).item()
    assert found == pytest.approx(expected, rel=5 * math.sqrt(2 / (200 * 500)), abs=1e-15)


@pytest.mark.parametrize(
    "scheme, expected",
    [
        ("xavier", 2 / 700),
        ("xavier-normal", 2 / 700),
        ("he", 2 / 500),
        ("he-fan-out", 2 / 200),
        ("normal-0.01", 1e-4),
        ("normal-1", 1.0),
        ("orthonormal", 1 / 500),
        ("constant", 0.0),
        ("zeros", 0.0),
    ],
)
def test_the_closed_forms_by_hand(scheme: Scheme, expected: float) -> None:
    assert weight_variance(scheme, 500, 200) == pytest.approx(expected)


def test_torch_draws_the_same() -> None:
    oracle = {
        "xavier": nn.init.xavier_uniform_,
        "xavier-normal": nn.init.xavier_normal_,
        "he": lambda w: nn.init.kaiming_normal_(w, nonlinearity="relu"),
        "he-fan-out": lambda w: nn.init.kaiming_normal_(w, mode="fan_out", nonlinearity="relu"),
        "orthonormal": nn.init.orthogonal_,
    }
    for scheme, init in oracle.items():
        torch.manual_seed(3)
        assert torch.equal(drawn(scheme), init(torch.empty(SHAPE))), scheme


def test_rows_of_orthonormal_weights_are_orthonormal() -> None:
    weight = drawn("orthonormal").double()
    torch.testing.assert_close(weight @ weight.T, torch.eye(200, dtype=torch.float64), rtol=0, atol=1e-5)


def test_constants_are_all_alike() -> None:
    assert torch.equal(drawn("constant"), torch.full(SHAPE, CONSTANT))
    assert not drawn("zeros").any()
