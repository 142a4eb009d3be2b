"""Optimizers racing down a surface, in the browser: their paths on its map, and their losses step by step."""

from __future__ import annotations

import base64
import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.figures import theme
from explainer.training.race import GOAL, Trace
from explainer.training.surfaces import Point, Surface, heights
from explainer.ui.components.kit import PAINTED, TRANSPORT, component, words

COLUMNS, ROWS = 121, 85  # places at which the map's colours are known; between them the browser interpolates
LEVELS = 65535  # of those colours
LOWEST_LOSS = 1e-6  # of the curves: what is lower is drawn there

_HEIGHTS = range(160, 1001)
_mount = component(__file__, *PAINTED, TRANSPORT, "text.js", "model.js", "map.js", "curves.js", "board.js", "index.js")


@dataclass(frozen=True, eq=False)
class Racer:
    """An optimizer in the race: what to call it, its colour (#rrggbb) and its trace."""

    name: str
    color: str
    trace: Trace


def race_view(
    surface: Surface,
    racers: Sequence[Racer],
    steps: int,
    key: str,
    *,
    on_start: Callable[[Point], None] | None = None,
    height: int = 330,
) -> None:
    """Draw a race of so many ``steps``; called again under ``key``, it changes in place and goes on playing.

    Visitors play it, step through it, point at a step of a curve or at a path, and single a racer out; none of that
    asks the server. Where a visitor clicks into the map, ``on_start`` is called with the place, before the script runs
    again, and the new race then plays from its start. ``height`` is that of the map on a wide page, in CSS pixels,
    160 to 1000. Raises ValueError for another height, or fewer steps than a racer has made.
    """
    if height not in _HEIGHTS:
        raise ValueError(f"The map is {_HEIGHTS[0]} to {_HEIGHTS[-1]} pixels high, not {height}.")
    data = {"words": words("transport") | words("race"), "height": height, **encode(surface, racers, steps)}
    _mount(key=key, data=data, on_start_change=lambda: _started(key, surface, on_start))


def encode(surface: Surface, racers: Sequence[Racer], steps: int) -> dict[str, Any]:
    """What the browser draws from.

    ``levels`` is the base64 text of the map's rows as 16-bit shares of its highest level, the highest y first, where
    the level of a loss f is log(1 + f / goal). A racer's ``path`` is x and y of its places in turn, its ``loss`` the
    losses there, both in single precision. Colours of the map are given for a light and a dark page.
    """
    if steps < max((len(racer.trace.loss) - 1 for racer in racers), default=0):
        raise ValueError(f"A race of {steps} steps has no racer with more.")
    return {
        "area": surface.area,
        "columns": COLUMNS,
        "rows": ROWS,
        "levels": _levels(surface),
        "colors": [[color for _, color in theme.sequential(dark)] for dark in (False, True)],
        "minima": surface.minima,
        "steps": steps,
        "goal": GOAL,
        "lowest": LOWEST_LOSS,
        "racers": [_encoded(racer) for racer in racers],
    }


@functools.lru_cache(maxsize=16)
def _levels(surface: Surface) -> str:
    levels = np.log1p(heights(surface, COLUMNS, ROWS) / GOAL)
    return _base64((levels * (LEVELS / levels.max())).round().astype("<u2"))


def _encoded(racer: Racer) -> dict[str, Any]:
    trace = racer.trace
    return {
        "name": racer.name,
        "color": racer.color,
        "path": _base64(trace.path.astype("<f4")),
        "loss": _base64(np.minimum(trace.loss, np.finfo(np.float32).max).astype("<f4")),
        "diverged": trace.diverged,
        "arrival": trace.arrival,
    }


def _base64(values: NDArray[Any]) -> str:
    return base64.b64encode(values.tobytes()).decode("ascii")


def _started(key: str, surface: Surface, on_start: Callable[[Point], None] | None) -> None:
    """Passes on where a visitor clicked, unless it is nothing that the map would send."""
    place = getattr(st.session_state[key], "start", None)
    if on_start is not None and (start := place_in(surface, place)) is not None:
        on_start(start)


def place_in(surface: Surface, reported: object) -> Point | None:
    """A place that the browser reports, two numbers, brought into the surface's area; None for anything else."""
    if not isinstance(reported, Sequence) or len(reported) != 2:
        return None
    x, y = reported
    if not all(isinstance(part, int | float) and math.isfinite(part) for part in (x, y)):
        return None
    left, right, bottom, top = surface.area
    return min(max(float(x), left), right), min(max(float(y), bottom), top)
