"""Networks in memory: bounded in bytes, and never lost by who uses them."""

from __future__ import annotations

import gc
import weakref

from torch import nn

from explainer.data.assets import assets_path
from explainer.memory import bounds
from explainer.networks import predict, zoo
from explainer.networks.build import build
from explainer.networks.config import NetworkConfig
from explainer.networks.latest import latest_modules, latest_networks, size
from explainer.networks.weights import to_bytes

WIDE = NetworkConfig((), hidden=(2_500,))  # 2 million weights


def test_a_size_is_that_of_all_weights_and_buffers() -> None:
    assert size(nn.Linear(10, 5)) == 4 * (50 + 5)
    assert size(nn.BatchNorm2d(3)) == 4 * 4 * 3 + 8  # and a counter of 8 bytes


def test_what_was_not_asked_for_longest_goes_first() -> None:
    kept = latest_modules(1000)
    for name in "ab":
        kept[name] = nn.Sequential(nn.Linear(10, 10))  # 440 bytes
    assert kept["a"] is not None
    kept["c"] = nn.Sequential(nn.Linear(10, 10))
    assert sorted(map(str, kept)) == ["a", "c"]
    assert kept.currsize == 880


def test_one_that_is_larger_than_the_bound_stays_alone() -> None:
    kept, network = latest_networks(1000), zoo.load("digits")
    kept["first"] = kept["second"] = network
    assert list(kept) == ["second"]


def test_many_networks_of_visitors_stay_within_the_bound_and_in_the_hands_of_their_users() -> None:
    zoo.trained.cache.clear()
    files = [to_bytes(build(WIDE), WIDE, f'{{"seed": {seed}}}') for seed in range(12)]
    first = zoo.trained(files[0], "Mine")
    others = [weakref.ref(zoo.trained(file, "Other")) for file in files[1:]]
    assert zoo.trained.cache.currsize <= bounds().trained
    gc.collect()
    assert sum(other() is not None for other in others) == len(zoo.trained.cache) < len(files)
    assert size(first.graph) == size(build(WIDE))  # whoever has it goes on with it
    assert zoo.trained(files[0], "Mine").key == first.key


def test_the_same_file_is_the_same_network() -> None:
    file = (assets_path() / "welcome" / "network.safetensors").read_bytes()
    assert zoo.trained(file, "Mine") is zoo.trained(bytes(bytearray(file)), "Mine")
    assert predict._network(file) is predict._network(bytes(bytearray(file)))
