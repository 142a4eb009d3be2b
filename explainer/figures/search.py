"""Searches for hyperparameters: the best that each method has found so far, and the curves of one run.

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
_DASHES = ("solid", "dash", "dot")
_MARGIN = {"t": 8, "r": 12, "l": 8, "b": 8}


@dataclass(frozen=True, eq=False)
class Found:
    """What a method called ``name`` has found: the ``accuracies`` (n,), 0..1, of its runs, NaN where one diverged."""

    name: str
    accuracies: Floats


def best_so_far(found: Sequence[Found], budget: int, titles: tuple[str, str], *, dark: bool, height: int) -> go.Figure:
    """The highest accuracy after 1, 2, ... ``budget`` runs of each method; ``titles`` are those of the two axes."""
    layout = go.Layout(
        height=height,
        uirevision="search",
        margin=_MARGIN,
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "font": {"size": theme.SMALL_FONT_SIZE}},
        xaxis={"range": [0.5, budget + 0.5], "nticks": 6, "title": {"text": titles[0]}},
        yaxis={**theme.IN_PERCENT, "nticks": 5, "title": {"text": titles[1]}},
    )
    if not any(each.accuracies.size for each in found):
        layout.yaxis.range = [0, 100]
    figure = theme.Figure(layout=layout, dark=dark)
    for number, each in enumerate(found):
        dash = _DASHES[number % len(_DASHES)]
        line = {"color": theme.QUALITATIVE[number], "width": 3, "shape": "hv", "dash": dash}
        figure.add_scatter(
            x=np.arange(1, len(each.accuracies) + 1),
            y=100 * np.fmax.accumulate(each.accuracies) if each.accuracies.size else each.accuracies,
            name=each.name,
            mode="lines+markers",
            line=line,
            marker={"size": 7},
            hovertemplate=f"{each.name}, %{{x}}: %{{y:.2f}}\u00a0%<extra></extra>",
        )
    return figure


def trial_curves(
    steps: Floats, losses: Floats, accuracies: Floats, titles: tuple[str, str, str], *, dark: bool, height: int
) -> go.Figure:
    """The training loss (n,) of a run, and its accuracy (n,), 0..1, on held-out digits, NaN where none was measured.

    ``titles`` are those of the steps, the loss and the accuracy.
    """
    left, right = theme.QUALITATIVE[0], theme.palette(dark).accent
    layout = go.Layout(
        height=height,
        margin=_MARGIN,
        showlegend=False,
        xaxis={"nticks": 5, "title": {"text": titles[0]}},
        yaxis={
            "rangemode": "tozero",
            "nticks": 5,
            "title": {"text": titles[1], "font": {"color": left}},
        },
        yaxis2={
            "overlaying": "y",
            "side": "right",
            "range": [0, 103],
            "dtick": 50,
            **theme.IN_PERCENT,
            "showgrid": False,
            "title": {"text": titles[2], "font": {"color": right}},
        },
    )
    figure = theme.Figure(layout=layout, dark=dark)
    for values, axis, color, shown in (
        (losses, "y", left, "%{y:.3f}"),
        (100 * accuracies, "y2", right, "%{y:.2f}\u00a0%"),
    ):
        known = np.isfinite(values)
        figure.add_scatter(
            x=steps[known],
            y=values[known],
            yaxis=axis,
            mode="lines+markers",
            line={"color": color, "width": 3},
            marker={"size": 6},
            hovertemplate=f"{shown}<extra></extra>",
        )
    return figure
