"""Two tests of a map of attributions: does it need the network, and did its pixels decide?

A map that stays while the weights become random shows edges of the picture, not reasons: J. Adebayo et al. 2018,
arXiv:1810.03292. And without the pixels of a true map the class should go soon: V. Petsiuk et al. 2018,
arXiv:1806.07421, section 4.3.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from explainer.inspection.gradients import predict
from explainer.inspection.steps import SoFar, Steps, beside, part, whole
from explainer.inspection.target import Floats, array, at_once, tensor
from explainer.networks.description import Layer
from explainer.networks.graph import Network, logits
from explainer.networks.untrained import draw, learned

Places = NDArray[np.integer]
Attribute = Callable[[Network, int], Steps[Floats]]  # the map (size, size) of a class by one method

STEPS = 28  # of a curve: the digits have 28 x 28 pixels
RANDOM_ORDERS = 3
_SEEDS = 10_000  # for the layers of one network


@dataclass(frozen=True, eq=False)
class Randomized:
    """Maps (methods, size, size) of a network whose ``depth`` last layers with weights are random; of the last depth
    that is known perhaps only those of the first methods.

    ``layer`` is the last one that became so, None where there is none. ``correlations`` (methods,) are those of the
    ranks with the maps of the trained network, NaN for a map that is the same everywhere. ``label`` is the class that
    is explained.
    """

    depth: int
    layer: Layer | None
    maps: Floats
    correlations: Floats
    label: int


def with_weights(network: Network) -> tuple[Layer, ...]:
    """The layers that have weights, the last one first."""
    return tuple(network.description.layer(name) for name in learned(network))


def randomized(network: Network, depth: int, seed: int = 0) -> Network:
    """A copy of ``network`` with the weights of its last ``depth`` layers drawn anew.

    As before training, running statistics as well, by the rules of ``untrained.draw``. A layer's draw depends on
    ``seed`` and on its place alone. What is not drawn anew is shared with ``network``, and frozen there.
    """
    shared = {id(value): value for value in (*network.graph.parameters(), *network.graph.buffers())}
    twin = copy.deepcopy(network.graph, shared)
    for place, names in enumerate(list(learned(network).values())[:depth]):
        draw(twin, names, torch.Generator().manual_seed(seed * _SEEDS + place))
    key = f"{network.key} random {depth} {seed}" if depth else network.key
    return Network(replace(network.description, key=key), twin)


def depths(network: Network, most: int = 6) -> tuple[int, ...]:
    """Numbers of layers to randomize, from 0 to all of them, and at most ``most`` others in between, evenly spaced."""
    count = len(with_weights(network))
    return tuple(np.unique(np.rint(np.linspace(0, count, min(count, most + 1) + 1)).astype(int)).tolist())


def cascade(
    network: Network, inputs: Floats, attributes: Sequence[Attribute], label: int, *, seed: int = 0
) -> Iterator[SoFar[tuple[Randomized, ...]]]:
    """The maps of ``attributes``, one a method, while the network becomes random from its logits downwards.

    Class ``label`` of the trained network is explained, which comes first. Once the layer of the logits is random no
    class means anything, and it is the one with the highest logit: another one may be dead. Yields, after each step of
    a map, how much is done, 0 to 1, and all that is known: at each of ``depths`` one map more after the other.
    """
    layers = with_weights(network)
    found: tuple[Randomized, ...] = ()
    trained: list[Floats] = []
    count = len(every := depths(network)) * len(attributes)
    for number, depth in enumerate(every):
        twin, layer = randomized(network, depth, seed), layers[depth - 1] if depth else None
        explained = int(predict(twin, inputs).argmax()) if depth else label
        before, maps, ranks = found, list[Floats](), list[float]()
        for place, attribute in enumerate(attributes):
            done = number * len(attributes) + place
            maps.append((yield from beside(part(attribute(twin, explained), done, count), found)))
            trained = trained if depth else maps
            ranks.append(rank_correlation(maps[place], trained[place]))
            found = (*before, Randomized(depth, layer, np.stack(maps), np.array(ranks), explained))
            yield SoFar(found, (done + 1) / count)


def rank_correlation(one: Floats, other: Floats) -> float:
    """Spearman's rank correlation of two maps of one shape, -1 to 1; NaN where one is the same everywhere."""
    a, b = _ranks(one.ravel()), _ranks(other.ravel())
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size else float("nan")


@dataclass(frozen=True, eq=False)
class Curve:
    """The probability (n,) of a class with ``shares`` (n,) of the pixels, 0 to 1, changed."""

    shares: Floats
    probabilities: Floats

    @property
    def area(self) -> float:
        """Under the curve, 0 to 1, by the trapezoidal rule."""
        return float(np.trapezoid(self.probabilities, self.shares))


@dataclass(frozen=True, eq=False)
class Removal:
    """What an order of pixels does: ``deletion`` takes them out, best first, ``insertion`` puts them in."""

    deletion: Curve
    insertion: Curve


def order(heat: Floats, seed: int = 0) -> Places:
    """The pixels of a map (size, size), the highest first, as places in its rows one after the other.

    Equal ones, as all where a map is 0, come in random order.
    """
    chance = np.random.default_rng(seed).random(heat.size)
    return np.lexsort((chance, -heat.ravel()))


def curve(network: Network, start: Floats, end: Floats, places: Places, label: int, *, steps: int = STEPS) -> Curve:
    """The probability of class ``label`` while ``start`` becomes ``end``, both (1, channels, size, size).

    The pixels change in the order of ``places``, in ``steps`` steps of nearly the same number.
    """
    return whole(_curve(network, start, end, places, label, steps=steps))


def _curve(network: Network, start: Floats, end: Floats, places: Places, label: int, *, steps: int) -> Steps[Curve]:
    counts = np.rint(np.linspace(0, places.size, steps + 1)).astype(int)
    before, after = tensor(network, start), tensor(network, end)
    ranks = np.empty(places.size, dtype=np.int64)
    ranks[places] = np.arange(places.size)
    rank = torch.tensor(ranks.reshape(start.shape[-2:]), device=before.device)
    found = []
    for number, chunk in enumerate(chunks := torch.split(torch.tensor(counts, device=before.device), at_once(start))):
        if number:
            yield number / len(chunks)
        mixed = torch.where(rank < chunk[:, None, None, None], after, before)
        with torch.no_grad():
            found.append(torch.softmax(logits(network, mixed), dim=1)[:, label])
    return Curve(counts / places.size, array(torch.cat(found)).astype(np.float64))


def removal(
    network: Network, inputs: Floats, fill: Floats, places: Places, label: int, *, steps: int = STEPS
) -> Removal:
    """Both curves of one order of pixels; pixels that are out are those of ``fill``, of the shape of ``inputs``."""
    return whole(removal_steps(network, inputs, fill, places, label, steps=steps))


def removal_steps(
    network: Network, inputs: Floats, fill: Floats, places: Places, label: int, *, steps: int = STEPS
) -> Steps[Removal]:
    """``removal``, a few pictures at a time."""
    deletion = yield from part(_curve(network, inputs, fill, places, label, steps=steps), 0, 2)
    yield 0.5
    insertion = yield from part(_curve(network, fill, inputs, places, label, steps=steps), 1, 2)
    return Removal(deletion, insertion)


def by_chance(
    network: Network, inputs: Floats, fill: Floats, label: int, *, seed: int = 0, steps: int = STEPS
) -> Removal:
    """The mean curves of ``RANDOM_ORDERS`` random orders of the pixels."""
    return whole(by_chance_steps(network, inputs, fill, label, seed=seed, steps=steps))


def by_chance_steps(
    network: Network, inputs: Floats, fill: Floats, label: int, *, seed: int = 0, steps: int = STEPS
) -> Steps[Removal]:
    """``by_chance``, a few pictures at a time."""
    flat, found = np.zeros(inputs.shape[-2:]), list[Removal]()
    for number in range(RANDOM_ORDERS):
        yield number / RANDOM_ORDERS
        made = removal_steps(network, inputs, fill, order(flat, seed + number), label, steps=steps)
        found.append((yield from part(made, number, RANDOM_ORDERS)))
    return Removal(_mean([each.deletion for each in found]), _mean([each.insertion for each in found]))


def _mean(curves: Sequence[Curve]) -> Curve:
    return Curve(curves[0].shares, np.mean([each.probabilities for each in curves], axis=0))


def _ranks(values: Floats) -> Floats:
    """Ranks from 0; equal values share the mean of theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks: Floats = (ends - (counts + 1) / 2)[inverse]
    return ranks
