"""What normalization does: channels before and after, statistics over batches, accuracy over the size of a batch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas  # noqa: F401  Plotly fails where another thread is half-way through importing it
import plotly.graph_objects as go
from numpy.typing import NDArray

from explainer.figures import axes, theme

Floats = NDArray[np.floating]

_HIGH = 1.5  # rows that the highest bin may take
_PANES = ((0.0, 0.46), (0.54, 1.0))  # shares of the width


def channel_ridges(
    before: tuple[Floats, Floats, Floats],
    after: tuple[Floats, Floats, Floats],
    dark: bool,
    *,
    names: tuple[str, str],
    height: int = 420,
) -> go.Figure:
    """The values of every channel as histograms one above the other, before on the left and after on the right.

    ``before`` and ``after`` are each the edges of the bins (bins + 1,), the shares (channels, bins) of a channel's
    values, and its means (channels,), which are marked. Heights are drawn as the square root of the share, so that
    rare values show beside a bin that holds most of them. ``names`` are the titles; ``height`` is in pixels.
    """
    colors = theme.palette(dark)
    channels = len(before[1])
    figure = theme.Figure(layout=_ridge_layout(channels, names, height), dark=dark)
    for pane, (edges, shares, means) in enumerate((before, after)):
        where = {"xaxis": f"x{pane + 1}", "yaxis": f"y{pane + 1}", "showlegend": False}
        middles = (edges[1:] + edges[:-1]) / 2
        heights = _HIGH * np.sqrt(shares / (shares.max() or 1.0))
        for channel in range(channels):
            _add_ridge(figure, channel, (middles, heights[channel], 100 * shares[channel]), where)
        figure.add_scatter(
            x=means,
            y=np.arange(channels) - 0.16,
            customdata=np.arange(channels),
            mode="markers",
            marker={"symbol": "line-ns", "size": 13, "line": {"width": 3, "color": colors.text}},
            hovertemplate="channel %{customdata}: mean %{x:.4~g}<extra></extra>",
            **where,
        )
    return figure


def running_statistics(
    batches: tuple[Floats, Floats],
    averages: tuple[Floats, Floats],
    goals: tuple[float, float],
    dark: bool,
    *,
    names: tuple[str, str] = ("mean", "variance"),
    height: int = 360,
) -> go.Figure:
    """A channel's statistics over batches, the mean on the left and the variance on the right.

    ``batches`` (steps,) are those of single batches, as dots, ``averages`` (steps + 1,) the running averages, as a
    line, and ``goals`` those of all digits, dashed. ``height`` is in pixels.
    """
    colors = theme.palette(dark)
    panes = _running_panes(batches, averages, goals, names)
    figure = theme.Figure(layout=_running_layout(panes, height), dark=dark)
    for pane, (batch, average, goal) in enumerate(zip(batches, averages, goals, strict=True)):
        where = {"xaxis": f"x{pane + 1}", "yaxis": f"y{pane + 1}", "showlegend": pane == 0}
        steps = np.arange(len(average))
        figure.add_scatter(
            x=steps[1:],
            y=batch,
            mode="markers",
            name="one batch",
            **where,
            marker={"color": theme.QUALITATIVE[1], "size": 7, "symbol": "diamond"},
            hovertemplate=f"batch %{{x}}: {names[pane]} %{{y:.4~g}}<extra></extra>",
        )
        figure.add_scatter(
            x=steps,
            y=average,
            mode="lines",
            name="running average",
            **where,
            line={"color": theme.QUALITATIVE[0], "width": 4},
            hovertemplate=f"after batch %{{x}}: running {names[pane]} %{{y:.4~g}}<extra></extra>",
        )
        figure.add_scatter(
            x=[0, len(batch)],
            y=[goal, goal],
            mode="lines",
            name="all digits",
            **where,
            line={"color": colors.text, "dash": "dash", "width": 2},
            hovertemplate=f"all digits: {names[pane]} %{{y:.4~g}}<extra></extra>",
        )
    return figure


def accuracy_over_batch(
    sizes: Sequence[int], training: Sequence[float], evaluation: float, chosen: int, dark: bool, *, height: int = 320
) -> go.Figure:
    """Accuracies (0..1) in training mode over the size of a batch, ascending powers of 2, and the one in evaluation
    mode, dashed. ``chosen`` is the size that is marked; ``height`` is in pixels."""
    colors = theme.palette(dark)
    percent = 100 * np.asarray(training)
    figure = theme.Figure(layout=_accuracy_layout(sizes, height), dark=dark)
    figure.add_scatter(
        x=list(sizes),
        y=percent,
        mode="lines+markers",
        name="training mode",
        line={"color": theme.QUALITATIVE[1]},
        hovertemplate="batches of %{x}: %{y:.1f} %<extra></extra>",
    )
    figure.add_scatter(
        x=[sizes[0], sizes[-1]],
        y=[100 * evaluation] * 2,
        mode="lines",
        name="evaluation mode",
        line={"color": theme.QUALITATIVE[0], "dash": "dash"},
        hovertemplate="evaluation mode: %{y:.1f} %<extra></extra>",
    )
    at = list(sizes).index(chosen)
    figure.add_scatter(
        x=[chosen],
        y=[percent[at]],
        mode="markers+text",
        text=[f"<b>{percent[at]:.1f} %</b>"],
        textposition="bottom center" if percent[at] > 50 else "middle right",
        cliponaxis=False,
        marker={"size": 16, "color": theme.QUALITATIVE[1], "line": {"width": 2, "color": colors.text}},
        hoverinfo="skip",
        showlegend=False,
        textfont={"size": theme.FONT_SIZE + 1, "color": colors.text},
    )
    return figure


def _add_ridge(figure: go.Figure, channel: int, ridge: tuple[Floats, Floats, Floats], where: dict[str, object]) -> None:
    """One histogram, standing on the line of its channel: ``ridge`` are the bins' middles, heights and shares in %."""
    middles, heights, percent = ridge
    color = theme.QUALITATIVE[channel % len(theme.QUALITATIVE)]
    base = np.full(len(middles), float(channel))
    figure.add_scatter(x=middles, y=base, mode="lines", line={"width": 0}, hoverinfo="skip", **where)
    figure.add_scatter(
        x=middles,
        y=channel - heights,
        customdata=percent,
        mode="lines",
        line={"color": color, "width": 1.5, "shape": "hvh"},
        fill="tonexty",
        fillcolor=_faded(color),
        hovertemplate=f"channel {channel}, value %{{x:.3~g}}: %{{customdata:.2f}} %<extra></extra>",
        **where,
    )


def _faded(color: str) -> str:
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.4)"


def _ridge_layout(channels: int, names: tuple[str, str], height: int) -> go.Layout:
    rows = {
        **{"range": [channels - 0.6, -_HIGH - 0.1], "tickvals": list(range(channels)), "zeroline": False},
        "showgrid": False,
    }
    plain = {"showgrid": False, "zeroline": True, "nticks": 8}
    return go.Layout(
        height=height,
        uirevision="ridges",
        margin={"t": 8},
        xaxis={**plain, "domain": _PANES[0], "title": {"text": names[0]}},
        xaxis2={**plain, "domain": _PANES[1], "title": {"text": names[1]}, "anchor": "y2"},
        yaxis={**rows, "title": {"text": "channel"}},
        yaxis2={**rows, "anchor": "x2"},
    )


def _running_panes(
    batches: tuple[Floats, Floats], averages: tuple[Floats, Floats], goals: tuple[float, float], names: tuple[str, str]
) -> dict[str, object]:
    """The axes of both panes."""
    across = {"range": [0, len(batches[0])], "zeroline": False, "showgrid": False, "title": {"text": "batch"}}
    panes: dict[str, object] = {}
    for pane, (batch, average, goal) in enumerate(zip(batches, averages, goals, strict=True)):
        every = np.concatenate([batch, average, [goal]])
        low, high = float(every.min()), float(every.max())
        margin = 0.06 * (high - low or 1.0)
        panes[f"xaxis{pane + 1}"] = {**across, "domain": _PANES[pane], "anchor": f"y{pane + 1}"}
        panes[f"yaxis{pane + 1}"] = {
            **{"range": [low - margin, high + margin], "anchor": f"x{pane + 1}", "zeroline": False},
            "title": {"text": names[pane]},
        }
    return panes


def _running_layout(panes: dict[str, object], height: int) -> go.Layout:
    return go.Layout(
        height=height,
        uirevision="running",
        margin={"t": 44},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        **panes,
    )


def _accuracy_layout(sizes: Sequence[int], height: int) -> go.Layout:
    across = axes.log_limits(np.array(sizes, np.float64))
    return go.Layout(
        height=height,
        uirevision="accuracy",
        margin={"t": 44, "r": 24},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        xaxis={**axes.log_axis(across, sizes, str), "showgrid": False, "title": {"text": "digits in a batch"}},
        yaxis={"range": [0, 104], **theme.IN_PERCENT, "zeroline": False, "title": {"text": "test accuracy"}},
    )
