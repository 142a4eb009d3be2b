"""Architectures against what their papers, torchvision and torchinfo say of them."""

from __future__ import annotations

import warnings

import pytest
import torch
import torchinfo

from explainer.networks.architecture_names import OWN, PRESETS, TORCHVISION, torchvision_name
from explainer.networks.architectures import build, counted, counted_config, input_shape, published
from explainer.networks.config import Block, NetworkConfig, Skips
from explainer.networks.folding import Architecture, Group, Layer, fold
from explainer.networks.plan import layers
from explainer.networks.presets import PRESETS as CONFIGS

LENET_5 = [  # name, kind, maps, size, window, stride, activation, parameters, MACs, activations
    ("Input", "input", 1, (32, 32), None, (1, 1), "", 0, 0, 1024),
    ("C1", "convolution", 6, (28, 28), (5, 5), (1, 1), "Tanh", 156, 117_600, 4704),
    ("S2", "average-pooling", 6, (14, 14), (2, 2), (2, 2), "", 0, 0, 1176),
    ("C3", "convolution", 16, (10, 10), (5, 5), (1, 1), "Tanh", 2416, 240_000, 1600),
    ("S4", "average-pooling", 16, (5, 5), (2, 2), (2, 2), "", 0, 0, 400),
    ("C5", "convolution", 120, (1, 1), (5, 5), (1, 1), "Tanh", 48_120, 48_000, 120),
    ("F6", "fully-connected", 84, None, None, (1, 1), "Tanh", 10_164, 10_080, 84),
    ("Output", "fully-connected", 10, None, None, (1, 1), "", 850, 840, 10),
]


def architecture(name: str) -> Architecture:
    return fold(counted(name))


def row(layer: Layer) -> tuple[object, ...]:
    step = layer.step
    what = (layer.name, step.kind, layer.maps, layer.size, step.window, step.stride, layer.activation)
    return *what, layer.parameters, layer.macs, layer.activations


def test_lenet_5_layer_by_layer() -> None:
    assert [row(layer) for layer in architecture("lenet-5").layers] == LENET_5
    assert [layer.field for layer in architecture("lenet-5").layers] == [1, 5, 6, 14, 16, 32, "whole", "whole"]


def test_the_preset_lenet_5_is_the_same_network() -> None:
    ours, of_preset = architecture("lenet-5"), fold(counted_config(CONFIGS["lenet-5"]))
    assert [row(a)[2:] for a in ours.layers[1:]] == [row(b)[2:] for b in of_preset.layers[1:]]
    assert ours.parameters == 61_706


def test_vgg_16_is_mostly_its_fully_connected_layers() -> None:
    vgg = architecture("vgg16")
    assert vgg.parameters == 138_357_544
    dense = [layer.parameters for layer in vgg.layers if layer.step.kind == "fully-connected"]
    assert dense == [102_764_544, 16_781_312, 4_097_000] and sum(dense) == 123_642_856
    assert vgg.layers[1].activations == 64 * 224 * 224


@pytest.mark.parametrize("name", TORCHVISION)
def test_counts_are_those_that_torchvision_publishes(name: str) -> None:
    found, said = architecture(name), published(name)
    assert said is not None
    assert found.parameters == said.parameters
    assert sum(layer.parameters for layer in found.layers) == found.parameters - found.idle
    assert found.macs / 1e9 == pytest.approx(said.giga_macs, rel=0.001, abs=0.0005)  # published with three decimals
    assert sum(group.length * group.repeats for group in found.groups) == len(found.layers)
    assert found.layers[-1].maps == 1000


def test_only_inception_has_parameters_for_training_alone() -> None:
    assert {name: found.idle for name in TORCHVISION if (found := architecture(name)).idle} == {
        "inception-v3": 3_326_696
    }


@pytest.mark.parametrize("name", PRESETS)
def test_the_apps_own_networks_cost_what_their_plans_say(name: str) -> None:
    found, plan = architecture(name), layers(CONFIGS[PRESETS[name]])
    assert found.parameters == sum(layer.parameters for layer in plan)
    assert found.macs == sum(layer.macs for layer in plan)


@pytest.mark.parametrize(
    "skips, title, rows", [("plain", "Plain Block", 2), ("residual", "Residual Block", 3), ("pre-activation", "", 4)]
)
def test_building_blocks_of_an_own_network_are_folded(skips: Skips, title: str, rows: int) -> None:
    config = NetworkConfig((Block(16, stride=2, pairs=9),), batch_norm=True, skips=skips, global_pool=True)
    found, plan = fold(counted_config(config)), layers(config)
    assert Group(2, rows, 9, title or "Preactivation Block") in found.groups
    assert found.depth == 20
    assert found.parameters == sum(layer.parameters for layer in plan)
    assert found.macs == sum(layer.macs for layer in plan)
    sums = [layer for layer in found.layers if layer.step.kind == "sum"]
    assert [layer.reads for layer in sums] == [
        (1 + rows * at, rows * (at + 1)) for at in range(0 if skips == "plain" else 9)
    ]


def test_every_name_of_torchvision_is_there() -> None:
    from torchvision import models

    assert {torchvision_name(name) for name in TORCHVISION} == set(models.list_models(module=models))


@pytest.mark.parametrize("name", ["resnet18", "mobilenet-v2", "squeezenet1-1"])
def test_layers_are_those_of_torchinfo(name: str) -> None:
    """What it counts in memory of numbers, on a network with numbers."""
    network = build(name).to_empty(device="cpu")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torchinfo's own, of storages
        summary = torchinfo.summary(network, (1, *input_shape(name)), verbose=0, device="cpu")
    theirs = [
        (tuple(each.output_size[1:]), each.num_params)
        for each in summary.summary_list
        if isinstance(each.module, (torch.nn.Conv2d, torch.nn.Linear))
    ]
    found = [step for step in counted(name).steps if step.kind in ("convolution", "fully-connected")]
    assert [(step.shape, step.parameters) for step in found] == theirs


def test_blocks_are_folded_as_papers_list_them() -> None:
    assert blocks("resnet152") == [("Bottleneck", n) for n in (1, 2, 1, 7, 1, 35, 1, 2)]
    assert [each for each in blocks("densenet121") if each[0] == "Dense Layer"] == [
        ("Dense Layer", n) for n in (6, 12, 24, 16)
    ]
    assert [each for each in blocks("googlenet") if each[0] == "Inception"] == [("Inception", n) for n in (2, 5, 2)]
    assert blocks("squeezenet1-0") == [("Fire", 3), ("Fire", 4), ("Fire", 1)]
    assert blocks("vit-b-16") == [("Encoder Block", 12)]
    assert blocks("vgg16") == []


def blocks(name: str) -> list[tuple[str, int]]:
    return [(group.title, group.repeats) for group in architecture(name).groups if group.title]


def test_a_bottleneck_has_its_skip() -> None:
    resnet = architecture("resnet50")
    group = resnet.groups[4]
    assert group == Group(8, 4, 2, "Bottleneck")
    assert [resnet.layers[i].name for i in group.layers[:4]] == [
        f"layer1.1.{part}" for part in ("conv1", "conv2", "conv3", "add")
    ]
    assert resnet.layers[11].reads == (7, 10)
    assert resnet.layers[11].activation == "ReLU" and resnet.layers[10].normalization == "BatchNorm2d"


def test_parameters_of_no_layer_belong_to_what_reads_them() -> None:
    vit = architecture("vit-b-16")
    token, position = vit.layer("cat"), vit.layer("encoder.add")
    assert token and token.parameters == 768
    assert position and position.parameters == 197 * 768
    swin = architecture("swin-t").layer("features.1.0.attn")
    assert swin and swin.parameters == 4 * 96 * (96 + 1) + 13 * 13 * 3  # and a bias for each shift in each head


@pytest.mark.parametrize(
    ("name", "depth"), [("lenet-5", 5), ("alexnet", 8), ("vgg16", 16), ("googlenet", 22), ("resnet50", 50),
                        ("resnet152", 152), ("densenet121", 121)],
)  # fmt: skip
def test_the_depth_is_that_in_the_name(name: str, depth: int) -> None:
    assert architecture(name).depth == depth


LATER = 2 * (4 + 8 + 16)  # torchvision's ResNets stride in the 3 × 3 convolution, Distill's in the 1 × 1 before it


@pytest.mark.parametrize(
    ("name", "field"), [("alexnet", 195), ("vgg16", 212), ("resnet50", 483 - LATER), ("resnet152", 1507 - LATER)]
)
def test_receptive_fields_are_those_of_distill(name: str, field: int) -> None:
    """Araujo et al. 2019, table of popular networks; the last layer before what sees all of the picture."""
    fields = [layer.field for layer in architecture(name).layers if isinstance(layer.field, int)]
    assert max(fields) == field


def test_a_module_is_counted_without_numbers_and_stays_clean() -> None:
    network = build("resnet18")
    from explainer.networks.counting import count

    count(network, (3, 64, 64))
    assert all(not part._forward_hooks and not part._forward_pre_hooks for part in network.modules())
    assert all(each.is_meta for each in network.parameters())


def test_an_unknown_name_is_a_key_error() -> None:
    for ask in (build, input_shape, published):
        with pytest.raises(KeyError):
            ask("resnet1")


def test_own_networks_are_not_published() -> None:
    assert [published(name) for name in (*OWN, *PRESETS)] == [None] * (len(OWN) + len(PRESETS))
