"""The strongest and weakest pictures of channels, against literal numbers and a plain forward pass."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torch import nn

from explainer.data.assets import assets_path
from explainer.data.digits import load
from explainer.inspection import exemplars
from explainer.inspection.exemplars import (
    NOWHERE,
    Hit,
    Peaks,
    first_layer,
    joined,
    layers_of_units,
    peaks,
    pictures_at_once,
    place_of,
    rank,
    readings,
    seen,
)
from explainer.inspection.reach import Box
from explainer.networks import zoo
from explainer.networks.build import build
from explainer.networks.description import Transform
from explainer.networks.graph import Network, trace
from explainer.networks.presets import PRESETS
from explainer.networks.weights import from_bytes, to_bytes

READERS = {"digits": "plain", "digits-bn": "batch_norm"}


@pytest.fixture(scope="module")
def small() -> Network:
    """Two maps of 3x3 out of 4x4 pixels, 0 to 1: the sum of 2x2 pixels minus 1, and minus the upper left pixel."""
    module = nn.Sequential(nn.Conv2d(1, 2, 2), nn.ReLU(), nn.Flatten(), nn.Linear(18, 2))
    with torch.no_grad():
        module[0].weight.copy_(torch.tensor([[[[1.0, 1], [1, 1]]], [[[-1.0, 0], [0, 0]]]]))
        module[0].bias.copy_(torch.tensor([-1.0, 0]))
        module[3].weight.zero_()
        module[3].bias.copy_(torch.tensor([1.0, 3.0]))
    return trace(module, "small", "Small", ("a", "b"), Transform(4, 4, (0.0,), (1.0,)))


def pictures(*lit: list[tuple[int, int]]) -> np.ndarray:
    """Pictures of 4x4 pixels, 255 at the given places, else 0."""
    made = np.zeros((len(lit), 4, 4), np.uint8)
    for picture, places in zip(made, lit, strict=True):
        for place in places:
            picture[place] = 255
    return made


GIVEN = pictures([(2, 2), (2, 3), (3, 2)], [], [(0, 1), (1, 1)], [(1, 1), (1, 2), (2, 1), (2, 2)])


def names(network: Network) -> list[str]:
    return [layer.name for layer in network.description.layers]


def test_peaks_of_hand_set_kernels(small: Network) -> None:
    found = joined(peaks(small, names(small)[0], GIVEN))
    assert found.values.tolist() == [[2, 0], [-1, 0], [1, 0], [3, 0]]
    # the second map is 0 at its first place, unless the picture is lit there; all 0 for the dark picture
    assert found.places.tolist() == [[8, 0], [NOWHERE, NOWHERE], [0, 0], [4, 0]]


def test_a_relu_that_lets_nothing_through_has_no_place(small: Network) -> None:
    found = joined(peaks(small, names(small)[1], GIVEN))
    assert found.values.tolist() == [[2, 0], [0, 0], [1, 0], [3, 0]]
    assert found.places[:, 1].tolist() == [NOWHERE] * 4
    assert found.places[2, 0] == 0  # of two cells with 1 the first


def test_one_place_of_the_maps(small: Network) -> None:
    found = joined(peaks(small, names(small)[0], GIVEN, at=(2, 1)))
    assert found.values.tolist() == [[1, 0], [-1, 0], [-1, 0], [1, -1]]
    assert (found.places == 7).all()


def test_units_without_a_map(small: Network) -> None:
    found = joined(peaks(small, names(small)[-1], GIVEN))
    assert found.values.tolist() == [[1, 3]] * 4 and not found.places.any()
    answers, shares = readings(small, GIVEN)
    assert answers.tolist() == [1] * 4
    np.testing.assert_allclose(shares, 1 / (1 + np.exp(-2)), rtol=1e-6)


def test_ranks_have_equals_in_their_order(small: Network) -> None:
    found = rank(joined(peaks(small, names(small)[1], GIVEN)), most=3, least=2)
    assert found.strongest_of(0) == (Hit(3, 3.0, 4), Hit(0, 2.0, 8), Hit(2, 1.0, 0))
    assert found.weakest_of(0) == (Hit(1, 0.0, NOWHERE), Hit(2, 1.0, 0))
    assert [hit.number for hit in found.strongest_of(1)] == [0, 1, 2]
    assert [hit.number for hit in found.weakest_of(1)] == [0, 1]
    assert found.active.tolist() == [3, 0] and found.count == 4
    assert [found.is_constant(channel) for channel in range(2)] == [False, True]


@settings(max_examples=40, deadline=None)
@given(arrays(np.float32, st.tuples(st.integers(1, 30), st.integers(1, 4)), elements=st.integers(-3, 3)))
def test_a_ranking_is_a_stable_sort(values: np.ndarray) -> None:
    found = rank(Peaks(values, np.arange(values.size, dtype=np.int32).reshape(values.shape)), most=10, least=5)
    for channel, column in enumerate(values.T.tolist()):
        downwards = sorted(range(len(column)), key=lambda number: -column[number])[:10]
        upwards = sorted(range(len(column)), key=lambda number: column[number])[:5]
        places = range(channel, values.size, values.shape[1])
        assert found.strongest_of(channel) == tuple(Hit(n, column[n], places[n]) for n in downwards)
        assert found.weakest_of(channel) == tuple(Hit(n, column[n], places[n]) for n in upwards)
        assert found.active[channel] == sum(value > 0 for value in column)


@pytest.mark.parametrize("name", READERS)
def test_every_layer_against_a_plain_forward_pass(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    network, data = zoo.load(name), load("mnist").test_images[:40]
    _, plain, _ = from_bytes((assets_path() / "readers" / f"{READERS[name]}.safetensors").read_bytes())
    outputs: dict[str, Any] = {}
    x = (torch.tensor(data)[:, None].float() / 255 - 0.1307) / 0.3081
    with torch.no_grad():
        for path, module in plain.named_children():
            outputs[path] = x = module(x)
    monkeypatch.setattr(exemplars, "_MOST_PICTURES", 17)  # 40 in three batches, the last one shorter
    for layer in layers_of_units(network):
        found, wanted = joined(peaks(network, layer.name, data)), outputs[layer.path]
        flat = wanted.flatten(2) if layer.is_maps else wanted[..., None]
        np.testing.assert_allclose(found.values, flat.amax(2), rtol=0, atol=1e-5)
        cells, places = flat.numpy(), np.maximum(found.places, 0)[..., None]
        np.testing.assert_allclose(np.take_along_axis(cells, places, 2)[..., 0], cells.max(2), rtol=0, atol=1e-5)
        assert (np.ptp(cells, 2)[found.places == NOWHERE] < 1e-5).all()


def test_nothing_outside_of_the_frame_matters() -> None:
    network, data = zoo.load("digits"), load("mnist").test_images
    layer = network.description.layer("activation_3")
    found = rank(joined(peaks(network, layer.name, data[:200])), most=4)
    for channel in range(0, 24, 5):
        for hit in found.strongest_of(channel):
            box = seen(network, layer, channel, hit.place)
            noise = np.random.default_rng(hit.number).integers(0, 256, (28, 28), np.uint8)
            inside = (slice(box.top, box.bottom), slice(box.left, box.right))
            noise[inside] = data[hit.number][inside]
            at = place_of(layer, hit.place)
            assert at is not None
            same = joined(peaks(network, layer.name, noise[None], at)).values[0, channel]
            assert same == pytest.approx(hit.value, abs=1e-5)


def test_the_frame_of_a_map_without_a_place_is_everything() -> None:
    network = zoo.load("digits")
    layer = network.description.layer("activation_3")
    assert seen(network, layer, 0, NOWHERE) == Box(0, 0, 28, 28)
    assert place_of(layer, NOWHERE) is None and place_of(layer, 15) == (2, 1)
    assert place_of(network.description.layers[-1], 0) is None


def test_the_network_stays_as_it_was_and_threads_get_their_own(small: Network) -> None:
    network, data = zoo.load("digits-bn"), load("mnist").test_images
    before = {name: value.clone() for name, value in network.graph.state_dict().items()}
    parts = [data[start : start + 100] for start in range(0, 800, 100)]
    alone = [joined(peaks(network, "batch_norm_2", part)).values for part in parts]
    with ThreadPoolExecutor(4) as executor:
        together = list(executor.map(lambda part: joined(peaks(network, "batch_norm_2", part)).values, parts))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, other)
    with pytest.raises(KeyError):
        joined(peaks(network, "no layer", data[:2]))
    for name, value in network.graph.state_dict().items():
        assert torch.equal(value, before[name])
    for module in network.graph.modules():
        assert not module._forward_hooks and not module._backward_hooks
    parameters = list(network.graph.parameters())
    assert not any(parameter.requires_grad or parameter.grad is not None for parameter in parameters)
    assert not any(part.training for part in network.graph.children())


def test_layers_that_can_be_asked() -> None:
    network = zoo.load("digits")
    asked = [layer.name for layer in layers_of_units(network)]
    assert asked == [
        *("convolution_1", "activation_1", "convolution_2", "activation_2", "convolution_3", "activation_3"),
        *("fully_connected_1", "activation_fc_1", "logits"),
    ]
    assert first_layer(network, layers_of_units(network)).name == "activation_3"


def test_a_batch_is_bounded(small: Network) -> None:
    network = zoo.load("digits")
    assert pictures_at_once(network, "convolution_1") == 500
    large = Transform(600, 600, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
    wide = trace(nn.Sequential(nn.Conv2d(3, 64, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten()), "w", "W", (), large)
    assert pictures_at_once(wide, wide.description.layers[-1].name) == 1
    assert pictures_at_once(small, names(small)[0]) == 500


@pytest.mark.parametrize("name", PRESETS)
def test_every_network_that_can_be_trained(name: str) -> None:
    """As it was before its first step: silent and constant units are allowed, a failure is not."""
    torch.manual_seed(0)
    network = zoo.trained(to_bytes(build(PRESETS[name]), PRESETS[name]), name)
    layers, data = layers_of_units(network), load("mnist").test_images[:8]
    assert first_layer(network, layers) in layers and layers[-1].title == "Logits"
    for layer in layers:
        found = rank(joined(peaks(network, layer.name, data)), most=5, least=5)
        assert found.strongest.shape == (layer.channels, 5)
        for hit in found.strongest_of(0):
            box = seen(network, layer, 0, hit.place)
            assert box.top < box.bottom and box.left < box.right
