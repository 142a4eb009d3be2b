"""The presets are the networks of their sources: their numbers of parameters, and LeNet-5's published layers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from explainer.networks.build import build
from explainer.networks.config import Block
from explainer.networks.plan import layers, parameter_count
from explainer.networks.presets import PRESETS

PARAMETERS = {
    "first-steps": 122_270,
    "wider": 244_076,
    "widest": 708_698,
    "six-convolutions": 33_730,
    "lenet-5": 61_706,
    "convnetjs": 5_994,
    "fast": 20_874,
    "fast-to-99": 81_226,
    "residual": 42_394,
    "three-stages": 61_426,
}


def test_every_preset_has_its_count_here() -> None:
    assert list(PRESETS) == list(PARAMETERS)


@pytest.mark.parametrize("name, count", PARAMETERS.items())
def test_parameters(name: str, count: int) -> None:
    assert parameter_count(PRESETS[name]) == count
    assert sum(parameter.numel() for parameter in build(PRESETS[name]).parameters()) == count


def test_six_convolutions_without_the_last_bias() -> None:
    logits = layers(PRESETS["six-convolutions"])[-1]
    assert (logits.name, logits.bias, logits.outputs) == ("Logits", True, 10)
    assert parameter_count(PRESETS["six-convolutions"]) - logits.outputs == 33_720


def test_lenet_5_has_the_maps_of_its_paper() -> None:
    # LeCun et al. 1998, figure 2: C1 6@28x28, S2 6@14x14, C3 16@10x10, S4 16@5x5, C5 120, F6 84, output 10.
    shapes = {layer.name: layer.shape for layer in layers(PRESETS["lenet-5"])}
    assert shapes["Padding"] == (1, 32, 32)
    assert [shapes[f"Convolution {number}"] for number in (1, 2, 3)] == [
        (6, 28, 28),
        (16, 10, 10),
        (120, 1, 1),
    ]
    assert [shapes[f"Pooling {number}"] for number in (1, 2)] == [(6, 14, 14), (16, 5, 5)]
    assert (shapes["Fully connected 1"], shapes["Logits"]) == ((84,), (10,))


def test_convnetjs_has_the_maps_of_its_demonstration() -> None:
    # 28x28 -> conv 8x5x5 -> pool 2/2: 14x14 -> conv 16x5x5 -> pool 3/3: 4x4 -> 256 numbers -> softmax.
    shapes = {layer.name: layer.shape for layer in layers(PRESETS["convnetjs"])}
    assert (shapes["Pooling 1"], shapes["Pooling 2"], shapes["Flatten"]) == ((8, 14, 14), (16, 4, 4), (256,))


@pytest.mark.parametrize("name", ["first-steps", "wider", "widest"])
def test_the_three_lessons_shrink_the_map_by_strides(name: str) -> None:
    maps = [layer.shape for layer in layers(PRESETS[name]) if layer.kind == "convolution"]
    channels = [block.channels for block in PRESETS[name].blocks]
    assert maps == [(channels[0], 28, 28), (channels[1], 14, 14), (channels[2], 7, 7)]


def test_a_preset_can_be_varied_and_stays_as_it_was() -> None:
    varied = replace(PRESETS["wider"], blocks=(Block(1),), dropout=0.5)
    assert varied != PRESETS["wider"]
    assert parameter_count(PRESETS["wider"]) == PARAMETERS["wider"]
