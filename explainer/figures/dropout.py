"""Dropout drawn: means over passes, the spread of predictions over masks, and the variance through layers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas  # noqa: F401  Plotly fails where another thread is half-way through importing it
import plotly.graph_objects as go
from numpy.typing import NDArray

from explainer.figures import axes, theme

Floats = NDArray[np.float64]

LEAST = 0.01  # probability that has a dot: hundreds of others would lie on each other at 0
_FAINT = 0.35


def means_over_passes(
    inverted: tuple[Floats, float], plain: tuple[Floats, float], chosen: int, dark: bool, *, height: int = 240
) -> go.Figure:
    """The mean of a neuron's input over the passes so far, with inverted scaling and with none.

    Each is the means (n,) after pass 1 to n, and what the test has, which is drawn as a dotted line. ``chosen`` is the
    pass, from 1, at which both are marked. ``height`` is in pixels.
    """
    count = len(inverted[0])
    low, high = _range(np.concatenate([inverted[0], plain[0], [inverted[1], plain[1], 0.0]]))
    figure = theme.Figure(
        dark=dark,
        layout=go.Layout(
            height=height,
            margin={"t": 36, "r": 12},
            legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            xaxis={"range": [0, count + 1], "title": {"text": "passes"}, "showgrid": False},
            yaxis={"range": [low, high], "title": {"text": "mean input"}},
        ),
    )
    names = ("inverted scaling", "scaled at test time")
    for number, (name, (means, test)) in enumerate(zip(names, (inverted, plain), strict=True)):
        color = theme.QUALITATIVE[number]
        figure.add_scatter(
            x=np.arange(1, count + 1),
            y=means,
            mode="lines",
            name=f"{name} (dotted: test)",
            line={"color": color},
            hovertemplate=f"{name}, mean of %{{x}} passes: %{{y:.4g}}<br>test: {test:.4g}<extra></extra>",
        )
    figure.add_scatter(
        x=[chosen] * 2,
        y=[inverted[0][chosen - 1], plain[0][chosen - 1]],
        mode="markers",
        showlegend=False,
        hoverinfo="skip",
        cliponaxis=False,
        marker={
            "size": 13,
            "color": list(theme.QUALITATIVE[:2]),
            "line": {"width": 2, "color": theme.palette(dark).background},
        },
    )
    figure.layout.shapes = [
        _dotted(test, theme.QUALITATIVE[number]) for number, test in enumerate((inverted[1], plain[1]))
    ]
    return figure


def _dotted(y: float, color: str) -> dict[str, Any]:
    """A line through the whole plot."""
    line = {"color": color, "dash": "dot", "width": 2}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y, "line": line}


def probability_spread(
    probabilities: Floats, mean: Floats, deviation: Floats, full: Floats, dark: bool, *, chosen: int, height: int = 430
) -> go.Figure:
    """What each of many masks makes of one input: a row a class, the first on top, a dot a mask, from ``LEAST`` on.

    ``probabilities`` (masks, classes), 0 to 1; ``mean`` and ``deviation`` (classes,) are drawn as a diamond with a line
    to both sides, ``full`` (classes,), those without dropout, as a bar that stands upright. The dots of mask
    ``chosen``, from 1, have a ring. ``height`` is in pixels.
    """
    colors, (count, classes) = theme.palette(dark), probabilities.shape
    rows = np.arange(classes)
    # Dots of one row lie in a band, spread evenly: the golden ratio's multiples never cluster.
    lift = (np.arange(count) * 0.6180339887) % 1 * 0.44 - 0.22
    figure = theme.Figure(layout=_spread_layout(height, classes), dark=dark)
    _add_masks(figure, probabilities, rows + lift[:, None], chosen, colors.text)
    figure.add_scatter(
        x=100 * full,
        y=rows,
        mode="markers",
        name="without dropout",
        cliponaxis=False,
        marker={"symbol": "line-ns", "size": 26, "line": {"width": 4, "color": colors.text}},
        hovertemplate="class %{y}, without dropout: %{x:.4f} %<extra></extra>",
    )
    _add_means(figure, mean, deviation, colors.background)
    return figure


def _add_masks(figure: go.Figure, probabilities: Floats, places: Floats, chosen: int, color: str) -> None:
    """A dot a mask and class at ``places`` (masks, classes), those of mask ``chosen`` with a ring."""
    mask, row = np.nonzero(probabilities >= LEAST)
    figure.add_scatter(
        x=100 * probabilities[mask, row],
        y=places[mask, row],
        customdata=np.stack([mask + 1, row], 1),
        mode="markers",
        name=f"one mask, from {100 * LEAST:.0f} %",
        marker={"size": 7, "color": theme.QUALITATIVE[0], "opacity": _FAINT},
        hovertemplate="pass %{customdata[0]}: class %{customdata[1]} %{x:.3f} %<extra></extra>",
    )
    figure.add_scatter(
        x=100 * probabilities[chosen - 1],
        y=places[chosen - 1],
        mode="markers",
        cliponaxis=False,
        name=f"pass {chosen}",
        hoverinfo="skip",
        marker={"symbol": "circle-open", "size": 13, "color": color, "line": {"width": 2}},
    )


def _add_means(figure: go.Figure, mean: Floats, deviation: Floats, background: str) -> None:
    figure.add_scatter(
        x=100 * mean,
        y=np.arange(len(mean)),
        mode="markers",
        name="mean ± standard deviation",
        cliponaxis=False,
        error_x={
            "array": 100 * np.minimum(deviation, 1 - mean),
            "arrayminus": 100 * np.minimum(deviation, mean),
            "symmetric": False,
            "color": theme.QUALITATIVE[1],
            "thickness": 3,
            "width": 6,
        },
        marker={
            "symbol": "diamond",
            "size": 14,
            "color": theme.QUALITATIVE[1],
            "line": {"width": 2, "color": background},
        },
        customdata=100 * deviation,
        hovertemplate="class %{y}: mean %{x:.2f} %, standard deviation %{customdata:.2f} %<extra></extra>",
    )


def variance_through_layers(plain: Floats, alpha: Floats, dark: bool, *, height: int = 260) -> go.Figure:
    """The variance (n,) of what goes into each of n layers with plain and with alpha dropout, on a logarithmic axis."""
    limits = axes.log_limits(np.concatenate([plain, alpha, [0.5, 3.0]]))
    ticks = axes.log_ticks(limits, 5)
    figure = theme.Figure(
        dark=dark,
        layout=go.Layout(
            height=height,
            margin={"t": 36, "r": 16},
            legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            xaxis={"title": {"text": "SELU layers passed"}, "dtick": 1, "showgrid": False, "zeroline": False},
            yaxis={**axes.log_axis(limits, ticks, _short), "title": {"text": "variance"}},
        ),
    )
    for number, (name, values) in enumerate((("plain dropout", plain), ("alpha dropout", alpha))):
        figure.add_scatter(
            x=np.arange(len(values)),
            y=values,
            mode="lines+markers",
            name=name,
            cliponaxis=False,
            line={"color": theme.QUALITATIVE[1 - number], "dash": ("dash", "solid")[number]},
            hovertemplate=f"{name}, after %{{x}} layers: %{{y:,.4g}}<extra></extra>",
        )
    return figure


def _short(value: float) -> str:
    if value >= 1e6:
        return f"{value / 1e6:,.0f} M"
    return f"{value:,.0f}" if value >= 10 else f"{value:.4g}"


def _range(values: Floats) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    margin = 0.06 * (high - low) or 1.0
    return low - margin, high + margin


def _spread_layout(height: int, classes: int) -> go.Layout:
    return go.Layout(
        height=height,
        margin={"t": 36, "r": 24},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        xaxis={
            **{"range": [-2, 102], "dtick": 20, **theme.IN_PERCENT},
            **{"title": {"text": "probability"}, "zeroline": False},
        },
        yaxis={
            **{"tickvals": list(range(classes)), "range": [classes - 0.5, -0.5], "zeroline": False},
            **{"title": {"text": "class"}, "showgrid": False},
        },
    )
