"""The strongest pictures of maps at several depths of one network, found in one pass: from an edge to a part.

Y. LeCun, Y. Bengio, G. Hinton 2015, "Deep learning", Nature 521, 436-444: edges, motifs, parts, objects.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from explainer.inspection.exemplars import Hit, Peaks, Ranking, joined, peaks_in, pictures_at_once, rank
from explainer.networks.description import Layer
from explainer.networks.graph import Network, device_of, forward
from explainer.networks.reading import to_input

DEPTHS = 6
MOST = 4  # pictures of a map


@dataclass(frozen=True, eq=False)
class Depths:
    """The rankings of ``layers``, one each, by the first ``done`` of ``total`` pictures."""

    layers: tuple[Layer, ...]
    rankings: tuple[Ranking, ...]
    done: int
    total: int

    @property
    def is_whole(self) -> bool:
        """Whether all pictures were looked at."""
        return self.done == self.total


def layers_of_depths(network: Network, count: int = DEPTHS) -> tuple[Layer, ...]:
    """So many layers of ``network`` that end a step of it (an activation, or a whole block), evenly apart.

    The first and the last are among them; the last gives a map of each class where the network has such.
    """
    ends = (layer for layer in network.description.maps if layer.kind in ("activation", "concatenation", "sum"))
    found = [layer for layer in ends if "·" not in layer.block]
    at = np.rint(np.linspace(0, len(found) - 1, min(count, len(found)))).astype(int)
    return tuple(found[number] for number in at)


def depths(network: Network, layers: Sequence[Layer], pixels: NDArray[np.uint8]) -> Iterator[Depths]:
    """The rankings of ``pixels`` (n, size, size, 3) by every map of ``layers``, after every batch."""
    names, step = [layer.name for layer in layers], pictures_at_once(network, layers[-1].name)
    parts: list[list[Peaks]] = [[] for _ in layers]
    for start in range(0, len(pixels), step):
        inputs = to_input(network.description.transform, np.array(pixels[start : start + step]))
        with torch.no_grad():  # not around the yield: it belongs to the thread
            values = forward(network, inputs.to(device_of(network)), keep=names, until=names[-1])
            for part, name in zip(parts, names, strict=True):
                part.append(peaks_in(values[name]))
        rankings = tuple(rank(joined(part), MOST, MOST) for part in parts)
        yield Depths(tuple(layers), rankings, min(start + step, len(pixels)), len(pixels))


def choosiest(ranking: Ranking, count: int) -> tuple[int, ...]:
    """The maps whose strongest picture stands out most: by its value over that of the last one kept, in order.

    Maps whose strongest answer is below the median of all come last: what hardly answers stands out by chance.
    """
    best, last = ranking.strongest_values[:, 0].astype(np.float64), ranking.strongest_values[:, -1]
    is_strong = (best > 0) & (best >= np.median(best))
    out = np.where(is_strong, 1 - np.maximum(last, 0) / np.where(is_strong, best, 1), -1.0)
    return tuple(np.argsort(-out, kind="stable")[:count].tolist())


def strongest(ranking: Ranking, count: int) -> tuple[int, ...]:
    """The maps with the largest values of all, the strongest first, each on another picture than those before it."""
    found: dict[int, int] = {}  # of the strongest picture of a map, the map
    for channel in np.argsort(-ranking.strongest_values[:, 0], kind="stable").tolist():
        found.setdefault(int(ranking.strongest[channel, 0]), channel)
        if len(found) == count:
            break
    return tuple(found.values())


def hits(ranking: Ranking, channel: int) -> tuple[Hit, ...]:
    """The strongest pictures of a map that answer at all."""
    return tuple(hit for hit in ranking.strongest_of(channel) if hit.value > 0)
