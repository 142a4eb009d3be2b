"""Parameters multiplied out: the textbook's cases, and torch's own count."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from torch import nn

from explainer.layers import costs, geometry
from explainer.layers.geometry import GeometryError


def count(*layers: nn.Module) -> int:
    return sum(values.numel() for layer in layers for values in layer.parameters())


@pytest.mark.parametrize(
    ("channels", "filters", "side", "parameters"),
    [
        (3, 1, 3, 28),  # 3 * 3 * 3 + 1
        (3, 10, 5, 760),  # (5 * 5 * 3 + 1) * 10
        (4, 2, 3, 74),  # (3 * 3 * 4 + 1) * 2
        (512, 512, 3, 2_359_808),
        (1028, 1028, 5, 26_420_628),  # 1028 * 1028 * 25 + 1028
    ],
)
def test_standard(channels: int, filters: int, side: int, parameters: int) -> None:
    assert costs.standard(channels, filters, side).parameters == parameters


@pytest.mark.parametrize(
    ("channels", "side", "parameters"),
    [
        (512, 3, 267_776),  # 512 * 9 + 512 + 512 * 512 + 512
        (1028, 5, 1_084_540),  # 1028 * 25 + 1028 + 1028 * 1028 + 1028
    ],
)
def test_separable(channels: int, side: int, parameters: int) -> None:
    assert costs.separable(channels, channels, side).parameters == parameters


@settings(max_examples=40, deadline=None)
@given(each=some.integers(1, 6), filters=some.integers(1, 6), groups=some.integers(1, 4), side=some.integers(1, 5))
def test_every_kind_counts_as_torch_does(each: int, filters: int, groups: int, side: int) -> None:
    channels, maps = each * groups, filters * groups
    deep, point = nn.Conv2d(channels, channels, side, groups=channels), nn.Conv2d(channels, maps, 1)
    assert costs.standard(channels, maps, side).parameters == count(nn.Conv2d(channels, maps, side))
    assert costs.grouped(channels, maps, side, groups).parameters == count(
        nn.Conv2d(channels, maps, side, groups=groups)
    )
    assert costs.depthwise(channels, side).parameters == count(deep)
    assert costs.pointwise(channels, maps).parameters == count(point)
    assert costs.separable(channels, maps, side).parameters == count(deep, point)


def test_factors_are_named_and_multiply_to_the_weights() -> None:
    cost = costs.separable(32, 64, 3)
    assert [[*step.factors] for step in cost.steps] == [[("C", 32), ("K", 3), ("K", 3)], [("F", 64), ("C", 32)]]
    assert [step.weights for step in cost.steps] == [288, 2048]
    assert [step.biases for step in cost.steps] == [32, 64]
    assert (cost.weights, cost.parameters, cost.maps) == (2336, 2432, 64)
    assert costs.grouped(32, 64, 3, 4).steps[0].factors == (("F", 64), ("C/g", 8), ("K", 3), ("K", 3))


def test_weights_are_the_multiplications_of_a_pixel() -> None:
    assert costs.standard(16, 24, 3).weights == geometry.convolution_macs(16, 24, 3, 1, 1)
    assert costs.separable(16, 24, 3).weights == geometry.separable_macs(16, 24, 3, 1, 1)


def test_groups_that_do_not_divide_are_refused_in_a_sentence() -> None:
    with pytest.raises(GeometryError, match="5 groups do not divide 512 input channels"):
        costs.grouped(512, 512, 3, 5)


@pytest.mark.parametrize(("chosen", "length"), [(512, 12), (1028, 13), (4096, 13)])
def test_over_channels_the_chosen_is_among_them(chosen: int, length: int) -> None:
    channels, whole, parts = costs.over_channels(chosen, 5)
    assert len(channels) == length and (channels[1:] > channels[:-1]).all()
    at = channels.tolist().index(chosen)
    assert whole[at] == chosen * (chosen * 25 + 1)
    assert parts[at] == chosen * 26 + chosen * (chosen + 1)
    assert (whole[0], parts[0]) == (26, 28)


def test_over_channels_the_filters_may_stay_as_many() -> None:
    channels, whole, parts = costs.over_channels(4, 3, filters=2)
    at = channels.tolist().index(4)
    assert whole[at] == costs.standard(4, 2, 3).parameters == 74
    assert parts[at] == costs.separable(4, 2, 3).parameters
    assert whole[0] == 2 * (9 + 1)
