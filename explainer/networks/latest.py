"""Networks that were used last stay in memory, as many as their bytes allow."""

from __future__ import annotations

from collections.abc import Hashable

from cachetools import LRUCache
from torch import nn

from explainer.lru import latest
from explainer.networks.graph import Network


def size(module: nn.Module) -> int:
    """Bytes of its weights and buffers."""
    return sum(values.nbytes for values in (*module.parameters(), *module.buffers()))


def latest_networks(most: int) -> LRUCache[Hashable, Network]:
    """A cache of ``most`` bytes: the network that was not asked for longest goes first, for those who have it it stays.

    One that is larger than that stays alone: it would be read anew at every rerun otherwise.
    """
    return latest(most, lambda network: size(network.graph))


def latest_modules(most: int) -> LRUCache[Hashable, nn.Sequential]:
    """The same for modules."""
    return latest(most, size)
