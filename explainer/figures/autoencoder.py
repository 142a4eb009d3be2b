"""How far off digits are that come back through a few numbers, and what a start layer by layer is worth.

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
from explainer.figures.learning import Baseline

Floats = NDArray[np.float64]
_ROOM = 1.12  # times the highest level: where the axis ends


@dataclass(frozen=True, eq=False)
class ErrorCurve:
    """A name, and ``values`` (n,) after so many ``digits`` (n,); NaN where there is none."""

    name: str
    digits: Floats
    values: Floats


def error_figure(
    train: ErrorCurve,
    test: ErrorCurve,
    levels: Sequence[Baseline],
    *,
    end: int,
    titles: tuple[str, str],
    dark: bool,
    height: int,
) -> go.Figure:
    """Squared errors of training batches, thin, and of test digits against the digits learned from, over ``levels``.

    ``end`` is how many digits the whole run has; ``titles`` are above the chart and below its axis. The axis ends a
    little above the highest level, so that the first errors may lie beyond it.
    """
    top = _ROOM * max(level.value for level in levels)
    figure = theme.Figure(layout=_layout(titles, end, top, height), dark=dark)
    colors = theme.palette(dark)
    for level in levels:
        _add_level(figure, level, end, colors.quiet)
    line = {"color": theme.QUALITATIVE[0], "width": 1.5}
    figure.add_scatter(
        x=train.digits, y=train.values, name=train.name, mode="lines", line=line, hovertemplate=_hover(train)
    )
    known = np.isfinite(test.values)
    figure.add_scatter(
        x=test.digits[known],
        y=test.values[known],
        name=test.name,
        mode="lines+markers",
        line={"color": colors.accent, "width": 3},
        marker={"size": 7},
        hovertemplate=_hover(test),
    )
    return figure


def _hover(curve: ErrorCurve) -> str:
    return f"{curve.name} %{{x:,}}: %{{y:.4f}}<extra></extra>"


def _add_level(figure: go.Figure, level: Baseline, end: int, color: str) -> None:
    figure.add_scatter(
        x=[0, max(end, 1)],
        y=[level.value] * 2,
        mode="lines",
        showlegend=False,
        line={"color": color, "width": 1.5, "dash": "dash"},
        hovertemplate=f"{level.name}: %{{y:.4f}}<extra></extra>",
    )
    place = {"x": 1, "xref": "paper", "xanchor": "right", "y": level.value, "yanchor": "bottom"}
    figure.add_annotation(
        text=level.name, showarrow=False, font={"size": theme.SMALL_FONT_SIZE, "color": color}, **place
    )


def _layout(titles: tuple[str, str], end: int, top: float, height: int) -> go.Layout:
    above = {"x": 0, "xref": "paper", "xanchor": "left", "y": 1, "yref": "paper", "yanchor": "bottom"}
    return go.Layout(
        height=height,
        uirevision="autoencoder",
        margin={"t": 28, "r": 14, "l": 8, "b": 8},
        legend={
            "x": 0.99,
            "xanchor": "right",
            "y": 0.02,
            "yanchor": "bottom",
            "bgcolor": "rgba(0,0,0,0)",
            "font": {"size": theme.SMALL_FONT_SIZE},
        },
        xaxis={"range": [0, max(end, 1)], "nticks": 4, "title": {"text": titles[1]}},
        yaxis={"range": [0, top], "nticks": 4, "zeroline": False},
        annotations=[{"text": f"<b>{titles[0]}</b>", "showarrow": False, **above}],
    )


@dataclass(frozen=True, eq=False)
class StartCurves:
    """A start's name, and the share of wrong test digits, in %, of each of its runs (r, n); NaN where not known yet."""

    name: str
    errors: Floats


def start_figure(
    steps: Sequence[int], starts: Sequence[StartCurves], *, titles: tuple[str, str], dark: bool, height: int
) -> go.Figure:
    """Test errors after so many ``steps`` (n,) of fine-tuning: every run thin, the mean of each start thick.

    A mean is drawn as far as all runs of its start have come. ``titles`` are above the chart and below its axis.
    """
    figure = theme.Figure(layout=_start_layout(titles, steps[-1], height), dark=dark)
    colors = (theme.QUALITATIVE[0], theme.palette(dark).accent)
    for start, color in zip(starts, colors, strict=True):
        hover = f"{start.name}, %{{x:,}}: %{{y:.1f}}\u00a0%<extra></extra>"
        for run in start.errors:
            line = {"color": color, "width": 1.2}
            figure.add_scatter(
                x=list(steps), y=run, mode="lines", line=line, opacity=0.6, showlegend=False, hovertemplate=hover
            )
        mean = start.errors.mean(axis=0) if len(start.errors) else np.full(len(steps), np.nan)
        line = {"color": color, "width": 4}
        figure.add_scatter(x=list(steps), y=mean, name=start.name, mode="lines", line=line, hovertemplate=hover)
    return figure


def _start_layout(titles: tuple[str, str], end: int, height: int) -> go.Layout:
    above = {"x": 0, "xref": "paper", "xanchor": "left", "y": 1, "yref": "paper", "yanchor": "bottom"}
    return go.Layout(
        height=height,
        uirevision="starts",
        margin={"t": 28, "r": 14, "l": 8, "b": 8},
        legend={"x": 0.99, "xanchor": "right", "y": 0.98, "yanchor": "top", "font": {"size": theme.FONT_SIZE}},
        xaxis={"range": [0, end], "nticks": 5, "title": {"text": titles[1]}},
        yaxis={"range": [0, 100], "nticks": 5, "zeroline": False, **theme.IN_PERCENT},
        annotations=[{"text": f"<b>{titles[0]}</b>", "showarrow": False, **above}],
    )


def layers_figure(
    names: Sequence[str], shares: Floats, *, titles: tuple[str, str], dark: bool, height: int
) -> go.Figure:
    """How much of its inputs each layer, by its name, does not give back, in %: ``shares`` (r, n) of the runs.

    The mean is a bar, every run a point. ``titles`` are above the chart and of its axis.
    """
    above = {"x": 0, "xref": "paper", "xanchor": "left", "y": 1, "yref": "paper", "yanchor": "bottom"}
    layout = go.Layout(
        height=height,
        showlegend=False,
        margin={"t": 28, "r": 14, "l": 8, "b": 8},
        xaxis={"title": {"text": titles[1]}, "type": "category"},
        yaxis={"rangemode": "tozero", "nticks": 4, **theme.IN_PERCENT},
        annotations=[{"text": f"<b>{titles[0]}</b>", "showarrow": False, **above}],
    )
    figure = theme.Figure(layout=layout, dark=dark)
    colors, hover = theme.palette(dark), "%{x}: %{y:.1f}\u00a0%<extra></extra>"
    known = np.isfinite(shares)
    means = np.where(known, shares, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    figure.add_bar(x=list(names), y=means, marker={"color": colors.accent}, opacity=0.7, hovertemplate=hover)
    for run in shares:
        marker = {"color": colors.quiet, "size": 6}
        figure.add_scatter(x=list(names), y=run, mode="markers", marker=marker, hovertemplate=hover)
    return figure
