"""The bundled networks say what their files and their documents say of them."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision import models

from explainer.data import digits
from explainer.data.assets import assets_path
from explainer.data.images import picture_from_rgb
from explainer.data.samples import original
from explainer.networks import zoo
from explainer.networks.build import build
from explainer.networks.config import Block, NetworkConfig, Skips
from explainer.networks.description import Transform, class_keys
from explainer.networks.graph import device_of, logits
from explainer.networks.plan import key, layers
from explainer.networks.presets import PRESETS
from explainer.networks.reading import shown, shown_digit, to_input, to_pixels
from explainer.networks.weights import WeightsError, to_bytes


def _read(name: str, pixels: np.ndarray) -> np.ndarray:
    network = zoo.load(name)
    result = logits(network, to_input(network.description.transform, pixels).to(device_of(network)))
    found: np.ndarray = result.softmax(1).cpu().numpy()
    return found


@pytest.mark.parametrize(("name", "right"), [("digits", 9931), ("digits-bn", 9945)])
def test_the_readers_are_as_accurate_as_stated(name: str, right: int) -> None:
    data = digits.load("mnist")
    classes = _read(name, data.test_images).argmax(1)
    assert abs(int((classes == data.test_labels).sum()) - right) <= 2  # another machine adds in another order


@pytest.mark.parametrize(
    ("photo", "name", "least"),
    [("cat", "Egyptian cat", 0.6), ("coffee", "espresso", 0.7), ("photographer", "tripod", 0.9)],
)
def test_squeezenet_knows_the_photographs(photo: str, name: str, least: float) -> None:
    description = zoo.load("squeezenet").description
    shares = _read("squeezenet", shown(description.transform, original(photo)))[0]
    assert description.classes[shares.argmax()] == name
    assert shares.max() > least


def test_every_class_has_an_identifier_of_its_own() -> None:
    assert class_keys(("crane", "Egyptian cat", "crane", "carpenter's kit", "7")) == (
        *("crane-0", "egyptian-cat", "crane-2", "carpenter-s-kit", "7"),
    )
    photographed = class_keys(zoo.load("squeezenet").description.classes)
    assert len(set(photographed)) == len(photographed) == 1000


def test_the_same_network_every_time() -> None:
    assert zoo.load("digits") is zoo.load("digits")
    with pytest.raises(KeyError):
        zoo.load("nothing")


def test_a_bundled_network_is_found_again_by_its_weights_whatever_it_is_called() -> None:
    assert [zoo.name_of(zoo.load(name)) for name in zoo.BUNDLED] == list(zoo.BUNDLED)
    reader = (assets_path() / "readers" / "plain.safetensors").read_bytes()
    assert zoo.name_of(zoo.trained(reader, "Mine")) == "digits"


def test_a_trained_network_is_known_by_its_weights() -> None:
    torch.manual_seed(0)
    config = PRESETS["lenet-5"]
    weights = to_bytes(build(config), config)
    network = zoo.trained(weights, zoo.BUNDLED["digits"])
    assert zoo.name_of(network) is None
    network = zoo.trained(weights, "Mine")
    assert network.description.title == "Mine"
    assert network.key == zoo.trained(weights, "Another").key != zoo.load("digits").key
    titles = [layer.title for layer in network.description.layers]
    assert titles[:4] == ["Padding", "Convolution 1", "Activation 1", "Pooling 1"]
    assert titles[-1] == "Logits"
    with pytest.raises(WeightsError):
        zoo.trained(b"nothing", "Wrong")


@pytest.mark.parametrize(
    "skips, block, sums",
    [
        ("plain", "", {}),
        ("residual", "Residual Block", {1: ("activation_1", "block_1_batch_norm_3"), 2: ("block_1_activation_3",)}),
        ("pre-activation", "Preactivation Block", {1: ("convolution_1", "block_1_convolution_3"), 2: ("add",)}),
    ],
)
def test_the_layers_of_building_blocks_have_the_names_of_the_plan_and_their_sums_read_two(
    skips: Skips, block: str, sums: dict[int, tuple[str, ...]]
) -> None:
    config = NetworkConfig((Block(4, stride=2, pairs=2),), batch_norm=True, skips=skips, global_pool=True)
    torch.manual_seed(0)
    module = build(config).eval()
    description = zoo.trained(to_bytes(module, config), "Mine").description
    known = [layer for layer in description.layers if layer.kind != "padding"]
    plan = layers(config)
    assert [(layer.title, layer.shape) for layer in known] == [(layer.name, layer.shape) for layer in plan]
    assert [layer.key for layer in known] == [key(layer).replace("_", "-") for layer in plan]
    assert [layer.block for layer in known] == [f"{block} {each.pair}" if each.pair and block else "" for each in plan]
    for number, read in sums.items():
        layer = next(layer for layer in known if layer.key == f"sum-{number}")
        assert layer.reads[: len(read)] == read
        assert len(layer.reads) == 2
    pictures = torch.randn(3, 1, 28, 28)
    network = zoo.trained(to_bytes(module, config), "Mine")
    torch.testing.assert_close(logits(network, pictures.to(device_of(network))).cpu(), module(pictures))


@pytest.mark.parametrize("size", [(300, 451), (224, 224), (90, 400), (640, 61)])
@pytest.mark.parametrize("name", ["resnet18", "efficientnet_b0", "convnext_tiny"])
def test_pictures_are_read_as_torchvision_reads_them(size: tuple[int, int], name: str) -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)
    entry = models.get_model_weights(name)["IMAGENET1K_V1"]
    transform = zoo.pretrained.transform(entry)
    ours = to_input(transform, shown(transform, picture_from_rgb(rgb)))
    theirs = entry.transforms()(Image.fromarray(rgb))[None]
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-5)
    back = to_pixels(transform, ours)[0]
    np.testing.assert_allclose(back * 255, shown(transform, picture_from_rgb(rgb)), atol=1e-3)


def test_a_network_of_digits_reads_light_ink() -> None:
    paper = np.full((40, 40, 3), 250, np.uint8)
    paper[15:25, 15:25] = 0
    seen = shown(zoo.DIGITS, picture_from_rgb(paper))
    assert seen.shape == (28, 28)
    assert (seen[0, 0], seen[14, 14]) == (5, 255)
    np.testing.assert_array_equal(shown(zoo.DIGITS, picture_from_rgb(255 - paper)), seen)


def test_a_digit_as_a_photograph() -> None:
    digit = digits.load("mnist").test_images[0]
    assert shown_digit(zoo.DIGITS, digit) is digit
    color = shown_digit(Transform(224, 256, (0.5,) * 3, (0.5,) * 3), digit)
    assert color.shape == (224, 224, 3)
    assert (color[..., 0] == color[..., 2]).all()
    assert color.max() > 240
    assert color.min() < 10


@pytest.mark.parametrize("name", zoo.BUNDLED)
def test_every_layer_has_an_identifier_of_its_own_that_means_the_same_in_every_network(name: str) -> None:
    layers = zoo.load(name).description.layers
    keys = [layer.key for layer in layers]
    assert len(set(keys)) == len(keys) and all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key) for key in keys)
    titles = {layer.key: layer.title for layer in layers}
    assert (titles["convolution-2"], titles["activation-1"]) == ("Convolution 2", "Activation 1")
    assert keys[-1] == "logits"
