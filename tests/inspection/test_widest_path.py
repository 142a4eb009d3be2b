"""Trained networks as stacks: the recurrence gives what the windows of every layer span."""

from __future__ import annotations

import pytest

from explainer.inspection.reach import reach
from explainer.inspection.widest_path import branches, ladder, windowed
from explainer.networks import zoo
from explainer.networks.build import build
from explainer.networks.config import NetworkConfig
from explainer.networks.graph import Network
from explainer.networks.presets import PRESETS
from explainer.networks.weights import to_bytes


def _built(config: NetworkConfig) -> Network:
    """One as visitors train them."""
    return zoo.trained(to_bytes(build(config), config), "Yours")


@pytest.mark.parametrize("name", [*zoo.BUNDLED, *PRESETS])
def test_the_recurrence_along_the_widest_path_is_the_field_of_the_network(name: str) -> None:
    network = zoo.load(name) if name in zoo.BUNDLED else _built(PRESETS[name])
    for layer in windowed(network):
        found = ladder(network, layer.name)
        assert found.rungs[-1].key == layer.key
        for unit in (0, 2):
            box = reach(network, layer.name, unit, unit)
            assert found.fields[-1].of(unit) == (box.left, box.right - 1)


def test_squeezenet_by_hand() -> None:
    """7, stride 2; poolings of 3, stride 2; in every Fire a squeeze of 1 and the wider of the expands of 1 and 3."""
    network = zoo.load("squeezenet")
    layers = windowed(network)
    assert [ladder(network, layer.name).fields[-1].size for layer in layers[:5]] == [7, 11, 11, 11, 19]
    last = ladder(network, layers[-1].name)
    assert (last.fields[-1].size, last.fields[-1].jump, len(last.rungs)) == (155, 16, 21)
    assert branches(network, layers[-1].name) == (123, 155)
    assert branches(network, layers[2].name) is None


def test_the_digit_reader_by_hand() -> None:
    network = zoo.load("digits")
    found = [ladder(network, layer.name).fields[-1] for layer in windowed(network)]
    assert [(field.size, field.jump) for field in found] == [(6, 1), (10, 2), (16, 4)]


def test_a_network_without_windows_has_none() -> None:
    assert windowed(_built(NetworkConfig((), hidden=(16,)))) == ()
