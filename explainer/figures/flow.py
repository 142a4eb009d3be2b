"""What is left of activations and gradients in the layers of a deep network, drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas  # noqa: F401  Plotly fails where another thread is half-way through importing it
import plotly.graph_objects as go
from numpy.typing import NDArray

from explainer.figures import axes, theme

Floats = NDArray[np.float64]

_PANES = ([0.0, 0.44], [0.56, 1.0])
_SYMBOLS = ("circle", "diamond", "square")
_LEAST, _MOST = 1e-60, 1e60  # of what is drawn: float32 holds 1e-45 to 3e38
_SIDE = 28


@dataclass(frozen=True, eq=False)
class Curve:
    """A value > 0 in every layer: what was ``measured`` (layers,), and what the theory ``expected``, or None."""

    name: str
    measured: Floats
    expected: Floats | None = None


def flow_curves(
    forward: Sequence[Curve], backward: Sequence[Curve], titles: tuple[str, str], dark: bool, *, height: int = 360
) -> go.Figure:
    """Curves over the layers, from 1, on two logarithmic axes: ``forward`` on the left, ``backward`` on the right.

    The theory is dashed. Zeros and what is not finite have no place on such axes and are left out. ``titles`` stand
    above the axes; ``height`` is in pixels.
    """
    figure = theme.Figure(layout=_flow_layout(forward, backward, height), dark=dark)
    number = 0
    for pane, curves in enumerate((forward, backward)):
        _write(figure, titles[pane], pane, any(np.isfinite(_drawable(curve.measured)).any() for curve in curves))
        for curve in curves:
            _add(figure, curve, number, pane)
            number += 1
    figure.add_scatter(
        x=[None],
        y=[None],
        mode="lines",
        name="theory",
        hoverinfo="skip",
        line={"color": theme.palette(dark).text, "dash": "dash", "width": 2},
    )
    return figure


def layer_histograms(layers: Sequence[int], outputs: Sequence[NDArray[np.floating]], dark: bool) -> go.Figure:
    """The values of a few ``layers`` as histograms side by side, in % of the finite ones; all to the same height."""
    figure = theme.Figure(layout=_histogram_layout(layers), dark=dark)
    for pane, (layer, values) in enumerate(zip(layers, outputs, strict=True)):
        known = np.asarray(values, np.float64).ravel()
        known = known[np.isfinite(known)]
        low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
        if not high > low:
            low, high = low - 0.5, low + 0.5
        counts, edges = np.histogram(known, 41, (low, high))
        figure.add_bar(
            x=(edges[1:] + edges[:-1]) / 2,
            y=100 * counts / max(known.size, 1),
            width=np.diff(edges),
            marker={"color": theme.QUALITATIVE[0]},
            hovertemplate=f"layer {layer}, about %{{x:.3~g}}: %{{y:.1f}} %<extra></extra>",
            xaxis=f"x{pane + 1}",
            yaxis=f"y{pane + 1}",
        )
    return figure


def neuron_weights(rows: Sequence[tuple[str, NDArray[np.floating]]], dark: bool, *, height: int = 260) -> go.Figure:
    """The weights of neurons that look at digits, a row of pictures for every title; ``rows`` are (title, (n, 784)).

    Each row has a diverging scale of its own, centred on 0.
    """
    figure = theme.Figure(layout=_neuron_layout(len(rows), height), dark=dark)
    for number, (title, weights) in enumerate(rows, 1):
        sheet = _side_by_side(np.asarray(weights, np.float64))
        low, high = theme.centred_range(sheet)
        where = {"xaxis": f"x{number}", "yaxis": f"y{number}"}
        figure.add_heatmap(
            z=sheet,
            zmin=low,
            zmax=high,
            colorscale=theme.diverging(dark),
            showscale=False,
            **where,
            hovertemplate="weight %{z:.4~g}<extra></extra>",
        )
        which = "" if number == 1 else str(number)
        place = {"xref": f"x{which} domain", "yref": f"y{which} domain", "x": 0, "y": 1, "yanchor": "bottom"}
        figure.add_annotation(text=title, showarrow=False, xanchor="left", **place)
    return figure


def _write(figure: go.Figure, title: str, pane: int, is_drawn: bool) -> None:
    """The title of a pane, and in an empty one that there is nothing to draw."""
    x, y = ("x", "y") if pane == 0 else ("x2", "y2")
    shared = {"xref": f"{x} domain", "yref": f"{y} domain", "showarrow": False}
    figure.add_annotation(text=title, x=0, y=1.02, xanchor="left", yanchor="bottom", **shared)
    if not is_drawn:
        figure.add_annotation(text="all 0, infinite or NaN", x=0.5, y=0.6, **shared)


def _add(figure: go.Figure, curve: Curve, number: int, pane: int) -> None:
    layers, color = np.arange(1, len(curve.measured) + 1), theme.QUALITATIVE[number]
    where = {"xaxis": f"x{pane + 1}", "yaxis": f"y{pane + 1}", "legendgroup": curve.name}
    figure.add_scatter(
        x=layers,
        y=_drawable(curve.measured),
        mode="lines+markers",
        name=curve.name,
        **where,
        line={"color": color, "width": 2},
        marker={"size": 7, "symbol": _SYMBOLS[number % len(_SYMBOLS)]},
        hovertemplate=f"layer %{{x}}, {curve.name}: %{{y:.3~g}}<extra></extra>",
    )
    if curve.expected is not None:
        figure.add_scatter(
            x=layers,
            y=_drawable(curve.expected),
            mode="lines",
            showlegend=False,
            **where,
            line={"color": color, "dash": "dash", "width": 3},
            opacity=0.75,
            hovertemplate=f"layer %{{x}}, {curve.name} in theory: %{{y:.3~g}}<extra></extra>",
        )


def _drawable(values: Floats) -> Floats:
    kept = np.isfinite(values) & (values > _LEAST) & (values < _MOST)
    return np.where(kept, values, np.nan)


def _flow_layout(forward: Sequence[Curve], backward: Sequence[Curve], height: int) -> go.Layout:
    panes: dict[str, object] = {}
    for pane, curves in enumerate((forward, backward)):
        count = len(curves[0].measured)
        ticks = [tick for tick in axes.linear_ticks((1, max(count, 2)), 6) if tick.is_integer()]
        panes[f"xaxis{pane + 1}"] = {
            **{"domain": _PANES[pane], "anchor": f"y{pane + 1}", "range": [0.5, count + 0.5], "zeroline": False},
            **{"title": {"text": "layer"}, "tickvals": sorted({1.0, *ticks}), "showgrid": False},
        }
        panes[f"yaxis{pane + 1}"] = {"anchor": f"x{pane + 1}", **_log_axis(curves)}
    return go.Layout(
        height=height,
        uirevision="flow",
        margin={"t": 72, "r": 12},
        legend={"orientation": "h", "x": 0, "y": 1.12, "yanchor": "bottom"},
        **panes,
    )


def _log_axis(curves: Sequence[Curve]) -> dict[str, object]:
    """Two powers of ten or more, with everything that can be drawn."""
    every = [_drawable(part) for curve in curves for part in (curve.measured, curve.expected) if part is not None]
    known = np.concatenate(every)
    known = known[np.isfinite(known)]
    if not known.size:
        known = np.ones(1)
    middle = float(np.exp(np.log([known.min(), known.max()]).mean()))
    limits = axes.log_limits(np.array([*known, middle / 10, middle * 10]))
    ticks = [tick for tick in axes.log_ticks(limits, 6) if tick > 0]
    return axes.log_axis(limits, ticks, _power)


def _power(tick: float) -> str:
    digits, exponent = f"{tick:.0e}".split("e")
    if -4 < int(exponent) < 4:
        return f"{tick:g}"
    return ("" if digits == "1" else f"{digits} · ") + f"10<sup>{int(exponent)}</sup>".replace("-", "−")


def _histogram_layout(layers: Sequence[int]) -> go.Layout:
    panes: dict[str, object] = {}
    share = 1 / len(layers)
    for pane, layer in enumerate(layers):
        domain = [pane * share, (pane + 0.82) * share]
        panes[f"xaxis{pane + 1}"] = {
            **{"domain": domain, "anchor": f"y{pane + 1}", "nticks": 3, "showgrid": False, "tickangle": 0},
            **{"title": {"text": f"layer {layer}"}, "tickformat": ".3~g"},
        }
        panes[f"yaxis{pane + 1}"] = {
            **{"anchor": f"x{pane + 1}", "showgrid": False, "rangemode": "tozero", **theme.IN_PERCENT, "nticks": 4},
            "showticklabels": pane == 0,
            **({"matches": "y"} if pane else {}),
        }
    return go.Layout(height=260, bargap=0, showlegend=False, margin={"t": 8}, **panes)


def _side_by_side(weights: Floats) -> Floats:
    """(n, 784) to one sheet (28, n * 30) with gaps of NaN."""
    sheet = np.full((_SIDE, len(weights) * (_SIDE + 2)), np.nan)
    for number, picture in enumerate(weights):
        start = number * (_SIDE + 2)
        sheet[:, start : start + _SIDE] = picture.reshape(_SIDE, _SIDE)
    return sheet


def _neuron_layout(rows: int, height: int) -> go.Layout:
    panes: dict[str, object] = {}
    for number in range(1, rows + 1):
        top = 1 - (number - 1) / rows
        panes[f"xaxis{number}"] = {
            **{"visible": False, "anchor": f"y{number}"},
            **{"constrain": "domain", "constraintoward": "left"},
        }
        panes[f"yaxis{number}"] = {
            **{"visible": False, "autorange": "reversed", "anchor": f"x{number}", "scaleanchor": f"x{number}"},
            **{"domain": [top - 0.78 / rows, top], "constrain": "domain", "constraintoward": "top"},
        }
    return go.Layout(height=height, margin={"t": 28, "b": 0}, **panes)
