"""Features as a map in which classes part, and how many pictures are right wherever a network is cut.

Every name and title comes from the caller, in the visitor's language.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas  # noqa: F401  Plotly fails where another thread is half-way through importing it
import plotly.graph_objects as go
from numpy.typing import NDArray

from explainer.figures import theme

Floats = NDArray[np.float64]


def map_figure(
    places: Floats,
    labels: NDArray[np.int64],
    names: Sequence[str],
    *,
    is_learned: NDArray[np.bool_],
    is_wrong: NDArray[np.bool_],
    titles: Sequence[str],
    dark: bool,
    height: int,
) -> go.Figure:
    """Pictures at their ``places`` (n, 2) in the colour of their class: learned ones full, the others open.

    Those that are wrong have a cross; ``titles`` (n,) are what each says when pointed at.
    """
    layout = go.Layout(
        height=height,
        uirevision="map",
        margin={"t": 8, "r": 8, "l": 8, "b": 8},
        legend={"orientation": "h", "x": 0, "y": -0.02, "yanchor": "top", "font": {"size": theme.SMALL_FONT_SIZE}},
        xaxis={"showticklabels": False, "zeroline": False},
        yaxis={"showticklabels": False, "zeroline": False, "scaleanchor": "x"},
    )
    figure = theme.Figure(layout=layout, dark=dark)
    for label, name in enumerate(names):
        own = labels == label
        symbols = np.where(is_learned, "circle", np.where(is_wrong, "x-thin", "circle-open"))[own]
        figure.add_scatter(
            x=places[own, 0],
            y=places[own, 1],
            name=name,
            mode="markers",
            marker={
                "symbol": symbols.tolist(),
                "size": np.where(is_wrong[own], 11, 9).tolist(),
                "color": theme.QUALITATIVE[label],
                "line": {"width": 2.2, "color": theme.QUALITATIVE[label]},
            },
            customdata=[title for title, is_own in zip(titles, own, strict=True) if is_own],
            hovertemplate="%{customdata}<extra></extra>",
        )
    return figure


def depth_figure(
    accuracy: Floats, names: Sequence[str], chosen: int, *, chance: float, axis: str, dark: bool, height: int
) -> go.Figure:
    """``accuracy`` (c, draws), 0..1, of the cuts of these ``names``: each draw a point, their mean a line.

    The ``chosen`` cut is marked; ``chance`` is what guessing gives; ``axis`` is the title of the axis.
    """
    layout = go.Layout(
        height=height,
        showlegend=False,
        margin={"t": 8, "r": 8, "l": 8, "b": 8},
        xaxis={"tickvals": list(range(len(names))), "ticktext": list(names), "showgrid": False, "tickangle": -60},
        yaxis={"range": [0, 1.03], "tickvals": [0, 0.5, 1], "tickformat": ".0%", "title": {"text": axis}},
    )
    figure = theme.Figure(layout=layout, dark=dark)
    colors, places = theme.palette(dark), np.arange(len(names))
    figure.add_hline(y=chance, line={"color": colors.quiet, "dash": "dot", "width": 2})
    figure.add_vrect(x0=chosen - 0.4, x1=chosen + 0.4, fillcolor=colors.accent, opacity=0.15, line_width=0)
    figure.add_scatter(
        x=np.repeat(places, accuracy.shape[1]),
        y=accuracy.ravel(),
        mode="markers",
        marker={"color": colors.quiet, "size": 6},
        hovertemplate="%{y:.1%}<extra></extra>",
    )
    figure.add_scatter(
        x=places,
        y=accuracy.mean(axis=1),
        mode="lines+markers",
        line={"color": colors.accent, "width": 3},
        marker={"size": 8},
        hovertemplate="%{y:.1%}<extra></extra>",
    )
    return figure
