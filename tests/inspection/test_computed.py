"""How one map was computed: literal numbers, and the sum of its parts against the network's own values."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from explainer.inspection.columns import columns, plane_shape
from explainer.inspection.computed import MAPS, Computed, computed
from explainer.inspection.feature_maps import maps
from explainer.inspection.feature_maps_code import map_code, map_formula
from explainer.inspection.taps import NOTHING, Taps
from explainer.networks import zoo
from explainer.networks.description import Transform
from explainer.networks.graph import trace

RNG = np.random.default_rng(1)


def gathered(values: np.ndarray, taps: Taps, outside: float) -> np.ndarray:
    """What meets at each place, (rows, taps down, columns, taps across)."""
    framed = np.pad(values.astype(np.float64), ((0, 1), (0, 1)), constant_values=outside)
    assert taps.rows.min() >= NOTHING and NOTHING == -1  # which is the frame
    return framed[taps.rows[:, :, None, None], taps.columns[None, None]]


def assert_adds_up(found: Computed) -> None:
    """The parts make the core, and each step makes the next."""
    core = found.steps[0].values.astype(np.float64)
    scale = 1 + np.abs(core).max()
    if found.core == "weighted sum":
        parts = [source.partial for source in found.sources if source.partial is not None]
        assert len(parts) == len(found.sources) and found.taps is not None
        total = np.sum(parts, 0, dtype=np.float64) + found.bias + (0 if found.rest is None else found.rest)
        np.testing.assert_allclose(total, core, rtol=0, atol=1e-5 * scale)
        source = found.sources[0]
        assert source.kernel is not None and source.partial is not None
        products = gathered(source.values, found.taps, 0) * source.kernel.astype(np.float64)[None, :, None, :]
        np.testing.assert_allclose(products.sum((1, 3)), source.partial, rtol=0, atol=1e-5 * scale)
    elif found.taps is not None:
        windows = gathered(found.sources[0].values, found.taps, np.nan)
        reduce = np.nanmax if found.core == "maximum" else np.nanmean
        np.testing.assert_allclose(reduce(windows, (1, 3)), core, rtol=0, atol=1e-5 * scale)
    for before, after in zip(found.steps, found.steps[1:], strict=False):
        if after.detail == "ReLU":
            np.testing.assert_array_equal(after.values, np.maximum(before.values, 0))
        if after.numbers:
            mean, deviation, times, plus = after.numbers
            expected = (before.values - mean) / deviation * times + plus
            np.testing.assert_allclose(after.values, expected, rtol=1e-4, atol=1e-4)


def test_a_map_in_literal_numbers() -> None:
    module = nn.Sequential(nn.Conv2d(2, 1, 2, padding=1, stride=2), nn.ReLU(), nn.Flatten(), nn.Linear(4, 1))
    convolution = module[0]
    assert isinstance(convolution, nn.Conv2d)
    with torch.no_grad():
        convolution.weight[:] = torch.tensor([[[[1.0, 2], [3, 4]], [[0, 0], [0, -10]]]])
        convolution.bias[:] = torch.tensor([0.5])  # type: ignore[index]
    network = trace(module, "l", "L", ("a",), Transform(2, 2, (0.0, 0.0), (1.0, 1.0)))
    picture = np.array([[[[1, 2], [3, 4]], [[1, 0], [0, 1]]]], np.float32)
    found = computed(network, picture, network.description.layers[0].name, 0)
    assert [source.channel for source in found.sources] == [0, 1]  # means of 7 and 5
    np.testing.assert_array_equal(found.sources[0].partial, [[4, 6], [6, 4]])
    np.testing.assert_array_equal(found.sources[1].partial, [[-10, 0], [0, 0]])
    assert found.bias == 0.5 and found.others == 0 and found.rest is None
    np.testing.assert_array_equal(found.steps[0].values, [[-5.5, 6.5], [6.5, 4.5]])
    np.testing.assert_array_equal(found.steps[1].values, [[0, 6.5], [6.5, 4.5]])
    assert found.taps is not None and found.taps.rows.tolist() == [[-1, 0], [1, -1]]
    assert found.chosen == 0 and found.asked is found.steps[0]


@pytest.mark.parametrize("name", ["digits", "digits-bn", "squeezenet"])
def test_every_layer_adds_up_to_its_own_values(name: str) -> None:
    network = zoo.load(name)
    transform = network.description.transform
    inputs = RNG.normal(size=(1, transform.channels, transform.size, transform.size)).astype(np.float32)
    layers = columns(network.description)
    for layer in (*layers[:: 1 if name != "squeezenet" else 16], network.description.layers[-1]):
        channel = int(RNG.integers(plane_shape(layer)[0]))
        found = computed(network, inputs, layer.name, channel)
        np.testing.assert_array_equal(found.asked.values, maps(network, inputs, layer.name)[channel])
        assert (found.asked.layer, found.asked.channel) == (layer.name, channel)
        assert_adds_up(found)


def test_the_largest_parts_come_first_and_the_others_together() -> None:
    network = zoo.load("squeezenet")
    inputs = RNG.normal(size=(1, 3, 224, 224)).astype(np.float32)
    found = computed(network, inputs, "features_7_squeeze", 3)
    sizes = [float(np.abs(source.partial).mean()) for source in found.sources if source.partial is not None]
    assert len(sizes) == MAPS and sizes == sorted(sizes, reverse=True)
    assert found.others == 256 - MAPS and found.rest is not None


def test_a_concatenated_map_leads_back_to_its_branch() -> None:
    network = zoo.load("squeezenet")
    inputs = RNG.normal(size=(1, 3, 224, 224)).astype(np.float32)
    found = computed(network, inputs, "cat", 64 + 5)  # after the 64 maps of the first branch
    assert [step.layer for step in found.steps] == [
        "features_3_expand3x3",
        "features_3_expand3x3_activation",
        "cat",
    ]
    assert [step.channel for step in found.steps] == [5, 5, 69] and found.chosen == 2


class Mixed(nn.Module):
    """A skip, a product with one number a map, adaptive pooling, padding of its own, groups, bounds."""

    def __init__(self) -> None:
        super().__init__()
        self.pad = nn.ZeroPad2d((1, 2, 0, 1))
        self.grouped = nn.Conv2d(4, 4, 3, groups=2, dilation=2, padding=1)
        self.same = nn.Conv2d(4, 4, (1, 3), padding="same")
        self.average = nn.AvgPool2d(3, 2, padding=1, count_include_pad=False)
        self.adaptive = nn.AdaptiveAvgPool2d((3, 2))
        self.last = nn.Linear(24, 2)

    def forward(self, pictures: Tensor) -> Tensor:
        grouped = self.grouped(self.pad(pictures))
        same = self.same(grouped) + grouped
        scaled = same * same.mean((2, 3), keepdim=True)
        return self.last(self.adaptive(torch.tanh(self.average(scaled))).flatten(1))


def test_what_torchvision_is_made_of_adds_up_too() -> None:
    torch.manual_seed(0)
    network = trace(Mixed(), "m", "M", ("a", "b"), Transform(11, 11, (0.0,) * 4, (1.0,) * 4))
    inputs = RNG.normal(size=(1, 4, 11, 11)).astype(np.float32)
    cores = {}
    for layer in (*columns(network.description), network.description.layers[-1]):
        found = computed(network, inputs, layer.name, plane_shape(layer)[0] - 1)
        assert_adds_up(found)
        cores[layer.name] = found.core
    assert cores["grouped"] == cores["same"] == cores["last"] == "weighted sum"
    assert cores["average"] == cores["adaptive"] == cores["mean"] == "mean"
    assert cores["add"] == "sum" and cores["mul"] == "product"
    grouped = computed(network, inputs, "grouped", 3)
    assert sorted(source.channel for source in grouped.sources) == [2, 3]  # of the second group
    assert grouped.sources[0].layer == "input"  # before the padding
    last = computed(network, inputs, "last", 0)
    assert {source.values.shape for source in last.sources} == {(3, 2)}  # maps, not what they were flattened to


def test_what_does_not_exist_is_refused() -> None:
    network, inputs = zoo.load("digits"), np.zeros((1, 1, 28, 28), np.float32)
    with pytest.raises(IndexError, match="0 to 5, not 6"):
        computed(network, inputs, "convolution_1", 6)
    with pytest.raises(KeyError):
        computed(network, inputs, "nothing", 0)


@pytest.mark.parametrize(
    ("name", "layer", "channel"),
    [
        ("digits", "convolution_1", 2),
        ("digits", "activation_2", 7),
        ("digits", "logits", 3),
        ("digits-bn", "activation_2", 4),
        ("squeezenet", "features_2", 11),
        ("squeezenet", "features_3_expand3x3", 9),
    ],
)
def test_the_code_computes_what_is_shown(name: str, layer: str, channel: int) -> None:
    network = zoo.load(name)
    transform = network.description.transform
    shape = (1, transform.channels, transform.size, transform.size)
    torch.manual_seed(3)
    inputs = torch.rand(shape).numpy()
    found = computed(network, inputs, layer, channel)
    picture = f"torch.manual_seed(3)\ninputs = torch.rand{shape}"
    code = map_code(network.description, f'zoo.load("{name}")', picture, found)
    names: dict[str, Any] = {"print": lambda value: None}
    exec(code, names)
    made = names["output"].cpu().numpy()
    scale = 1 + np.abs(found.asked.values).max()
    np.testing.assert_allclose(made.reshape(found.asked.values.shape), found.asked.values, rtol=0, atol=1e-5 * scale)


def test_the_formula_carries_the_numbers() -> None:
    network = zoo.load("digits")
    inputs = RNG.normal(size=(1, 1, 28, 28)).astype(np.float32)
    found = computed(network, inputs, "convolution_2", 1)
    formula = map_formula(found, (3, 4))
    parts = formula.split(r"\\")[1]
    numbers = [float(each) for each in re.findall(r"-?\d+\.\d+", re.sub(r" \\cdot 10\^\{(-?\d+)\}", r"e\1", parts))]
    expected = [float(source.partial[3, 4]) for source in found.sources if source.partial is not None]
    expected += [found.bias, float(found.steps[0].values[3, 4])]
    assert numbers == pytest.approx(expected, rel=2e-3, abs=1e-3)
    assert map_formula(computed(network, inputs, "logits", 0), (0, 0)).count("others") == 1
    squeezenet = zoo.load("squeezenet")
    pooled = computed(squeezenet, RNG.normal(size=(1, 3, 224, 224)).astype(np.float32), "features_2", 0)
    assert map_formula(pooled, (0, 0)) == ""
