"""Twice the stride in the first convolution: the same weights, smaller maps."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional

from explainer.networks.architectures import altered, counted, counted_at
from explainer.networks.folding import fold
from explainer.networks.memory import Saved, kept, saved
from explainer.networks.strides import first_stride, with_double_stride


def test_it_computes_what_the_functions_do() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(2, 3, 5, padding="same"), nn.ReLU(), nn.Conv2d(3, 4, 3, stride=2))
    pictures = torch.randn(2, 2, 17, 19, dtype=torch.float64)
    network.double()
    first, last = network[0], network[2]
    whole = functional.conv2d(pictures, first.weight, first.bias, padding=2)[:, :, ::2, ::2]
    expected = functional.conv2d(whole.relu(), last.weight, last.bias, stride=2)
    assert first_stride(network) == (1, 1)
    torch.testing.assert_close(with_double_stride(network)(pictures), expected)
    assert first_stride(network) == (2, 2)


def test_a_network_without_convolutions_stays_as_it_is() -> None:
    network = nn.Sequential(nn.Flatten(), nn.Linear(4, 2))
    assert first_stride(network) is None
    assert with_double_stride(network) is network


def test_what_a_residual_network_keeps_of_real_pictures() -> None:
    network = altered("resnet18", None, "built", is_doubled=True)
    found = saved(network, (3, 96, 96))
    network.to_empty(device="cpu")
    assert isinstance(found, Saved)
    assert found.of(3) == kept(network, torch.zeros(3, 3, 96, 96)).bytes


def test_the_maps_of_vgg_have_half_their_sides_and_its_weights_are_as_many() -> None:
    found, before = fold(counted_at("vgg16", None, 224, "built", is_doubled=True)), fold(counted("vgg16"))
    assert found.parameters == before.parameters == 138_357_544
    assert before.layer("features.0").size == (224, 224)
    assert found.layer("features.0").size == (112, 112)
    assert found.layer("features.28").size == (7, 7)


@pytest.mark.parametrize(("name", "side", "where"), [("lenet-5", 32, "window"), ("vit-b-16", 224, "size")])
def test_what_was_made_for_larger_maps_fails(name: str, side: int, where: str) -> None:
    failure = counted_at(name, None, side, "built", is_doubled=True).failure
    assert failure is not None
    assert failure.reason == where
