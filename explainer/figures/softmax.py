"""From logits to a loss: its gradient, its curve, and the weights that fully connected layers need."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas  # noqa: F401  Plotly fails where another thread is half-way through importing it
import plotly.graph_objects as go
from numpy.typing import NDArray

from explainer.figures import axes, theme

Floats = NDArray[np.float64]

LONG = 20  # characters of a note that needs smaller ones on a phone


def gradient_bars(gradient: Floats, notes: Sequence[str], label: int, dark: bool, height: int = 360) -> go.Figure:
    """Horizontal bars of the ``gradient`` (classes,) of a loss by the logits, class 0 on top.

    ``notes`` are written on the other side of 0; the class ``label``, the right one, has a tick. ``height`` in pixels.
    """
    names = [f"<b>✓ {i}</b>" if i == label else str(i) for i in range(len(gradient))]
    largest = float(np.abs(gradient).max()) or 1.0
    figure = theme.Figure(layout=_bars_layout(height, names, largest), dark=dark)
    color = np.where(gradient < 0, theme.QUALITATIVE[0], theme.QUALITATIVE[1]).tolist()
    figure.add_bar(
        x=gradient,
        y=np.arange(len(gradient)),
        orientation="h",
        marker={"color": color},
        hovertemplate="class %{y}: %{x:.6g}<extra></extra>",
    )
    size = theme.FONT_SIZE - (2 if max(map(len, notes)) > LONG else 0)
    for place, (value, note) in enumerate(zip(gradient.tolist(), notes, strict=True)):
        side, shift = ("left", 8) if value < 0 else ("right", -8)
        figure.add_annotation(x=0, y=place, text=note, showarrow=False, xanchor=side, xshift=shift, font={"size": size})
    return figure


def loss_curve(probability: float, loss: float, dark: bool, height: int = 360) -> go.Figure:
    """The loss -log p over the probability p of the right class, with the present ``loss`` marked at ``probability``.

    A loss above the axis is drawn at its top. ``height`` is in pixels.
    """
    colors = theme.palette(dark)
    top = 5.0
    across = np.linspace(np.exp(-top), 1.0, 200)
    figure = theme.Figure(layout=_curve_layout(height, top), dark=dark)
    figure.add_scatter(
        x=100 * across,
        y=-np.log(across),
        mode="lines",
        line={"color": theme.QUALITATIVE[0]},
        hovertemplate="p = %{x:.1f} %<br>loss %{y:.3f}<extra></extra>",
    )
    up = min(loss, top)
    figure.add_scatter(
        x=[100 * probability] * 2,
        y=[0, up],
        mode="lines",
        hoverinfo="skip",
        line={"color": colors.quiet, "dash": "dot", "width": 2},
    )
    figure.add_scatter(
        x=[100 * probability],
        y=[up],
        mode="markers",
        hoverinfo="skip",
        cliponaxis=False,
        marker={"size": 16, "color": colors.accent, "line": {"width": 2, "color": colors.background}},
    )
    beyond = loss > top
    figure.add_annotation(
        x=100 * probability,
        y=up,
        text=f"<b>{loss:.4g}{' ↑' if beyond else ''}</b>",
        showarrow=False,
        xanchor="right" if probability > 0.7 else "left",
        xshift=-14 if probability > 0.7 else 14,
        yshift=0 if beyond else 14,
        font={"size": theme.FONT_SIZE + 2},
    )
    return figure


def weights_over_side(
    sides: NDArray[np.integer],
    connected: NDArray[np.integer],
    shared: int,
    chosen: int,
    dark: bool,
    *,
    height: int = 400,
) -> go.Figure:
    """Weights over the side of a square picture, on logarithmic axes: a fully connected layer and a convolution.

    ``connected`` (n,) are those at each of ``sides`` (n,), ascending; ``shared`` those of the convolution, for every
    side. ``chosen``, one of the sides, is marked. ``height`` is in pixels. Raises ValueError for another side.
    """
    if chosen not in sides:
        raise ValueError(f"{chosen} is not among the sides.")
    colors = theme.palette(dark)
    at = int(connected[np.flatnonzero(sides == chosen)[0]])
    figure = theme.Figure(layout=_weights_layout(sides, np.append(connected, shared), height), dark=dark)
    lines = (("fully connected", connected, at, "solid"), ("convolution", np.full(len(sides), shared), shared, "dash"))
    for number, (name, counts, count, dash) in enumerate(lines):
        color = theme.QUALITATIVE[1 - number]
        figure.add_scatter(
            x=sides,
            y=counts,
            mode="lines",
            name=f"{name}: <b>{count:,}</b>",
            line={"color": color, "dash": dash},
            customdata=[name] * len(sides),
            hovertemplate="%{customdata}, %{x} x %{x} pixels<br>%{y:,} weights<extra></extra>",
        )
        marker = {"size": 14, "color": color, "line": {"width": 2, "color": colors.background}}
        mark = {"x": [chosen], "y": [count], "mode": "markers", "showlegend": False, "hoverinfo": "skip"}
        figure.add_scatter(**mark, marker=marker, cliponaxis=False)
    return figure


def _bars_layout(height: int, names: list[str], largest: float) -> go.Layout:
    return go.Layout(
        height=height,
        bargap=0.25,
        margin={"t": 8},
        showlegend=False,
        xaxis={
            "range": [-1.1 * largest, 1.1 * largest],
            "tickvals": axes.linear_ticks((-largest, largest), 3),
            "title": {"text": "gradient of the loss"},
            "showgrid": False,
        },
        yaxis={
            **{"tickvals": list(range(len(names))), "ticktext": names, "range": [len(names) - 0.5, -0.5]},
            **{"showgrid": False, "zeroline": False},
        },
    )


def _curve_layout(height: int, top: float) -> go.Layout:
    return go.Layout(
        height=height,
        margin={"t": 16, "r": 36},
        showlegend=False,
        xaxis={
            **{"range": [0, 100], "tickvals": [0, 25, 50, 75, 100], "zeroline": False},
            "ticktext": ["0", "25 %", "50 %", "75 %", "100 %"],
            "title": {"text": "probability of the true class"},
        },
        yaxis={"range": [0, top], "tickvals": list(range(int(top))), "title": {"text": "loss"}},
    )


def _weights_layout(sides: NDArray[np.integer], counts: NDArray[np.integer], height: int) -> go.Layout:
    limits = [axes.log_limits(values.astype(np.float64)) for values in (sides, counts)]
    across, up = ({"type": "log", "range": np.log10(each).tolist(), "zeroline": False} for each in limits)
    return go.Layout(
        height=height,
        uirevision="weights over side",
        margin={"t": 36, "r": 16},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        xaxis={
            **across,
            "tickvals": [side for side in sides.tolist() if side in (8, 28, 64, 128, 256, 512, 1024)],
            "title": {"text": "side of the picture (pixels)"},
        },
        yaxis={
            **up,
            **{"tickvals": [10.0**power for power in range(0, 13, 2)], "exponentformat": "power"},
            "ticktext": ["1", "100", "10 k", "1 M", "100 M", "10 G", "1 T"],
            "title": {"text": "weights"},
        },
    )
