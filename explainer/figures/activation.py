"""What activation functions do to a feature map and to gradients, drawn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas  # noqa: F401  Plotly fails where another thread is half-way through importing it
import plotly.graph_objects as go
from numpy.typing import NDArray

from explainer.figures import axes, theme

_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
_BINS = 40
_LEAST = 1e-300  # what a logarithmic axis still shows


def histograms(before: NDArray[np.floating], after: NDArray[np.floating], dark: bool, height: int = 180) -> go.Figure:
    """The distributions of a map's values before and after an activation, side by side, in % of its pixels.

    Both are arrays of finite values of any shape; ``height`` is in pixels.
    """
    figure = theme.Figure(layout=_histogram_layout(height), dark=dark)
    for number, (values, title) in enumerate(((before, "before"), (after, "after"))):
        counts, edges = np.histogram(values, _BINS, _limits(values))
        figure.add_bar(
            x=(edges[:-1] + edges[1:]) / 2,
            y=100 * counts / values.size,
            width=np.diff(edges),
            name=title,
            xaxis=f"x{number + 1}",
            yaxis=f"y{number + 1}",
            marker={"color": theme.QUALITATIVE[number]},
            customdata=np.stack([edges[:-1], edges[1:]], axis=1),
            hovertemplate="%{customdata[0]:.3~g} to %{customdata[1]:.3~g}: %{y:.1f} % of the pixels<extra></extra>",
        )
    return figure


def gradients_over_layers(
    gradients: NDArray[np.floating], names: Sequence[str], dark: bool, height: int = 380
) -> go.Figure:
    """The magnitude of the gradient after every layer, for several functions, on a logarithmic axis.

    ``gradients`` (functions, layers); zeros and what is not finite cannot stand on such an axis, and is said behind
    the function's name in ``names``. ``height`` is in pixels.
    """
    magnitudes = np.abs(np.asarray(gradients, np.float64))
    shown = np.where(np.isfinite(magnitudes) & (magnitudes > _LEAST), magnitudes, np.nan)
    layers = np.arange(1, magnitudes.shape[1] + 1)
    figure = theme.Figure(layout=_gradient_layout(shown, height), dark=dark)
    for number, (name, values, known) in enumerate(zip(names, gradients, shown, strict=True)):
        figure.add_scatter(
            x=layers,
            y=known,
            name=f"{name}: <b>{_ending(values)}</b>",
            mode="lines+markers",
            line={"color": theme.QUALITATIVE[number], "dash": _DASHES[number % len(_DASHES)]},
            marker={"size": 7},
            customdata=[name] * len(layers),
            hovertemplate="%{customdata}, layer %{x}: %{y:.4~g}<extra></extra>",
        )
    return figure


def _limits(values: NDArray[np.floating]) -> tuple[float, float]:
    """The range of the bins; where all values are one, it stands in the middle."""
    low, high = float(values.min()), float(values.max())
    return (low, high) if high - low > 1e-9 * max(1.0, abs(high)) else (low - 0.5, high + 0.5)


def _ending(gradients: NDArray[np.floating]) -> str:
    """The last gradient, or from which layer on there is none to draw."""
    last = float(gradients[-1])
    if not np.isfinite(last):
        return f"undefined from layer {int(np.flatnonzero(~np.isfinite(gradients))[0]) + 1} on"
    if last == 0:
        return f"0 from layer {int(np.flatnonzero(np.asarray(gradients) == 0)[0]) + 1} on"
    return _tick(last)


def _tick(value: float) -> str:
    """A number of three digits, with a power of ten where it is far from 1."""
    digits, exponent = f"{value:.2e}".split("e")
    if -4 < int(exponent) < 3:
        return f"{value:.3g}".replace("-", "−")
    digits = digits.rstrip("0").rstrip(".")
    factor = "" if digits == "1" else f"{digits} · "
    return f"{factor}10<sup>{int(exponent)}</sup>".replace("-", "−")


def _histogram_layout(height: int) -> go.Layout:
    sides = ([0.0, 0.46], [0.54, 1.0])
    titles = ("pre-activations", "activations")
    shared = {"showgrid": False, "nticks": 6, "tickangle": 0}
    up = {**theme.IN_PERCENT, "rangemode": "tozero", "nticks": 4}
    return go.Layout(
        height=height,
        uirevision="histograms",
        showlegend=False,
        bargap=0,
        margin={"t": 8},
        xaxis={**shared, "domain": sides[0], "anchor": "y", "title": {"text": titles[0]}},
        xaxis2={**shared, "domain": sides[1], "anchor": "y2", "title": {"text": titles[1]}},
        yaxis={**up, "anchor": "x"},
        yaxis2={**up, "anchor": "x2"},
    )


def _gradient_layout(shown: NDArray[np.float64], height: int) -> go.Layout:
    known = shown[np.isfinite(shown)]
    limits = axes.log_limits(np.concatenate([known, [0.1, 2.0]]))
    ticks = axes.log_ticks(limits)
    count = shown.shape[1]
    return go.Layout(
        height=height,
        uirevision="gradients over layers",
        margin={"t": 44, "r": 24},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        showlegend=True,
        xaxis={
            **{"range": [0.5, count + 0.5], "title": {"text": "layer"}, "zeroline": False},
            "tickvals": [tick for tick in axes.linear_ticks((1, max(count, 2)), 11) if tick.is_integer()],
        },
        yaxis={**axes.log_axis(limits, ticks, _tick), "title": {"text": "| gradient |"}},
    )
