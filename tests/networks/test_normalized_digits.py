"""The network with batch normalization, taken apart, against torch running it as a whole."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from torch import nn

from explainer.data.digits import load
from explainer.layers.normalization import evaluate
from explainer.networks import normalized_digits
from explainer.networks.build import normalize
from explainer.networks.normalized_digits import (
    STEPS,
    accuracies,
    all_digits,
    batch_statistics,
    folded,
    layer,
    logits,
    maps,
)


@pytest.fixture
def network() -> nn.Sequential:
    return copy.deepcopy(normalized_digits._network())


def pixels(images: np.ndarray) -> torch.Tensor:
    return normalize(torch.from_numpy(np.array(images))).unsqueeze(1)


def test_the_network_reads_digits() -> None:
    data = load("mnist")
    got = logits(data.test_images[:2000], None).argmax(1)
    assert (got == data.test_labels[:2000]).mean() > 0.98


def test_training_mode_is_torchs_batch_by_batch(network: nn.Sequential) -> None:
    images = load("mnist").test_images[:24]
    got = logits(images, 8)
    network.train()
    with torch.no_grad():
        want = torch.cat([network(pixels(images[start : start + 8])) for start in (0, 8, 16)]).numpy()
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-4)


def test_evaluation_mode_is_torchs(network: nn.Sequential) -> None:
    images = load("mnist").test_images[:16]
    with torch.no_grad():
        want = network(pixels(images)).numpy()
    np.testing.assert_allclose(logits(images, None), want, rtol=0, atol=1e-5)


def test_with_one_digit_in_a_batch_all_get_the_same_answer(network: nn.Sequential) -> None:
    images = load("mnist").test_images[:10]
    got = logits(images, 1)
    np.testing.assert_allclose(got, np.tile(got[:1], (10, 1)), rtol=0, atol=1e-6)
    with pytest.raises(ValueError, match="more than 1 value per channel"):  # torch refuses
        network.train()(pixels(images[:1]))
    found = accuracies()
    assert found.training[0] < 0.2 < found.training[2] < found.training[-1] <= 1
    assert found.evaluation > 0.97


def test_the_maps_of_a_layer_lead_to_the_answer(network: nn.Sequential) -> None:
    """What is held before the second normalization, normalized by us, is what torch's module makes of it."""
    found, held = layer("convolution-2"), maps("convolution-2", 4)
    with torch.no_grad():
        before = network[:5](pixels(load("mnist").test_images[:4]))
        after = network[5](before)
    assert isinstance(network[5], nn.BatchNorm2d)
    np.testing.assert_allclose(held, before.numpy(), rtol=0, atol=1e-5)
    got = evaluate(held, found.mean, found.variance, found.affine, found.eps)
    np.testing.assert_allclose(got, after.numpy(), rtol=0, atol=1e-4)


def test_statistics_of_batches(network: nn.Sequential) -> None:
    mean, variance = batch_statistics("convolution-1", 4)
    assert mean.shape == variance.shape == (STEPS, 6)
    with torch.no_grad():
        second = network[0](pixels(load("mnist").train_images[4:8])).double()
    np.testing.assert_allclose(mean[1], second.mean((0, 2, 3)).numpy(), rtol=0, atol=1e-6)
    np.testing.assert_allclose(variance[1], second.var((0, 2, 3)).numpy(), rtol=1e-6)
    goal, _ = all_digits("convolution-1")
    largest, _ = batch_statistics("convolution-1", 64)
    np.testing.assert_allclose(largest.mean(0), goal, rtol=0, atol=1e-9)  # the same 4,096 digits


@pytest.mark.parametrize("name", ["convolution-1", "convolution-2"])
def test_folded_layers_compute_the_same(name: normalized_digits.Layer) -> None:
    found = folded(name)
    assert found.numbers == {"convolution-1": 6 * 28 * 28, "convolution-2": 8 * 14 * 14}[name]
    assert found.difference < 1e-12
    assert not np.allclose(found.weights, layer(name).weights)


def test_the_shared_network_stays_as_it_is() -> None:
    before = {key: value.clone() for key, value in normalized_digits._network().state_dict().items()}
    logits(load("mnist").test_images[:4], 2)
    after = normalized_digits._network().state_dict()
    assert all(torch.equal(value, after[key]) for key, value in before.items())
    assert not any(module.training for module in normalized_digits._network().modules())
