"""Of which classes the pictures are that a unit likes best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas  # noqa: F401  Plotly fails where another thread is half-way through importing it
import plotly.graph_objects as go
from numpy.typing import NDArray

from explainer.figures import theme


def class_counts(
    counts: NDArray[np.integer], expected: NDArray[np.floating], labels: Sequence[str], dark: bool, *, height: int = 102
) -> go.Figure:
    """A bar for the ``counts`` (n,) of each class, the highest highlighted, its number above it.

    ``expected`` (n,) is how many there would be of a unit that did not care: a line across each bar. ``labels`` names
    the n classes, ``height`` is in pixels.
    """
    colors, places = theme.palette(dark), np.arange(len(counts))
    best = int(counts.argmax())
    figure = theme.Figure(layout=_layout(labels, height, float(max(counts.max(), expected.max()))), dark=dark)
    figure.add_bar(
        x=places,
        y=counts,
        marker={"color": np.where(places == best, theme.QUALITATIVE[0], colors.quiet).tolist()},
        text=[f"<b>{count}</b>" if place == best else str(count) for place, count in enumerate(counts)],
        textposition="outside",
        cliponaxis=False,
        customdata=list(labels),
        hovertemplate="%{customdata}: %{y}<extra></extra>",
    )
    figure.layout.shapes = [
        {
            **{"type": "line", "x0": place - 0.46, "x1": place + 0.46, "y0": level, "y1": level},
            "layer": "below",
            "line": {"color": colors.quiet, "width": 2, "dash": "dot"},
        }
        for place, level in enumerate(expected.tolist())
    ]
    return figure


def _layout(labels: Sequence[str], height: int, highest: float) -> go.Layout:
    return go.Layout(
        height=height,
        bargap=0.25,
        uirevision="classes",
        margin={"t": 16, "b": 8, "l": 8, "r": 8},
        xaxis={"tickvals": list(range(len(labels))), "ticktext": list(labels), "showgrid": False},
        yaxis={"range": [0, 1.3 * highest], "showticklabels": False, "showgrid": False, "zeroline": False},
    )
