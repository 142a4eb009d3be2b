"""Costs of small convolutions and of one large one in their place, against modules that are built and counted."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torchvision.models.googlenet import BasicConv2d, Inception

from explainer.networks.architectures import counted
from explainer.networks.counting import count
from explainer.networks.factoring import Costs, Factored, factored
from explainer.networks.folding import fold


def costs(network: nn.Module, shape: tuple[int, ...]) -> Costs:
    found = fold(count(network, shape))
    return Costs(found.parameters, found.macs)


def of(name: str, layer: str) -> Factored | None:
    architecture = fold(counted(name))
    found = architecture.layer(layer)
    assert found
    return factored(architecture, found)


class Unreduced(nn.Module):
    """Inception 3a, whose larger convolutions read all 192 maps."""

    def __init__(self) -> None:
        super().__init__()
        self.one = BasicConv2d(192, 64, kernel_size=1)
        self.three = BasicConv2d(192, 128, kernel_size=3, padding=1)
        self.third = BasicConv2d(192, 32, kernel_size=3, padding=1)  # of 5 x 5 in the paper, 3 x 3 in torchvision
        self.pooled = nn.Sequential(nn.MaxPool2d(3, 1, 1), BasicConv2d(192, 32, kernel_size=1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([self.one(x), self.three(x), self.third(x), self.pooled(x)], 1)


@pytest.mark.parametrize("layer", ["inception3a.branch2.0.conv", "inception3a.branch3.0.conv"])
def test_inception_3a_with_and_without_its_reductions(layer: str) -> None:
    found = of("googlenet", layer)
    assert found and (found.how, found.name, found.count) == ("reduced", "inception3a", 2)
    with torch.device("meta"):
        built = Inception(192, 64, 96, 128, 16, 32, 32)
        unreduced = Unreduced()
    assert found.of == costs(built, (192, 28, 28)) == Costs(155_872, 121_626_624)
    assert found.instead == costs(unreduced, (192, 28, 28)) == Costs(295_424, 231_211_008)


def test_three_of_3_by_3_for_one_of_7_by_7() -> None:
    found = of("vgg16", "features.28")
    assert found and (found.how, found.count, found.window) == ("stacked", 3, (7, 7))
    with torch.device("meta"):
        small = nn.Sequential(*(nn.Conv2d(512, 512, 3, padding=1) for _ in range(3)))
        large = nn.Conv2d(512, 512, 7, padding=3)
    assert found.of == costs(small, (512, 14, 14)) == Costs(7_079_424, 1_387_266_048)
    assert found.instead == costs(large, (512, 14, 14)) == Costs(12_845_568, 2_517_630_976)


def test_a_depthwise_separable_convolution_for_a_whole_one() -> None:
    found = of("mobilenet-v2", "features.1.conv.0.0")
    assert found and (found.how, found.count, found.window) == ("separable", 2, (3, 3))
    with torch.device("meta"):
        depthwise = [nn.Conv2d(32, 32, 3, padding=1, groups=32, bias=False), nn.BatchNorm2d(32), nn.ReLU6()]
        small = nn.Sequential(*depthwise, nn.Conv2d(32, 16, 1, bias=False), nn.BatchNorm2d(16))
        large = nn.Sequential(nn.Conv2d(32, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16))
    assert found.of == costs(small, (32, 112, 112)) == Costs(896, 10_035_200)
    assert found.instead == costs(large, (32, 112, 112)) == Costs(4_640, 57_802_752)


def test_a_stride_in_the_depthwise_convolution() -> None:
    found = of("mobilenet-v2", "features.2.conv.1.0")
    assert found and found.window == (3, 3)
    with torch.device("meta"):
        large = nn.Sequential(nn.Conv2d(96, 24, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(24))
    assert found.instead == costs(large, (96, 112, 112))


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("vgg16", "features.24"),  # the first of its row
        ("vgg16", "features.10"),  # which reads fewer maps than it makes
        ("vgg16", "classifier.0"),
        ("googlenet", "inception3a.branch1.conv"),  # with no convolution behind it
        ("squeezenet1-1", "features.3.squeeze"),  # which two read
        ("lenet-5", "C1"),
        ("lenet-5", "input"),
    ],
)
def test_others_are_none(name: str, layer: str) -> None:
    assert of(name, layer) is None
