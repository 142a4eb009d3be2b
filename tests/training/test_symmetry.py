"""Equal weights stay equal, and random ones become different."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from explainer.training.flow import ACTIVATIONS, batch
from explainer.training.symmetry import RATE, train


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_equal_neurons_stay_equal_while_they_learn(activation: str) -> None:
    start, after = train("constant", activation, 0), train("constant", activation, 60)
    assert after.difference < 1e-7
    assert after.moved > 1e-6
    assert after.loss < start.loss
    assert np.ptp(after.weights, axis=1).min() > 0  # within a neuron the weights do differ


def test_random_neurons_differ_and_learn_more() -> None:
    random, equal = train("xavier", "relu", 60), train("constant", "relu", 60)
    assert random.difference > 0.1
    assert random.loss < equal.loss - 0.5


def test_three_steps_of_torchs_gradient_descent() -> None:
    chance = torch.Generator().manual_seed(0)
    layers = [nn.Linear(784, 8, bias=False), nn.Linear(8, 8, bias=False), nn.Linear(8, 10, bias=False)]
    for layer in layers:
        nn.init.xavier_uniform_(layer.weight, generator=chance)
    network = nn.Sequential(layers[0], nn.Tanh(), layers[1], nn.Tanh(), layers[2])
    optimizer = torch.optim.SGD(network.parameters(), lr=RATE)
    pixels, labels = (torch.from_numpy(part.copy()) for part in batch())
    for _ in range(3):
        optimizer.zero_grad()
        functional.cross_entropy(network(pixels), labels).backward()
        optimizer.step()
    found = train("xavier", "tanh", 3)
    np.testing.assert_allclose(found.weights, layers[0].weight.detach().numpy(), rtol=0, atol=1e-6)
