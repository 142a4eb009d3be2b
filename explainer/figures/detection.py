"""A detector in training: the parts of its loss, how good it is, and what one of its cells says of the classes.

Every name and title comes from the caller, in the visitor's language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas  # noqa: F401  Plotly fails where another thread is half-way through importing it
import plotly.graph_objects as go
from numpy.typing import NDArray

from explainer.figures import axes, theme

Floats = NDArray[np.float64]
_LEAST = 1e-6  # of a part on its logarithmic axis
_EMPTY = (1e-2, 10.0)  # that axis without any part
_PANES = ([0.6, 1.0], [0.0, 0.27])  # of the height


@dataclass(frozen=True)
class Titles:
    """What stands above the two panes and below the lower one."""

    losses: str
    precision: str
    scenes: str


@dataclass(frozen=True, eq=False)
class Part:
    """A part of the loss, not weighted: its name and its values (n,), NaN where there is none."""

    name: str
    values: Floats


def run_figure(
    scenes: Floats,
    parts: Sequence[Part],
    precision: Floats,
    titles: Titles,
    *,
    end: int,
    dark: bool,
    height: int,
) -> go.Figure:
    """The ``parts`` of the loss after ``scenes`` (n,), on a logarithmic axis, and below them mean average precision.

    ``precision`` (n,) is 0 to 1, NaN where it was not measured; ``end`` is how many scenes the whole run has.
    """
    figure = theme.Figure(layout=_layout(titles, end, height), dark=dark)
    for number, part in enumerate(parts):
        line = {"color": theme.QUALITATIVE[number], "width": 2.5}
        kept = np.where(part.values > _LEAST, part.values, np.nan)
        hover = f"{part.name}: %{{y:.3g}}<extra></extra>"
        figure.add_scatter(x=scenes, y=kept, name=part.name, mode="lines", line=line, hovertemplate=hover)
    figure.layout.yaxis.update(_log_axis(np.concatenate([part.values for part in parts])))
    known = np.isfinite(precision)
    figure.add_scatter(
        x=scenes[known],
        y=precision[known],
        mode="lines+markers",
        showlegend=False,
        xaxis="x2",
        yaxis="y2",
        line={"color": theme.palette(dark).accent, "width": 3},
        marker={"size": 7},
        hovertemplate="%{x:,}: %{y:.3f}<extra></extra>",
    )
    return figure


def class_figure(
    values: Floats, truth: int | None, dark: bool, *, names: Sequence[str] = tuple("0123456789"), height: int
) -> go.Figure:
    """What a cell gives to each class, (n,), with the number above each bar; ``truth`` is highlighted.

    ``names`` (n,) stand below the bars.
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


def _log_axis(values: Floats) -> dict[str, object]:
    known = values[np.isfinite(values) & (values > _LEAST)]
    limits = axes.log_limits(known if known.size else np.array(_EMPTY))
    return axes.log_axis(limits, axes.log_ticks(limits, 5), lambda tick: f"{tick:g}")


def _layout(titles: Titles, end: int, height: int) -> go.Layout:
    layout = go.Layout(
        height=height,
        uirevision="detection",
        margin={"t": 30, "r": 14, "l": 8, "b": 8},
        legend={"orientation": "h", "x": 0, "y": 0.58, "yanchor": "top", "font": {"size": theme.SMALL_FONT_SIZE}},
    )
    layout.xaxis = {"anchor": "y", "range": [0, max(end, 1)], "showticklabels": False}
    layout.yaxis = {"anchor": "x", "domain": _PANES[0], "zeroline": False}
    layout.xaxis2 = {"anchor": "y2", "range": [0, max(end, 1)], "nticks": 4, "title": {"text": titles.scenes}}
    layout.yaxis2 = {"anchor": "x2", "domain": _PANES[1], "range": [0, 1.03], "tickvals": [0, 0.5, 1]}
    for title, top in zip((titles.losses, titles.precision), (_PANES[0][1], _PANES[1][1]), strict=True):
        place = {"x": 0, "xref": "paper", "xanchor": "left", "y": top, "yref": "paper", "yanchor": "bottom"}
        layout.annotations += ({"text": f"<b>{title}</b>", "showarrow": False, **place},)
    return layout
