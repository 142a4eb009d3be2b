"""Overfitting drawn: train and test curves with the gap between them, where early stopping ends, and the weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas  # noqa: F401  Plotly fails where another thread is half-way through importing it
import plotly.graph_objects as go

from explainer.figures import axes, theme

Measure = Literal["loss", "accuracy"]

TRAIN, TEST = theme.QUALITATIVE[0], theme.QUALITATIVE[1]
_GAP = "rgba(216, 96, 16, 0.16)"
_LOWEST_SHARE = 1e-6  # of weights: bins below it, and empty ones, are drawn at the bottom of the logarithmic axis


@dataclass(frozen=True)
class RunLines:
    """The curves of one run under its name: losses, or accuracies in %, of epochs 0, 1, ..., equally many of each."""

    name: str
    train: Sequence[float]
    test: Sequence[float]
    validation: Sequence[float] = ()


@dataclass(frozen=True)
class Stop:
    """Epochs: the ``best`` one, and the ``last`` trained; ``waited`` where patience ran out there."""

    best: int
    last: int
    waited: bool


def overfitting_curves(
    run: RunLines, plain: RunLines | None, stop: Stop, measure: Measure, dark: bool, *, height: int = 400
) -> go.Figure:
    """The run drawn strongly with the gap between train and test filled, ``plain`` thin beside it, and the stop.

    The best epoch is a line, the epochs of patience after it a band, and what would not have been trained is paled.
    The axis of losses ends a little above the highest test loss after the first tenth of the run, that of accuracies
    begins where the lower of the last ones allows. ``height`` is in pixels.
    """
    limits = _limits([run, *([plain] if plain else [])], measure)
    figure = theme.Figure(layout=_layout(len(run.train) - 1, limits, measure, height), dark=dark)
    if plain:
        _add_plain(figure, plain, measure)
    _add_run(figure, run, measure)
    _add_stop(figure, stop, len(run.train) - 1, dark)
    return figure


def weight_histogram(
    edges: Sequence[float],
    runs: Sequence[tuple[str, Sequence[int]]],
    dark: bool,
    *,
    height: int = 330,
    unit: str = "weight",
) -> go.Figure:
    """The share of weights in each bin between ``edges`` (n + 1,), in % on a logarithmic axis, for each of the runs.

    A run is its name and its counts (n,), of which the outermost hold what lies beyond the edges too.
    """
    figure = theme.Figure(layout=_histogram_layout(edges, height, unit), dark=dark)
    middles = (np.array(edges[:-1]) + np.array(edges[1:])) / 2
    for number, (name, counts) in enumerate(runs):
        shares = np.array(counts) / sum(counts)
        figure.add_scatter(
            x=middles,
            y=100 * np.maximum(shares, _LOWEST_SHARE),
            mode="lines",
            name=name,
            line={"shape": "hvh", "color": theme.QUALITATIVE[(1, 0)[number % 2]], "width": 3 if number == 0 else 2},
            fill="tozeroy" if number == 0 else None,
            fillcolor=_GAP,
            customdata=100 * shares,
            hovertemplate=f"{name}<br>weights around %{{x:.3f}}: %{{customdata:.3g}} %<extra></extra>",
        )
    return figure


def _add_plain(figure: go.Figure, plain: RunLines, measure: Measure) -> None:
    for kind, values, color in (("train", plain.train, TRAIN), ("test", plain.test, TEST)):
        _add_line(figure, plain.name, kind, values, measure, line={"color": color, "width": 2, "dash": "dot"})


def _add_run(figure: go.Figure, run: RunLines, measure: Measure) -> None:
    """The train line first, so that the test line can be filled down, or up, to it."""
    _add_line(figure, run.name, "train", run.train, measure, line={"color": TRAIN, "width": 4}, legendrank=1)
    test = {"color": TEST, "width": 4}
    _add_line(figure, run.name, "test", run.test, measure, line=test, fill="tonexty", fillcolor=_GAP, legendrank=2)
    if run.validation:
        thin = {"color": theme.QUALITATIVE[3], "width": 2, "dash": "dash"}
        _add_line(figure, run.name, "validation", run.validation, measure, line=thin, legendrank=3)


def _add_line(
    figure: go.Figure, run: str, kind: str, values: Sequence[float], measure: Measure, **style: object
) -> None:
    number = "%{y:.4f}" if measure == "loss" else "%{y:.2f} %"
    figure.add_scatter(
        x=list(range(len(values))),
        y=list(values),
        mode="lines",
        name=f"{run}, {kind}",
        hovertemplate=f"{run}, {kind}<br>after epoch %{{x}}: {number}<extra></extra>",
        **style,
    )


def _add_stop(figure: go.Figure, stop: Stop, end: int, dark: bool) -> None:
    colors = theme.palette(dark)
    if stop.waited:
        figure.add_vrect(x0=stop.best, x1=stop.last, fillcolor=colors.quiet, opacity=0.13, line_width=0, layer="below")
        figure.add_vline(x=stop.last, line={"color": colors.text, "width": 2, "dash": "dash"})
    if stop.waited and stop.last < end:
        paled = 0.4 if dark else 0.55
        figure.add_vrect(x0=stop.last, x1=end, fillcolor=colors.background, opacity=paled, line_width=0, layer="above")
    figure.add_vline(x=stop.best, line={"color": colors.accent, "width": 3})
    on_the_left = stop.best > 0.2 * end
    mark = {"y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False}
    best = {"text": f"<b>best: {stop.best}</b>", "font": {"color": colors.accent}}
    figure.add_annotation(x=stop.best, xanchor="right" if on_the_left else "center", **best, **mark)
    if stop.waited:
        figure.add_annotation(x=stop.last, xanchor="left", text=f"stops: {stop.last}", **mark)


def _limits(runs: Sequence[RunLines], measure: Measure) -> tuple[float, float]:
    if measure == "accuracy":
        return axes.accuracy_limits(np.array([value for run in runs for value in (run.test[-1], run.train[-1])]))
    settled = [value for run in runs for value in run.test[len(run.test) // 10 :]]
    top = min(1.1 * max(settled), 1.25)
    return -0.02 * top, top


def _layout(end: int, limits: tuple[float, float], measure: Measure, height: int) -> go.Layout:
    title = "loss (cross-entropy)" if measure == "loss" else "accuracy (%)"
    return go.Layout(
        height=height,
        margin={"t": 26},
        hovermode="closest",
        xaxis={"title": {"text": "epoch"}, "range": [0, end], "zeroline": False},
        yaxis={"title": {"text": title}, "range": list(limits), "zeroline": False},
        legend={
            **{"itemclick": False, "itemdoubleclick": False, "traceorder": "normal"},
            **{"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top"},
        },
    )


def _histogram_layout(edges: Sequence[float], height: int, unit: str) -> go.Layout:
    return go.Layout(
        height=height,
        margin={"t": 12},
        xaxis={"title": {"text": unit}, "range": [edges[0], edges[-1]]},
        yaxis={
            "title": {"text": "share of weights (%)"},
            "type": "log",
            "range": [-3.2, 2.05],
            "tickvals": [0.001, 0.01, 0.1, 1, 10, 100],
            "ticktext": ["0.001", "0.01", "0.1", "1", "10", "100"],
        },
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "itemclick": False},
    )
