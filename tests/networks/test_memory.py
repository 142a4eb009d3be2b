"""Memory against what autograd keeps of real numbers, and against sums by hand."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from explainer.networks.architecture_names import FAMILIES
from explainer.networks.architectures import build, counted, input_shape
from explainer.networks.failing import Failure
from explainer.networks.folding import fold
from explainer.networks.memory import FLOAT, Memory, Saved, inference, kept, most_alive, saved, training

MEGA = 1_000_000


def kept_of(network: nn.Module, shape: tuple[int, ...]) -> Saved:
    """What ``saved`` says of a network that computes."""
    found = saved(network, shape)
    assert isinstance(found, Saved)
    return found


def test_lenet_5_by_hand() -> None:
    """Convolutions and pooling keep their inputs, tanh its output, which the next layer reads: each once."""
    numbers = 1024 + 4704 + 1176 + 1600 + 400 + 120 + 84
    assert kept_of(build("lenet-5"), (1, 32, 32)) == Saved(numbers * FLOAT, 0)


@pytest.mark.parametrize("name", ["lenet-5", "app-widest", "squeezenet1-1", "resnet18", "mobilenet-v3-small"])
@pytest.mark.parametrize("batch", [2, 5])
def test_autograd_keeps_as_much_of_real_numbers(name: str, batch: int) -> None:
    channels, *_ = shape = input_shape(name)
    real = build(name).to_empty(device="cpu")
    for each in (*real.parameters(), *real.buffers()):
        nn.init.zeros_(each)
    assert kept(real, torch.zeros(batch, *shape)).bytes == kept_of(build(name), shape).of(batch)
    assert channels in (1, 3)


def test_a_batch_normalization_keeps_two_numbers_a_map() -> None:
    with torch.device("meta"):
        network = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU())
    found = kept_of(network, (1, 8, 8))
    assert found.fixed == 2 * 4 * FLOAT
    assert found.numbers == (64 + 256 + 256) * FLOAT  # the input, what the convolution made, what the ReLU made


def _small(parts: str) -> nn.Sequential:
    made: dict[str, nn.Module] = {
        "c": nn.Conv2d(1, 4, 3, padding=1),
        "b": nn.BatchNorm2d(4),
        "r": nn.ReLU(),
        "m": nn.MaxPool2d(2),
        "a": nn.AvgPool2d(2),
        "f": nn.Flatten(),
        "l": nn.Linear(4 * 4 * 4, 10),
    }
    return nn.Sequential(*(made[part] for part in parts))


@pytest.mark.parametrize("parts", ["crafl", "crmfl", "cbrafl", "cbrmfl"])
@pytest.mark.parametrize("batch", [2, 5])
def test_autograd_keeps_as_much_under_autocast_to_16_bits(parts: str, batch: int) -> None:
    real = _small(parts)
    with torch.device("meta"):
        planned = _small(parts)
    found = kept_of(planned, (1, 8, 8))
    with torch.autocast("cpu", torch.bfloat16):
        measured = kept(real, torch.rand(batch, 1, 8, 8))
    copies = 2 * sum(part.weight.numel() for part in real if isinstance(part, (nn.Conv2d, nn.Linear)))
    assert measured.bytes == found.of(batch, half=True) + copies
    assert kept(real, torch.rand(batch, 1, 8, 8)).bytes == found.of(batch)


def test_what_16_bits_leave_as_large() -> None:
    """Where the maxima were, 8 bytes each, for each picture; a mean and a deviation of each map, whatever the batch."""
    with torch.device("meta"):
        network = _small("cbrmfl")
    found = kept_of(network, (1, 8, 8))
    assert (found.positions, found.fixed) == (8 * 4 * 4 * 4, 4 * 2 * 4)
    assert found.of(3, half=True) == 3 * (found.numbers // 2 + found.positions) + found.fixed
    assert found.full_size(3) == 3 * 8 * 64 + 32


def test_squeezenet_keeps_its_positions() -> None:
    """Measured under autocast: two pictures have 36,856,640 bytes, of them 18,428,320 with 16 bits, and positions."""
    found = kept_of(build("squeezenet1-1"), input_shape("squeezenet1-1"))
    assert found == Saved(36_856_640 // 2, 0, positions=5_282_816 // 2)
    assert found.of(2, half=True) == 18_428_320 + 5_282_816


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
    pooled = training(vgg, Saved(80 * MEGA, 5, positions=20 * MEGA), 64, "momentum", half=True)
    assert pooled.activations == 64 * (40 + 20) * MEGA + 5


def test_inference_keeps_what_is_still_read() -> None:
    assert most_alive(fold(counted("lenet-5"))) == 4704 + 1176  # C1 and S2; the input and C1 are 5728
    vgg = fold(counted("vgg16"))
    assert most_alive(vgg) == 2 * 64 * 224 * 224
    found = inference(vgg, 8)
    assert found == Memory(4 * 138_357_544, 0, 0, 4 * 8 * 2 * 64 * 224 * 224)
    assert inference(vgg, 8, half=True).total == found.total // 2


@pytest.mark.parametrize("name", [next(iter(family)) for family in FAMILIES.values()])
def test_training_keeps_more_than_inference(name: str) -> None:
    found = fold(counted(name))
    keeps = kept_of(build(name), input_shape(name))
    assert 0 < most_alive(found) * FLOAT < keeps.of(1)
    assert keeps.fixed >= 0


def test_a_head_that_training_alone_reads_may_fail() -> None:
    found = saved(build("inception-v3"), (3, 224, 224))
    assert isinstance(found, Failure)
    assert (found.path, found.reason, found.window, found.padded) == ("AuxLogits.conv1.conv", "window", (5, 5), (3, 3))
