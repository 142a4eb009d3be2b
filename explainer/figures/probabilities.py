"""What a classifier says about one picture: a bar for the probability of each class."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import pandas  # noqa: F401  Plotly fails where another thread is half-way through importing it
import plotly.graph_objects as go
from numpy.typing import NDArray

from explainer.figures import theme
from explainer.words.book import ENGLISH, Said


def probability_bars(
    probabilities: NDArray[np.floating], labels: Sequence[str], dark: bool, height: int = 360, language: str = ENGLISH
) -> go.Figure:
    """Horizontal bars of ``probabilities`` (n,), 0 to 1, first class on top, the highest highlighted.

    ``labels`` names the n classes; ``height`` is in pixels; titles and numbers are in ``language``.
    """
    colors = theme.palette(dark)
    percent = 100 * np.asarray(probabilities, dtype=np.float64)
    best = int(percent.argmax())
    said = (Said("figures.probabilities.percent", share=float(each)) for each in probabilities)
    texts = [escape(each.text(language)) for each in said]
    top = np.arange(len(percent)) == best
    figure = theme.Figure(layout=_layout(height, labels, language), dark=dark)
    figure.add_bar(
        x=percent,
        y=np.arange(len(percent)),
        orientation="h",
        marker={"color": np.where(top, theme.QUALITATIVE[0], colors.quiet).tolist()},
        text=[f"<b>{text}</b>" if i == best else text for i, text in enumerate(texts)],
        textposition="outside",
        cliponaxis=False,
        customdata=list(labels),
        hovertemplate="%{customdata}: %{x:.4f} %<extra></extra>",
    )
    return figure


def _layout(height: int, labels: Sequence[str], language: str) -> go.Layout:
    return go.Layout(
        height=height,
        uirevision="probabilities",
        bargap=0.25,
        margin={"r": 80, "t": 8},
        xaxis={
            "range": [0, 100],
            **theme.IN_PERCENT,
            "nticks": 6,
            "showgrid": False,
            "title": {"text": Said("figures.probabilities.axis").text(language)},
        },
        yaxis={
            **{"tickvals": list(range(len(labels))), "ticktext": list(labels), "autorange": "reversed"},
            **{"showgrid": False, "zeroline": False},
        },
    )
