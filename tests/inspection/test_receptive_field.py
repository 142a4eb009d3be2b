"""What a unit sees: by hand, against the formula for stacks, and against what really moves it."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
import torch
from torch import nn
from torchvision import models

from explainer.inspection.channel_order import channel_orders
from explainer.inspection.reach import Box, reach
from explainer.inspection.receptive_field import effective, field, fields
from explainer.layers.receptive import Step, receptive_fields
from explainer.networks import zoo
from explainer.networks.build import build
from explainer.networks.config import Block, NetworkConfig, Skips
from explainer.networks.description import Transform
from explainer.networks.graph import Network, forward, trace
from explainer.networks.weights import to_bytes

GREY = Transform(32, 32, (0.0,), (1.0,))
COLOR = Transform(64, 64, (0.0,) * 3, (1.0,) * 3)


def _network(*layers: nn.Module) -> Network:
    return trace(nn.Sequential(*layers), "tiny", "Tiny", ("",), GREY)


def test_by_hand() -> None:
    """3x3 with stride 2 and padding 1, then 2x2 pooling: the unit (1, 2) pools rows 2, 3 and columns 4, 5."""
    network = _network(nn.Conv2d(1, 2, 3, 2, 1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(128, 1))
    layers = network.description.layers
    assert reach(network, layers[0].name, 0, 0) == Box(-1, -1, 2, 2)
    assert field(network, layers[0].name, 0, 0) == Box(0, 0, 2, 2)
    assert field(network, layers[1].name, 5, 6) == Box(9, 11, 12, 14)
    assert field(network, layers[2].name, 1, 2) == Box(3, 7, 8, 12)
    assert field(network, layers[4].name) == Box(0, 0, 32, 32)
    assert reach(network, layers[4].name) == Box(-1, -1, 32, 32)
    with pytest.raises(KeyError):
        field(network, "nothing")


@pytest.mark.parametrize("dilation", [1, 2])
def test_as_the_formula_for_stacks(dilation: int) -> None:
    modules = (nn.Conv2d(1, 2, 5, 2, 2), nn.Conv2d(2, 2, 3, 1, dilation, dilation), nn.AvgPool2d(2, 2), nn.ReLU())
    steps = (Step(5, 2, 2), Step(3, 1, dilation, dilation), Step(2, 2))
    network = _network(*modules)
    known = receptive_fields(steps)[-1]
    for row, column in ((0, 0), (2, 3), (5, 1)):
        (top, bottom), (left, right) = known.of(row), known.of(column)
        box = Box(top, left, bottom + 1, right + 1)
        assert reach(network, network.description.layers[-1].name, row, column) == box
        assert field(network, network.description.layers[-1].name, row, column) == box.within(32, 32)


@pytest.mark.parametrize("skips", get_args(Skips))
def test_each_building_block_of_an_own_network_adds_eight_pixels(skips: Skips) -> None:
    """Two 3x3 convolutions on maps that a stride of 2 made; the skip sees no more than what it leads around."""
    config = NetworkConfig((Block(4, stride=2, pairs=2),), activation="tanh", skips=skips, global_pool=True)
    torch.manual_seed(0)
    network = zoo.trained(to_bytes(build(config), config), "Mine")
    ends = {"plain": "activation-{}", "residual": "activation-{}", "pre-activation": "sum-{}"}
    for number, side in ((1, 11), (2, 19)):
        key = ends[skips].format(number if skips == "pre-activation" else 1 + 2 * number)
        layer = next(each for each in network.description.layers if each.key == key)
        box = field(network, layer.name, 7, 7)
        assert (box.bottom - box.top, box.right - box.left) == (side, side)
        inputs = np.random.default_rng(0).normal(size=(1, 1, 28, 28)).astype(np.float32)
        moved = np.argwhere(effective(network, layer.name, 7, 7, channel=0, inputs=inputs) > 0)
        assert (moved.min(0) >= (box.top, box.left)).all() and (moved.max(0) < (box.bottom, box.right)).all()


RELATIVES = ("mobilenet_v2", "mnasnet1_0", "regnet_y_400mf", "efficientnet_v2_s")


@pytest.mark.parametrize(
    "name",
    [
        *("resnet18", "googlenet", "mobilenet_v3_large", "convnext_tiny", "densenet121"),
        *(pytest.param(name, marks=pytest.mark.thorough) for name in RELATIVES),
    ],
)
def test_nothing_outside_of_it_moves_a_unit(name: str) -> None:
    """And the corners of what is inside do, in the first layers, where every weight is random."""
    torch.manual_seed(0)
    options = {"init_weights": False} if name == "googlenet" else {}
    network = trace(models.get_model(name, weights=None, **options), name, name, ("",) * 1000, COLOR)
    inputs = np.random.default_rng(0).normal(size=(1, 3, 64, 64)).astype(np.float32)
    maps = [layer for layer in network.description.maps if layer.shape[1] >= 4]
    for layer in maps[:: max(1, len(maps) // 8)]:
        row = layer.shape[1] // 2
        box = field(network, layer.name, row, row - 1).within(64, 64)
        moved = np.argwhere(effective(network, layer.name, row, row - 1, channel=0, inputs=inputs) > 0)
        if len(moved):
            assert (moved.min(0) >= (box.top, box.left)).all(), layer
            assert (moved.max(0) < (box.bottom, box.right)).all(), layer
    first = network.description.convolutions[0]
    box = field(network, first.name, 3, 4).within(64, 64)
    moved = np.argwhere(effective(network, first.name, 3, 4, channel=1, inputs=inputs) > 0)
    assert (*moved.min(0), *(moved.max(0) + 1)) == (box.top, box.left, box.bottom, box.right)


def positive(module: nn.Module, size: int) -> Network:
    """With weights above 0 and means for maxima, so that all that a unit reads moves it: in double precision."""
    for part in list(module.modules()):
        for name, child in part.named_children():
            if isinstance(child, nn.MaxPool2d):
                mean = nn.AvgPool2d(child.kernel_size, child.stride, child.padding, child.ceil_mode)
                setattr(part, name, mean)
    with torch.no_grad():
        for name, values in module.named_parameters():
            values.copy_(torch.rand(values.shape) / values[0].numel() if values.dim() > 1 else 0.0)
            if values.dim() == 1 and name.endswith("weight"):
                values.fill_(1.0)
    color = Transform(size, size, (0.0,) * 3, (1.0,) * 3)
    network = trace(module, "positive", "Positive", ("",) * 1000, color)
    network.graph.double()
    return network


def moving(network: Network, layer: str, row: int, column: int, channel: int) -> Box:
    size = network.description.transform.size
    strength = effective(network, layer, row, column, channel=channel, inputs=np.ones((1, 3, size, size)))
    moved = np.argwhere(strength > 0)
    return Box(*moved.min(0).tolist(), *(moved.max(0) + 1).tolist()) if len(moved) else Box(0, 0, 0, 0)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "size"),
    [
        *(("squeezenet1_0", size) for size in (64, 96)),
        *(("squeezenet1_1", 90), ("googlenet", 75), ("densenet121", 70), ("resnet18", 61), ("resnext50_32x4d", 64)),
        *(("mobilenet_v2", 63), ("alexnet", 80), ("vgg11_bn", 50), ("mnasnet0_5", 66)),
    ],
)
def test_it_is_exactly_what_moves_a_unit_of_a_network_with_weights_above_0(name: str, size: int) -> None:
    torch.manual_seed(0)
    options = {"init_weights": False} if name == "googlenet" else {}
    network, rng = positive(models.get_model(name, weights=None, **options), size), np.random.default_rng(0)
    maps = network.description.maps
    joins = [layer for layer in maps if layer.kind == "concatenation"]
    for layer in [*rng.choice(np.array(maps, object), 16), *joins[:3]]:
        channels, height, width = layer.shape
        for row, column in ((height - 1, int(rng.integers(width))), (int(rng.integers(height)), width - 1)):
            channel = int(rng.integers(channels))
            want = moving(network, layer.name, row, column, channel)
            found = field(network, layer.name, row, column, channel)
            assert found == want, (layer, row, column, channel)
            window = reach(network, layer.name, row, column, channel)
            assert window.around(found) == window and found.within(size, size) == found


def test_each_channel_of_chunks_and_shuffles_sees_what_moves_it() -> None:
    torch.manual_seed(0)
    network = positive(models.shufflenet_v2_x0_5(weights=None), 64)
    layers = [layer for layer in network.description.layers if layer.is_maps and layer.shape[1] == 8][:26]
    moved = [layer for layer in layers if layer.kind in ("reshape", "other")]
    assert len(moved) >= 6 and any(len(fields(network, layer.name).rows) > 1 for layer in moved)
    for layer in (*moved, layers[-1]):
        for channel in (0, 1, 2, layer.channels // 2, layer.channels - 1):
            found = field(network, layer.name, 3, 5, channel)
            assert found == moving(network, layer.name, 3, 5, channel), (layer, channel)
            window = reach(network, layer.name, 3, 5, channel)
            assert window.around(found) == window and window.within(64, 64) == found


def test_what_computes_is_no_order_of_channels() -> None:
    class Slices(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            first, second = x.chunk(2, 1)
            return torch.cat([second.flip(3), first, 2 * second], 1)

    network = _network(nn.Conv2d(1, 4, 3, padding=1), Slices())
    orders = channel_orders(network)
    assert sorted(order.tolist() for _, order in orders.values()) == [[0, 1], [2, 3]]


def test_a_channel_of_a_concatenation_sees_what_its_branch_does() -> None:
    network = zoo.load("squeezenet")
    join = next(layer for layer in network.description.layers if layer.kind == "concatenation")
    assert field(network, join.name, 20, 20, 0) == Box(80, 80, 91, 91)
    assert field(network, join.name, 20, 20, 127) == field(network, join.name, 20, 20) == Box(76, 76, 95, 95)
    assert reach(network, join.name, 20, 20, 0) == Box(80, 80, 91, 91)
    known = fields(network, join.name)
    assert len(known.rows) == 2 and known.kinds.tolist() == [int(known.kinds[0])] * 64 + [int(known.kinds[127])] * 64
    assert known.of(0).rows[0, 20].tolist() == [80, 91]


def test_a_window_over_the_end_of_a_map_reads_no_further() -> None:
    network = trace(
        models.squeezenet1_0(weights=None), "s", "S", ("",) * 1000, Transform(96, 96, (0.0,) * 3, (1.0,) * 3)
    )
    assert field(network, "features_9_squeeze_activation", 6, 8).right == 95


def test_a_pooling_that_rounds_up_has_no_padding() -> None:
    network = _network(nn.Conv2d(1, 1, 1), nn.MaxPool2d(3, 2, ceil_mode=True))
    layer = network.description.layers[1].name
    assert reach(network, layer, 15, 0) == field(network, layer, 15, 0) == Box(30, 0, 32, 3)


def test_a_unit_in_the_padding_alone_sees_nothing() -> None:
    network = _network(nn.Conv2d(1, 2, 1, padding=1), nn.Conv2d(2, 2, 3, dilation=2, padding=2))
    one, other = (layer.name for layer in network.description.layers)
    assert field(network, one, 0, 5).top == field(network, one, 0, 5).bottom
    assert field(network, other, 1, 5) == Box(0, 2, 3, 7)  # rows -1, 1 and 3 of the first, the second and third in it


def test_adaptive_windows() -> None:
    """Ten rows into four windows: rows 0-2, 2-4, 5-7, 7-9."""
    network = trace(
        nn.Sequential(nn.Conv2d(1, 1, 1), nn.AdaptiveAvgPool2d(4)),
        "adaptive",
        "Adaptive",
        ("",),
        Transform(10, 10, (0.0,), (1.0,)),
    )
    boxes = [field(network, network.description.layers[1].name, row, 0) for row in range(4)]
    assert [(box.top, box.bottom) for box in boxes] == [(0, 3), (2, 5), (5, 8), (7, 10)]


def test_the_effective_field_is_the_gradient() -> None:
    """Of one 3x3 convolution: the kernel's magnitudes, around the unit."""
    network = _network(nn.Conv2d(1, 1, 3, padding=1, bias=False))
    kernel = next(network.graph.parameters())[0, 0].abs().numpy()
    strength = effective(
        network, network.description.layers[0].name, 4, 7, channel=0, inputs=np.ones((1, 1, 32, 32), np.float32)
    )
    np.testing.assert_allclose(strength[3:6, 6:9], kernel / kernel.max(), rtol=1e-6)
    assert np.count_nonzero(strength) == 9


def test_a_dead_unit_sees_nothing() -> None:
    network = _network(nn.Conv2d(1, 1, 3), nn.ReLU())
    layer = network.description.layers[1].name
    dead = [seed for seed in (1.0, -1.0) if not forward(network, torch.full((1, 1, 32, 32), 100 * seed))[layer].any()]
    assert dead
    inputs = np.full((1, 1, 32, 32), 100 * dead[0], np.float32)
    assert not effective(network, layer, 0, 0, channel=0, inputs=inputs).any()


def test_the_digit_reader_sees_nearly_all() -> None:
    network = zoo.load("digits")
    assert field(network, "activation_1", 10, 10) == Box(8, 8, 14, 14)
    box = field(network, "convolution_3", 3, 3)
    assert (box.bottom - box.top) == 6 + 4 + 3 * 2
