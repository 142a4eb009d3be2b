"""Initial weights have the variance and the shape of distribution that their papers say."""

from __future__ import annotations

import math
from typing import get_args

import pytest
import torch
from torch import Tensor, nn

from explainer.networks.build import build
from explainer.networks.config import Block, NetworkConfig
from explainer.training.config import InitializationName
from explainer.training.initialization import initialize

# Convolution 2: 12 -> 60 channels, 5x5. Fully connected 1: 60 * 4 * 4 -> 300.
CONFIG = NetworkConfig((Block(12, 5), Block(60, 5, 7)), hidden=(300,))
FANS = {"convolution_2": (12 * 25, 60 * 25), "fully_connected_1": (60 * 4 * 4, 300)}


def _network(name: InitializationName, config: NetworkConfig = CONFIG) -> nn.Sequential:
    torch.manual_seed(4)
    network = build(config)
    initialize(network, name)
    return network


def _weight(network: nn.Sequential, layer: str) -> Tensor:
    return network.get_parameter(f"{layer}.weight").detach().double().flatten()


def _assert_variance(weight: Tensor, variance: float, kurtosis: float) -> None:
    """A sample of n has the variance within five standard errors of it, and a mean near 0.

    The variance of a sample variance is variance^2 (kurtosis - 1) / n: kurtosis is 3 for a normal distribution
    and 1.8 for a uniform one.
    """
    count = weight.numel()
    assert abs(weight.mean().item()) < 5 * math.sqrt(variance / count)
    assert weight.var().item() == pytest.approx(variance, rel=5 * math.sqrt((kurtosis - 1) / count))
    measured = ((weight - weight.mean()) ** 4).mean() / weight.var() ** 2
    assert measured.item() == pytest.approx(kurtosis, rel=0.1)


@pytest.mark.parametrize("layer", FANS)
def test_he_is_normal_with_variance_2_by_the_inputs(layer: str) -> None:
    _assert_variance(_weight(_network("he"), layer), 2 / FANS[layer][0], kurtosis=3)


@pytest.mark.parametrize("layer", FANS)
def test_xavier_is_uniform_with_variance_2_by_inputs_and_outputs(layer: str) -> None:
    weight = _weight(_network("xavier"), layer)
    _assert_variance(weight, 2 / sum(FANS[layer]), kurtosis=1.8)
    limit = math.sqrt(6 / sum(FANS[layer]))
    assert 0.99 * limit < weight.abs().max() <= limit * (1 + 1e-6)


@pytest.mark.parametrize("layer", FANS)
@pytest.mark.parametrize("name, deviation", [("normal-0.01", 0.01), ("normal-1", 1.0)])
def test_normal_has_the_deviation_of_its_name(name: InitializationName, deviation: float, layer: str) -> None:
    _assert_variance(_weight(_network(name), layer), deviation**2, kurtosis=3)


@pytest.mark.parametrize("layer", FANS)
def test_pytorchs_own_is_uniform_with_variance_a_third_of_1_by_the_inputs(layer: str) -> None:
    _assert_variance(_weight(_network("pytorch"), layer), 1 / (3 * FANS[layer][0]), kurtosis=1.8)


@pytest.mark.parametrize("name, value", [("constant", 0.01), ("zeros", 0.0)])
def test_constants(name: InitializationName, value: float) -> None:
    network = _network(name)
    for layer in ("convolution_1", *FANS, "logits"):
        assert torch.equal(
            network.get_parameter(f"{layer}.weight"),
            torch.full_like(network.get_parameter(f"{layer}.weight"), value),
        )


@pytest.mark.parametrize("name", [name for name in get_args(InitializationName) if name != "pytorch"])
def test_biases_become_0_and_batch_norm_stays(name: InitializationName) -> None:
    config = NetworkConfig((Block(3),), hidden=(5,))
    for network in (_network(name, config), _network(name, NetworkConfig((Block(3),), (5,), batch_norm=True))):
        for parameter_name, parameter in network.named_parameters():
            if "norm" in parameter_name and parameter_name.endswith("weight"):
                assert parameter.tolist() == [1.0] * len(parameter)
            elif parameter_name.endswith("bias"):
                assert not parameter.any()
            assert parameter.requires_grad


def test_pytorchs_own_leaves_the_network_and_the_generator_alone() -> None:
    torch.manual_seed(4)
    network = build(CONFIG)
    before, state = [p.clone() for p in network.parameters()], torch.get_rng_state()
    initialize(network, "pytorch")
    assert all(torch.equal(a, b) for a, b in zip(before, network.parameters(), strict=True))
    assert torch.equal(torch.get_rng_state(), state)


def test_zeros_learn_nothing_but_the_biases_of_the_logits() -> None:
    """Why nobody starts from zeros: no gradient passes a layer of zeros."""
    network = _network("zeros")
    loss = nn.functional.cross_entropy(network(torch.rand(8, 1, 28, 28)), torch.arange(8))
    loss.backward()  # type: ignore[no-untyped-call]
    moved = [
        name for name, parameter in network.named_parameters() if parameter.grad is not None and parameter.grad.any()
    ]
    assert moved == ["logits.bias"]
