"""Functions and their slopes on one plot, in the browser: a cursor reads them without asking the server."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.figures import axes, theme
from explainer.ui.components.kit import ELEMENTS, component, words

Floats = NDArray[np.float64]
Corner = tuple[float, float, float]

LEVEL = 0.6

_mount = component(__file__, ELEMENTS, "drawing.js", "index.js")


@dataclass(frozen=True, eq=False)
class Curve:
    """A function: its ``values`` and ``slopes`` (n,) at the places of the plot; a slope that is NaN is undefined.

    ``corners`` are (place, slope left of it, slope right of it) where the slope is undefined, ``jumps`` (place, value
    left of it, value at it and right of it) where the value jumps; their places are among those of the plot.
    """

    name: str
    values: Floats
    slopes: Floats
    corners: tuple[Corner, ...] = ()
    jumps: tuple[Corner, ...] = ()


@dataclass(frozen=True)
class Step:
    """A term of a sum on the x axis: from where the sum was to where it is with this term, and what to write."""

    text: str
    start: float
    end: float
    is_total: bool = False


def function_plot(
    x: Floats,
    curves: Sequence[Curve],
    cursor: float,
    alt: str,
    key: str,
    *,
    zones: Sequence[tuple[float, float]] = (),
    steps: Sequence[Step] = (),
    symbol: str = "x",
    height: int = 400,
) -> None:
    """Draw ``curves``, one or more, at the places ``x`` (n,) ascending; the first is the one that is looked at.

    Functions are solid, their slopes dashed; the ``zones`` (from, to) of x are shaded. The cursor rests at ``cursor``,
    shows the first function's tangent, and follows the mouse, a finger or the arrow keys; beside the plot stands what
    every function is there. ``steps`` are drawn as arrows below the axis, one below the other. Called again under
    ``key`` it redraws in place. ``symbol`` names the places; ``alt`` says in words what is shown; ``height`` is in
    pixels.
    """
    data = encode(x, curves, cursor, zones, steps)
    data |= {"alt": alt, "height": height, "symbol": symbol, "words": words("function_plot")}
    _mount(key=key, data={**data, "signature": _signature(data)})


def encode(
    x: Floats,
    curves: Sequence[Curve],
    cursor: float,
    zones: Sequence[tuple[float, float]] = (),
    steps: Sequence[Step] = (),
) -> dict[str, Any]:
    """What the browser gets of a plot.

    The y axis goes at most ``LEVEL`` times as far as the x axis, or as far as the first function's value at the cursor.
    """
    across = (float(x[0]), float(x[-1]))
    most = max(LEVEL * across[1], abs(float(np.interp(cursor, x, curves[0].values))))
    up = _limits(np.concatenate([part for curve in curves for part in (curve.values, curve.slopes)]), most)
    return {
        "x": x.tolist(),
        "curves": [_curve(curve, number) for number, curve in enumerate(curves)],
        "cursor": cursor,
        "zones": [list(zone) for zone in zones],
        "steps": [_step(step) for step in steps],
        "limits": [across, up],
        "ticks": [_ticks(across, 11), _ticks(up, 9)],
        "places": 2,
    }


def _curve(curve: Curve, number: int) -> dict[str, Any]:
    return {
        "name": curve.name,
        "color": theme.QUALITATIVE[number % len(theme.QUALITATIVE)],
        "values": _numbers(curve.values),
        "slopes": _numbers(curve.slopes),
        "corners": [list(corner) for corner in curve.corners],
        "jumps": [list(jump) for jump in curve.jumps],
    }


def _step(step: Step) -> dict[str, Any]:
    color = theme.QUALITATIVE[0] if step.is_total else theme.QUALITATIVE[1 if step.end >= step.start else 5]
    return {"text": step.text, "from": step.start, "to": step.end, "color": color}


def _numbers(values: Floats) -> list[float | None]:
    return [None if math.isnan(value) else round(value, 6) for value in values.tolist()]


def _limits(values: Floats, most: float) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    low, high = max(min(float(finite.min()), 0.0), -most), min(max(float(finite.max()), 1.0), most)
    margin = 0.05 * (high - low)
    return low - margin, high + margin


def _ticks(limits: tuple[float, float], most: int) -> list[tuple[float, str]]:
    return [(tick, f"{tick:g}".replace("-", "−")) for tick in axes.linear_ticks(limits, most)]


def _signature(data: dict[str, Any]) -> str:
    """Another text for another picture."""
    return hashlib.blake2b(json.dumps(data).encode(), digest_size=8).hexdigest()
