"""Memory against what autograd keeps of real numbers, and against sums by hand."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from explainer.networks.architecture_names import TORCHVISION
from explainer.networks.architectures import build, counted, input_shape
from explainer.networks.folding import fold
from explainer.networks.memory import FLOAT, Memory, Saved, inference, kept, most_alive, saved, training

MEGA = 1_000_000


def test_lenet_5_by_hand() -> None:
    """Convolutions and pooling keep their inputs, tanh its output, which the next layer reads: each once."""
    numbers = 1024 + 4704 + 1176 + 1600 + 400 + 120 + 84
    assert saved(build("lenet-5"), (1, 32, 32)) == Saved(numbers * FLOAT, 0)


@pytest.mark.parametrize("name", ["lenet-5", "app-widest", "squeezenet1-1", "resnet18", "mobilenet-v3-small"])
@pytest.mark.parametrize("batch", [2, 5])
def test_autograd_keeps_as_much_of_real_numbers(name: str, batch: int) -> None:
    channels, *_ = shape = input_shape(name)
    real = build(name).to_empty(device="cpu")
    for each in (*real.parameters(), *real.buffers()):
        nn.init.zeros_(each)
    assert kept(real, torch.zeros(batch, *shape)) == saved(build(name), shape).of(batch)
    assert channels in (1, 3)


def test_a_batch_normalization_keeps_two_numbers_a_map() -> None:
    with torch.device("meta"):
        network = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU())
    found = saved(network, (1, 8, 8))
    assert found.fixed == 2 * 4 * FLOAT
    assert found.each == (64 + 256 + 256) * FLOAT  # the input, what the convolution made, what the ReLU made


def test_the_sum_of_training() -> None:
    vgg = fold(counted("vgg16"))
    keeps = Saved(100 * MEGA, 0)
    assert training(vgg, keeps, 64, "adam") == Memory(553_430_176, 553_430_176, 1_106_860_352, 6400 * MEGA)
    assert training(vgg, keeps, 64, "sgd").optimizer == 0
    assert training(vgg, keeps, 64, "momentum").total == 3 * 553_430_176 + 6400 * MEGA


def test_remedies() -> None:
    vgg, keeps = fold(counted("vgg16")), Saved(100 * MEGA, 0)
    whole = training(vgg, keeps, 64, "momentum")
    assert training(vgg, keeps, 32, "momentum").activations == whole.activations // 2
    shared = training(vgg, keeps, 64, "momentum", devices=4)
    assert (shared.activations, shared.weights) == (whole.activations // 4, whole.weights)
    assert training(vgg, keeps, 65, "momentum", devices=4).activations == 17 * 100 * MEGA
    half = training(vgg, keeps, 64, "momentum", half=True)
    assert (2 * half.weights, 2 * half.gradients, 2 * half.activations) == (
        whole.weights,
        whole.gradients,
        whole.activations,
    )
    assert half.optimizer == 2 * whole.optimizer  # with a copy of the weights in 32 bits


def test_inference_keeps_what_is_still_read() -> None:
    assert most_alive(fold(counted("lenet-5"))) == 4704 + 1176  # C1 and S2; the input and C1 are 5728
    vgg = fold(counted("vgg16"))
    assert most_alive(vgg) == 2 * 64 * 224 * 224
    found = inference(vgg, 8)
    assert found == Memory(4 * 138_357_544, 0, 0, 4 * 8 * 2 * 64 * 224 * 224)
    assert inference(vgg, 8, half=True).total == found.total // 2


@pytest.mark.thorough
@pytest.mark.parametrize("name", TORCHVISION)
def test_training_keeps_more_than_inference(name: str) -> None:
    found = fold(counted(name))
    keeps = saved(build(name), input_shape(name))
    assert 0 < most_alive(found) * FLOAT < keeps.each
    assert keeps.fixed >= 0
