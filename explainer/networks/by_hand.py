"""B. Rohrer's network that tells an X from an O, by hand: 9 x 9 pixels, three features of 3 x 3, two votes.

Convolution, where each value is the mean of the products in a window; ReLU; max pooling of 2 x 2, twice; the 12 values
as a list; and a vote for X and one for O, each a weighted sum of the list. There is no bias anywhere.

Source: B. Rohrer, "How convolutional neural networks work", 2016. The article's list of 12 is what pooling its pooled
maps once more gives.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SIDE, KERNEL, FEATURES, CLASSES = 9, 3, 3, 2
MAP = SIDE - KERNEL + 1  # 7
POOLED, STACKED = 4, 2  # sides after pooling once and twice: ceil(7 / 2), 4 / 2
LISTED = FEATURES * STACKED**2  # 12
COUNT = FEATURES * KERNEL**2 + CLASSES * LISTED  # 51 weights


@dataclass(frozen=True, eq=False)
class Weights:
    """The features (3, 3, 3), and what each value of the list counts in the votes for X and O (2, 12)."""

    features: Floats
    votes: Floats

    def flat(self) -> Floats:
        """All of them (51,): the features row by row, then the votes."""
        return np.concatenate([self.features.ravel(), self.votes.ravel()])

    def after(self, gradient: Weights, rate: float) -> Weights:
        """One step of gradient descent."""
        return Weights(self.features - rate * gradient.features, self.votes - rate * gradient.votes)


def weights_of(flat: Floats) -> Weights:
    """The weights that ``Weights.flat`` gave (51,)."""
    cut = FEATURES * KERNEL**2
    return Weights(flat[:cut].reshape(FEATURES, KERNEL, KERNEL), flat[cut:].reshape(CLASSES, LISTED))


ARTICLE = Weights(
    np.array(
        [
            [[1, -1, -1], [-1, 1, -1], [-1, -1, 1]],
            [[1, -1, 1], [-1, 1, -1], [1, -1, 1]],
            [[-1, -1, 1], [-1, 1, -1], [1, -1, -1]],
        ],
        np.float64,
    ),
    np.array([[1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0], [0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1]]) / np.array([[5.0], [4.0]]),
)
"""The article's features; votes that are the mean of the values that are 1.00 for the plain picture: 5 of X, 4 of O."""


@dataclass(frozen=True, eq=False)
class Forward:
    """All that the network computes for n pictures: ``maps`` and ``rectified`` (n, 3, 7, 7), ``pooled`` (n, 3, 4, 4),
    ``stacked`` (n, 3, 2, 2), ``listed`` (n, 12), ``votes`` (n, 2), and ``windows`` (n, 7, 7, 3, 3) of the pictures.
    """

    windows: Floats
    maps: Floats
    rectified: Floats
    pooled: Floats
    stacked: Floats
    listed: Floats
    votes: Floats


def windows_of(pictures: Floats) -> Floats:
    """The windows (n, 7, 7, 3, 3) of pictures (n, 9, 9)."""
    return np.ascontiguousarray(sliding_window_view(pictures, (KERNEL, KERNEL), axis=(1, 2)))


def forward(pictures: Floats, weights: Weights) -> Forward:
    """What the network makes of pictures (n, 9, 9)."""
    return forward_windows(windows_of(pictures), weights)


def forward_windows(windows: Floats, weights: Weights) -> Forward:
    """The same from their windows, for pictures that are seen again and again."""
    sums = windows.reshape(-1, KERNEL**2) @ weights.features.reshape(FEATURES, -1).T
    maps = np.moveaxis(sums.reshape(*windows.shape[:3], FEATURES), -1, 1) / KERNEL**2
    rectified = np.maximum(maps, 0)
    pooled = pool(rectified)
    stacked = pool(pooled)
    listed = stacked.reshape(len(windows), LISTED)
    return Forward(windows, maps, rectified, pooled, stacked, listed, listed @ weights.votes.T)


def pool(maps: Floats) -> Floats:
    """The largest of each 2 x 2 values of maps (..., side, side); of those that are there, at an odd edge."""
    largest: Floats = _blocks(maps).max(axis=-1)
    return largest


def _blocks(maps: Floats) -> Floats:
    """(..., side / 2 rounded up, the same, 4): the values of each window, -inf beyond the edge."""
    side = maps.shape[-1]
    half = -(-side // 2)
    padding = [(0, 0)] * (maps.ndim - 2) + [(0, 2 * half - side)] * 2
    padded = np.pad(maps, padding, constant_values=-np.inf).reshape(*maps.shape[:-2], half, 2, half, 2)
    return np.moveaxis(padded, -3, -2).reshape(*maps.shape[:-2], half, half, 4)


def _unpool(maps: Floats, gradient: Floats) -> Floats:
    """The gradient of ``maps``: that of each largest value goes to the first place where it stood, as in PyTorch."""
    side, half = maps.shape[-1], gradient.shape[-1]
    first = _blocks(maps).argmax(axis=-1)
    blocks = np.where(np.arange(4) == first[..., None], gradient[..., None], 0.0)
    lead = maps.shape[:-2]
    padded = np.moveaxis(blocks.reshape(*lead, half, half, 2, 2), -2, -3).reshape(*lead, 2 * half, 2 * half)
    return padded[..., :side, :side]


def probabilities(votes: Floats) -> Floats:
    """Softmax of votes (n, 2)."""
    powers = np.exp(votes - votes.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


def error(votes: Floats, classes: NDArray[np.int64]) -> float:
    """The mean cross-entropy of votes (n, 2), in nats; ``classes`` (n,) are 0 for X and 1 for O."""
    highest = votes.max(axis=1)
    logarithms = highest + np.log(np.exp(votes - highest[:, None]).sum(axis=1))
    return float((logarithms - votes[np.arange(len(votes)), classes]).mean())


@dataclass(frozen=True, eq=False)
class Backward:
    """The gradient of the mean cross-entropy, on its way back through the network.

    ``votes`` (n, 2) is p - y, divided by n; ``listed`` (n, 12), ``pooled`` (n, 3, 4, 4) and ``maps`` (n, 3, 7, 7) what
    arrives there; ``weights`` those of the weights: of a feature's weight the sum over all places where it was used.
    """

    votes: Floats
    listed: Floats
    pooled: Floats
    maps: Floats
    weights: Weights


def backward(computed: Forward, weights: Weights, classes: NDArray[np.int64]) -> Backward:
    """Backpropagation of the mean cross-entropy of ``computed``, whose pictures show ``classes`` (n,)."""
    votes = (probabilities(computed.votes) - np.eye(CLASSES)[classes]) / len(classes)
    listed = votes @ weights.votes
    pooled = _unpool(computed.pooled, listed.reshape(computed.stacked.shape))
    maps = _unpool(computed.rectified, pooled) * (computed.maps > 0)
    flat_maps = np.moveaxis(maps, 1, -1).reshape(-1, FEATURES)
    features = (flat_maps.T @ computed.windows.reshape(-1, KERNEL**2)).reshape(FEATURES, KERNEL, KERNEL) / KERNEL**2
    return Backward(votes, listed, pooled, maps, Weights(features, votes.T @ computed.listed))


@dataclass(frozen=True, eq=False)
class Step:
    """One step of gradient descent on one picture: the weights before, all that was computed, and the weights after."""

    before: Weights
    computed: Forward
    gradient: Backward
    after: Weights
    error: float


def steps(picture: Floats, label: int, weights: Weights, rate: float, count: int = 2) -> list[Step]:
    """So many steps of backpropagation on one picture (9, 9) of class ``label``."""
    made, classes = [], np.array([label])
    for _ in range(count):
        computed = forward(picture[None], weights)
        gradient = backward(computed, weights, classes)
        after = weights.after(gradient.weights, rate)
        made.append(Step(weights, computed, gradient, after, error(computed.votes, classes)))
        weights = after
    return made


def cut(value: float) -> str:
    """Two decimals, cut and not rounded, as in the article: 7 / 9 is "0.77"; with a true minus."""
    hundredths = int(value * 100 + np.sign(value) * 1e-6)
    return f"{hundredths / 100:.2f}".replace("-", "−")
