"""Dropout and its relatives: what a given mask does to the values, and what becomes of the next layer's input.

A mask is True where a value is kept. ``rate``, 0 to below 1, is the probability that a value is dropped.

Sources: N. Srivastava et al., "Dropout", JMLR 15 (2014); L. Wan et al., "Regularization of neural networks using
DropConnect", ICML 2013; J. Tompson et al., arXiv:1411.4280 (spatial dropout); G. Klambauer et al., "Self-normalizing
neural networks", arXiv:1706.02515 (alpha dropout).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explainer.layers.activation_functions import SELU_ALPHA, SELU_SCALE, selu
from explainer.layers.softmax import probabilities

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

FLOOR = -SELU_SCALE * SELU_ALPHA  # the lowest value of SELU, where alpha dropout puts what it drops


@dataclass(frozen=True, eq=False)
class NextInputs:
    """The input of one neuron of the next layer, in training with each mask (masks,) and in the test.

    ``inverted`` divides what is kept by 1 - rate, and the test leaves all as it is (``full``). ``plain`` leaves what is
    kept as it is, and the test multiplies all by 1 - rate (``scaled``).
    """

    inverted: Floats
    plain: Floats
    full: float
    scaled: float


@dataclass(frozen=True, eq=False)
class Spread:
    """Probabilities (masks, classes) of one input, their mean and standard deviation (classes,), and those without
    dropout (classes,)."""

    probabilities: Floats
    mean: Floats
    deviation: Floats
    full: Floats


@dataclass(frozen=True)
class AlphaScale:
    """y = ``a`` x + ``b`` brings back the mean and the variance that alpha dropout has changed."""

    a: float
    b: float


def masks(count: int, shape: tuple[int, ...], rate: float, seed: int) -> Mask:
    """``count`` masks (count, *shape). More masks begin with the same ones; a higher rate drops more, none anew."""
    return np.random.default_rng(seed).random((count, *shape)) >= _checked(rate)


def inverted(values: Floats, keep: Mask, rate: float) -> Floats:
    """What is kept, divided by 1 - ``rate``, so that the mean over masks is ``values``; the rest is 0."""
    return np.where(keep, values / (1 - _checked(rate)), 0.0)


def next_inputs(values: Floats, weights: Floats, bias: float, keep: Mask, rate: float) -> NextInputs:
    """The input of a neuron with ``weights`` (units,) and ``bias`` that reads ``values`` (units,); ``keep`` (masks,
    units)."""
    terms = weights * values
    plain, full = keep @ terms, float(terms.sum())
    return NextInputs(plain / (1 - _checked(rate)) + bias, plain + bias, full + bias, (1 - rate) * full + bias)


def input_deviation(values: Floats, weights: Floats, rate: float) -> float:
    """The standard deviation of a neuron's input over all masks, with inverted scaling: the closed form."""
    return float(np.sqrt(rate / (1 - _checked(rate)) * ((weights * values) ** 2).sum()))


def logits(values: Floats, weights: Floats, bias: Floats, keep: Mask, rate: float) -> Floats:
    """Dropout of the units: (masks, classes) from ``weights`` (classes, units) and ``keep`` (masks, units)."""
    return inverted(values, keep, rate) @ weights.T + bias


def connected_logits(values: Floats, weights: Floats, bias: Floats, keep: Mask, rate: float) -> Floats:
    """DropConnect, which drops weights: (masks, classes), with a mask of its own for every weight, ``keep`` (masks,
    classes, units)."""
    return inverted(weights, keep, rate) @ values + bias


def spread(values: Floats, weights: Floats, bias: Floats, keep: Mask, rate: float) -> Spread:
    """What a classifier says about one input with each mask: ``keep`` (masks, units)."""
    found = probabilities(logits(values, weights, bias, keep, rate))
    deviation = (found - found[0]).std(0)  # exactly 0 where all masks give the same
    return Spread(found, found.mean(0), deviation, probabilities(weights @ values + bias))


def spatial(maps: Floats, keep: Mask, rate: float) -> Floats:
    """Whole maps are dropped: ``maps`` (channels, height, width), ``keep`` (channels,)."""
    return inverted(maps, keep[:, None, None], rate)


def told_by_neighbours(maps: Floats, keep: Mask) -> float:
    """How well the dropped cells of ``maps`` (channels, height, width) can be told from what is kept around them.

    Their correlation, -1 to 1, with the mean of the kept ones among their eight neighbours. Cells without a kept
    neighbour are left out. NaN where too few cells remain, or all are equal.
    """
    around = ((0, 0), (1, 1), (1, 1))
    kept, ones = np.pad(np.where(keep, maps, 0.0), around), np.pad(keep.astype(np.float64), around)
    windows = (np.lib.stride_tricks.sliding_window_view(each, (3, 3), (1, 2)) for each in (kept, ones))
    sums, counts = (each.sum((-2, -1)) for each in windows)
    asked = ~keep & (counts > 0)
    return correlation(maps[asked], sums[asked] / counts[asked])


def correlation(one: Floats, other: Floats) -> float:
    """Pearson's correlation of two rows of numbers (n,), -1 to 1; NaN where one of them does not vary."""
    if len(one) < 2 or min(np.ptp(one), np.ptp(other)) < 1e-12:
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])


def running_mean(values: Floats) -> Floats:
    """The mean (n,) of the first 1, 2, ... n of ``values`` (n,)."""
    means: Floats = np.cumsum(values) / np.arange(1, len(values) + 1)
    return means


def alpha_scale(rate: float) -> AlphaScale:
    """The a and b that keep mean 0 and variance 1 where a share ``rate`` of the values becomes ``FLOOR``."""
    kept = 1 - _checked(rate)
    a = float((kept + FLOOR**2 * kept * rate) ** -0.5)
    return AlphaScale(a, -a * rate * FLOOR)


def alpha(values: Floats, keep: Mask, rate: float) -> Floats:
    """Alpha dropout: what is dropped becomes ``FLOOR``, then all is scaled and shifted."""
    scale = alpha_scale(rate)
    return scale.a * np.where(keep, values, FLOOR) + scale.b


def selu_values(count: int, seed: int) -> Floats:
    """SELU of ``count`` standard normal numbers: mean 0 and variance 1 but for chance."""
    return selu().value(np.random.default_rng(seed).standard_normal(count))


def through_layers(layers: int, width: int, rate: float, seed: int, *, is_alpha: bool) -> tuple[Floats, Floats]:
    """Mean and variance (layers + 1,) of what goes into each SELU layer, and comes out of the last one's dropout.

    As many standard normal inputs as a layer has neurons, ``width``; weights normal with variance 1 / ``width``, as
    SELU needs them; dropout, or alpha dropout, behind every layer.
    """
    rng = np.random.default_rng(seed)
    values = rng.standard_normal((width, width))
    held = [values]
    for _ in range(layers):
        values = selu().value(values @ (rng.standard_normal((width, width)) / np.sqrt(width)))
        values = (alpha if is_alpha else inverted)(values, rng.random(values.shape) >= _checked(rate), rate)
        held.append(values)
    return np.array([each.mean() for each in held]), np.array([each.var() for each in held])


def _checked(rate: float) -> float:
    if not 0 <= rate < 1:
        raise ValueError(f"The rate of dropout is at least 0 and below 1, not {rate}.")
    return rate
