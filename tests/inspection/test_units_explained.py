"""Maps of what made one unit respond: by hand, Captum's for a neuron, and exactly 0 where the unit cannot see."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch
from captum import attr
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as some
from torch import nn
from torchvision import models

from explainer.data.digits import load
from explainer.data.samples import photograph
from explainer.inspection import gradients
from explainer.inspection.baselines import filled
from explainer.inspection.fired import fired, layers
from explainer.inspection.methods import METHODS, Settings
from explainer.inspection.reach import Box
from explainer.inspection.target import Floats, Target, Unit
from explainer.inspection.zero_maps import why_zero
from explainer.networks import zoo
from explainer.networks.description import Transform
from explainer.networks.graph import Network, forward, trace
from explainer.networks.reading import shown, to_input
from explainer.words.book import Said

TINY, SMALL = Transform(3, 3, (0.0,), (1.0,)), Transform(14, 14, (0.2, 0.3, 0.4), (0.5, 0.6, 0.7))
CAPTUMS = {
    "gradient": attr.NeuronGradient,
    "guided-backpropagation": attr.NeuronGuidedBackprop,
    "transposed-convolutions": attr.NeuronDeconvolution,
}
UNITS = [key for key, method in METHODS.items() if method.tells_units]
captums_warning = pytest.mark.filterwarnings("ignore:Setting backward hooks")


def by_hand() -> Network:
    """One filter [[1, 2], [-1, 0]] and a ReLU; the picture below makes maps of [[1, -1], [0, 2]] before it."""
    convolution = nn.Conv2d(1, 1, 2, bias=False)
    with torch.no_grad():
        convolution.weight.copy_(torch.tensor([[1.0, 2], [-1, 0]]).reshape(1, 1, 2, 2))
    body = nn.Sequential(convolution, nn.ReLU(), nn.Flatten(), nn.Linear(4, 2))
    return trace(body, "hand", "By hand", ("a", "b"), TINY)


PICTURE = np.array([[[[1.0, 0, 0], [0, 0, 1], [1, 0, 0]]]], np.float32)
# Before the ReLU: row 0: 1*1 + 2*0 - 0, 0 + 0 - 0; row 1: 0 + 0 - 1, 0 + 2*1 - 0.


def small() -> nn.Sequential:
    torch.manual_seed(1)
    body = [nn.Conv2d(3, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 8, 3), nn.ReLU()]
    return nn.Sequential(*body, nn.Flatten(), nn.Linear(8 * 25, 9), nn.ReLU(), nn.Linear(9, 4)).eval()


def traced(module: nn.Module) -> Network:
    """At float64, like its oracle."""
    network = trace(module, "small", "Small", tuple("abcd"), SMALL)
    return Network(network.description, copy.deepcopy(network.graph).double())


def picture(seed: int = 0) -> Floats:
    return np.random.default_rng(seed).normal(size=(1, 3, 14, 14))


def test_the_gradient_of_a_unit_is_its_filter_where_it_lies() -> None:
    network = by_hand()
    before, after = (network.description.layers[at].name for at in (0, 1))
    assert gradients.gradient(network, PICTURE, Unit(before, 0, (1, 0))).tolist() == [
        [[0, 0, 0], [1, 2, 0], [-1, 0, 0]]
    ]
    on, off = Unit(after, 0, (1, 1)), Unit(after, 0, (1, 0))
    assert gradients.gradient(network, PICTURE, on).tolist() == [[[0, 0, 0], [0, 1, 2], [0, -1, 0]]]
    assert gradients.gradient_times_input(network, PICTURE, on).tolist() == [[[0, 0, 0], [0, 0, 2], [0, 0, 0]]]
    assert not gradients.gradient(network, PICTURE, off).any()
    assert not gradients.guided_backpropagation(network, PICTURE, off).any()
    assert gradients.transposed_network(network, PICTURE, off)[0, 1].tolist() == [1, 2, 0]  # it asks for no ReLU


def test_the_strongest_unit_of_all_of_a_map_of_a_row_and_of_a_column() -> None:
    network = by_hand()
    before, after, _, last = (layer.name for layer in network.description.layers)
    assert fired(network, PICTURE, after).unit == Unit(after, 0, (1, 1))
    found = fired(network, PICTURE, before, 0, row=0)
    assert (found.unit.at, found.activation, found.seen) == ((0, 0), 1.0, Box(0, 0, 2, 2))
    assert not found.is_strongest and fired(network, PICTURE, before, column=1, row=1).is_strongest
    assert fired(network, PICTURE, before, column=0).unit.at == (0, 0)
    assert fired(network, PICTURE, last, 1).unit == Unit(last, 1)
    for wrong in ({"channel": 1}, {"row": 2}, {"column": -1}):
        with pytest.raises(IndexError):
            fired(network, PICTURE, after, **wrong)
    with pytest.raises(KeyError):
        fired(network, PICTURE, "nothing")
    assert [layer.name for layer in layers(network)] == [before, after]


@captums_warning
@pytest.mark.parametrize("name", CAPTUMS)
@pytest.mark.parametrize(("at", "place"), [(0, (2, 5, 7)), (1, (4, 13, 0)), (3, (7, 2, 3)), (4, (3, 4, 4)), (7, (5,))])
def test_against_captum(name: str, at: int, place: tuple[int, ...]) -> None:
    module, image = small().double(), picture()
    want = _captums(name, module, module[at], place, image)
    network = traced(small())
    unit = Unit(network.description.layers[at].name, place[0], place[1:] or None)  # type: ignore[arg-type]
    found = METHODS[name].attribute(network, image, unit, Settings())
    np.testing.assert_allclose(found, want, rtol=0, atol=1e-13)


@captums_warning
@pytest.mark.parametrize("name", CAPTUMS)
def test_against_captum_on_squeezenet(name: str) -> None:
    network, module = zoo.load("squeezenet"), models.squeezenet1_0()
    module.load_state_dict(network.graph.state_dict())
    for part in module.modules():
        if isinstance(part, nn.ReLU):
            part.inplace = False
    image = to_input(network.description.transform, shown(network.description.transform, photograph("cat")).copy())
    unit = fired(network, image.numpy(), "features_8_expand3x3_activation").unit
    want = _captums(
        name, module.eval(), module.features[8].expand3x3_activation, (unit.channel, *unit.at), image.numpy()
    )
    found = METHODS[name].attribute(network, image.numpy(), unit, Settings())
    assert np.abs(want).max() > 1e-3
    np.testing.assert_allclose(found, want, rtol=0, atol=1e-5 * np.abs(want).max())


def _captums(name: str, module: nn.Module, part: nn.Module, place: tuple[int, ...], image: Floats) -> Floats:
    leaf = torch.tensor(image, requires_grad=True)
    found: Floats = CAPTUMS[name](module, part).attribute(leaf, neuron_selector=place)[0].detach().numpy()
    return found


@given(some.data())
@profile(max_examples=40, deadline=None)
def test_nothing_outside_of_what_it_sees_counts_for_a_unit(data: Any) -> None:
    network = zoo.load("digits-bn")
    layer = data.draw(some.sampled_from([each for each in layers(network) if each.is_maps]))
    channel, row, column = (data.draw(some.integers(0, size - 1)) for size in layer.shape)
    digit = load("mnist").test_images[data.draw(some.integers(0, 50))].copy()
    image = to_input(zoo.DIGITS, digit[None]).numpy()
    found = fired(network, image, layer.name, channel, row=row, column=column)
    box = found.seen
    outside = np.ones((28, 28), bool)
    outside[box.top : box.bottom, box.left : box.right] = False
    for name in UNITS:
        heat = METHODS[name].attribute(network, image, found.unit, Settings(samples=3, steps=4))
        assert not heat[:, outside].any(), name


def test_integrated_gradients_of_a_unit_are_complete() -> None:
    network, image = traced(small()), picture()
    unit = fired(network, image, network.description.layers[4].name).unit
    baseline = filled(SMALL, image, "black")
    found = gradients.integrated_gradients(network, image, unit, baseline, 4096)
    assert found.total == pytest.approx(found.rise, abs=1e-3)
    assert found.at_picture == pytest.approx(fired(network, image, unit.layer).activation, abs=1e-12)
    row, column = unit.at or (0, 0)
    black = fired(network, baseline, unit.layer, unit.channel, row=row, column=column)
    assert found.at_baseline == pytest.approx(black.activation, abs=1e-12)


def test_methods_of_classes_alone_say_so() -> None:
    network = by_hand()
    unit = Unit(network.description.layers[1].name, 0, (1, 1))
    for method in METHODS.values():
        told = Settings(layer=network.description.layers[1].name, samples=2, steps=2, patch=1, stride=1)
        if method.tells_units:
            assert method.attribute(network, PICTURE, unit, told).shape == (1, 3, 3)
            continue
        with pytest.raises(ValueError, match="class"):
            method.attribute(network, PICTURE, unit, told)
    with pytest.raises(KeyError):
        gradients.gradient(network, PICTURE, Unit("nothing", 0))
    with pytest.raises(IndexError):
        gradients.gradient(network, PICTURE, Unit(unit.layer, 1, (0, 0)))
    assert len({hash(unit), hash(Target(0)), hash(Unit(unit.layer, 0))}) == 3


def test_a_silent_unit_says_why_its_map_is_0_and_a_branch_beside_it_is_no_reason() -> None:
    network = by_hand()
    silent = Unit(network.description.layers[1].name, 0, (1, 0))
    for name in ("gradient", "gradient-times-input", "guided-backpropagation"):
        assert why_zero(network, PICTURE, silent, METHODS[name], Settings()) == Said("methods.zero.silent")
    assert "activation is 0" in str(Said("methods.zero.silent"))
    squeezenet = zoo.load("squeezenet")
    image = np.zeros((1, 3, 224, 224), np.float32)
    unit = fired(squeezenet, image, "features_7_expand3x3_activation").unit
    assert why_zero(squeezenet, image, unit, METHODS["gradient"], Settings()) is None


def test_what_the_deconvnet_cuts_is_told_of_a_silent_unit_too() -> None:
    """Both weights are negative: nothing positive comes back through the first ReLU."""
    first, second = nn.Conv2d(1, 1, 1, bias=False), nn.Conv2d(1, 1, 1, bias=False)
    with torch.no_grad():
        first.weight.fill_(1.0)
        second.weight.fill_(-1.0)
    body = nn.Sequential(first, nn.ReLU(), second, nn.ReLU(), nn.Flatten(), nn.Linear(9, 2))
    network = trace(body, "cut", "Cut", ("a", "b"), TINY)
    unit = Unit(network.description.layers[3].name, 0, (0, 0))
    method = METHODS["transposed-convolutions"]
    assert not method.attribute(network, PICTURE, unit, Settings()).any()
    want = Said("methods.zero.cut_alone", layer=network.description.layers[0].title)
    assert why_zero(network, PICTURE, unit, method, Settings()) == want


def test_a_unit_leaves_the_network_as_it_was() -> None:
    network = zoo.load("digits")
    unit = Unit(layers(network)[0].name, 0, (3, 3))
    image = to_input(zoo.DIGITS, load("mnist").test_images[:1].copy()).numpy()
    with torch.no_grad():
        before = forward(network, torch.tensor(image))
    for name in UNITS:
        METHODS[name].attribute(network, image, unit, Settings(samples=2, steps=2))
    assert not any(vars(part).get("_forward_hooks") for part in network.graph.modules())
    assert all(each.grad is None and not each.requires_grad for each in network.graph.parameters())
    with torch.no_grad():
        after = forward(network, torch.tensor(image))
    assert all(torch.equal(before[name], after[name]) for name in before)
