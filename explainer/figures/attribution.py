"""Tests of attribution maps drawn: what random weights leave of a map, and what removed pixels do to a class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas  # noqa: F401  Plotly fails where another thread is half-way through importing it
import plotly.graph_objects as go
from numpy.typing import NDArray

from explainer.figures import theme
from explainer.words.book import ENGLISH, Said

Floats = NDArray[np.floating]
DASHES = ("solid", "dash", "dashdot", "longdash")


def rank_correlations(
    depths: Sequence[int],
    correlations: Floats,
    names: Sequence[str],
    dark: bool,
    *,
    height: int = 260,
    language: str = ENGLISH,
) -> go.Figure:
    """The rank correlations (methods, n) with the true map over n numbers of random layers, ``depths``.

    NaN, that of a map which is the same everywhere, leaves a gap. ``height`` is in pixels; titles are in ``language``.
    """
    layers = Said("figures.attribution.depth").text(language)
    rank = Said("figures.attribution.rank").text(language)
    figure = theme.Figure(
        dark=dark,
        layout=go.Layout(
            height=height,
            margin={"t": 40, "r": 12},
            legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            xaxis={"title": {"text": layers}, "showgrid": False},
            yaxis={"range": [-1.05, 1.05], "dtick": 0.5, "title": {"text": rank}},
        ),
    )
    for number, (name, values) in enumerate(zip(names, correlations, strict=True)):
        figure.add_scatter(
            x=list(depths),
            y=values,
            mode="lines+markers",
            name=name,
            cliponaxis=False,
            line={"color": theme.QUALITATIVE[number], "dash": DASHES[number % len(DASHES)]},
            hovertemplate=Said("figures.attribution.rank_at", name=name).text(language) + "<extra></extra>",
        )
    return figure


def removal_curves(
    curves: Sequence[tuple[str, Floats, Floats, float]],
    title: str,
    unit: str,
    dark: bool,
    *,
    chance: str = "",
    height: int = 400,
    language: str = ENGLISH,
) -> go.Figure:
    """The probability over the share of changed pixels, for several orders of the pixels.

    Each of ``curves`` is a name, the shares (n,) and probabilities (n,), 0 to 1, and the area below. The fifth one, or
    that called ``chance``, is grey and dotted. ``height`` is in pixels; titles are in ``language``.
    """
    colors = theme.palette(dark)
    figure = theme.Figure(dark=dark, layout=_removal_layout(title, unit, height, language))
    for number, (name, shares, probabilities, area) in enumerate(curves):
        is_chance = number >= len(DASHES) or name == chance
        line = {"color": colors.quiet if is_chance else theme.QUALITATIVE[number]}
        line["dash"] = "dot" if is_chance else DASHES[number]
        label = Said("figures.attribution.curve", name=name, area=area).text(language)
        figure.add_scatter(
            x=100 * shares,
            y=100 * probabilities,
            mode="lines",
            name=label,
            line=line,
            hovertemplate=Said("figures.attribution.probability_at", name=name).text(language) + "<extra></extra>",
        )
    return figure


def _removal_layout(title: str, unit: str, height: int, language: str) -> go.Layout:
    area, share = (Said(f"figures.attribution.{name}").text(language) for name in ("area", "share"))
    return go.Layout(
        height=height,
        title={"text": title},
        margin={"t": 44, "r": 12},
        legend={"orientation": "h", "x": 0, "y": -0.3, "yanchor": "top", "title": {"text": area}},
        xaxis={
            **{"range": [-1, 101], **theme.IN_PERCENT, "nticks": 5, "showgrid": False, "zeroline": False},
            "title": {"text": share},
        },
        yaxis={"range": [-2, 102], **theme.IN_PERCENT, "nticks": 6, "title": {"text": unit}, "zeroline": False},
    )
