"""Ranges of axes and places of labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Where an axis of accuracies in % may start: few steps, so that it seldom moves while the values grow.
ACCURACY_STARTS = (99.0, 98.0, 95.0, 90.0, 80.0, 50.0)
LOWEST_SHARE = 0.25
FIRST_ACCURACIES = (10.0, 95.0)  # in %: what an axis of errors shows at least, so that it seldom moves
LEAST_ERROR = 0.05  # in %
ERROR_TICKS = (0, 10, 50, 80, 90, 95, 98, 99, 99.5, 99.8, 99.9, 99.95)
LEAST_BETWEEN = 0.08  # of an axis' length, between two ticks

Scale = Literal["linear", "log", "errors"]


def accuracy_limits(ends: Floats) -> tuple[float, float]:
    """The range of an axis of accuracies in %: from a round number to just above 100.

    It starts as high as the lowest of the ``ends`` (n,), the last values of the lines, allows: that one lies
    in the upper three quarters.
    """
    lowest = float(ends.min(initial=100.0)) if ends.size else 0.0
    fitting = (start for start in ACCURACY_STARTS if share(lowest, (start, 100.0)) >= LOWEST_SHARE)
    start = next(fitting, 0.0)
    return start, 100 + 0.02 * (100 - start)


def errors_limits(accuracies: Floats) -> tuple[float, float]:
    """The range of an axis for all ``accuracies`` (n,) in %, none or more, on which the errors, what is missing to 100,
    have a logarithmic scale: the rise from guessing and the last tenth of a percent are both in sight.

    It shows at least guessing among ten and 95 %, and ends short of 100, which such a scale does not have.
    """
    shown = np.concatenate([accuracies, FIRST_ACCURACIES])
    least = max(100 - float(shown.max()), LEAST_ERROR)
    return min(float(shown.min()), 100 - least), 100 - least / 1.5


def errors_ticks(limits: tuple[float, float]) -> list[float]:
    """Accuracies in % between ``limits`` for the ticks of such an axis, with room for their texts."""
    ticks: list[float] = []
    for tick in ERROR_TICKS:
        place = share(tick, limits, "errors")
        if 0 <= place <= 1 and (not ticks or place - share(ticks[-1], limits, "errors") >= LEAST_BETWEEN):
            ticks.append(tick)
    return ticks


def log_limits(values: Floats) -> tuple[float, float]:
    """The range of a logarithmic axis for all ``values`` (n,) > 0, one or more, with a margin."""
    low, high = float(values.min()), float(values.max())
    margin = max((high / low) ** 0.06, 1.1)
    return low / margin, high * margin


def log_ticks(limits: tuple[float, float], most: int = 6) -> list[float]:
    """Round values between ``limits``, at most ``most`` of them and as many as that allows: 1 2 5 10, or 1 10 100."""
    low, high = limits
    decades = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    for digits in ((1, 1.5, 2, 3, 4, 5, 7), (1, 2, 5), (1,)):
        ticks = [float(f"{digit}e{decade}") for decade in decades for digit in digits]
        ticks = [tick for tick in ticks if low <= tick <= high]
        if len(ticks) <= most:
            return ticks
    return ticks[:: -(-len(ticks) // most)]


def log_axis(limits: tuple[float, float], ticks: Sequence[float], write: Callable[[float], str]) -> dict[str, Any]:
    """A logarithmic axis of a figure's layout from low to high, with ``ticks`` as ``write`` writes them."""
    return {
        "type": "log",
        "range": np.log10(limits).tolist(),
        "zeroline": False,
        "tickvals": list(ticks),
        "ticktext": [write(tick) for tick in ticks],
    }


def linear_ticks(limits: tuple[float, float], most: int = 6) -> list[float]:
    """Round values between ``limits``, at most ``most`` of them: multiples of 1, 2 or 5 times a power of ten."""
    low, high = limits
    decade = int(np.floor(np.log10((high - low) / most)))
    for digit in (1, 2, 5, 10):
        step = float(f"{digit}e{decade}")
        first, last = int(np.ceil(low / step - 1e-9)), int(np.floor(high / step + 1e-9))
        if last - first < most:
            break
    return [float(f"{number * step:.12g}") for number in range(first, last + 1)]


def share(value: float, limits: tuple[float, float], scale: Scale = "linear") -> float:
    """How far up an axis with ``limits`` a value lies: 0 at the bottom, 1 at the top."""
    places = np.array([*limits, value])
    if scale == "log":
        places = np.log10(places)
    elif scale == "errors":
        places = -np.log10(100 - places)
    low, high, at = places
    return float((at - low) / (high - low))


def spread(places: Floats, gap: float, lowest: float, highest: float) -> Floats:
    """Places (n,) moved apart to at least ``gap`` from each other, as little as needed and in the same order.

    Neighbours that are too close become a group with even gaps around the mean of its members' places. All
    stay between ``lowest`` and ``highest``, or, where they are too many for that, begin at ``lowest``.
    """
    order = np.argsort(places, kind="stable")
    groups: list[list[float]] = []  # each: the wished places of its members, ascending

    def start(group: list[float]) -> float:
        length = gap * (len(group) - 1)
        return max(min(float(np.mean(group)) - length / 2, highest - length), lowest)

    for place in places[order].tolist():
        groups.append([place])
        while len(groups) > 1 and start(groups[-1]) < start(groups[-2]) + gap * len(groups[-2]):
            groups[-2:] = [groups[-2] + groups[-1]]
    moved = np.empty_like(places)
    moved[order] = [start(group) + gap * i for group in groups for i in range(len(group))]
    return moved
