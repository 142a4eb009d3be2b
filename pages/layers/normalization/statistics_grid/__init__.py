"""A small tensor before and after normalization, in the browser: cells that share their statistics share a colour."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.data.assets import assets_path
from explainer.figures import theme
from explainer.layers.normalization import Affine, Kind, Normalized
from explainer.ui.components.kit import ELEMENTS, javascript

_FOLDER = Path(__file__).parent
_mount = st.components.v2.component(
    "explainer.statistics_grid",
    html=(_FOLDER / "index.html").read_text(encoding="utf-8"),
    css=(_FOLDER / "style.css").read_text(encoding="utf-8"),
    js=javascript(_FOLDER, ("grid.js", "index.js"), shared=(ELEMENTS,)),
)


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
        "words": _words("en"),
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
    words = _words("en")
    divisor = {"instance": channels, "group": groups}.get(kind, 1)
    return [words[f"set_{kind}"].format(first=number // divisor, last=number % divisor) for number in range(count)]


def _plain(values: NDArray[np.float64]) -> list[float | None]:
    return [value if np.isfinite(value) else None for value in values.ravel().tolist()]


@functools.cache
def _words(language: str) -> dict[str, str]:
    path = assets_path() / "text" / language / "statistics_grid.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
