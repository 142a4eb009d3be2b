"""Accuracy of architectures over what they cost."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas  # noqa: F401  Plotly fails where another thread is half-way through importing it
import plotly.graph_objects as go

from explainer.figures import axes, theme


@dataclass(frozen=True)
class Point:
    """An architecture by its ``name`` on screen: what it costs, and its accuracy in percent."""

    name: str
    cost: float
    accuracy: float


def accuracy_over_cost(
    points: Sequence[Point], marked: Collection[str], titles: tuple[str, str], dark: bool, height: int = 420
) -> go.Figure:
    """A point an architecture, the ``marked`` by their names written beside them; ``titles`` of the axes, x and y.

    The cost has a logarithmic axis; ``height`` is in pixels.
    """
    limits = axes.log_limits(np.array([point.cost for point in points]))
    ticks = axes.log_ticks(limits)
    figure = theme.Figure(
        layout={
            "height": height,
            "xaxis": {"title": titles[0], **axes.log_axis(limits, ticks, lambda value: f"{value:g}")},
            "yaxis": {"title": titles[1]},
            "showlegend": False,
        },
        dark=dark,
    )
    others = [point for point in points if point.name not in marked]
    chosen = [point for point in points if point.name in marked]
    for shown, is_marked in ((others, False), (chosen, True)):
        figure.add_scatter(
            x=[point.cost for point in shown],
            y=[point.accuracy for point in shown],
            text=[point.name for point in shown],
            mode="markers+text" if is_marked else "markers",
            textposition="bottom center",
            marker={"color": theme.QUALITATIVE[1 if is_marked else 0], "size": 15 if is_marked else 9},
            hovertemplate="%{text}<br>%{x:.3g}, %{y:.1f} %<extra></extra>",
        )
    return figure
