"""What a network says of the classes, of a cell or of a pixel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas  # noqa: F401  Plotly fails where another thread is half-way through importing it
import plotly.graph_objects as go
from numpy.typing import NDArray

from explainer.figures import theme

Floats = NDArray[np.float64]


def class_figure(
    values: Floats, truth: int | None, dark: bool, *, names: Sequence[str] = tuple("0123456789"), height: int
) -> go.Figure:
    """What is given to each class, (k,), with the number above each bar; ``truth`` is highlighted.

    ``names`` (k,) stand below the bars.
    """
    colors = [theme.QUALITATIVE[2] if digit == truth else theme.QUALITATIVE[0] for digit in range(len(values))]
    room = max(float(np.ptp(np.append(values, 0.0))), 1e-3) * 0.2
    layout = go.Layout(
        height=height,
        margin={"t": 8, "r": 8, "b": 32},
        bargap=0.3,
        xaxis={"tickvals": list(range(len(values))), "ticktext": list(names), "showgrid": False},
        yaxis={"nticks": 4, "range": [min(values.min() - room, 0.0), max(values.max() + room, 0.0)]},
    )
    figure = theme.Figure(layout=layout, dark=dark)
    texts = [f"{round(value, 2) + 0.0:.2f}".replace("-", "−") for value in values.tolist()]
    figure.add_bar(
        x=np.arange(len(values)),
        y=values,
        marker_color=colors,
        text=texts,
        textposition="outside",
        cliponaxis=False,
        textfont={"size": theme.SMALL_FONT_SIZE},
        hovertext=list(names),
        hovertemplate="%{hovertext}: %{y:.4f}<extra></extra>",
    )
    return figure
