"""The filters of a layer as small pictures, and the one that a visitor points at at large, with what it does."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.figures import theme
from explainer.ui.components.kit import PAINTED, RASTER, component, words

Paint = Literal["colour", "sum"] | int  # red, green and blue at once, the sum of all planes, or one plane

_mount = component(__file__, *PAINTED, RASTER, "painting.js", "arithmetic.js", "wall.js", "detail.js", "index.js")


@dataclass(frozen=True, eq=False)
class Wall:
    """Filters under a title, in the order in which they are drawn.

    ``weights`` is (n, planes, height, width), ``numbers`` (n,) what tells them apart, ``names`` and ``details`` what
    people read of each, ``short`` what stands below a large tile. ``first`` is the first plane of the input that each
    reads, ``bias`` what it adds to each sum. Where ``across`` is given they are a grid of so many columns, with
    ``row_names`` and ``column_names``.
    """

    title: str
    weights: NDArray[np.float32]
    numbers: Sequence[int]
    names: Sequence[str]
    details: Sequence[str]
    first: Sequence[int]
    bias: Sequence[float] | None = None
    short: Sequence[str] = ()
    across: int = 0
    row_names: Sequence[str] = ()
    column_names: Sequence[str] = ()


@dataclass(frozen=True, eq=False)
class Given:
    """What the filters read, and how they slide over it: ``padding`` is rows above and columns to the left.

    Either ``pixels`` uint8 (height, width, planes), which lose ``mean`` and are divided by ``std`` after a division by
    255, or ``maps`` float32 (planes, height, width). ``size`` is that of the layer's maps.
    """

    title: str
    stride: tuple[int, int]
    padding: tuple[int, int]
    dilation: tuple[int, int]
    size: tuple[int, int]
    pixels: NDArray[np.uint8] | None = None
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    maps: NDArray[np.float32] | None = None


def filter_wall(
    walls: Sequence[Wall],
    chosen: int,
    key: str,
    *,
    paint: Paint = "sum",
    each: bool = True,
    given: Given | None = None,
    on_pick: Callable[[int], None] | None = None,
    height: int = 400,
) -> None:
    """Draw one wall or two beside each other, and the filter numbered ``chosen`` at large.

    A visitor who points at a filter sees its weights, its spectrum and, where ``given``, its answer to the input, none
    of which asks the server. One that is clicked, or reached with the arrow keys, stays: ``on_pick`` is called with its
    number before the script runs again. ``each`` filter has a colour scale of its own, or all have one. ``height`` is
    that of a wall in CSS pixels; many filters may need more.
    """
    data = {
        "words": words("filter_wall"),
        "scales": {
            "sequential": [theme.sequential(dark) for dark in (False, True)],
            "diverging": [theme.diverging(dark) for dark in (False, True)],
        },
        "walls": [encode(wall) for wall in walls],
        "given": encode_given(given) if given else None,
        "chosen": chosen,
        "paint": paint,
        "each": each,
        "height": height,
    }
    _mount(key=key, data=data, on_picked_change=lambda: _picked(key, on_pick))


def encode(wall: Wall) -> dict[str, Any]:
    """What the browser gets of a wall; weights are the base64 text of single precision."""
    return {
        "title": wall.title,
        "label": f"{wall.title}. Arrow keys: another filter.",
        "shape": list(wall.weights.shape[1:]),
        "weights": _base64(wall.weights.astype("<f4")),
        "numbers": [int(number) for number in wall.numbers],
        "names": list(wall.names),
        "details": list(wall.details),
        "first": [int(plane) for plane in wall.first],
        "bias": None if wall.bias is None else [float(bias) for bias in wall.bias],
        "short": list(wall.short),
        "across": wall.across,
        "rowNames": list(wall.row_names),
        "columnNames": list(wall.column_names),
    }


def encode_given(given: Given) -> dict[str, Any]:
    """What the browser gets of the input. Raises ValueError where it has neither pixels nor maps."""
    if given.pixels is None and given.maps is None:
        raise ValueError("An input has pixels or maps.")
    data: dict[str, Any] = {
        "title": given.title,
        "stride": list(given.stride),
        "padding": list(given.padding),
        "dilation": list(given.dilation),
        "size": list(given.size),
    }
    if given.pixels is not None:
        height, width = given.pixels.shape[:2]
        data |= {"pixels": _base64(given.pixels), "mean": list(given.mean), "std": list(given.std)}
    elif given.maps is not None:
        height, width = given.maps.shape[1:]
        data |= {"values": _base64(given.maps.astype("<f4"))}
    return data | {"height": height, "width": width}


def _base64(values: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")


def _picked(key: str, on_pick: Callable[[int], None] | None) -> None:
    """A callback: the page hears of the filter before its script runs again."""
    state: Any = st.session_state.get(key)
    number = getattr(state, "picked", None)
    if on_pick is not None and isinstance(number, int):
        on_pick(number)
