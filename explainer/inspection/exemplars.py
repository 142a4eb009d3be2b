"""Which pictures excite a channel most, and least: the largest value of every channel's map for each picture.

Zeiler and Fergus 2014, arXiv:1311.2901, section 3: the strongest activations of a feature map over a whole data set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explainer.inspection.reach import Box, reach
from explainer.inspection.receptive_field import field
from explainer.networks.description import Layer
from explainer.networks.graph import Network, device_of, forward, logits
from explainer.networks.reading import to_input

STRONGEST, WEAKEST = 100, 24  # pictures kept of a channel
NOWHERE = -1  # the place in a map that has the same value everywhere
_MOST_PICTURES, _MOST_NUMBERS = 500, 2_400_000  # in a batch, and in its largest layer: some photographs


@dataclass(frozen=True, eq=False)
class Peaks:
    """For n pictures the largest value of every channel's map, and where it is.

    ``values`` (n, channels) float32; ``places`` (n, channels) int32, row * width + column, the first in that order
    where several cells are as large, ``NOWHERE`` where all cells of a map are, and 0 for units without a map.
    """

    values: NDArray[np.float32]
    places: NDArray[np.int32]


@dataclass(frozen=True)
class Hit:
    """The picture ``number``, with the largest value of a channel's map and its place as in ``Peaks``."""

    number: int
    value: float
    place: int


@dataclass(frozen=True, eq=False)
class Ranking:
    """The strongest and the weakest of ``count`` pictures for every channel.

    ``strongest`` (channels, most) and ``weakest`` (channels, least) are numbers of pictures, the most extreme first;
    among equals the lower number. Their values and places are as in ``Peaks``, in the same shapes. ``active``
    (channels,): for how many pictures the value is above 0.
    """

    count: int
    strongest: NDArray[np.int32]
    strongest_values: NDArray[np.float32]
    strongest_places: NDArray[np.int32]
    weakest: NDArray[np.int32]
    weakest_values: NDArray[np.float32]
    weakest_places: NDArray[np.int32]
    active: NDArray[np.int32]

    def strongest_of(self, channel: int) -> tuple[Hit, ...]:
        """The strongest pictures of a channel, in order."""
        return _hits(self.strongest[channel], self.strongest_values[channel], self.strongest_places[channel])

    def weakest_of(self, channel: int) -> tuple[Hit, ...]:
        """The weakest pictures of a channel, in order."""
        return _hits(self.weakest[channel], self.weakest_values[channel], self.weakest_places[channel])

    def is_constant(self, channel: int) -> bool:
        """Whether a channel has the same value for all pictures, so that there is no ranking."""
        return bool(self.strongest_values[channel, 0] == self.weakest_values[channel, 0])


def peaks(
    network: Network, layer: str, pixels: NDArray[np.uint8], at: tuple[int, int] | None = None
) -> Iterator[Peaks]:
    """The peaks of ``pixels`` (n, size, size) or (n, size, size, 3), batch after batch, in their order.

    ``at`` (row, column) looks at that place of every map alone; it does not matter for units without a map.
    """
    description, step = network.description, pictures_at_once(network, layer)
    for start in range(0, len(pixels), step):
        inputs = to_input(description.transform, np.array(pixels[start : start + step])).to(device_of(network))
        with torch.no_grad():  # not around the yield: it belongs to the thread
            found = peaks_in(forward(network, inputs, until=layer)[layer], at)
        yield found


def joined(parts: Iterable[Peaks]) -> Peaks:
    """The peaks of all batches as one."""
    batches = list(parts)
    return Peaks(np.concatenate([part.values for part in batches]), np.concatenate([part.places for part in batches]))


def rank(found: Peaks, most: int = STRONGEST, least: int = WEAKEST) -> Ranking:
    """The ``most`` strongest and the ``least`` weakest pictures of every channel, all of them where there are fewer."""
    values = torch.from_numpy(found.values)
    strongest = values.sort(dim=0, descending=True, stable=True).indices[:most].T.numpy().astype(np.int32)
    weakest = values.sort(dim=0, stable=True).indices[:least].T.numpy().astype(np.int32)
    return Ranking(
        len(found.values),
        *_of(found, strongest),
        *_of(found, weakest),
        (found.values > 0).sum(0).astype(np.int32),
    )


def place_of(layer: Layer, place: int) -> tuple[int, int] | None:
    """Row and column of a place in the maps of ``layer``; None for ``NOWHERE`` and for units without a map."""
    return divmod(place, layer.shape[2]) if layer.is_maps and place != NOWHERE else None


def seen(network: Network, layer: Layer, channel: int, place: int) -> Box:
    """The pixels that the unit at ``place`` of a channel's map sees; everything for ``NOWHERE``."""
    at, size = place_of(layer, place), network.description.transform.size
    return Box(0, 0, size, size) if at is None else field(network, layer.name, *at, channel)


def reached(network: Network, layer: Layer, channel: int, place: int) -> Box:
    """The same with the padding that its windows reach into, outside of the picture."""
    at, size = place_of(layer, place), network.description.transform.size
    return Box(0, 0, size, size) if at is None else reach(network, layer.name, *at, channel)


def readings(network: Network, pixels: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The class (n,) that the network gives each of ``pixels``, and its probability (n,)."""
    classes, shares = [], []
    step = pictures_at_once(network, network.description.layers[-1].name)
    for start in range(0, len(pixels), step):
        inputs = to_input(network.description.transform, np.array(pixels[start : start + step]))
        with torch.no_grad():
            probability, answer = logits(network, inputs.to(device_of(network))).softmax(1).max(1)
        classes.append(answer.cpu().numpy())
        shares.append(probability.cpu().numpy())
    return np.concatenate(classes), np.concatenate(shares)


def pictures_at_once(network: Network, layer: str) -> int:
    """How many pictures a batch may hold so that no layer up to ``layer`` takes more than 10 MB."""
    largest = network.description.transform.channels * network.description.transform.size**2
    for current in network.description.layers:
        largest = max(largest, int(np.prod(current.shape)))
        if current.name == layer:
            break
    return max(1, min(_MOST_PICTURES, _MOST_NUMBERS // largest))


def layers_of_units(network: Network) -> tuple[Layer, ...]:
    """The layers whose channels or units can be asked what they look for, in order; the logits are the last."""
    *hidden, last = network.description.layers
    maps = (layer for layer in hidden if layer.is_maps and layer.kind not in ("dropout", "padding"))
    kinds = ("fully connected", "activation", "normalization")
    units = (layer for layer in hidden if len(layer.shape) == 1 and layer.kind in kinds)
    wanted = {layer.name for layer in (*maps, *units)}
    return (*(layer for layer in hidden if layer.name in wanted), last)


def first_layer(network: Network, layers: Sequence[Layer]) -> Layer:
    """The one of ``layers`` to begin with: the deepest whose units see clearly less than the whole picture."""
    size = network.description.transform.size
    fitting = [
        layer
        for layer in layers
        if layer.is_maps
        and layer.kind in ("activation", "concatenation", "sum")
        and side_seen(network, layer) <= 0.6 * size
    ]
    return fitting[-1] if fitting else layers[0]


def side_seen(network: Network, layer: Layer) -> int:
    """Pixels along the longer side of the field of the unit in the middle of a layer's maps."""
    box = field(network, layer.name, layer.shape[1] // 2, layer.shape[2] // 2)
    return max(box.bottom - box.top, box.right - box.left)


def peaks_in(output: Tensor, at: tuple[int, int] | None = None) -> Peaks:
    """The peaks of what a layer gives (n, channels, ...) for n pictures, or its values at one place ``at``."""
    if output.dim() == 2:
        values, places = output, torch.zeros_like(output)
    elif at is not None:
        values = output[:, :, at[0], at[1]]
        places = torch.full_like(values, at[0] * output.shape[3] + at[1])
    else:
        cells = output.flatten(2)
        values, places = cells.max(2)
        if cells.shape[2] > 1:
            places = torch.where(cells.amin(2) == values, NOWHERE, places)
    return Peaks(values.float().cpu().numpy(), places.cpu().numpy().astype(np.int32))


def _hits(numbers: NDArray[np.int32], values: NDArray[np.float32], places: NDArray[np.int32]) -> tuple[Hit, ...]:
    return tuple(map(Hit, numbers.tolist(), values.tolist(), places.tolist()))


def _of(found: Peaks, chosen: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int32]]:
    """``chosen`` (channels, k) with the values and places of those pictures."""
    rows = chosen.T.astype(np.int64)
    values: NDArray[np.float32] = np.take_along_axis(found.values, rows, 0).T
    places: NDArray[np.int32] = np.take_along_axis(found.places, rows, 0).T
    return chosen, np.ascontiguousarray(values), np.ascontiguousarray(places)
