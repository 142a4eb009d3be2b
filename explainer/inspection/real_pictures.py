"""What real pictures make of units: the measure of what an activation maximization has reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explainer.inspection.maximization import Target, all_activations
from explainer.inspection.steps import Steps, whole
from explainer.networks.graph import Network, device_of
from explainer.networks.reading import to_input
from explainer.training.one_thread import one_thread

BATCH = 150_000  # numbers that go through the network at a time: one photograph, hundreds of digits


@dataclass(frozen=True, eq=False)
class Real:
    """The real pictures that excite each of n units most, the best one first.

    ``values`` (n, k) float32 are the activations, ``index`` (n, k) the numbers of the pictures. ``scale`` is how far
    activations of the layer differ as a rule: the median over all its units of the largest less the smallest, above 0.
    """

    values: NDArray[np.float32]
    index: NDArray[np.int64]
    scale: float

    def of(self, units: Sequence[int]) -> Real:
        """The same for some of the units, by their numbers here."""
        return Real(self.values[list(units)], self.index[list(units)], self.scale)


def best_real(network: Network, target: Target, pictures: NDArray[np.uint8], count: int = 3) -> Real:
    """The ``count`` of ``pictures`` (m, side, side) or (m, side, side, 3) that excite each unit of ``target`` most.

    Fewer where there are fewer. Raises as ``ascend`` does.
    """
    return whole(best_real_steps(network, target, pictures, count))


def best_real_steps(network: Network, target: Target, pictures: NDArray[np.uint8], count: int = 3) -> Steps[Real]:
    """``best_real``, some pictures at a time."""
    found: list[Tensor] = []
    for number, part in enumerate(parts := _parts(pictures)):
        if number:
            yield number / len(parts)
        found.append(_activations(network, target, part))
    values = torch.cat(found)
    best = values[:, list(target.units)].topk(min(count, len(pictures)), dim=0)
    scale = float((values.amax(0) - values.amin(0)).median())
    return Real(best.values.T.cpu().numpy(), best.indices.T.cpu().numpy(), scale or 1.0)


def pieces(picture: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Nine pieces (9, side, side, ...) of a picture, three by three, evenly spread and overlapping where they must.

    The whole picture alone where it has that side.
    """
    if picture.shape[0] <= side:
        return picture[None]
    starts = [round(part * (picture.shape[0] - side) / 2) for part in range(3)]
    return np.stack([picture[top : top + side, left : left + side] for top in starts for left in starts])


def _activations(network: Network, target: Target, pictures: NDArray[np.uint8]) -> Tensor:
    with torch.no_grad(), one_thread():
        inputs = to_input(network.description.transform, pictures).to(device_of(network))
        return all_activations(network, target, inputs)


def _parts(pictures: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    size = max(1, BATCH // pictures[0].size)
    return [pictures[start : start + size] for start in range(0, len(pictures), size)]
