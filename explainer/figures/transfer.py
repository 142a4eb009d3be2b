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
from explainer.words.book import percent

Floats = NDArray[np.float64]
_DASHES = ("solid", "dash", "dot")


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
        yaxis={"range": [0, 103], "dtick": 50, **theme.IN_PERCENT, "title": {"text": axis}},
    )
    figure = theme.Figure(layout=layout, dark=dark)
    colors, places = theme.palette(dark), np.arange(len(names))
    figure.add_hline(y=100 * chance, line={"color": colors.quiet, "dash": "dot", "width": 2})
    figure.add_vrect(x0=chosen - 0.4, x1=chosen + 0.4, fillcolor=colors.accent, opacity=0.15, line_width=0)
    figure.add_scatter(
        x=np.repeat(places, accuracy.shape[1]),
        y=100 * accuracy.ravel(),
        mode="markers",
        marker={"color": colors.quiet, "size": 6},
        hovertemplate="%{y:.1f}\u00a0%<extra></extra>",
    )
    figure.add_scatter(
        x=places,
        y=100 * accuracy.mean(axis=1),
        mode="lines+markers",
        line={"color": colors.accent, "width": 3},
        marker={"size": 8},
        hovertemplate="%{y:.1f}\u00a0%<extra></extra>",
    )
    return figure


def case_figure(
    accuracy: Floats, names: Sequence[str], is_advised: Sequence[bool], *, chance: float, dark: bool, height: int
) -> go.Figure:
    """``accuracy`` (methods, splits), 0..1, NaN where not known: the mean of each a bar, each split a point.

    Bars of what is advised have the accent's colour and a bold name; the dotted line, ``chance``, is guessing.
    """
    layout = go.Layout(
        height=height,
        showlegend=False,
        bargap=0.25,
        margin={"t": 2, "r": 8, "l": 8, "b": 2},
        xaxis={"range": [0, 124], "dtick": 50, **theme.IN_PERCENT, "showgrid": True},
        yaxis={"autorange": "reversed", "tickvals": list(range(len(names))), "showgrid": False},
    )
    layout.yaxis.ticktext = [f"<b>{name}</b>" if own else name for name, own in zip(names, is_advised, strict=True)]
    figure = theme.Figure(layout=layout, dark=dark)
    colors, places = theme.palette(dark), np.arange(len(names))
    known = [100 * row[np.isfinite(row)] for row in accuracy]
    means = np.array([row.mean() if row.size else np.nan for row in known])
    figure.add_bar(
        x=means,
        y=places,
        orientation="h",
        marker={"color": [colors.accent if own else theme.QUALITATIVE[0] for own in is_advised]},
        hovertemplate="%{x:.1f}\u00a0%<extra></extra>",
    )
    figure.add_scatter(
        x=np.concatenate([np.array([]), *known]),
        y=np.repeat(places, [row.size for row in known]),
        mode="markers",
        marker={"size": 8, "color": colors.background, "line": {"width": 2, "color": colors.text}},
        hovertemplate="%{x:.1f}\u00a0%<extra></extra>",
    )
    figure.add_vline(x=100 * chance, line={"color": colors.text, "dash": "dot", "width": 2})
    for place, mean in zip(places, means, strict=True):
        if np.isfinite(mean):
            end = max(float(known[place].max()), float(mean))
            figure.add_annotation(
                x=end, y=place, text=percent(mean / 100, "#.1%"), showarrow=False, xanchor="left", xshift=8
            )
    return figure


def few_figure(
    accuracy: Floats,
    counts: Sequence[int],
    names: Sequence[str],
    *,
    titles: tuple[str, str, str],
    chance: float,
    dark: bool,
    height: int,
) -> go.Figure:
    """``accuracy`` (ways, counts, seeds), 0..1, NaN where not known: a line through the means of each way.

    Each seed is a point. ``titles`` are those of the two axes, and the name of the dotted line, which is ``chance``.
    """
    layout = go.Layout(
        height=height,
        uirevision="few",
        margin={"t": 30, "r": 14, "l": 8, "b": 8},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "font": {"size": theme.SMALL_FONT_SIZE}},
        xaxis={"type": "log", "tickvals": list(counts), "title": {"text": titles[0]}},
        yaxis={"range": [0, 103], "nticks": 6, **theme.IN_PERCENT, "title": {"text": titles[1]}},
    )
    layout.xaxis.range = [np.log10(counts[0]) - 0.08, np.log10(counts[-1]) + 0.08]
    figure = theme.Figure(layout=layout, dark=dark)
    for number, (name, own) in enumerate(zip(names, accuracy, strict=True)):
        _add_way(figure, number, name, counts, 100 * own)
    quiet = theme.palette(dark).quiet
    text = {"annotation_text": titles[2], "annotation_position": "bottom right"}
    figure.add_hline(y=100 * chance, line={"color": quiet, "dash": "dot", "width": 2}, **text)
    return figure


def _add_way(figure: go.Figure, number: int, name: str, counts: Sequence[int], accuracy: Floats) -> None:
    """A line through the means of ``accuracy`` (counts, seeds), in percent, and a point for each that is known."""
    color, known = theme.QUALITATIVE[number], np.isfinite(accuracy)
    means = [own[is_known].mean() if is_known.any() else np.nan for own, is_known in zip(accuracy, known, strict=True)]
    hover = f"{name}, %{{x}}: %{{y:.1f}}\u00a0%<extra></extra>"
    line = {"color": color, "width": 3, "dash": _DASHES[number]}
    figure.add_scatter(x=list(counts), y=np.array(means), name=name, mode="lines", line=line, hovertemplate=hover)
    figure.add_scatter(
        x=np.repeat(counts, known.sum(axis=1)),
        y=accuracy[known],
        mode="markers",
        showlegend=False,
        marker={"color": color, "size": 8},
        hovertemplate=hover,
    )
