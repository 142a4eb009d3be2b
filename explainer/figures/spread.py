"""Numbers that are spread and change: nested bands of percentiles over time, and lines on a logarithmic axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas  # noqa: F401  Plotly fails where another thread is half-way through importing it
import plotly.graph_objects as go
from numpy.typing import NDArray

from explainer.figures import theme

ROW, GAP, EDGES = 146, 38, 104  # pixels of a layer, of them above it, and of all above and below the layers
_STRENGTH = (0.16, 0.3, 0.5, 0.75)  # opacity of the bands, from the widest in
_DASHES = ("solid", "dash", "dot", "dashdot")


@dataclass(frozen=True, eq=False)
class Bands:
    """Of one layer: ``weights`` and ``biases`` (n, 9), percentiles from the minimum to the maximum; NaN for none."""

    name: str
    weights: NDArray[np.float32]
    biases: NDArray[np.float32]


@dataclass(frozen=True)
class Titles:
    """What stands above the columns, below them, and beside a value in the readout."""

    weights: str
    biases: str
    epochs: str
    median: str
    gradient: str


def band_charts(epochs: Sequence[float], layers: Sequence[Bands], titles: Titles, *, dark: bool) -> go.Figure:
    """A row a layer, its weights beside its biases: nine percentiles as four bands around the median."""
    count = len(layers)
    figure = theme.Figure(layout=go.Layout(height=ROW * count + EDGES), dark=dark)
    figure.set_subplots(
        count,
        2,
        shared_xaxes=True,
        vertical_spacing=GAP / (ROW * count),
        horizontal_spacing=0.09,
        column_titles=[titles.weights, titles.biases],
    )
    figure.update_annotations(yshift=26)  # the titles of the columns make room for the first layer's name
    for row, layer in enumerate(layers, 1):
        place = {"x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom", "row": row, "col": 1, "showarrow": False}
        figure.add_annotation(text=f"<b>{layer.name}</b>", xref="x domain", yref="y domain", **place)
        for column, bands in enumerate((layer.weights, layer.biases), 1):
            if np.isfinite(bands).any():
                _add_bands(figure, np.asarray(epochs), bands, (row, column), titles.median)
    figure.update_layout(margin={"l": 8, "r": 8, "t": 64, "b": 8}, showlegend=False, hovermode="x", uirevision="bands")
    figure.update_xaxes(title_text=titles.epochs, row=count)
    figure.update_yaxes(nticks=4, zeroline=True)
    return figure


def gradient_chart(
    epochs: Sequence[float], norms: Sequence[tuple[str, NDArray[np.float32]]], titles: Titles, *, dark: bool
) -> go.Figure:
    """The norm of the gradient of every layer, one line each, on a logarithmic axis."""
    figure = theme.Figure(layout=go.Layout(height=320, margin={"l": 8, "r": 8, "t": 12, "b": 8}), dark=dark)
    for number, (name, values) in enumerate(norms):
        color, dash = theme.QUALITATIVE[number % len(theme.QUALITATIVE)], _DASHES[number // len(theme.QUALITATIVE) % 4]
        shown = {"mode": "lines", "name": name, "line": {"color": color, "dash": dash, "width": 2.5}}
        kept = np.where(values > 0, values, np.nan)
        figure.add_scatter(x=list(epochs), y=kept, hovertemplate=f"{name}: %{{y:.3g}}<extra></extra>", **shown)
    figure.update_layout(hovermode="x unified", uirevision="gradients")
    figure.update_xaxes(title_text=titles.epochs)
    figure.update_yaxes(type="log", title_text=titles.gradient, exponentformat="power", dtick=1)
    return figure


def _add_bands(
    figure: go.Figure, epochs: NDArray[np.float64], bands: NDArray[np.float32], at: tuple[int, int], median: str
) -> None:
    color = theme.QUALITATIVE[0] if at[1] == 1 else theme.QUALITATIVE[1]
    place = {"row": at[0], "col": at[1]}
    for number, strength in enumerate(_STRENGTH):
        for edge, fill in ((number, None), (bands.shape[1] - 1 - number, "tonexty")):
            figure.add_scatter(
                x=epochs,
                y=bands[:, edge],
                mode="lines",
                line={"width": 0, "color": color},
                fill=fill,
                fillcolor=_pale(color, strength),
                hoverinfo="skip",
                **place,
            )
    middle = bands[:, bands.shape[1] // 2]
    hover = f"{median}: %{{y:.3g}}<extra></extra>"
    figure.add_scatter(
        x=epochs, y=middle, mode="lines", line={"width": 2, "color": color}, hovertemplate=hover, **place
    )


def _pale(color: str, opacity: float) -> str:
    red, green, blue = (int(color[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity})"
