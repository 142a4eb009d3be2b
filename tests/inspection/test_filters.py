"""Kernels, their norms, spectra, orientations and orders, against closed forms and torch."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from torch import nn

from explainer.inspection import filters
from explainer.networks.description import Transform
from explainer.networks.graph import Network, forward, trace
from explainer.networks.zoo import load

GREY = Transform(8, 8, (0.0,), (1.0,))


def gabor(
    angle: float, frequency: float, side: int = 11, width: float = 2.2, phase: float = 0.4
) -> NDArray[np.float32]:
    """(1, side, side): stripes at ``angle`` degrees, 45 rising to the right, under a Gaussian."""
    middle = (side - 1) / 2
    row, column = np.mgrid[:side, :side] - middle
    wave = np.radians(angle - 90)  # across the stripes; y points up
    along = column * np.cos(wave) - row * np.sin(wave)
    envelope = np.exp(-(row**2 + column**2) / (2 * width**2))
    made: NDArray[np.float32] = (envelope * np.cos(2 * np.pi * frequency * along + phase)).astype(np.float32)[None]
    return made


def small_network(groups: int = 1, **options: object) -> tuple[Network, nn.Conv2d]:
    torch.manual_seed(3)
    layer = nn.Conv2d(4, 6, (3, 5), groups=groups, **options)  # type: ignore[arg-type]
    module = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1, bias=False), nn.ReLU(), layer, nn.Flatten(), nn.LazyLinear(2))
    module(torch.zeros(1, 1, 8, 8))
    return trace(module, "small", "Small", ("a", "b"), GREY), layer


def random_weights(seed: int, shape: tuple[int, ...] = (9, 3, 5, 5)) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(0, 1, shape).astype(np.float32)


@pytest.mark.parametrize(
    ("options", "stride", "padding", "dilation"),
    [
        ({}, (1, 1), (0, 0), (1, 1)),
        ({"stride": (2, 1), "padding": (1, 2), "dilation": (2, 1)}, (2, 1), (1, 2), (2, 1)),
        ({"padding": "same", "dilation": 2}, (1, 1), (2, 4), (2, 2)),
        ({"padding": "valid", "groups": 2}, (1, 1), (0, 0), (1, 1)),
    ],
)
def test_kernels_are_those_of_the_module(
    options: dict[str, object], stride: object, padding: object, dilation: object
) -> None:
    network, layer = small_network(**options)  # type: ignore[arg-type]
    found = filters.kernels(network, network.description.convolutions[1].name)
    np.testing.assert_array_equal(found.weights, layer.weight.detach().numpy())
    assert layer.bias is not None
    np.testing.assert_array_equal(found.bias, layer.bias.detach().numpy())
    assert (found.stride, found.padding, found.dilation) == (stride, padding, dilation)
    firsts = [found.first_plane(number) for number in range(6)]
    assert firsts == ([0, 0, 0, 2, 2, 2] if found.groups == 2 else [0] * 6)
    first = filters.kernels(network, network.description.convolutions[0].name)
    np.testing.assert_array_equal(first.bias, np.zeros(4))


def test_kernels_and_what_they_read_give_the_layers_output() -> None:
    network, _ = small_network(stride=2, padding=(1, 2), groups=2)
    name = network.description.convolutions[1].name
    inputs = random_weights(1, (1, 1, 8, 8))
    found, read = filters.kernels(network, name), filters.planes(network, name, inputs)
    output = forward(network, torch.from_numpy(inputs), until=name)[name][0].numpy()
    padded = np.pad(read.astype(np.float64), ((0, 0), (1, 1), (2, 2)))
    for number, row, column in ((0, 0, 0), (2, 1, 3), (3, 2, 1), (5, 3, 2)):
        plane = found.first_plane(number)
        patch = padded[plane : plane + 2, 2 * row : 2 * row + 3, 2 * column : 2 * column + 5]
        expected = (patch * found.weights[number]).sum() + found.bias[number]
        assert output[number, row, column] == pytest.approx(expected, abs=1e-6)
    np.testing.assert_array_equal(filters.planes(network, network.description.convolutions[0].name, inputs), inputs[0])


def test_a_layer_that_is_no_convolution_or_unknown_is_refused() -> None:
    network, _ = small_network()
    with pytest.raises(ValueError, match="no convolution"):
        filters.kernels(network, network.description.layers[1].name)
    with pytest.raises(KeyError):
        filters.kernels(network, "nowhere")


@pytest.mark.parametrize("shape", [(6, 1, 6, 6), (96, 3, 7, 7), (16, 96, 1, 1), (8, 1, 3, 5)])
def test_fresh_kernels_are_those_of_a_new_layer(shape: tuple[int, int, int, int]) -> None:
    torch.manual_seed(7)
    expected = nn.Conv2d(shape[1], shape[0], shape[2:]).weight.detach().numpy()
    state = torch.get_rng_state()
    made = filters.fresh(shape, 7)
    np.testing.assert_array_equal(made, expected)
    assert torch.equal(torch.get_rng_state(), state)  # torch's global generator is left alone
    assert np.abs(made).max() <= (shape[1] * shape[2] * shape[3]) ** -0.5
    assert not np.array_equal(made, filters.fresh(shape, 8))


def test_norms_of_kernels_set_by_hand() -> None:
    weights = np.zeros((3, 2, 2, 2), np.float32)
    weights[1, 0, 0, 0], weights[1, 1, 1, 1], weights[2] = 3, -4, -1
    np.testing.assert_allclose(filters.norms(weights), [0, 5, 8**0.5], atol=1e-12)


def test_a_spectrum_is_that_of_torch_and_has_all_the_power() -> None:
    weights = random_weights(0)
    found = filters.spectrum(weights)
    expected = torch.fft.fftshift(torch.fft.fft2(torch.from_numpy(weights).double(), s=(32, 32)), dim=(2, 3))
    np.testing.assert_allclose(found, expected.abs().square().sum(1).sqrt().numpy(), atol=1e-10)
    np.testing.assert_allclose((found**2).sum((1, 2)), 32**2 * filters.norms(weights) ** 2, rtol=1e-12)
    np.testing.assert_allclose(found[:, 16, 16] ** 2, (weights.astype(float).sum((2, 3)) ** 2).sum(1), rtol=1e-10)
    with pytest.raises(ValueError, match="do not fit"):
        filters.spectrum(weights, 4)


@pytest.mark.parametrize("angle", [0, 15, 30, 45, 72, 90, 120, 135, 165])
@pytest.mark.parametrize("frequency", [0.15, 0.25, 0.35])
def test_the_orientation_of_gabor_filters(angle: float, frequency: float) -> None:
    found = filters.orientation(gabor(angle, frequency)[None])
    off = (found.angle[0] - angle + 90) % 180 - 90
    assert abs(off) < 1.5  # degrees: a kernel of 11x11 pixels cuts the Gaussian off
    assert found.strength[0] > 0.7
    assert found.frequency[0] == pytest.approx(frequency, abs=1 / 32)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_a_turned_or_mirrored_kernel_has_a_turned_or_mirrored_orientation(seed: int) -> None:
    weights = random_weights(seed, (1, 2, 5, 5))
    found = filters.orientation(weights)
    turned = filters.orientation(np.rot90(weights, axes=(2, 3)).copy())  # against the clock
    mirrored = filters.orientation(weights[..., ::-1].copy())
    scaled = filters.orientation(-3 * weights)
    for other, expected in ((turned, found.angle + 90), (mirrored, 180 - found.angle), (scaled, found.angle)):
        off = (other.angle - expected + 90) % 180 - 90
        assert abs(off[0]) * found.strength[0] < 1e-4
        assert other.strength[0] == pytest.approx(found.strength[0], abs=1e-6)


def test_kernels_without_a_direction() -> None:
    point = np.zeros((3, 1, 7, 7), np.float32)
    point[0, 0, 3, 3], point[1] = 1, 0.5  # the third is zero
    found = filters.orientation(point)
    np.testing.assert_allclose(found.strength, 0, atol=1e-12)
    assert found.frequency[1] == 0  # a blob


def test_the_orientation_of_single_numbers_is_none() -> None:
    found = filters.orientation(random_weights(0, (4, 3, 1, 1)))
    np.testing.assert_array_equal(found.strength, 0)


def test_colour_of_grey_pure_and_mixed_filters() -> None:
    one = random_weights(2, (1, 5, 5))
    stack = np.stack([np.repeat(one, 3, 0), np.stack([one[0], 0 * one[0], 0 * one[0]]), np.zeros((3, 5, 5))])
    opponent = np.stack([one[0], -one[0], 0 * one[0]])[None]
    weights = np.concatenate([stack, opponent]).astype(np.float32)
    np.testing.assert_allclose(filters.colour(weights), [0, 2 / 3, 0, 1], atol=1e-12)


def test_similarities_of_equal_opposite_and_unrelated_filters() -> None:
    weights = np.zeros((4, 1, 2, 2), np.float32)
    weights[0, 0, 0, 0], weights[1, 0, 0, 0], weights[2, 0, 1, 1] = 2, -0.5, 7
    expected = [[1, -1, 0, 0], [-1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]]
    np.testing.assert_allclose(filters.similarities(weights), expected, atol=1e-12)


def test_orders_by_norm_and_colour() -> None:
    weights = np.ones((3, 3, 2, 2), np.float32) * np.array([1, 3, 2], np.float32)[:, None, None, None]
    assert filters.order(weights, "number").tolist() == [0, 1, 2]
    assert filters.order(weights, "norm").tolist() == [1, 2, 0]
    weights[2, 0] *= -1
    assert filters.order(weights, "colour").tolist()[0] == 2


def test_the_order_by_orientation_goes_round_and_leaves_blobs_for_the_end() -> None:
    angles = np.random.default_rng(4).permutation(np.arange(5, 180, 10))
    blob = np.full((2, 1, 11, 11), 0.1, np.float32)
    blob[1] *= 2
    weights = np.concatenate([blob, np.stack([gabor(float(angle), 0.25) for angle in angles])])
    found = filters.order(weights, "orientation")
    np.testing.assert_array_equal(found[:-2] - 2, np.argsort(angles))
    assert found[-2:].tolist() == [1, 0]


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40), st.integers(0, 1000))
def test_the_chain_of_similar_filters_finds_a_hidden_line(count: int, seed: int) -> None:
    at = np.random.default_rng(seed).permutation(count)
    turned = np.radians(0.5 + at * 90 / max(count, 1) + 0.2 * (at / max(count, 1)) ** 2)
    weights = np.stack([np.cos(turned), np.sin(turned)], 1).reshape(count, 1, 1, 2).astype(np.float32)
    found = at[filters.order(weights, "similarity")]
    assert sorted(found.tolist()) == list(range(count))
    steps = np.diff(found)
    assert (np.abs(steps) == 1).all()  # neighbours on the line are neighbours in the chain


def test_neighbours_in_the_chain_of_a_trained_network_are_alike() -> None:
    weights = filters.kernels(load("squeezenet"), "features_0").weights
    alike, chain = filters.similarities(weights), filters.order(weights, "similarity")
    assert sorted(chain.tolist()) == list(range(96))
    in_chain, as_they_are = alike[chain[1:], chain[:-1]].mean(), np.diagonal(alike, 1).mean()
    assert in_chain > 0.25 and in_chain > as_they_are + 0.2


def test_trained_filters_have_stripes_and_random_ones_seldom() -> None:
    weights = filters.kernels(load("squeezenet"), "features_0").weights
    assert filters.least_strength(weights.shape) == 0.3
    assert (filters.orientation(weights).strength >= 0.3).mean() > 0.7
    for shape in ((1000, 3, 7, 7), (1000, 1, 6, 6)):
        strength = filters.orientation(filters.fresh(shape, 0)).strength
        assert 0 <= (strength >= filters.least_strength(shape)).mean() < 0.03
    assert filters.least_strength((1, 1, 3, 3)) == 0.6


def _snapshot(network: Network) -> list[object]:
    parts: list[object] = []
    for module in network.graph.modules():
        hooks = (len(module._forward_hooks), len(module._forward_pre_hooks), len(module._backward_hooks))
        parts += [module.training, hooks]
    for name, parameter in network.graph.named_parameters():
        parts += [name, parameter.detach().clone(), parameter.requires_grad, parameter.grad]
    return parts


def _same(first: list[object], second: list[object]) -> bool:
    return len(first) == len(second) and all(
        torch.equal(a, b) if isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor) else a == b
        for a, b in zip(first, second, strict=True)
    )


def test_a_shared_network_stays_as_it_was_also_after_an_error() -> None:
    network = load("digits-bn")
    before = _snapshot(network)
    name = network.description.convolutions[1].name
    found = filters.kernels(network, name)
    found.weights[:], found.bias[:] = 0, 1  # what is given away is a copy
    filters.planes(network, name, np.ones((1, 1, 28, 28), np.float32))
    with pytest.raises(RuntimeError):
        filters.planes(network, name, np.ones((1, 5, 28, 28), np.float32))
    assert _same(before, _snapshot(network))


def test_two_threads_get_their_own_results() -> None:
    network = load("digits")
    name = network.description.convolutions[2].name
    inputs = [np.full((1, 1, 28, 28), value, np.float32) for value in (-0.4, 2.5)]
    expected = [filters.planes(network, name, each) for each in inputs]
    got: list[list[NDArray[np.float32]]] = [[], []]

    def work(number: int) -> None:
        got[number] += [filters.planes(network, name, inputs[number]) for _ in range(15)]

    threads = [threading.Thread(target=work, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each, wanted in zip(got, expected, strict=True):
        assert len(each) == 15
        assert all(np.array_equal(values, wanted) for values in each)
