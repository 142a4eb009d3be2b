"""The arithmetic of activation functions and their derivatives, in float64.

Every maker returns a ``Function``: the activation with its parameters fixed. What a derivative is at a point where
left and right disagree is not a number: it is NaN there.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Smoothness = Literal["jumps", "kinks", "once", "always"]

SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772  # Klambauer et al. 2017, equation 14

# The least values, where their derivatives are 0.
GELU_LEAST, SILU_LEAST, MISH_LEAST = -0.16997120747990369, -0.27846454276107374, -0.3088434130172504


@dataclass(frozen=True)
class Interval:
    """The values that a function takes, from ``low`` to ``high``; ``has_low`` and ``has_high``: is the end taken.

    ``only_ends``: it takes the two ends, and nothing between them.
    """

    low: float = -math.inf
    high: float = math.inf
    has_low: bool = False
    has_high: bool = False
    only_ends: bool = False


@dataclass(frozen=True, eq=False)
class Function:
    """An activation function with its parameters fixed.

    ``value`` and ``slope`` map float64 arrays of any shape to arrays of that shape; the slope is NaN where there is
    none. ``jumps`` are the places where the value jumps, ``kinks`` those where only the slope does, ``bends`` those
    where only the slope's slope does; no other derivative jumps anywhere. ``is_monotone``: it never falls, or never
    rises.
    """

    value: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    interval: Interval
    is_monotone: bool = True
    jumps: tuple[float, ...] = ()
    kinks: tuple[float, ...] = ()
    bends: tuple[float, ...] = ()

    @property
    def smoothness(self) -> Smoothness:
        """Whether it jumps, has kinks, or can be differentiated once (continuously) or as often as one likes."""
        if self.jumps:
            return "jumps"
        return "kinks" if self.kinks else "once" if self.bends else "always"

    @property
    def undefined(self) -> tuple[float, ...]:
        """Where there is no slope, ascending."""
        return tuple(sorted(self.jumps + self.kinks))


def slopes_beside(function: Function, x: float) -> tuple[float, float]:
    """The slopes just left and just right of ``x``."""
    left, right = function.slope(np.array([np.nextafter(x, -np.inf), np.nextafter(x, np.inf)])).tolist()
    return left, right


def logistic_of(x: Floats) -> Floats:
    """1 / (1 + exp(-x)) without overflow."""
    result: Floats = np.exp(-np.logaddexp(0.0, -x))
    return result


def identity() -> Function:
    """x."""
    return Function(lambda x: x * 1.0, np.ones_like, Interval())


def heaviside() -> Function:
    """0 below 0, and 1 from 0 on."""
    return Function(
        lambda x: np.where(x >= 0, 1.0, 0.0),
        lambda x: np.where(x == 0, np.nan, 0.0),
        Interval(0, 1, has_low=True, has_high=True, only_ends=True),
        jumps=(0.0,),
    )


def logistic() -> Function:
    """1 / (1 + exp(-x))."""
    return Function(logistic_of, lambda x: logistic_of(x) * logistic_of(-x), Interval(0, 1))


def tanh() -> Function:
    """The hyperbolic tangent."""
    return Function(np.tanh, lambda x: 4 * logistic_of(2 * x) * logistic_of(-2 * x), Interval(-1, 1))


def arctan() -> Function:
    """The angle whose tangent is x."""
    return Function(np.arctan, lambda x: 1 / (1 + x * x), Interval(-math.pi / 2, math.pi / 2))


def softsign() -> Function:
    """x / (1 + |x|)."""
    return Function(lambda x: x / (1 + np.abs(x)), lambda x: (1 + np.abs(x)) ** -2.0, Interval(-1, 1), bends=(0.0,))


def relu() -> Function:
    """max(0, x)."""
    return leaky_relu(0.0)


def leaky_relu(alpha: float) -> Function:
    """x above 0, ``alpha`` x below; ``alpha`` of any size."""
    interval = Interval(0, has_low=True) if alpha <= 0 else Interval()
    return Function(
        lambda x: np.where(x > 0, x, alpha * x) + 0.0,
        lambda x: _at_zero(np.where(x > 0, 1.0, alpha), x, exists=alpha == 1),
        interval,
        is_monotone=alpha >= 0,
        kinks=() if alpha == 1 else (0.0,),
    )


def absolute() -> Function:
    """|x|."""
    return leaky_relu(-1.0)


def elu(alpha: float, scale: float = 1.0) -> Function:
    """``scale`` times x above 0, and ``scale`` times ``alpha`` (exp(x) - 1) below; both above 0."""
    exists = alpha == 1
    return Function(
        lambda x: scale * np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0))),
        lambda x: _at_zero(scale * np.where(x > 0, 1.0, alpha * np.exp(np.minimum(x, 0))), x, exists=exists),
        Interval(-scale * alpha),
        kinks=() if exists else (0.0,),
        bends=(0.0,) if exists else (),
    )


def selu() -> Function:
    """The ELU that keeps mean 0 and variance 1."""
    return elu(SELU_ALPHA, SELU_SCALE)


def softplus(beta: float) -> Function:
    """ln(1 + exp(``beta`` x)) / ``beta``; ``beta`` above 0."""
    return Function(lambda x: np.logaddexp(0.0, beta * x) / beta, lambda x: logistic_of(beta * x), Interval(0))


def gelu() -> Function:
    """x times the share of a standard normal distribution below x."""
    return Function(
        lambda x: x * _normal_below(x),
        lambda x: _normal_below(x) + x * np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi),
        Interval(GELU_LEAST, has_low=True),
        is_monotone=False,
    )


def silu() -> Function:
    """x times the logistic function of x."""
    return Function(
        lambda x: x * logistic_of(x),
        lambda x: logistic_of(x) * (1 + x * logistic_of(-x)),
        Interval(SILU_LEAST, has_low=True),
        is_monotone=False,
    )


def mish() -> Function:
    """x times tanh of softplus of x."""

    def gate(x: Floats) -> Floats:
        result: Floats = np.tanh(np.logaddexp(0.0, x))
        return result

    return Function(
        lambda x: x * gate(x),
        lambda x: gate(x) + x * logistic_of(x) * (1 - gate(x) ** 2),
        Interval(MISH_LEAST, has_low=True),
        is_monotone=False,
    )


def hard_sigmoid() -> Function:
    """(x + 3) / 6, kept between 0 and 1."""
    return Function(
        _gate,
        lambda x: np.where(np.abs(x) == 3, np.nan, np.where(np.abs(x) < 3, 1 / 6, 0.0)),
        Interval(0, 1, has_low=True, has_high=True),
        kinks=(-3.0, 3.0),
    )


def hard_swish() -> Function:
    """x times the hard sigmoid of x."""
    return Function(
        lambda x: x * _gate(x),
        lambda x: np.where(np.abs(x) == 3, np.nan, np.where(np.abs(x) < 3, (2 * x + 3) / 6, (x > 0) * 1.0)),
        Interval(-0.375, has_low=True),
        is_monotone=False,
        kinks=(-3.0, 3.0),
    )


def _gate(x: Floats) -> Floats:
    result: Floats = np.clip((x + 3) / 6, 0.0, 1.0)
    return result


def _at_zero(slopes: Floats, x: Floats, *, exists: bool) -> Floats:
    """The slopes, and none at 0 unless one ``exists``."""
    return slopes if exists else np.where(x == 0, np.nan, slopes)


_erfc = np.vectorize(math.erfc, otypes=[np.float64])


def _normal_below(x: Floats) -> Floats:
    """The share of a standard normal distribution below x."""
    result: Floats = 0.5 * _erfc(-x / math.sqrt(2))
    return result
