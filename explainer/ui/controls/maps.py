"""Small maps of numbers beside each other, the middle of them where they are large."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from numpy.typing import NDArray

from explainer.figures.grid_map import MapScale, grid_map
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn

DRAWN = 24  # rows and columns: more would be too small to see
_ROW, _AROUND, _HEIGHTS = 48, 140, (190, 340)  # pixels of a row, of the axes and the title, and of a whole figure


@dataclass(frozen=True, eq=False)
class Map:
    """``values`` (rows, columns) under a ``title``; ``name`` says what a value is, ``alt`` what the map shows.

    ``scale``, ``limit`` and ``decimals`` are those of ``grid_map``.
    """

    title: str
    values: NDArray[Any]
    alt: str
    name: str
    scale: MapScale = "diverging"
    limit: float | None = None
    decimals: int = 2


def draw_maps(maps: Sequence[Map], key: str) -> None:
    """Draws them beside each other, below each other on a phone; ``key`` names them."""
    for number, (column, each) in enumerate(zip(st.columns(len(maps), gap="medium"), maps, strict=True)):
        values = middle(each.values, DRAWN)
        figure = drawn(
            grid_map,
            values,
            page.is_dark(),
            scale=each.scale,
            title=each.title,
            name=each.name,
            limit=each.limit,
            decimals=each.decimals,
            height=min(max(_AROUND + _ROW * len(values), _HEIGHTS[0]), _HEIGHTS[1]),
        )
        with column:
            page.chart_below(figure, each.alt, key=f"{key}_{number}")
    if any(max(each.values.shape) > DRAWN for each in maps):
        st.caption(f"What is drawn is the middle, at most {DRAWN} rows and columns of it, counted from its own corner.")


def middle(values: NDArray[Any], side: int) -> NDArray[Any]:
    """At most ``side`` rows and columns of ``values`` (rows, columns), from its middle."""
    top, left = (max(size - side, 0) // 2 for size in values.shape)
    return values[top : top + side, left : left + side]
