"""How far a layer's filters have moved, drawn over the epochs of a run."""

from __future__ import annotations

import numpy as np
import pandas  # noqa: F401  Plotly fails where another thread is half-way through importing it
import plotly.graph_objects as go
from numpy.typing import NDArray

from explainer.figures import theme

Floats = NDArray[np.float64]


def movement(epochs: Floats, distances: Floats, dark: bool, *, height: int = 230) -> go.Figure:
    """The way (n,) from the start, in shares of the length at the start, over the epochs (n,); drawn in %.

    What is not finite is left out. ``height`` is in pixels.
    """
    finite = np.isfinite(distances)
    figure = theme.Figure(
        dark=dark,
        layout=go.Layout(
            height=height,
            margin={"t": 16, "r": 16},
            xaxis={"title": {"text": "epoch"}, "rangemode": "tozero", "showgrid": False},
            yaxis={"title": {"text": "moved"}, **theme.IN_PERCENT, "rangemode": "tozero"},
        ),
    )
    figure.add_scatter(
        x=epochs[finite],
        y=100 * distances[finite],
        mode="lines+markers",
        cliponaxis=False,
        showlegend=False,
        line={"color": theme.QUALITATIVE[0]},
        marker={"size": 7},
        hovertemplate="epoch %{x:.2f}: %{y:.1f} % of the length at the start<extra></extra>",
    )
    return figure
