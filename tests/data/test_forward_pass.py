"""The recording must be what its network computes, from MNIST's own digits."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from explainer.data import digits, forward_pass
from explainer.data.assets import assets_path
from explainer.data.forward_pass import Part
from explainer.networks.build import normalize
from explainer.networks.weights import from_bytes

PARTS = {part.name: part for part in forward_pass.load().parts}


def test_parts_are_in_order_with_their_shapes_and_windows() -> None:
    described = [(part.name, part.values.shape[1:], part.kernel, part.stride, part.padding) for part in PARTS.values()]
    assert described == [
        ("input", (1, 28, 28), 0, 1, 0),
        ("convolution_1", (4, 28, 28), 5, 1, 2),
        ("pooling_1", (4, 14, 14), 2, 2, 0),
        ("convolution_2", (8, 14, 14), 5, 1, 2),
        ("pooling_2", (8, 7, 7), 2, 2, 0),
        ("fully_connected", (48,), 0, 1, 0),
        ("probabilities", (10,), 0, 1, 0),
    ]


def test_the_digits_are_mnist_test_digits_one_of_each_class() -> None:
    mnist, index = digits.load("mnist"), list(forward_pass.load().test_index)
    assert (PARTS["input"].values[:, 0] == mnist.test_images[index]).all()
    assert mnist.test_labels[index].tolist() == list(range(10))


@torch.no_grad()
def test_the_values_are_what_the_stored_network_computes() -> None:
    """An independent way: torch's functions on the stored weights; half precision keeps 11 bits."""
    _, network, _ = from_bytes((assets_path() / "welcome" / "network.safetensors").read_bytes())
    weights = network.state_dict()
    pixels = torch.from_numpy(PARTS["input"].values.copy())
    one = functional.conv2d(
        normalize(pixels), weights["convolution_1.weight"], weights["convolution_1.bias"], padding=2
    )
    one_pooled = functional.max_pool2d(one.relu(), 2)
    two = functional.conv2d(one_pooled, weights["convolution_2.weight"], weights["convolution_2.bias"], padding=2)
    two_pooled = functional.max_pool2d(two.relu(), 2)
    hidden = two_pooled.flatten(1) @ weights["fully_connected_1.weight"].T + weights["fully_connected_1.bias"]
    logits = hidden.relu() @ weights["logits.weight"].T + weights["logits.bias"]
    computed = {
        "convolution_1": one.relu(),
        "pooling_1": one_pooled,
        "convolution_2": two.relu(),
        "pooling_2": two_pooled,
        "fully_connected": hidden.relu(),
        "probabilities": logits.softmax(1),
    }
    for name, values in computed.items():
        np.testing.assert_allclose(PARTS[name].values, values.numpy(), rtol=2e-3, atol=2e-3, err_msg=name)


@torch.no_grad()
def test_accuracy_and_size_are_those_of_the_stored_network() -> None:
    recording = forward_pass.load()
    _, network, _ = from_bytes((assets_path() / "welcome" / "network.safetensors").read_bytes())
    mnist = digits.load("mnist")
    logits = network(normalize(torch.from_numpy(mnist.test_images.copy())).unsqueeze(1))
    right = int((logits.argmax(1).numpy() == mnist.test_labels).sum())
    assert round(recording.accuracy * 10_000) == pytest.approx(right, abs=2)  # a tie may fall differently elsewhere
    assert recording.parameters == sum(weight.numel() for weight in network.parameters())


def test_the_network_reads_these_digits() -> None:
    probabilities = PARTS["probabilities"].values
    assert probabilities.argmax(1).tolist() == list(range(10))
    assert probabilities.sum(1) == pytest.approx(np.ones(10), abs=1e-5)


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_values_are_finite_read_only_and_not_negative(part: Part) -> None:
    assert np.isfinite(part.values).all() and part.values.min() >= 0
    with pytest.raises(ValueError, match="read-only"):
        part.values[0] = 0
