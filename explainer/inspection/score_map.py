"""The scores that a network of convolutions alone gives for every place of a picture of any size.

SqueezeNet ends in a convolution with a map for each class, of which it takes the mean (F. Iandola et al. 2016,
arXiv:1602.07360). So it computes on pictures of any size, and the maps say where it sees a class.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from explainer.inspection.widest_path import ladder
from explainer.networks.graph import Network, device_of, forward
from explainer.networks.reading import to_input

LISTED = 5  # classes
LEAST_SIDE = 32  # pixels, of either side: the network's windows are larger than the maps of a smaller picture


@dataclass(frozen=True, eq=False)
class ScoreMap:
    """The five classes with the highest mean scores, best first, and their maps of scores.

    ``classes`` are their numbers, ``scores`` (5,) what the network gives for the whole picture, ``maps`` (5, rows,
    columns) the scores whose mean that is. ``best`` and ``highest`` (rows, columns) are the class with the highest
    score at each place, of all classes, and that score. Place (i, j) is centred on the picture's pixel (first + jump ·
    i, first + jump · j).
    """

    classes: tuple[int, ...]
    scores: NDArray[np.float32]
    maps: NDArray[np.float32]
    best: NDArray[np.int64]
    highest: NDArray[np.float32]
    first: float
    jump: int


def score_map(network: Network, pixels: NDArray[np.uint8]) -> ScoreMap:
    """What ``network``, which ends in a mean over its maps of scores, makes of ``pixels`` (height, width, 3).

    Raises ValueError for another kind of network, and for a picture that is smaller than ``LEAST_SIDE``.
    """
    if min(pixels.shape[:2]) < LEAST_SIDE:
        raise ValueError(pixels.shape)
    name = last_maps(network)
    inputs = to_input(network.description.transform, pixels).to(device_of(network))
    with torch.no_grad():
        found = forward(network, inputs, until=name)[name][0]
        means, classes = found.mean((1, 2)).topk(LISTED)
        highest, best = found.max(0)
    seen = ladder(network, name).fields[-1]
    maps, scores = found[classes].cpu().numpy(), means.cpu().numpy()
    return ScoreMap(
        tuple(classes.tolist()), scores, maps, best.cpu().numpy(), highest.cpu().numpy(), seen.start, seen.jump
    )


def last_maps(network: Network) -> str:
    """The layer whose maps' means are the logits. Raises ValueError where there is none."""
    layers = network.description.layers
    pooled = next((layer for layer in reversed(layers) if layer.kind == "pooling"), None)
    last = network.description.layer(pooled.reads[0]) if pooled else None
    if last is None or not last.is_maps or last.channels != len(network.description.classes):
        raise ValueError(network.description.title)
    return last.name
