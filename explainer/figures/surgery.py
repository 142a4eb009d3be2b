"""What filters are worth, what is read wrongly of each class, and curves over a strength or a threshold.

Every name and title comes from the caller, in the visitor's language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas  # noqa: F401  Plotly fails where another thread is half-way through importing it
import plotly.graph_objects as go
from numpy.typing import NDArray

from explainer.figures import theme

Floats = NDArray[np.float64]
_MOST_NUMBERED = 32  # bars with a number below them
_MARGIN = {"t": 34, "r": 8, "l": 8, "b": 8}


@dataclass(frozen=True)
class Titles:
    """What stands above a chart and below it, and what is read of a value on it, with Plotly's names in braces."""

    above: str
    below: str
    hover: str


@dataclass(frozen=True, eq=False)
class Line:
    """A name and its ``values`` (n,) in %; NaN, or fewer than there are places, where there is none."""

    name: str
    values: Floats
    is_quiet: bool = False


def harm_bars(lost: Floats, titles: Titles, dark: bool, *, marked: int = -1, height: int = 290) -> go.Figure:
    """A bar for each filter, its number in ``customdata``, the most harmful to lose first.

    ``lost`` (n,) are percentage points of accuracy. Filter ``marked`` has the accent's colour.
    """
    colors, order = theme.palette(dark), np.argsort(-lost, kind="stable")
    places = np.arange(len(lost))
    figure = theme.Figure(layout=_layout(titles, height), dark=dark)
    figure.add_bar(
        x=places,
        y=lost[order],
        customdata=order.tolist(),
        marker={"color": [colors.accent if number == marked else theme.QUALITATIVE[0] for number in order]},
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        hovertemplate=f"{titles.hover}<extra></extra>",
    )
    if len(lost) <= _MOST_NUMBERED:
        figure.layout.xaxis.update(tickvals=places, ticktext=[str(number) for number in order], tickangle=0)
    else:
        figure.layout.xaxis.update(showticklabels=False)
    figure.layout.xaxis.fixedrange = figure.layout.yaxis.fixedrange = True
    figure.layout.bargap = 0.15
    return figure


def class_bars(
    before: Floats, after: Floats, titles: Titles, names: tuple[str, str], dark: bool, *, height: int = 290
) -> go.Figure:
    """Two bars for each class: how many of its digits were read wrongly ``before`` (n,), and ``after`` (n,)."""
    colors, places = theme.palette(dark), np.arange(len(before))
    figure = theme.Figure(layout=_layout(titles, height), dark=dark)
    for name, values, color in zip(names, (before, after), (colors.quiet, colors.accent), strict=True):
        hover = f"{name}: {titles.hover}<extra></extra>"
        figure.add_bar(x=places, y=values, name=name, marker={"color": color}, hovertemplate=hover)
    figure.layout.xaxis.update(tickvals=places, fixedrange=True)
    figure.layout.yaxis.update(rangemode="tozero", fixedrange=True)
    figure.layout.showlegend = True
    figure.layout.legend = {"orientation": "h", "x": 1, "xanchor": "right", "y": 1.0, "yanchor": "bottom"}
    figure.layout.margin.t = 64
    figure.layout.title.y = 0.97
    return figure


def accuracy_lines(
    places: Sequence[float],
    lines: Sequence[Line],
    titles: Titles,
    at: float,
    dark: bool,
    *,
    limits: tuple[float, float] = (0, 103),
    height: int = 330,
) -> go.Figure:
    """Lines in % over ``places``, with a rule at the place ``at``; ``limits`` are those of the axis in %.

    At most two of the lines are not quiet.
    """
    colors = theme.palette(dark)
    figure = theme.Figure(layout=_layout(titles, height), dark=dark)
    few = len(places) <= _MOST_NUMBERED
    loud = iter((colors.accent, theme.QUALITATIVE[0]))
    for line in lines:
        color = colors.quiet if line.is_quiet else next(loud)
        figure.add_scatter(
            x=list(places[: len(line.values)]),
            y=line.values,
            name=line.name,
            mode="lines+markers" if few else "lines",
            line={"color": color, "width": 2.5, "dash": "dot" if line.is_quiet else "solid"},
            hovertemplate=f"{line.name}: {titles.hover}<extra></extra>",
        )
    figure.add_vline(x=at, line={"color": colors.quiet, "width": 1.5, "dash": "dash"})
    margin = 0.02 * (max(places) - min(places))
    figure.layout.xaxis.update(range=[min(places) - margin, max(places) + margin])
    if few:
        figure.layout.xaxis.tickvals = list(places)
    figure.layout.yaxis.update(range=limits, **theme.IN_PERCENT)
    figure.layout.showlegend = len(lines) > 1
    figure.layout.legend = {"orientation": "h", "x": 1, "xanchor": "right", "y": 1.0, "yanchor": "bottom"}
    return figure


def _layout(titles: Titles, height: int) -> go.Layout:
    layout = go.Layout(height=height, margin=dict(_MARGIN), title={"text": titles.above})
    layout.xaxis = {"title": {"text": titles.below}, "zeroline": False}
    layout.showlegend = False
    return layout
