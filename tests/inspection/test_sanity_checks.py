"""Tests of attribution maps: the random copies of a network, the ranks of pixels, and the curves of removed ones."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch
from scipy import stats
from torch import nn

from explainer.data.digits import load
from explainer.inspection.baselines import filled
from explainer.inspection.gradients import gradient, predict
from explainer.inspection.methods import METHODS, Settings
from explainer.inspection.sanity_checks import (
    Curve,
    by_chance,
    cascade,
    curve,
    depths,
    order,
    randomized,
    rank_correlation,
    removal,
    with_weights,
)
from explainer.inspection.steps import Steps
from explainer.inspection.target import Floats, Target
from explainer.networks import zoo
from explainer.networks.description import Transform
from explainer.networks.graph import Network, trace
from explainer.networks.reading import to_input

DIGIT = to_input(zoo.DIGITS, load("mnist").test_images[:1].copy()).numpy()


@pytest.mark.parametrize("name", ["digits", "digits-bn"])
def test_only_the_last_layers_are_drawn_anew_and_the_trained_network_stays(name: str) -> None:
    network = zoo.load(name)
    before = {key: value.clone() for key, value in network.graph.state_dict().items()}
    layers = with_weights(network)
    assert layers[0].name == network.description.layers[-1].name
    twin = randomized(network, 2, seed=1)
    new = {layer.path for layer in layers[:2]}
    for key, value in twin.graph.state_dict().items():
        assert torch.equal(value, before[key]) == (key.rsplit(".", 1)[0] not in new), key
    for key, value in network.graph.state_dict().items():
        assert torch.equal(value, before[key])
    assert not any(value.requires_grad for value in twin.graph.parameters())
    assert not twin.graph.training
    assert twin.key != network.key
    shared = {value.data_ptr() for value in network.graph.parameters()}
    assert sum(value.data_ptr() in shared for value in twin.graph.parameters()) == len(
        [key for key in before if key.endswith(("weight", "bias")) and key.rsplit(".", 1)[0] not in new]
    )


def test_the_same_seed_draws_the_same_and_a_layer_keeps_its_draw() -> None:
    network = zoo.load("digits")
    np.testing.assert_array_equal(predict(randomized(network, 0), DIGIT), predict(network, DIGIT))
    one, other = (predict(randomized(network, 3, 5), DIGIT) for _ in range(2))
    np.testing.assert_array_equal(one, other)
    assert np.abs(predict(randomized(network, 3, 6), DIGIT) - one).max() > 0.1
    last = with_weights(network)[0].path
    weights = [randomized(network, depth, 5).graph.get_submodule(last).weight for depth in (1, 5)]
    assert torch.equal(*weights)
    kernel = randomized(network, 5, 0).module(with_weights(network)[3].name).weight
    want = (2 / kernel[0].numel()) ** 0.5
    assert float(kernel.std()) == pytest.approx(want, rel=0.1)  # He et al.


def test_depths_begin_with_none_and_end_with_all() -> None:
    assert depths(zoo.load("digits")) == (0, 1, 2, 3, 4, 5)
    many = depths(zoo.load("squeezenet"))
    assert many[0] == 0 and many[-1] == 26 and len(many) == 8


def test_the_gradient_needs_the_weights() -> None:
    network, told = zoo.load("digits"), Settings()

    def attribute(twin: Network, label: int, name: str) -> Steps[Floats]:
        made = METHODS[name].attribute(twin, DIGIT, Target(label), told)
        yield 0.5
        return METHODS["gradient"].heat(made)

    methods = [partial(attribute, name=name) for name in ("gradient", "gradient-times-input")]
    every = list(cascade(network, DIGIT, methods, 7))
    known = [([len(step.maps) for step in each.found], each.share) for each in every[:6]]
    shares = [0.5 / 12, 1 / 12, 1.5 / 12, 2 / 12, 2.5 / 12, 3 / 12]
    assert known == list(zip([[], [1], [1], [2], [2], [2, 1]], shares, strict=True))
    found, share = every[-1].found, every[-1].share
    assert share == 1
    assert [step.depth for step in found] == [0, 1, 2, 3, 4, 5]
    assert found[0].layer is None and found[0].label == 7
    assert found[1].layer == network.description.layers[-1]
    np.testing.assert_allclose(found[0].correlations, 1, rtol=0, atol=1e-12)
    assert abs(found[-1].correlations[0]) < 0.3
    want = np.abs(gradient(network, DIGIT, Target(7)))[0]
    np.testing.assert_array_equal(found[0].maps[0], want)
    twin = randomized(network, 5)
    assert found[-1].label == predict(twin, DIGIT).argmax()


def test_ranks_against_scipy() -> None:
    rng = np.random.default_rng(0)
    for _ in range(10):
        one, other = rng.integers(0, 6, (2, 7, 7)).astype(float)
        want = stats.spearmanr(one.ravel(), other.ravel()).statistic
        assert rank_correlation(one, other) == pytest.approx(want, abs=1e-12)
    assert rank_correlation(one, np.exp(one)) == pytest.approx(1)
    assert rank_correlation(one, -one) == pytest.approx(-1)
    assert np.isnan(rank_correlation(one, np.zeros((7, 7))))


def test_the_order_is_that_of_the_map_and_chance_where_it_is_equal() -> None:
    heat = np.array([[0.0, 3], [-1, 2]])
    assert order(heat).tolist() == [1, 3, 0, 2]
    flat = np.zeros((6, 6))
    assert sorted(order(flat).tolist()) == list(range(36))
    assert order(flat, 1).tolist() != order(flat, 2).tolist()
    assert order(flat, 1).tolist() == order(flat, 1).tolist()


def test_areas_by_hand() -> None:
    assert Curve(np.array([0, 0.5, 1]), np.array([1.0, 0.5, 0.0])).area == pytest.approx(0.5)
    assert Curve(np.array([0, 0.25, 1]), np.array([1.0, 0.0, 0.0])).area == pytest.approx(0.125)


def test_a_curve_by_hand() -> None:
    """The logit of class 0 is the sum of four pixels, 1 to 4, that of class 1 is 0."""
    layer = nn.Linear(4, 2)
    with torch.no_grad():
        layer.weight.copy_(torch.stack([torch.ones(4), torch.zeros(4)]))
        layer.bias.zero_()
    network = trace(nn.Sequential(nn.Flatten(), layer), "sum", "Sum", ("a", "b"), Transform(2, 2, (0.0,), (1.0,)))
    image = np.array([[[[1.0, 2], [3, 4]]]], np.float32)
    found = curve(network, image, 0 * image, np.array([3, 0, 2, 1]), 0, steps=4)
    np.testing.assert_allclose(found.shares, [0, 0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(found.probabilities, 1 / (1 + np.exp(-np.array([10.0, 6, 5, 2, 0]))), rtol=1e-6)
    both = removal(network, image, 0 * image, np.array([3, 2, 1, 0]), 0, steps=2)
    np.testing.assert_allclose(both.deletion.probabilities, 1 / (1 + np.exp(-np.array([10.0, 3, 0]))), rtol=1e-6)
    np.testing.assert_allclose(both.insertion.probabilities, 1 / (1 + np.exp(-np.array([0.0, 7, 10]))), rtol=1e-6)


def test_pixels_that_decided_go_sooner_than_by_chance() -> None:
    network, fill = zoo.load("digits"), filled(zoo.DIGITS, DIGIT, "mean")
    chance = by_chance(network, DIGIT, fill, 7)
    for name in ("integrated-gradients", "occlusion"):
        method = METHODS[name]
        heat = method.heat(method.attribute(network, DIGIT, Target(7), Settings()))
        found = removal(network, DIGIT, fill, order(heat), 7)
        assert found.deletion.area < 0.55 * chance.deletion.area
        assert found.insertion.area > 1.2 * chance.insertion.area
        ends = found.deletion.probabilities[[0, -1]]
        np.testing.assert_allclose(found.insertion.probabilities[[-1, 0]], ends, rtol=0, atol=1e-6)
