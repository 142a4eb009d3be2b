"""Maxout: the largest of k straight lines, which the network learns (Goodfellow et al. 2013)."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from explainer.layers.activation_functions import Floats, Function, Interval

MOST_LINES, LARGEST = 8, 20.0

# Slope and intercept of each line. The bowl's lines touch x²/4 at -4, -2, 0, 2 and 4.
PRESETS: dict[str, tuple[tuple[float, float], ...]] = {
    "relu": ((0, 0), (1, 0)),
    "absolute": ((-1, 0), (1, 0)),
    "bowl": ((-2, -4), (-1, -1), (0, 0), (1, -1), (2, -4)),
}

Lines = tuple[tuple[float, float], ...]


class MaxoutError(ValueError):
    """The lines make no maxout; the message is a sentence that says what to change."""


def lines_of(grid: Floats) -> Lines:
    """The lines in a grid (k, 2) of slopes and intercepts.

    Raises MaxoutError for other than two columns, more than 8 lines, and numbers beyond 20.
    """
    if grid.ndim != 2 or grid.shape[1] != 2:
        raise MaxoutError("Type two numbers on each line: its slope, then its value at 0.")
    if len(grid) > MOST_LINES:
        raise MaxoutError(f"These are {len(grid)} lines: type at most {MOST_LINES}.")
    if np.abs(grid).max() > LARGEST:
        raise MaxoutError(f"Type slopes and values between -{LARGEST:g} and {LARGEST:g}.")
    return tuple((float(slope), float(intercept)) for slope, intercept in grid)


def maxout(lines: Lines) -> Function:
    """max over i of slope i times x plus intercept i, of one line or more. It is convex."""
    upper = envelope(lines)
    slopes, intercepts = np.array(upper).T
    kinks = corners(upper)

    def value(x: Floats) -> Floats:
        result: Floats = np.max(np.multiply.outer(slopes, x) + _spread(intercepts, x), axis=0)
        return result

    def slope(x: Floats) -> Floats:
        found = slopes[np.searchsorted(np.array(kinks), x)]
        return np.where(np.isin(x, kinks), np.nan, found)

    return Function(
        value, slope, _interval(upper, kinks), bool(slopes[0] >= 0) or bool(slopes[-1] <= 0), kinks=tuple(kinks)
    )


def envelope(lines: Lines) -> Lines:
    """Those of ``lines`` that are the largest somewhere, from left to right: their slopes ascend."""
    highest: dict[float, float] = {}
    for slope, intercept in lines:
        highest[slope] = max(intercept, highest.get(slope, -math.inf))
    upper: list[tuple[float, float]] = []
    for line in sorted(highest.items()):
        while len(upper) > 1 and _crossing(upper[-2], line) <= _crossing(upper[-2], upper[-1]):
            upper.pop()
        upper.append(line)
    return tuple(upper)


def corners(upper: Lines) -> list[float]:
    """Where neighbours of an ``envelope`` cross, ascending."""
    return [_crossing(left, right) + 0.0 for left, right in pairwise(upper)]


def _crossing(left: tuple[float, float], right: tuple[float, float]) -> float:
    return (left[1] - right[1]) / (right[0] - left[0])


def _interval(upper: Lines, kinks: list[float]) -> Interval:
    """From the lowest point of the envelope up; all numbers where it falls, or rises, everywhere."""
    (first, intercept), last = upper[0], upper[-1][0]
    if first > 0 or last < 0:
        return Interval()
    if first == last:
        return Interval(intercept, intercept, has_low=True, has_high=True)
    flat = [constant for slope, constant in upper if slope == 0]
    lowest = flat or [slope * x + constant for x, (slope, constant) in zip(kinks, upper, strict=False)]
    return Interval(min(lowest), has_low=True)


def _spread(numbers: Floats, x: Floats) -> Floats:
    """``numbers`` (k,) with an axis of 1 for each of x."""
    return numbers.reshape(-1, *(1,) * np.ndim(x))
