"""Fully connected layers turned into convolutions, against the networks that they come of."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torchvision import models

from explainer.networks.architectures import build, input_shape
from explainer.networks.heads import Head, as_convolution, heads, with_head
from explainer.networks.lenet import lenet_5


def narrow_vgg16() -> models.VGG:
    """VGG16 with an eighth of its maps, drawn at random, and a narrow classifier."""
    torch.manual_seed(3)
    features = models.vgg.make_layers([8, 8, "M", 16, 16, "M", *[32] * 3, "M", *[64] * 3, "M", *[64] * 3, "M"])
    network = models.VGG(features, num_classes=11)
    network.classifier = nn.Sequential(
        nn.Linear(64 * 49, 48), nn.ReLU(True), nn.Dropout(), nn.Linear(48, 40), nn.ReLU(True), nn.Dropout(),
        nn.Linear(40, 11),
    )  # fmt: skip
    network.eval()
    return network


def pictures(*shape: int) -> Tensor:
    return torch.randn(1, *shape, generator=torch.Generator().manual_seed(1))


@torch.no_grad()
@pytest.mark.parametrize("head", ["flat", "convolutions"])
def test_vgg16_is_the_same_at_its_own_size(head: Head) -> None:
    dense = narrow_vgg16()
    given = pictures(3, 224, 224)
    made = with_head(dense, (3, 224, 224), head)(given)
    assert made.shape == ((1, 11) if head == "flat" else (1, 11, 1, 1))
    assert torch.allclose(made.flatten(1), dense(given), rtol=0, atol=1e-5)


@torch.no_grad()
def test_vgg16_on_a_larger_picture_classifies_every_7_by_7_of_its_last_maps() -> None:
    dense = narrow_vgg16()
    given = pictures(3, 320, 288)
    scores = with_head(dense, (3, 224, 224), "convolutions")(given)
    maps = dense.features(given)
    assert scores.shape == (1, 11, 4, 3) and maps.shape == (1, 64, 10, 9)
    for row, column in ((0, 0), (1, 2), (3, 2)):
        window = maps[:, :, row : row + 7, column : column + 7]
        assert torch.allclose(scores[:, :, row, column], dense.classifier(window.flatten(1)), rtol=0, atol=1e-5)


@torch.no_grad()
def test_vgg16_in_its_full_width_is_exact() -> None:
    """138,357,544 random weights, drawn so that scores are of the order of 1."""
    torch.manual_seed(7)
    dense = models.vgg16(init_weights=False).eval()
    for part in dense.modules():
        if isinstance(part, nn.Conv2d | nn.Linear):
            nn.init.uniform_(part.weight, -1, 1).mul_((6 / part.weight[0].numel()) ** 0.5)  # He
    given = pictures(3, 256, 224)
    scores = with_head(dense, (3, 224, 224), "convolutions")(given)
    maps = dense.features(given)
    expected = [dense.classifier(maps[:, :, row : row + 7].flatten(1)) for row in (0, 1)]
    assert scores.shape == (1, 1000, 2, 1) and expected[0].abs().max() > 0.5
    torch.testing.assert_close(scores[..., 0], torch.stack(expected, dim=2), rtol=0, atol=1e-4)


@torch.no_grad()
def test_without_padding_every_score_is_that_of_its_own_crop() -> None:
    torch.manual_seed(5)
    network = lenet_5().double().eval()
    given = pictures(1, 48, 40).double()
    scores = with_head(network, (1, 32, 32), "convolutions")(given)
    assert scores.shape == (1, 10, 5, 3)
    for row in range(5):
        for column in range(3):
            crop = given[:, :, 4 * row : 4 * row + 32, 4 * column : 4 * column + 32]
            assert torch.allclose(scores[:, :, row, column], network(crop), rtol=0, atol=1e-12)


@torch.no_grad()
def test_padding_makes_the_score_of_a_crop_another_one() -> None:
    """A crop has zeros around it, where the larger picture has pixels."""
    dense = narrow_vgg16()
    given = pictures(3, 288, 288)
    scores = with_head(dense, (3, 224, 224), "convolutions")(given)
    crop = dense(given[:, :, 32:256, 32:256])
    assert not torch.allclose(scores[:, :, 1, 1], crop, rtol=0, atol=1e-4)


@torch.no_grad()
@pytest.mark.parametrize(
    "name", ["alexnet", "googlenet", "resnet18", "regnet-y-400mf", "efficientnet-b0", "mobilenet-v3-small",
             "app-first-steps", "app-six-convolutions"],
)  # fmt: skip
def test_every_kind_of_network_is_the_same_at_its_own_size(name: str) -> None:
    shape = input_shape(name)
    network = build(name).to_empty(device="cpu").eval()
    draw = torch.Generator().manual_seed(2)
    for path, each in (*network.named_parameters(), *network.named_buffers()):
        if each.dim() > 1:
            nn.init.kaiming_normal_(each, nonlinearity="relu", generator=draw)
        else:
            each.fill_(0 if path.endswith(("bias", "mean")) else 1)
    given = pictures(*shape)
    dense = network(given)
    made = with_head(network, shape, "convolutions")(given)
    assert made.shape == (*dense.shape, 1, 1) and dense.std() > 0
    assert torch.allclose(made.flatten(1), dense, rtol=1e-4, atol=1e-5 * float(dense.abs().max()))


def test_a_convolution_shares_the_weights_of_the_layer() -> None:
    dense = nn.Linear(18, 4)
    made = as_convolution(dense, (2, 3, 3))
    assert made.weight.shape == (4, 2, 3, 3) and made.bias is dense.bias
    assert made.weight.data_ptr() == dense.weight.data_ptr()


def test_which_heads_there_are() -> None:
    def of(name: str) -> tuple[Head, ...]:
        return heads(build(name), input_shape(name))

    assert of("vgg16") == of("alexnet") == ("built", "flat", "convolutions")
    assert of("lenet-5") == of("resnet50") == of("app-widest") == ("built", "convolutions")
    assert of("vit-b-16") == of("squeezenet1-0") == of("densenet121") == ("built",)
    with pytest.raises(KeyError, match="flat"):
        with_head(build("resnet50"), (3, 224, 224), "flat")
