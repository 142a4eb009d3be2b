"""What the theory of wide networks expects of ``explainer.training.flow``: variances from layer to layer.

With independent weights of mean 0 the sums of a layer with n inputs have Var(y) = n Var(w) E[x^2], and the gradient
Var(dx) = n' Var(w) E[f'(y)^2] Var(dy), n' being the outputs. Moments of f take y to be normally distributed.
Sources: Glorot and Bengio 2010; He et al. 2015; Schoenholz et al. 2017, "Deep information propagation",
arXiv:1611.01232; Yang et al. 2019, "A mean field theory of batch normalization", arXiv:1902.08129.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explainer.layers import activation_functions as functions
from explainer.training.flow import EPSILON, ActivationName, Flow, Measured, batch

Floats = NDArray[np.float64]

_POINTS, _WIDEST = 8000, 10.0  # of the midpoint rule: even, so that no point falls on the kink at 0
_FUNCTIONS = {
    "tanh": functions.tanh,
    "logistic": functions.logistic,
    "relu": functions.relu,
    "selu": functions.selu,
    "identity": functions.identity,
}


@dataclass(frozen=True)
class Moments:
    """Of an activation f of normally distributed sums y: E[f(y)], E[f(y)^2] and E[f'(y)^2]."""

    mean: float
    square: float
    slope_square: float


@dataclass(frozen=True, eq=False)
class Theory:
    """Expected standard deviations of every hidden layer, (depth,) each: of sums, outputs, and gradients with respect
    to the outputs. ``slopes`` is E[f'(y)^2], ``backward`` the factor by which a layer's branch multiplies the variance
    of the gradient on its way to the layer before; NaN for the first layer."""

    sums: Floats
    outputs: Floats
    gradients: Floats
    slopes: Floats
    backward: Floats


@dataclass(frozen=True)
class _Stream:
    """What goes from layer to layer: E[x], E[x^2], and the variance of a neuron over the batch."""

    mean: float
    square: float
    over_batch: float

    def plus(self, other: Moments) -> _Stream:
        """The sum of it and of the independent outputs of a branch."""
        square = self.square + other.square + 2 * self.mean * other.mean
        return _Stream(self.mean + other.mean, square, self.over_batch + other.square - other.mean**2)


def moments(name: ActivationName, variance: float) -> Moments:
    """The moments of an activation for sums with mean 0 and a finite ``variance`` >= 0; ReLU's and the identity's are
    closed forms, the others are integrated numerically to about six digits."""
    if name == "identity":
        return Moments(0.0, variance, 1.0)
    if name == "relu":
        return Moments(float(np.sqrt(variance / (2 * np.pi))), variance / 2, 0.5)
    points, weights = _normal()
    function, sums = _FUNCTIONS[name](), np.sqrt(variance) * points
    values = function.value(sums)
    slopes = function.slope(sums if variance else np.full_like(sums, 1e-12))
    return Moments(float(weights @ values), float(weights @ values**2), float(weights @ slopes**2))


def expected(flow: Flow, measured: Measured) -> Theory | None:
    """What the theory expects: of sums and outputs from E[x^2] = 1 of the digits on, of gradients from the one that
    was measured in the last hidden layer backwards.

    None where it does not hold: zeros and equal weights are not independent draws.
    """
    if flow.start in ("zeros", "constant"):
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        sums, streams, known, variances = _forward(flow)
        slopes = np.array([each.slope_square for each in known])
        backward = _backward_factors(flow, streams, slopes, variances)
        gradients = _gradients(flow, backward, measured.gradients[-1] ** 2)
        outputs = np.array([stream.square - stream.mean**2 for stream in streams[1:]])
        return Theory(np.sqrt(sums), np.sqrt(outputs), np.sqrt(gradients), slopes, backward)


def _forward(flow: Flow) -> tuple[Floats, list[_Stream], list[Moments], list[float]]:
    """Variances of the sums, streams (the input's first), moments of the activation, variances of the weights."""
    streams = [_input_stream()]
    sums, known, variances = [], [], []
    for layer, (outputs, inputs) in enumerate(flow.sizes, 1):
        before = streams[-1]
        variances.append(flow.variance(outputs, inputs, before.square))
        if layer > flow.depth:
            break
        sums.append(_normalized(flow, inputs * variances[-1], before))
        known.append(moments(flow.activation, sums[-1]) if np.isfinite(sums[-1]) else Moments(*[np.nan] * 3))
        start = layer - flow.shortcut + 1
        from_start = flow.shortcut and flow.skips_from(start) and flow.skip_end(start) == layer
        base = streams[start - 1] if from_start else _Stream(0.0, 0.0, 0.0)
        streams.append(base.plus(known[-1]))
    return np.array(sums), streams, known, variances


def _normalized(flow: Flow, gain: float, before: _Stream) -> float:
    """The variance of the sums, after batch normalization where there is some."""
    if not flow.batch_norm:
        return gain * before.square
    variance = gain * before.over_batch
    return variance / (variance + EPSILON)


def _backward_factors(flow: Flow, streams: list[_Stream], slopes: Floats, variances: list[float]) -> Floats:
    factors = np.full(flow.depth, np.nan)
    for layer in range(2, flow.depth + 1):
        outputs, inputs = flow.sizes[layer - 1]
        variance = variances[layer - 1]
        factors[layer - 1] = outputs * variance * slopes[layer - 1]
        if flow.batch_norm:
            factors[layer - 1] /= inputs * variance * streams[layer - 1].over_batch + EPSILON
    return factors


def _gradients(flow: Flow, factors: Floats, last: float) -> Floats:
    """Variances of the gradients, from the last layer, with ``last``, to the first."""
    found = np.full(flow.depth, last)
    for layer in range(flow.depth, 1, -1):
        found[layer - 2] = factors[layer - 1] * found[layer - 1]
        if flow.skips_from(layer):
            found[layer - 2] += found[flow.skip_end(layer) - 1]
    return found


@functools.cache
def _input_stream() -> _Stream:
    pixels = batch()[0].astype(np.float64)
    return _Stream(float(pixels.mean()), float((pixels**2).mean()), float(pixels.var(0).mean()))


@functools.cache
def _normal() -> tuple[Floats, Floats]:
    """Points and weights of the midpoint rule for the standard normal distribution."""
    points = (np.arange(_POINTS) + 0.5) / _POINTS * 2 * _WIDEST - _WIDEST
    weights = np.exp(-(points**2) / 2)
    return points, weights / weights.sum()
