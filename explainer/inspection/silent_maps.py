"""Maps that never answer, and maps that always answer the same: over a set of pictures, not over one.

A map that is silent on many pictures may answer to another one: only where no input at all can wake it, it is dead.
Dead units of ReLU: L. Lu et al. 2019, arXiv:1903.06733.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from explainer.data.digits import load
from explainer.data.samples import PHOTOGRAPHS, original
from explainer.inspection.columns import columns, planes
from explainer.inspection.steps import Steps, whole
from explainer.networks.description import Layer
from explainer.networks.graph import Network, device_of, forward
from explainer.networks.reading import shown, to_input

DIGITS = 200  # of the test set
NEAR = 0.01  # of the range from bound to bound: a value so near to a bound is at it
SATURATED = 0.95  # of a map's values are at a bound
_BATCH = 50

_BOUNDS: tuple[tuple[type[nn.Module], tuple[float, ...], float], ...] = (  # bounds, and the range between them
    (nn.Sigmoid, (0, 1), 1),
    (nn.Hardsigmoid, (0, 1), 1),
    (nn.Tanh, (-1, 1), 2),
    (nn.ReLU6, (6,), 6),  # its lower bound is what every ReLU has
)


@dataclass(frozen=True, eq=False)
class Health:
    """Of each map of a layer (channels,): whether it is 0 everywhere in all pictures, or at a bound nearly always."""

    silent: NDArray[np.bool_]
    saturated: NDArray[np.bool_]


def reference_inputs(network: Network) -> Iterator[NDArray[np.float32]]:
    """What is looked at, (n, channels, size, size) a batch: the first test digits, or the sample photographs."""
    transform = network.description.transform
    if transform.channels == 1:
        digits = load("mnist").test_images[:DIGITS]
        for start in range(0, DIGITS, _BATCH):
            yield to_input(transform, digits[start : start + _BATCH]).numpy()
    else:
        for photo in PHOTOGRAPHS:
            yield to_input(transform, shown(transform, original(photo.name))).numpy()


def count_silent_maps(network: Network, batches: Iterable[NDArray[np.float32]]) -> dict[str, Health]:
    """The health of every column of ``network``, which stays as it is, over all pictures of all ``batches``.

    Raises ValueError where there is no picture.
    """
    return whole(count_silent_maps_steps(network, batches))


def count_silent_maps_steps(network: Network, batches: Iterable[NDArray[np.float32]]) -> Steps[dict[str, Health]]:
    """``count_silent_maps``, a batch at a time. How many there are is not known before: the shares are 0."""
    drawn = columns(network.description)
    largest: dict[str, Tensor] = {}
    bound: dict[str, Tensor] = {}
    values = dict.fromkeys((layer.name for layer in drawn), 0)
    pictures = 0

    def watch(layer: Layer) -> Callable[[Tensor], Tensor]:
        def look(value: Tensor) -> Tensor:
            maps = planes(value, layer).transpose(0, 1).flatten(1)
            top = maps.abs().amax(1)
            largest[layer.name] = torch.maximum(largest.get(layer.name, top), top)
            bound[layer.name] = bound.get(layer.name, 0) + _at_bounds(network.module(layer.name), maps)
            values[layer.name] += maps.shape[1]
            return value

        return look

    watching = {layer.name: watch(layer) for layer in drawn}
    for batch in batches:
        with torch.no_grad():
            forward(network, torch.from_numpy(batch).to(device_of(network)), replace=watching)
        pictures += len(batch)
        yield 0.0
    if not pictures:
        raise ValueError("Counting silent maps needs at least one picture.")
    return {
        name: Health((top == 0).cpu().numpy(), (bound[name] >= SATURATED * values[name]).cpu().numpy())
        for name, top in largest.items()
    }


def _at_bounds(module: nn.Module | None, maps: Tensor) -> Tensor:
    """How many values of each map (channels, values) are at a bound of its activation function."""
    for kind, bounds, span in _BOUNDS:
        if isinstance(module, kind):
            near = torch.stack([(maps - bound).abs() <= NEAR * span for bound in bounds]).any(0)
            return near.sum(1)
    return torch.zeros(len(maps), device=maps.device)
