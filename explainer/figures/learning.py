"""A network in training: the parts of its loss, and how good it is, with what it is compared with.

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
_TWIN = "dot"  # how the lines of the other network are dashed


@dataclass(frozen=True)
class Titles:
    """What stands above the two panes and below the lower one."""

    losses: str
    quality: str
    pictures: str


@dataclass(frozen=True, eq=False)
class Curve:
    """A name, and ``values`` (n,) after so many ``pictures`` (n,); NaN where there is none. Dotted is a twin's.

    ``color`` is the number of its colour where its name alone does not decide it.
    """

    name: str
    pictures: Floats
    values: Floats
    is_twin: bool = False
    color: int | None = None


@dataclass(frozen=True)
class Baseline:
    """What can be had without a network: a level across the lower pane."""

    name: str
    value: float


def run_figure(
    parts: Sequence[Curve],
    quality: Sequence[Curve],
    titles: Titles,
    *,
    end: int,
    limits: tuple[float, float],
    dark: bool,
    height: int,
    baselines: Sequence[Baseline] = (),
    panes: tuple[tuple[float, float], tuple[float, float]] = ((0.6, 1.0), (0.0, 0.27)),
    looked_at: float | None = None,
) -> go.Figure:
    """The ``parts`` of a loss, not weighted, on a logarithmic axis, and below them how good the networks are.

    ``end`` is how many pictures the whole run has, ``limits`` are those of the quality's axis, ``panes`` the upper and
    the lower one as shares of the height. A line stands after ``looked_at`` pictures, where that is given.
    """
    figure = theme.Figure(layout=_layout(titles, end, limits, height, panes), dark=dark)
    _add_parts(figure, parts)
    for curve in quality:
        _add_quality(figure, curve, dark)
    _add_baselines(figure, baselines, end, dark)
    if looked_at is not None:
        _mark(figure, looked_at, dark)
    return figure


def _add_parts(figure: go.Figure, parts: Sequence[Curve]) -> None:
    names = list(dict.fromkeys(part.name for part in parts))
    first = {part.name: part for part in reversed(parts)}  # of each name: a twin may have parts of its own
    for part in parts:
        number = names.index(part.name) if part.color is None else part.color
        line = {"color": theme.QUALITATIVE[number], "width": 2.5} | _dash(part)
        kept = np.where(part.values > _LEAST, part.values, np.nan)
        hover = f"{part.name}: %{{y:.3g}}<extra></extra>"
        shown = {"name": part.name, "showlegend": part is first[part.name] and len(names) > 1, "mode": "lines"}
        figure.add_scatter(x=part.pictures, y=kept, line=line, hovertemplate=hover, **shown)
    figure.layout.yaxis.update(_log_axis([part.values for part in parts]))


def _add_quality(figure: go.Figure, curve: Curve, dark: bool) -> None:
    known = np.isfinite(curve.values)
    color = theme.palette(dark).accent if curve.color is None else theme.QUALITATIVE[curve.color]
    figure.add_scatter(
        x=curve.pictures[known],
        y=curve.values[known],
        name=curve.name,
        mode="lines+markers",
        showlegend=False,
        xaxis="x2",
        yaxis="y2",
        line={"color": color, "width": 3} | _dash(curve),
        marker={"size": 7, "symbol": "circle-open" if curve.is_twin else "circle"},
        hovertemplate=f"{curve.name} %{{x:,}}: %{{y:.3f}}<extra></extra>",
    )


def _add_baselines(figure: go.Figure, baselines: Sequence[Baseline], end: int, dark: bool) -> None:
    """The name of the highest stands above its line, those of the others below theirs."""
    quiet = theme.palette(dark).quiet
    for number, baseline in enumerate(sorted(baselines, key=lambda each: each.value, reverse=True)):
        figure.add_scatter(
            x=[0, max(end, 1)],
            y=[baseline.value] * 2,
            mode="lines",
            showlegend=False,
            xaxis="x2",
            yaxis="y2",
            line={"color": quiet, "width": 1.5, "dash": "dash"},
            hovertemplate=f"{baseline.name}: %{{y:.3f}}<extra></extra>",
        )
        above = "bottom" if number == 0 else "top"
        place = {"x": 1, "xref": "paper", "xanchor": "right", "y": baseline.value, "yref": "y2", "yanchor": above}
        font = {"size": theme.SMALL_FONT_SIZE, "color": quiet}
        figure.add_annotation(text=baseline.name, showarrow=False, font=font, **place)


def _mark(figure: go.Figure, pictures: float, dark: bool) -> None:
    """A line through both panes, not through what stands between them."""
    for pane in ("", "2"):
        place = {"x0": pictures, "x1": pictures, "xref": f"x{pane}", "y0": 0, "y1": 1, "yref": f"y{pane} domain"}
        figure.add_shape(type="line", line={"color": theme.palette(dark).quiet, "width": 2}, **place)


def _dash(curve: Curve) -> dict[str, str]:
    return {"dash": _TWIN} if curve.is_twin else {}


def _log_axis(columns: Sequence[Floats]) -> dict[str, object]:
    values = np.concatenate([np.array([]), *columns])
    known = values[np.isfinite(values) & (values > _LEAST)]
    limits = axes.log_limits(known if known.size else np.array(_EMPTY))
    return axes.log_axis(limits, axes.log_ticks(limits, 5), lambda tick: f"{tick:g}")


def _layout(
    titles: Titles,
    end: int,
    limits: tuple[float, float],
    height: int,
    panes: tuple[tuple[float, float], tuple[float, float]],
) -> go.Layout:
    upper, lower = panes
    below = {"x": 0, "y": upper[0] - 0.02, "yanchor": "top"}
    layout = go.Layout(
        height=height,
        uirevision="learning",
        margin={"t": 30, "r": 14, "l": 8, "b": 8},
        legend={"orientation": "h", "font": {"size": theme.SMALL_FONT_SIZE}, **below},
    )
    layout.xaxis = {"anchor": "y", "range": [0, max(end, 1)], "showticklabels": False}
    layout.yaxis = {"anchor": "x", "domain": upper, "zeroline": False}
    layout.xaxis2 = {"anchor": "y2", "range": [0, max(end, 1)], "nticks": 4, "title": {"text": titles.pictures}}
    layout.yaxis2 = {"anchor": "x2", "domain": lower, "range": limits, "nticks": 4}
    for title, top in zip((titles.losses, titles.quality), (upper[1], lower[1]), strict=True):
        place = {"x": 0, "xref": "paper", "xanchor": "left", "y": top, "yref": "paper", "yanchor": "bottom"}
        layout.annotations += ({"text": f"<b>{title}</b>", "showarrow": False, **place},)
    return layout
