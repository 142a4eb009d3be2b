"""A network as a graph: run to any layer, cut at any layer, replaced in part, and left as it was."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torchvision import models

from explainer.networks import zoo
from explainer.networks.description import INPUT, Transform
from explainer.networks.graph import Network, forward, logits, trace

TINY = Transform(6, 6, (0.0,), (1.0,))
IMAGENET = Transform(64, 64, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
NAMES = ("googlenet", "resnet18", "densenet121", "mobilenet_v3_large", "efficientnet_b0", "convnext_tiny",
         "shufflenet_v2_x1_0", "squeezenet1_1")  # fmt: skip
RELATIVES = ("vgg16_bn", "resnext50_32x4d", "mobilenet_v2", "mnasnet1_0", "regnet_y_400mf", "efficientnet_v2_s")


class Branches(nn.Module):
    """Two branches that read one layer, an in-place ReLU, a sum and a concatenation; all weights by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 1, 1)
        self.left, self.right = nn.Conv2d(1, 1, 1), nn.Conv2d(1, 1, 1)
        self.relu = nn.ReLU(inplace=True)
        self.drop = nn.Dropout(0.5)
        for layer, weight, bias in ((self.first, 2.0, -1.0), (self.left, 3.0, 0.0), (self.right, -1.0, 0.0)):
            nn.init.constant_(layer.weight, weight)
            nn.init.constant_(layer.bias, bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu(self.first(x))
        left, right = self.left(x), self.right(x)
        left += right
        return self.drop(torch.cat((left, right), 1)).mean((2, 3))


@pytest.fixture
def branches() -> Network:
    return trace(Branches(), "branches", "Branches", ("a", "b"), TINY)


@pytest.fixture(
    scope="module", params=[*NAMES, *(pytest.param(name, marks=pytest.mark.thorough) for name in RELATIVES)]
)
def pair(request: pytest.FixtureRequest) -> Iterator[tuple[nn.Module, Network]]:
    """A network of torchvision with random weights, and the same one as a graph."""
    plain, traced = (_made(request.param) for _ in range(2))
    yield plain.eval(), trace(traced, request.param, request.param, ("",) * 1000, IMAGENET)


def _made(name: str) -> nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        options = {"init_weights": False} if name == "googlenet" else {}
        return models.get_model(name, weights=None, **options)


def test_values_by_hand(branches: Network) -> None:
    """x = 2: first 3, relu 3, left 9, right -3, sum 6; x = 0: first -1, relu 0, all 0."""
    values = forward(branches, torch.full((1, 1, 6, 6), 2.0), keep=("first", "relu", "left", "add", INPUT))
    found = {name: float(value.flatten()[0]) for name, value in values.items()}
    assert found == {"input": 2, "first": 3, "relu": 3, "left": 9, "add": 6, "mean": 6}
    assert logits(branches, torch.full((1, 1, 6, 6), 2.0)).tolist() == [[6, -3]]
    assert logits(branches, torch.zeros(1, 1, 6, 6)).tolist() == [[0, 0]]


def test_an_in_place_relu_keeps_what_came_before(branches: Network) -> None:
    values = forward(branches, torch.zeros(1, 1, 6, 6), keep=("first", "relu"))
    assert float(values["first"].max()) == -1
    assert float(values["relu"].min()) == 0


def test_layers_know_what_they_read(branches: Network) -> None:
    layers = {layer.name: layer for layer in branches.description.layers}
    assert layers["first"].reads == (INPUT,)
    assert layers["add"].reads == ("left", "right")
    assert layers["cat"].reads == ("add", "right")
    assert [layer.name for layer in branches.description.readers("relu")] == ["left", "right"]
    assert layers["mean"].shape == (2,)
    assert not layers["mean"].is_maps
    assert layers["mean"].title == "Logits"
    assert [layers[name].title for name in ("first", "left", "add", "cat")] == [
        "Convolution 1", "Convolution 2", "Sum 1", "Concatenation 1",
    ]  # fmt: skip
    with pytest.raises(KeyError):
        branches.description.layer("nothing")


def test_the_gradient_at_a_cut(branches: Network) -> None:
    """Logit 0 is the mean of 3 r - r = 2 r over 36 places."""
    values = forward(branches, torch.full((1, 1, 6, 6), 2.0), cut="relu")
    (gradient,) = torch.autograd.grad(values["mean"][0, 0], values["relu"])
    torch.testing.assert_close(gradient, torch.full((1, 1, 6, 6), 2 / 36))


def test_until_replace_and_relu(branches: Network) -> None:
    pictures = torch.full((1, 1, 6, 6), 2.0)
    assert set(forward(branches, pictures, until="left")) == {"left"}
    doubled = logits(branches, pictures, replace={"relu": lambda value: 2 * value})
    assert doubled.tolist() == [[12, -6]]
    assert logits(branches, torch.zeros(1, 1, 6, 6), relu=lambda value: value).tolist() == [[-2, 1]]


def test_as_torchvision_computes_it(pair: tuple[nn.Module, Network]) -> None:
    plain, network = pair
    pictures = torch.randn(2, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        torch.testing.assert_close(logits(network, pictures), plain(pictures), rtol=0, atol=0)


def test_gradients_as_autograd_finds_them(pair: tuple[nn.Module, Network]) -> None:
    plain, network = pair
    pictures = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(2)).requires_grad_()
    (expected,) = torch.autograd.grad(plain(pictures)[0, 3], pictures)
    (gradient,) = torch.autograd.grad(logits(network, pictures)[0, 3], pictures)
    torch.testing.assert_close(gradient, expected, rtol=1e-5, atol=1e-7 * float(expected.abs().max()))


def test_every_layer_has_the_shape_that_is_described(pair: tuple[nn.Module, Network]) -> None:
    layers = pair[1].description.layers
    values = forward(pair[1], torch.zeros(1, 3, 64, 64), keep=[layer.name for layer in layers])
    assert {layer.name: tuple(values[layer.name].shape[1:]) for layer in layers} == {
        layer.name: layer.shape for layer in layers
    }
    assert len({layer.title for layer in layers}) == len(layers)


def test_maps_have_their_channels_first() -> None:
    network = trace(_made("convnext_tiny"), "convnext", "ConvNeXt", ("",) * 1000, IMAGENET)
    turned = [layer for layer in network.description.layers if layer.layout == "channels-last"]
    assert turned and all(layer.is_maps for layer in turned)
    assert all(layer.shape[1] == layer.shape[2] for layer in network.description.maps)


def test_blocks_are_named() -> None:
    network = zoo.load("squeezenet").description
    assert network.layer("features_3_squeeze").block == "Fire 2 · squeeze"
    assert network.layer("cat").block == "Fire 2"
    assert network.layer("features_0").block == ""
    assert network.layer("features_0").detail == "7 × 7, stride 2"


@pytest.mark.parametrize("fails", [False, True])
def test_a_shared_network_is_left_as_it_was(fails: bool) -> None:
    network = zoo.load("digits-bn")
    before = _state(network)
    pictures = torch.randn(2, 1, 28, 28, generator=torch.Generator().manual_seed(3)).requires_grad_()
    if fails:
        with pytest.raises(RuntimeError):
            forward(network, pictures[:, :, :5])
    else:
        torch.autograd.grad(logits(network, pictures).sum(), pictures)
    after = _state(network)
    assert before[0] == after[0]
    assert all(torch.equal(one, other) for one, other in zip(before[1], after[1], strict=True))


def _state(network: Network) -> tuple[list[object], list[Tensor]]:
    modules = list(network.graph.modules())
    hooks = [(len(m._forward_hooks), len(m._forward_pre_hooks), len(m._backward_hooks)) for m in modules]
    flags = [m.training for m in modules]
    grads = [(p.requires_grad, p.grad) for p in network.graph.parameters()]
    return [hooks, flags, grads], [value.clone() for value in network.graph.state_dict().values()]


def test_threads_get_their_own_results() -> None:
    network = zoo.load("digits")
    pictures = torch.randn(6, 1, 28, 28, generator=torch.Generator().manual_seed(4))
    expected = [logits(network, pictures[i : i + 1]) for i in range(6)]
    wrong: list[int] = []

    def ask(number: int) -> None:
        found = [logits(network, pictures[number : number + 1]) for _ in range(20)]
        wrong.extend(number for each in found if not torch.equal(each, expected[number]))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_networks_run_while_others_are_traced() -> None:
    network, pictures, wrong = zoo.load("digits"), torch.zeros(1, 1, 28, 28), list[str]()
    expected, over = logits(network, pictures), threading.Event()

    def run() -> None:
        while not over.is_set():
            try:
                if not torch.equal(logits(network, pictures), expected):
                    wrong.append("other logits")
            except Exception as error:
                wrong.append(repr(error))

    def trace_some() -> None:
        try:
            for _ in range(8):
                module = nn.Sequential(*(nn.Conv2d(1, 1, 3, padding=1) for _ in range(20)), nn.Flatten())
                trace(module, "many", "Many", ("",), TINY)
        except Exception as error:
            wrong.append(repr(error))

    runner = threading.Thread(target=run)
    tracers = [threading.Thread(target=trace_some) for _ in range(2)]
    for thread in (runner, *tracers):
        thread.start()
    for thread in tracers:
        thread.join()
    over.set()
    runner.join()
    assert not wrong


def test_a_network_of_the_app_is_the_module_it_was_made_of() -> None:
    network = zoo.load("digits")
    modules = dict(network.graph.named_modules())
    value = pictures = torch.randn(3, 1, 28, 28, generator=torch.Generator().manual_seed(5))
    names = [layer.name for layer in network.description.layers]
    values = forward(network, pictures, keep=names)
    for name in names:  # one after the other
        value = modules[name](value)
        np.testing.assert_array_equal(values[name].numpy(), value.numpy())
