"""Why a map is 0 everywhere: every reason, on networks made to have it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from explainer.inspection.baselines import Fill, filled
from explainer.inspection.grad_cam import usual_layer
from explainer.inspection.methods import METHODS, Settings
from explainer.inspection.target import Target
from explainer.inspection.zero_maps import is_zero, why_zero
from explainer.networks import zoo
from explainer.networks.description import Transform
from explainer.networks.graph import Network, trace
from explainer.networks.reading import to_input
from explainer.words.book import Said

TINY = Transform(2, 2, (0.0,), (1.0,))
PICTURE = np.array([[[[1.0, 2], [3, 4]]]], np.float32)


def network(first: list[list[float]], second: list[list[float]]) -> Network:
    """Four pixels, two hidden units with a ReLU, two classes, no biases."""
    hidden, out = nn.Linear(4, 2, bias=False), nn.Linear(2, 2, bias=False)
    with torch.no_grad():
        hidden.weight.copy_(torch.tensor(first))
        out.weight.copy_(torch.tensor(second))
    return trace(nn.Sequential(nn.Flatten(), hidden, nn.ReLU(), out), "tiny", "Tiny", ("a", "b"), TINY)


def maps(weights: list[float], head: list[list[float]]) -> Network:
    """Two maps of one weight each, their means, two classes."""
    convolution, out = nn.Conv2d(1, 2, 1, bias=False), nn.Linear(2, 2, bias=False)
    with torch.no_grad():
        convolution.weight.copy_(torch.tensor(weights).reshape(2, 1, 1, 1))
        out.weight.copy_(torch.tensor(head))
    body = nn.Sequential(convolution, nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), out)
    return trace(body, "maps", "Maps", ("a", "b"), TINY)


ON, OFF = [[1.0, 1, 1, 1], [1, 0, 0, 0]], [[-1.0, -1, -1, -1], [-1, 0, 0, 0]]


def reason(given: Network, name: str, target: Target, settings: Settings | None = None) -> Said | None:
    settings = settings or Settings()
    method = METHODS[name]
    assert is_zero(method.heat(method.attribute(given, PICTURE, target, settings)))
    return why_zero(given, PICTURE, target, method, settings)


@pytest.mark.parametrize(
    "name", ["gradient", "gradient-times-input", "guided-backpropagation", "transposed-convolutions"]
)
def test_a_dead_path(name: str) -> None:
    given = network(OFF, [[1.0, 1], [1, -1]])
    if name == "transposed-convolutions":  # it does not ask whether a unit is on
        assert METHODS[name].attribute(given, PICTURE, Target(0), Settings()).any()
        return
    off = given.description.layers[1]
    assert reason(given, name, Target(0)) == Said("methods.zero.off", layer=off.title)


def test_a_saturated_softmax() -> None:
    given = network(ON, [[1000.0, 0], [0, 0]])
    found = reason(given, "gradient", Target(0, "probability"))
    assert found == Said("methods.zero.saturated", probability=1.0)
    assert "more than 99.99" in str(found)
    assert METHODS["gradient"].attribute(given, PICTURE, Target(0), Settings()).any()


@pytest.mark.parametrize("name", ["guided-backpropagation", "transposed-convolutions"])
def test_a_way_back_that_is_negative(name: str) -> None:
    given = network(ON, [[-1.0, -2], [1, 1]])
    found = reason(given, name, Target(0))
    assert found == Said("methods.zero.cut", layer=given.description.layers[1].title)


def test_grad_cam_that_is_negative_everywhere() -> None:
    given = maps([1.0, 2], [[-4.0, 0], [1, 1]])
    settings = Settings(layer=given.description.layers[1].name)
    assert reason(given, "grad-cam", Target(0), settings) == Said(
        "methods.zero.negative", lowest=-4.0
    )  # -4 / 4 times 4
    assert reason(given, "guided-grad-cam", Target(0), settings) == Said("methods.zero.negative", lowest=-4.0)


def test_grad_cam_of_maps_that_are_off() -> None:
    given = maps([-1.0, 2], [[3.0, 0], [1, 1]])
    settings = Settings(layer=given.description.layers[1].name)
    assert reason(given, "grad-cam", Target(0), settings).key == "methods.zero.off"
    some = maps([-1.0, 2], [[3.0, 1e-30], [1, 1]])
    before = Settings(layer=some.description.layers[1].name)
    assert not is_zero(METHODS["grad-cam"].heat(METHODS["grad-cam"].attribute(some, PICTURE, Target(0), before)))


def test_the_picture_is_the_baseline() -> None:
    given = network(ON, [[1.0, 1], [1, -1]])
    method, black = METHODS["integrated-gradients"], np.zeros_like(PICTURE)
    assert is_zero(method.heat(method.attribute(given, black, Target(0), Settings(steps=4))))
    assert why_zero(given, black, Target(0), method, Settings()) == Said("methods.zero.same")
    times = METHODS["gradient-times-input"]
    assert why_zero(given, black + 1e-9, Target(0), times, Settings()) == Said("methods.zero.zero_input")


def test_a_mean_of_gradients_that_is_0() -> None:
    given = network(OFF, [[1.0, 1], [1, -1]])
    assert reason(given, "smoothgrad", Target(0), Settings(samples=3, noise=0.01)) == Said(
        "methods.zero.noisy", count=3
    )
    assert reason(given, "integrated-gradients", Target(0), Settings(steps=8)) == Said("methods.zero.way", count=8)


def test_two_maps_that_are_nowhere_both() -> None:
    """The map that speaks for the class shows the first pixel; guided backpropagation goes by the last one alone."""
    first, out = nn.Conv2d(1, 2, 1), nn.Linear(8, 2, bias=False)
    with torch.no_grad():
        first.weight.copy_(torch.tensor([-1.0, 1]).reshape(2, 1, 1, 1))
        first.bias.copy_(torch.tensor([2.0, -3.5]))
        out.weight.copy_(torch.tensor([[-1.0, 1, 1, 1, -2, -2, -2, 1], [0] * 8]))
    given = trace(nn.Sequential(first, nn.ReLU(), nn.Flatten(), out), "apart", "Apart", ("a", "b"), TINY)
    settings = Settings(layer=given.description.layers[1].name)
    for name in ("grad-cam", "guided-backpropagation"):
        assert METHODS[name].attribute(given, PICTURE, Target(0), settings).any()
    assert reason(given, "guided-grad-cam", Target(0), settings) == Said("methods.zero.apart")


def test_no_patch_matters() -> None:
    given = network(ON, [[1.0, 1], [0, 0]])
    assert reason(given, "occlusion", Target(1), Settings(patch=1, stride=1)) == Said("methods.zero.no_patch")


def test_a_map_that_is_not_computed_yet_is_not_zero() -> None:
    assert not is_zero(np.full((2, 2), np.nan))
    assert is_zero(np.array([[0.0, np.nan]]))
    assert not is_zero(np.array([[0.0, 1e-30]]))


def flat(network: Network, level: int) -> np.ndarray:
    """A picture of one grey, as ``network`` reads it."""
    transform = network.description.transform
    pixels = np.full((transform.size, transform.size, transform.channels), level, np.uint8)
    return to_input(transform, pixels if transform.channels == 3 else pixels[..., 0]).numpy()


@pytest.mark.parametrize("name", zoo.BUNDLED)
def test_a_flat_picture_is_its_own_baseline_to_the_last_digit(name: str) -> None:
    given = zoo.load(name)
    transform, method = given.description.transform, METHODS["integrated-gradients"]
    pairs: list[tuple[int, Fill]] = [(0, "black"), (0, "blurred"), (128, "blurred"), (255, "blurred")]
    for level, baseline in pairs:
        picture, settings = flat(given, level), Settings(baseline=baseline, steps=2)
        np.testing.assert_array_equal(filled(transform, picture, baseline), picture)
        assert is_zero(method.heat(method.attribute(given, picture, Target(0), settings)))
        assert why_zero(given, picture, Target(0), method, settings) == Said("methods.zero.same")


@pytest.mark.parametrize("name", zoo.BUNDLED)
@pytest.mark.parametrize("level", [0, 128, 255])
def test_there_is_a_sentence_or_none_for_every_method(name: str, level: int) -> None:
    given = zoo.load(name)
    for method in METHODS.values():
        for baseline in ("black", "mean", "blurred") if "baseline" in method.uses else ("black",):
            settings = Settings(layer=usual_layer(given), baseline=baseline)
            found = why_zero(given, flat(given, level), Target(0), method, settings)
            assert found is None or str(found)


def test_first_weights_of_0_stop_the_gradient() -> None:
    given = maps([0.0, 0], [[1.0, 1], [1, -1]])
    given.graph.get_submodule("0").bias = nn.Parameter(torch.ones(2), requires_grad=False)
    want = Said("methods.zero.stops", layer=given.description.layers[0].title)
    assert reason(given, "gradient", Target(0)) == want
