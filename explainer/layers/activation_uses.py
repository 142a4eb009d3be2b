"""What activation functions do: in one neuron, over many layers, and where they hardly let a gradient through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explainer.layers.activation_functions import Floats, Function

FLAT = 0.05  # a slope nearer to 0 than this hardly lets a gradient through
_ROUNDING = 1e-12  # a share of the numbers that a sum is made of, so that one of tenths meets a kink exactly


@dataclass(frozen=True, eq=False)
class Samples:
    """Points at which functions are drawn and read: ``x`` (n,) ascending, among them every kink and jump in range.

    ``values`` and ``slopes`` (functions, n); a slope is NaN where there is none.
    """

    x: Floats
    values: Floats
    slopes: Floats


@dataclass(frozen=True, eq=False)
class Neuron:
    """One neuron: its ``terms`` (n,), weight times input; their sum with the bias; what becomes of it.

    ``slope`` is NaN where there is none. ``weight_gradients`` (n,) say how the output changes with each weight.
    """

    terms: Floats
    total: float
    output: float
    slope: float
    weight_gradients: Floats


@dataclass(frozen=True, eq=False)
class Chain:
    """Neurons one behind the other, one for each layer (n,): sum, output, slope, and the gradient so far.

    ``gradients`` are those of each output with respect to the first input; NaN from a slope on that is not defined.
    From a factor of 0 on they are 0, whatever comes later: that layer's output does not move.
    """

    totals: Floats
    outputs: Floats
    slopes: Floats
    gradients: Floats


def sample(functions: Sequence[Function], limit: float, also: Sequence[float] = ()) -> Samples:
    """``functions`` at 401 even places from -``limit`` to ``limit``, where they have no slope, and at ``also``."""
    marks = [place for function in functions for place in function.undefined] + list(also)
    even = np.round(np.linspace(-limit, limit, 401), 10)
    x = np.unique(np.concatenate([even, [mark for mark in marks if abs(mark) <= limit]]))
    return Samples(x, np.array([f.value(x) for f in functions]), np.array([f.slope(x) for f in functions]))


def saturated_zones(function: Function, limit: float, least: float = FLAT) -> tuple[tuple[float, float], ...]:
    """Where the slope stays nearer to 0 than ``least`` out to -``limit`` or to ``limit``: (from, to), at most two.

    Inner ends are right to a thousandth of ``limit``. Where it is flat all over, that is one zone.
    """
    x = np.round(np.linspace(-limit, limit, 4001), 10)
    steep = np.flatnonzero(np.abs(function.slope(x)) >= least)
    if not steep.size:
        return ((-limit, limit),)
    left, right = x[max(steep[0] - 1, 0)], x[min(steep[-1] + 1, len(x) - 1)]
    zones = ((-limit, float(left)), (float(right), limit))
    return tuple(zone for zone in zones if zone[0] < zone[1])


def neuron(function: Function, inputs: Floats, weights: Floats, bias: float) -> Neuron:
    """A neuron with ``inputs`` and ``weights`` (n,)."""
    terms = inputs * weights
    total = _met(float(terms.sum() + bias), function, float(np.abs(terms).sum() + abs(bias)))
    output, slope = float(function.value(np.array(total))), float(function.slope(np.array(total)))
    return Neuron(terms, total, output, slope, slope * inputs)


def chain(function: Function, start: float, weight: float, depth: int) -> Chain:
    """``depth`` layers of one neuron each, without bias: z = ``weight`` times the output before, from ``start``."""
    totals, outputs, slopes = np.zeros((3, depth))
    output = made_of = start
    for layer in range(depth):
        total = _met(weight * output, function, weight * made_of)
        output, slope = float(function.value(np.array(total))), float(function.slope(np.array(total)))
        totals[layer], outputs[layer], slopes[layer] = total, output, slope
        made_of = float(np.fmax(abs(output), abs(slope * total)))  # a line with an intercept may cancel the sum
    return Chain(totals, outputs, slopes, _products(weight * slopes if weight else np.zeros(depth)))


def _met(total: float, function: Function, made_of: float) -> float:
    """``total``, or the place that it is but for the rounding of numbers as large as ``made_of``: 0, or one without
    slope."""
    error = _ROUNDING * abs(made_of)
    return next((place for place in (*function.undefined, 0.0) if abs(total - place) <= error), total)


def _products(factors: Floats) -> Floats:
    """Of the first, the first two, ... of ``factors`` (n,), where 0 times what is undefined is 0."""
    known = factors.copy()
    known[np.cumsum(factors == 0) > 0] = 0.0
    return np.cumprod(known, dtype=np.float64)


def zero_share(values: Floats) -> float:
    """The share (0 to 1) of ``values`` that are exactly 0."""
    return float((values == 0).mean())
