"""Many numbers a picture become two: a map on which pictures that a layer finds alike lie near each other.

Principal components: K. Pearson 1901. t-SNE: L. van der Maaten and G. Hinton 2008, JMLR 9, by scikit-learn, whose
gradient is that of L. van der Maaten 2014, JMLR 15.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from explainer.inspection.exemplars import pictures_at_once
from explainer.networks.description import INPUT, Layer
from explainer.networks.graph import Network, device_of, forward
from explainer.networks.reading import to_input

Points = NDArray[np.float32]

MOST_FEATURES = 2_500  # of a layer: 20 MB for 2,000 pictures, and some seconds for their components
ROUNDS, ITERATIONS = 4, 250  # of t-SNE: the first round pulls groups together, the others put them right
KEPT = 50  # principal components that t-SNE reads
EXAGGERATION, RATE = 12.0, 200.0
STEP = 5  # iterations between two layouts: some hundredths of a second
_MOMENTUM, _LEAST_GAIN = 0.5, 0.01
_TINY = 1e-4  # the spread of the points with which t-SNE begins


@dataclass(frozen=True, eq=False)
class Projection:
    """Points (n, 2), and the share (2,) of the variance of all features that each axis holds."""

    points: Points
    explained: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Layout:
    """Where t-SNE has put the points (n, 2) after ``iterations``."""

    points: Points
    iterations: int


class SameEverywhereError(ValueError):
    """The layer gives every picture the same numbers; the message is a sentence for the visitor."""


def spaces(network: Network) -> tuple[Layer, ...]:
    """The layers that can be embedded: those that give a list of at most ``MOST_FEATURES`` numbers, but dropout."""
    return tuple(
        layer
        for layer in network.description.layers
        if len(layer.shape) == 1 and layer.channels <= MOST_FEATURES and layer.kind != "dropout"
    )


def features(network: Network, layer: str, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What ``layer``, or ``INPUT``, makes of ``pixels`` (n, size, size): (n, features)."""
    step, parts = pictures_at_once(network, layer), []
    for start in range(0, len(pixels), step):
        inputs = to_input(network.description.transform, np.array(pixels[start : start + step]))
        if layer != INPUT:
            with torch.no_grad():
                inputs = forward(network, inputs.to(device_of(network)), until=layer)[layer].cpu()
        parts.append(inputs.flatten(1).numpy())
    return np.concatenate(parts)


def principal(values: NDArray[np.floating], count: int = 2) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The first ``count`` principal components of ``values`` (n, features): coordinates (n, count), all 0 where there
    are no more, and the share (count,) of the variance that each holds.

    The largest weight of every component is positive, so that the same values give the same picture. Raises
    SameEverywhereError where there is no variance.
    """
    centred = values.astype(np.float64) - values.mean(0, dtype=np.float64) if len(values) else values
    scale = np.abs(centred).max(initial=0)
    if not scale or scale <= 1e-6 * max(1.0, float(np.abs(values).max())):
        raise SameEverywhereError("This layer gives every digit the same numbers, so there is nothing to draw.")
    variances, weights = np.linalg.eigh(centred.T @ centred / len(centred))
    order = np.argsort(-variances)[:count]
    chosen = weights[:, order]
    chosen = chosen * np.sign(chosen[np.abs(chosen).argmax(0), np.arange(chosen.shape[1])])
    missing = count - chosen.shape[1]
    coordinates = np.pad(centred @ chosen, ((0, 0), (0, missing)))
    shares = np.pad(np.maximum(variances[order], 0) / np.maximum(variances, 0).sum(), (0, missing))
    return coordinates, shares


def pca(values: NDArray[np.floating]) -> Projection:
    """The two directions in which ``values`` (n, features) vary most. Raises SameEverywhereError."""
    points, explained = principal(values)
    return Projection(points.astype(np.float32), explained)


def tsne(values: NDArray[np.floating], perplexity: float, *, rounds: int = ROUNDS) -> Iterator[Layout]:
    """The layout of ``values`` (n, features) after every ``STEP`` iterations; the last one is the result.

    It reads the first ``KEPT`` principal components and begins with the first two of them, made tiny. In the first of
    the ``rounds`` of ``ITERATIONS`` attraction counts ``EXAGGERATION`` times. ``perplexity``, at most n - 1 of it, is
    about how many neighbours a point cares for. The same arguments give the same layout on the same machine: one thread
    adds up in one order. Raises SameEverywhereError.
    """
    perplexity = min(perplexity, len(values) - 1)
    components, shares = principal(values, min(KEPT, values.shape[1]))
    coordinates = components[:, shares > 0].astype(np.float32)
    start = np.pad(coordinates[:, :2], ((0, 0), (0, max(0, 2 - coordinates.shape[1]))))
    points: Points = np.ascontiguousarray(start / start[:, 0].std() * _TINY, dtype=np.float32)
    likenesses = _likenesses(coordinates, perplexity)
    for number in range(rounds):
        exaggeration = 1.0 if number else EXAGGERATION
        rate = RATE if number else np.maximum(len(values) / EXAGGERATION / 4, 50)
        for done, moved in _round(likenesses * exaggeration, points, rate):
            yield Layout(moved, number * ITERATIONS + done)
        points = moved


def _likenesses(coordinates: NDArray[np.float32], perplexity: float) -> Any:
    """How alike the points are, a sparse matrix (n, n) that sums to 1."""
    from sklearn.manifold._t_sne import _joint_probabilities_nn  # noqa: PLC0415  a second to import
    from sklearn.neighbors import NearestNeighbors  # noqa: PLC0415

    with threadpool_limits(1, user_api="openmp"):
        nearest = NearestNeighbors(n_neighbors=min(len(coordinates) - 1, int(3 * perplexity + 1))).fit(coordinates)
        distances = nearest.kneighbors_graph(mode="distance")
        distances.data **= 2
        return _joint_probabilities_nn(distances, perplexity, 0)


def _round(likenesses: Any, points: Points, rate: float) -> Iterator[tuple[int, Points]]:
    """How many iterations of a round are done, and the points (n, 2) then: a copy every time.

    As scikit-learn's TSNE descends, with its gradient, which no part of its interface gives: TSNE itself can be neither
    watched nor stopped within 250 iterations. R. Jacobs 1988: each coordinate has a gain, which grows while the slope
    keeps its sign.
    """
    from sklearn.manifold._t_sne import _kl_divergence_bh  # noqa: PLC0415

    place = points.ravel().copy()
    update, gains = np.zeros_like(place), np.ones_like(place)
    for done in range(1, ITERATIONS + 1):
        _, slope = _kl_divergence_bh(place, likenesses, 1, *points.shape, compute_error=False, num_threads=1)
        gains = np.where(update * slope < 0, gains + 0.2, gains * 0.8).clip(_LEAST_GAIN)
        update = _MOMENTUM * update - rate * (slope * gains)
        place += update
        if done % STEP == 0:
            yield done, place.reshape(points.shape).copy()


def agreement(points: NDArray[np.floating], labels: NDArray[np.integer], neighbours: int = 10) -> float:
    """Which share of the nearest ``neighbours`` of every point (n, dimensions) has the same label (n,): 0 to 1.

    All others are its nearest where there are fewer; NaN for fewer than two points.
    """
    if len(points) < 2:
        return float("nan")
    values = torch.from_numpy(points.astype(np.float64))
    distances = torch.cdist(values, values, compute_mode="use_mm_for_euclid_dist_if_necessary")
    distances.fill_diagonal_(float("inf"))
    nearest = distances.topk(min(neighbours, len(points) - 1), largest=False).indices.numpy()
    return float((labels[nearest] == labels[:, None]).mean())
