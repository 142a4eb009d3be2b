"""What layers cost and do: parameters over channels, and changes under a shift."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas  # noqa: F401  Plotly fails where another thread is half-way through importing it
import plotly.graph_objects as go
from numpy.typing import NDArray

from explainer.figures import axes, theme

_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
_MARKERS = {"circle": "●", "square": "■", "diamond": "◆", "triangle-up": "▲", "x": "✕", "star": "★"}
_LETTER = 0.56  # width of a letter or digit, in font sizes
_AROUND_PLOT = 90  # pixels of a figure's height that its x axis and the upper margin take
_APART = 22  # pixels between the middles of two labels


def parameters_over_channels(
    channels: NDArray[np.integer],
    standard: NDArray[np.integer],
    separable: NDArray[np.integer],
    chosen: int,
    dark: bool,
    *,
    height: int = 380,
    is_square: bool = True,
) -> go.Figure:
    """Parameters of a standard and of a depthwise separable convolution of C channels, on logarithmic axes.

    They lead to as many channels where it ``is_square``, else to a number that does not change with C.

    ``channels`` (n,) are values of C >= 1, ascending, ``standard`` and ``separable`` (n,) the parameters there, 1 or
    more. ``chosen`` is the one of the channels at which both are marked and written out, with how many times fewer
    the separable one has, where it has fewer. ``height`` is in pixels. Raises ValueError where ``chosen`` is not among
    the channels.
    """
    if chosen not in channels:
        raise ValueError(f"{chosen} is not among the numbers of channels.")
    figure = theme.Figure(
        layout=_cost_layout(channels, np.concatenate([standard, separable]), height, is_square), dark=dark
    )
    at = int(np.flatnonzero(channels == chosen)[0])
    whole, part = int(standard[at]), int(separable[at])
    notes = (f"{whole:,}", f"{part:,}" + (f" (÷ {whole / part:.1f})" if whole >= 1.05 * part else ""))
    curves = (("standard", standard), ("depthwise separable", separable))
    for number, ((name, parameters), note) in enumerate(zip(curves, notes, strict=True)):
        figure.add_scatter(
            x=channels,
            y=parameters,
            mode="lines",
            name=f"{name}: <b>{note}</b>",
            line={"color": theme.QUALITATIVE[number], "dash": _DASHES[number]},
            customdata=[name] * len(channels),
            hovertemplate="%{customdata}, C = %{x:,}<br>%{y:,} parameters<extra></extra>",
        )
    _mark_chosen(figure, chosen, (whole, part), dark)
    return figure


def shift_curves(
    pixels: NDArray[np.integer], changes: NDArray[np.floating], names: Sequence[str], dark: bool, height: int = 380
) -> go.Figure:
    """How much each pooling's output changes, in %, when the input is slid; each curve has its name at its end.

    ``pixels`` (n,) are the shifts, ascending, one or more; ``changes`` (poolings, n) the changes as shares of the
    output, 0 or more; those that are not finite are gaps. ``names`` has one name a pooling; ``height`` is in pixels.
    """
    percent = np.where(np.isfinite(changes), 100 * np.asarray(changes, dtype=np.float64), np.nan)
    top = float(np.nanmax(percent, initial=0.0)) or 1.0
    limits = (-0.03 * top, 1.06 * top)
    figure = theme.Figure(layout=_shift_layout(pixels, limits, names, height), dark=dark)
    for number, (name, values) in enumerate(zip(names, percent, strict=True)):
        figure.add_scatter(
            x=pixels,
            y=values,
            mode="lines+markers",
            name=name,
            # Curves may lie on each other: the lower ones look out below.
            line={"color": _color(number), "dash": _DASHES[number % len(_DASHES)], "width": max(6 - 0.75 * number, 3)},
            marker={"symbol": [*_MARKERS][number % len(_MARKERS)], "size": 10},
            cliponaxis=False,
            hovertemplate="%{y:.2f} %",
        )
    figure.layout.annotations = _end_names(pixels, percent, names, limits, height - _AROUND_PLOT)
    return figure


def _color(number: int) -> str:
    return theme.QUALITATIVE[number % len(theme.QUALITATIVE)]


def _mark_chosen(figure: go.Figure, chosen: int, counts: tuple[int, int], dark: bool) -> None:
    """Marks both counts at the chosen C, each with a short number beside it where no line runs."""
    colors = theme.palette(dark)
    shared = {"x": [chosen] * 2, "y": list(counts), "showlegend": False, "hoverinfo": "skip"}
    figure.add_scatter(**shared, mode="lines", line={"color": colors.quiet, "dash": "dot", "width": 2})
    marker = {"size": 14, "color": list(theme.QUALITATIVE[:2]), "line": {"width": 2, "color": colors.background}}
    figure.add_scatter(**shared, mode="markers", marker=marker)
    is_first = axes.share(chosen, _log_range(figure.layout.xaxis), "log") < 0.15
    places = (("center" if is_first else "right", 18), ("left", -18))  # the lines run from lower left to upper right
    for count, (anchor, shift) in zip(sorted(counts, reverse=True), places, strict=True):
        figure.add_annotation(
            x=np.log10(chosen),
            y=np.log10(count),
            text=f"<b>{_short(count)}</b>",
            showarrow=False,
            xanchor=anchor,
            yshift=shift,
            font={"size": theme.FONT_SIZE},
        )


def _short(count: float) -> str:
    """A whole number in three digits: 2.36 M."""
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if count >= 0.9995 * size and count >= 10_000:
            return f"{count / size:.3g} {unit}"
    return f"{round(count):,}"


def _cost_layout(channels: NDArray[np.integer], counts: NDArray[np.integer], height: int, is_square: bool) -> go.Layout:
    across, up = axes.log_limits(channels.astype(np.float64)), axes.log_limits(counts.astype(np.float64))
    up = axes.log_limits(np.array(up))  # room for the numbers at the marks
    xaxis, yaxis = (axes.log_axis(limits, axes.log_ticks(limits), _short) for limits in (across, up))
    return go.Layout(
        height=height,
        uirevision="parameters over channels",
        margin={"t": 36, "r": 64},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        xaxis={**xaxis, "title": {"text": "channels C, in and out" if is_square else "channels C in"}},
        yaxis={**yaxis, "title": {"text": "parameters"}},
    )


def _log_range(axis: go.layout.XAxis) -> tuple[float, float]:
    low, high = axis.range
    return float(10**low), float(10**high)


def _shift_layout(
    pixels: NDArray[np.integer], limits: tuple[float, float], names: Sequence[str], height: int
) -> go.Layout:
    first, last = float(pixels[0]), float(max(pixels[-1], pixels[0] + 1))
    ticks = [tick for tick in axes.linear_ticks((first, last), most=11) if tick.is_integer()]
    longest = max(map(len, names), default=0)
    return go.Layout(
        height=height,
        uirevision="shift",
        showlegend=False,
        hovermode="x unified",
        margin={"t": 16, "r": 16 + round(_LETTER * theme.SMALL_FONT_SIZE * (longest + 3))},
        xaxis={
            **{"range": [first - 0.02 * (last - first), last], "tickvals": ticks, "zeroline": False},
            **{"title": {"text": "shift of the input (pixels)"}, "showgrid": False},
            "unifiedhovertitle": {"text": "shift of %{x} pixels"},
        },
        yaxis={
            **{"range": limits, "nticks": 6, **theme.IN_PERCENT},
            "title": {"text": "change of the output"},
        },
    )


def _end_names(
    pixels: NDArray[np.integer],
    percent: NDArray[np.float64],
    names: Sequence[str],
    limits: tuple[float, float],
    room: float,
) -> list[dict[str, object]]:
    """Each name beside the last value of its curve, moved apart on a plot that is ``room`` pixels high."""
    known = [values[np.isfinite(values)] for values in percent]
    ends = np.array([values[-1] if values.size else 0.0 for values in known])
    wished = np.array([room * axes.share(end, limits) for end in ends])
    shifts = axes.spread(wished, _APART, 0.0, room) - wished
    return [
        {
            **{"x": pixels[-1], "y": end, "text": _end_name(name, number, bool(values.size))},
            **{"xanchor": "left", "xshift": 12, "yshift": shift, "showarrow": False},
        }
        for number, (name, values, end, shift) in enumerate(zip(names, known, ends, shifts, strict=True))
    ]


def _end_name(name: str, number: int, known: bool) -> str:
    """The name of a curve behind its own mark; ``known`` says whether it has any value."""
    mark = [*_MARKERS.values()][number % len(_MARKERS)]
    return f'<span style="color:{_color(number)}">{mark}</span> {name}' + ("" if known else " (no value)")
