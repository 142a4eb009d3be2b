"""Effective receptive fields: closed forms, other ways to compute them, and what lies outside of the theoretical."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from explainer.inspection.effective_field import Effective, of_network, of_stack
from explainer.inspection.receptive_field import field
from explainer.networks import zoo
from explainer.networks.graph import forward
from explainer.networks.stack import built, central, parse, seen


def test_the_fewest_pixels_that_hold_a_part() -> None:
    effective = Effective(np.array([[0.5, 0.1], [0.3, 0.1]]), 0, 0)
    assert effective.holding(0.5).tolist() == [[True, False], [False, False]]
    assert effective.holding(0.6).tolist() == [[True, False], [True, False]]
    assert effective.holding(1).all()
    assert not Effective(np.zeros((2, 2)), 0, 0).holding().any()


def test_without_relu_it_is_the_number_of_paths() -> None:
    """Luo et al., section 3: zero-mean weights add up in variance, so that two 3s give 1 2 3 2 1 over 9."""
    ladder = built(parse("c3,c3"), 15)
    effective = of_stack(ladder, 2, central(ladder, 2), axes=1, draws=300)
    np.testing.assert_allclose(effective.squares[0], np.array([1, 2, 3, 2, 1]) / 9, atol=0.05)
    assert (effective.top, effective.left) == (0, 5)


@pytest.mark.parametrize("text", ["c3p1,p2,c3p1d2,a3s2p1,c3p1", "c2l1,c2d2l2,c2d4l4"])
@pytest.mark.parametrize("unit", [0, 3])
def test_a_part_of_the_input_is_enough(text: str, unit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With weights of ones, that of all of the input, computed by torch's modules, is the same."""
    ladder = built(parse(text), 33)
    monkeypatch.setattr(torch, "randn", lambda shape, generator: torch.ones(shape))
    found = of_stack(ladder, len(ladder.rungs), unit, draws=1)
    pictures = torch.ones(1, 1, 33, 33, requires_grad=True)
    (gradient,) = torch.autograd.grad(_modules(text)(pictures)[0, 0, unit, unit], pictures)
    squares = gradient[0, 0].square().numpy()
    rows, columns = found.squares.shape
    inside = squares[found.top : found.top + rows, found.left : found.left + columns]
    np.testing.assert_allclose(found.squares, inside / squares.sum(), atol=1e-7)
    assert inside.sum() == pytest.approx(squares.sum())


def _modules(text: str) -> nn.Sequential:
    layers: list[nn.Module] = []
    for item in parse(text):
        step = item.step
        if item.kind == "p":
            layers.append(nn.MaxPool2d(step.kernel, step.stride, step.padding, step.dilation))
        elif item.kind == "a":
            layers.append(nn.AvgPool2d(step.kernel, step.stride, step.padding))
        else:
            layers.append(nn.ZeroPad2d((step.padding, item.after) * 2))
            convolution = nn.Conv2d(1, 1, step.kernel, step.stride, 0, step.dilation, bias=False)
            nn.init.ones_(convolution.weight)
            layers.append(convolution)
    return nn.Sequential(*layers)


@pytest.mark.parametrize("relu", [False, True])
def test_it_lies_in_the_theoretical_field_and_is_the_same_for_a_seed(relu: bool) -> None:
    ladder = built(parse("c3p1,c3p1,p2,c3p1d2"), 40)
    unit = central(ladder, 4)
    first, again, other = (of_stack(ladder, 4, unit, relu=relu, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.squares, again.squares)
    assert not np.array_equal(first.squares, other.squares)
    read = np.flatnonzero(seen(ladder, 4, unit)[0])
    assert (first.left, first.left + first.squares.shape[1] - 1) == (read[0], read[-1])
    assert first.squares.sum() == pytest.approx(1)
    assert 0.3 < first.holding().mean() < 0.95


def test_a_unit_that_reads_padding_alone_is_moved_by_nothing() -> None:
    effective = of_stack(built(parse("c1p2"), 5), 1, 0)
    assert effective.squares.tolist() == [[0]]


def test_of_a_trained_layer_it_is_the_sum_over_its_channels() -> None:
    network = zoo.load("digits")
    layer = network.description.convolutions[0].name
    inputs = np.random.default_rng(0).normal(size=(1, 1, 28, 28)).astype(np.float32)
    found = of_network(network, layer, 10, 12, inputs=inputs)
    weights = forward(network, torch.from_numpy(inputs), until=layer)[layer].shape[1]
    module = network.module(layer)
    assert isinstance(module, nn.Conv2d)
    squares = module.weight.square().sum((0, 1)).cpu().double().numpy()
    assert weights <= 8  # so that it is exact
    np.testing.assert_allclose(found.squares, squares / squares.sum(), rtol=1e-5)
    box = field(network, layer, 10, 12)
    assert (found.top, found.left) == (box.top, box.left)


def test_random_signs_give_the_sum_over_the_channels() -> None:
    network = zoo.load("digits")
    layer = network.description.convolutions[2].name
    inputs = np.random.default_rng(0).normal(size=(1, 1, 28, 28)).astype(np.float32)
    exact = of_network(network, layer, 3, 3, inputs=inputs, draws=24).squares
    mixed = of_network(network, layer, 3, 3, inputs=inputs, draws=23).squares
    assert not np.allclose(mixed, exact)
    assert np.corrcoef(mixed.ravel(), exact.ravel())[0, 1] > 0.9
