"""IoU and Dice of every class beside each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas  # noqa: F401  Plotly fails where another thread is half-way through importing it
import plotly.graph_objects as go
from numpy.typing import NDArray

from explainer.figures import theme

Floats = NDArray[np.float64]


def overlap_figure(
    iou: Floats, dice: Floats, names: Sequence[str], titles: tuple[str, str], *, dark: bool, height: int
) -> go.Figure:
    """Bars of ``iou`` and ``dice`` (k,), 0 to 1, of the classes of these ``names``; NaN has no bar."""
    layout = go.Layout(
        height=height,
        margin={"t": 30, "r": 8, "b": 32},
        bargap=0.25,
        barmode="group",
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        xaxis={"type": "category", "showgrid": False},
        yaxis={"range": [0, 1.03], "tickvals": [0, 0.5, 1]},
    )
    figure = theme.Figure(layout=layout, dark=dark)
    for values, title, color in zip((iou, dice), titles, theme.QUALITATIVE, strict=False):
        figure.add_bar(x=list(names), y=values, name=title, marker_color=color, hovertemplate="%{x}: %{y:.3f}")
    return figure
