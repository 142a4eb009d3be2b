"""A small tensor before and after normalization, in the browser: cells that share their statistics share a colour."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.figures import theme
from explainer.layers.normalization import Affine, Kind, Normalized, leaving
from explainer.ui.components.kit import ELEMENTS, component, words

_mount = component(__file__, ELEMENTS, "grid.js", "index.js")


def statistics_grid(
    inputs: NDArray[np.float64], result: Normalized, kind: Kind, *, affine: Affine, eps: float, groups: int, key: str
) -> None:
    """Draw ``inputs`` (N, C, H, W) beside the output of ``result``, and the mean and variance of every set.

    A visitor who points at a number, touches it or moves to it with the arrow keys sees the set that it belongs to and
    how its output is computed; pointing at a set shows its members. ``affine``, ``eps`` and ``groups`` are those that
    ``result`` was computed with.
    """
    data = {
        **encode(inputs, result, affine, eps),
        "names": set_names(kind, inputs.shape[1], groups, len(result.mean)),
        "colors": theme.QUALITATIVE,
        "words": words("statistics_grid"),
    }
    _mount(key=key, data=data)


def groups_grid(inputs: NDArray[np.float64], groups: int, key: str) -> None:
    """Draw ``inputs`` (N, C, H, W) where so many ``groups`` cannot share its channels out: what is left over is grey.

    There is no output, and there are no means.
    """
    sets = leaving(inputs.shape, groups)
    data = {
        "shape": list(inputs.shape),
        "sets": sets.ravel().tolist(),
        "input": _plain(inputs),
        "each": inputs.shape[1] // groups,
        "names": set_names("group", inputs.shape[1], groups, int(sets.max()) + 1),
        "colors": theme.QUALITATIVE,
        "words": words("statistics_grid"),
    }
    _mount(key=key, data=data)


def encode(inputs: NDArray[np.float64], result: Normalized, affine: Affine, eps: float) -> dict[str, Any]:
    """What the browser gets: all numbers of a tensor in one list, row by row; null where there is none."""
    return {
        "shape": list(inputs.shape),
        "sets": result.sets.ravel().tolist(),
        "input": _plain(inputs),
        "normalized": _plain(result.normalized),
        "output": _plain(result.output),
        "mean": _plain(result.mean),
        "variance": _plain(result.variance),
        "count": result.count,
        "gamma": _plain(affine.gamma),
        "beta": _plain(affine.beta),
        "eps": eps,
    }


def set_names(kind: Kind, channels: int, groups: int, count: int) -> list[str]:
    """What to call each of ``count`` sets of statistics, in their order."""
    said = words("statistics_grid")
    divisor = {"instance": channels, "group": groups}.get(kind, 1)
    return [said[f"set_{kind}"].format(first=number // divisor, last=number % divisor) for number in range(count)]


def _plain(values: NDArray[np.float64]) -> list[float | None]:
    return [value if np.isfinite(value) else None for value in values.ravel().tolist()]
