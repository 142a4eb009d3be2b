"""A plain and a residual network side by side: training errors, gradients, what blocks add, and what is lost with them.

Every name and title comes from the caller, in the visitor's language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas  # noqa: F401  Plotly fails where another thread is half-way through importing it
import plotly.graph_objects as go
from numpy.typing import NDArray

from explainer.figures import axes, theme

Floats = NDArray[np.float64]

COLORS = (theme.QUALITATIVE[1], theme.QUALITATIVE[0])  # plain, residual
_LEAST = 1e-30  # of a gradient on its logarithmic axis
_LEAST_RANGE = 100.0  # from the lowest to the highest value of that axis, so that what is alike looks alike
_PANES = ([0.0, 0.42], [0.58, 1.0])


@dataclass(frozen=True)
class Titles:
    """What stands above a pane, below it, and what is read of a value on it, with Plotly's %{x} and %{y}."""

    above: str
    below: str
    hover: str


@dataclass(frozen=True, eq=False)
class Network:
    """A network's name and what was measured of it.

    ``epochs`` (n,) and ``errors`` (n,) in % are its training error while it trained, none before. ``gradients``
    (layers,) are norms now, ``first`` those before training, None where that is now. ``shares`` (n,) are what each
    block adds, in %.
    """

    name: str
    epochs: Sequence[float]
    errors: Sequence[float]
    gradients: Floats
    shares: Sequence[float]
    first: Floats | None = None


@dataclass(frozen=True, eq=False)
class Blocks:
    """A network's name, what each of its blocks (n,) adds in % ``now`` and ``first``, before training.

    ``rights`` (n,) are % read rightly without each block, ``whole`` with all of them; None before they are counted.
    """

    name: str
    now: Sequence[float]
    first: Sequence[float]
    rights: Sequence[float] | None = None
    whole: float = 0.0


def training_figure(
    networks: tuple[Network, Network], titles: Mapping[str, Titles], start: str, end: float, dark: bool, *, height: int
) -> go.Figure:
    """The training errors up to epoch ``end``, and the gradients of all layers, on a logarithmic axis.

    Before training the gradients, and what each block of the second network adds. ``titles`` are those of "errors",
    "gradients" and "shares"; ``start`` is what the gradients before training are called.
    """
    is_trained = any(len(network.epochs) for network in networks)
    panes = ("errors", "gradients") if is_trained else ("gradients", "shares")
    figure = theme.Figure(layout=_layout([titles[name] for name in panes], height), dark=dark)
    pane = 1 + panes.index("gradients")
    for network, color in zip(networks, COLORS, strict=True):
        if is_trained:
            line = {"color": color, "width": 3}
            _add(figure, 1, network.name, network.epochs, network.errors, titles["errors"], line=line, showlegend=False)
        _add_gradients(figure, pane, network, titles["gradients"], color=color, start=start)
    _axis(figure, "y", pane).update(_log_axis(networks))
    if is_trained:
        figure.layout.xaxis.update(range=[0, end])
        figure.layout.yaxis.update(range=[0, 100], **theme.IN_PERCENT)
    else:
        shares = networks[1].shares
        _add_bars(figure, 2, networks[1].name, shares, titles["shares"], marker_color=COLORS[1], showlegend=False)
        _share_axes(figure, 2, len(shares))
    return figure


def blocks_figure(
    networks: tuple[Blocks, Blocks], titles: Mapping[str, Titles], start: str, dark: bool, *, height: int
) -> go.Figure:
    """What each block of the second network adds; beside it, once that is counted, what is right without each in both.

    Before, the shares have all the room. ``titles`` are those of "shares" and "rights"; ``start`` is what the shares
    before training are called.
    """
    is_counted = all(network.rights is not None for network in networks)
    panes = ("shares", "rights") if is_counted else ("shares",)
    figure = theme.Figure(layout=_layout([titles[name] for name in panes], height), dark=dark)
    shown = networks[1]
    numbers = list(range(1, len(shown.now) + 1))
    _add_bars(figure, 1, shown.name, shown.now, titles["shares"], marker_color=COLORS[1], showlegend=not is_counted)
    if list(shown.now) != list(shown.first):
        line, marker = {"width": 2, "dash": "dot", "color": theme.palette(dark).text}, {"size": 6}
        _add(figure, 1, start, numbers, shown.first, titles["shares"], line=line, marker=marker)
    for network, color in zip(networks, COLORS, strict=True):
        if is_counted and network.rights:
            _add_bars(figure, 2, network.name, network.rights, titles["rights"], marker_color=color)
            line = {"color": color, "width": 2, "dash": "dash"}
            figure.add_shape(
                type="line", x0=0, x1=1, xref="x2 domain", yref="y2", y0=network.whole, y1=network.whole, line=line
            )
    for pane in range(1, len(panes) + 1):
        _share_axes(figure, pane, len(numbers))
    if is_counted:
        figure.layout.yaxis2.range = [0, 102]
    return figure


def _share_axes(figure: go.Figure, pane: int, count: int) -> None:
    """Of bars for so many blocks."""
    _axis(figure, "x", pane).update(dtick=1 if count < 10 else 2, tick0=1, range=[0.4, count + 0.6])
    _axis(figure, "y", pane).update(**theme.IN_PERCENT, rangemode="tozero")


def _add_bars(
    figure: go.Figure, pane: int, name: str, values: Sequence[float], titles: Titles, **style: object
) -> None:
    hover = f"{name}<br>{titles.hover}<extra></extra>"
    numbers = list(range(1, len(values) + 1))
    figure.add_bar(x=numbers, y=list(values), name=name, hovertemplate=hover, **_at(pane), **style)


def _add_gradients(figure: go.Figure, pane: int, network: Network, titles: Titles, *, color: str, start: str) -> None:
    layers = list(range(1, len(network.gradients) + 1))
    if network.first is not None:
        line, name = {"color": color, "width": 2, "dash": "dot"}, f"{network.name}, {start}"
        _add(figure, pane, name, layers, _drawable(network.first), titles, line=line)
    line, marker = {"color": color, "width": 3}, {"size": 7}
    _add(figure, pane, network.name, layers, _drawable(network.gradients), titles, line=line, marker=marker)


def _add(  # noqa: PLR0917 (a line is a name and two columns)
    figure: go.Figure,
    pane: int,
    name: str,
    x: Sequence[float],
    y: Sequence[float] | Floats,
    titles: Titles,
    **style: object,
) -> None:
    hover = f"{name}<br>{titles.hover}<extra></extra>"
    mode = "lines+markers" if "marker" in style else "lines"
    figure.add_scatter(x=list(x), y=list(y), name=name, mode=mode, hovertemplate=hover, **_at(pane), **style)


def _at(pane: int) -> dict[str, str]:
    return {"xaxis": f"x{pane}".removesuffix("1"), "yaxis": f"y{pane}".removesuffix("1")}


def _axis(figure: go.Figure, letter: str, pane: int) -> go.layout.XAxis | go.layout.YAxis:
    return figure.layout[f"{letter}axis{pane}".removesuffix("1")]


def _drawable(values: Floats) -> Floats:
    return np.where(np.isfinite(values) & (values > _LEAST), values, np.nan)


def _log_axis(networks: Sequence[Network]) -> dict[str, object]:
    every = [part for network in networks for part in (network.gradients, network.first) if part is not None]
    known = _drawable(np.concatenate(every))
    known = known[np.isfinite(known)]
    if not known.size:
        known = np.ones(1)
    middle = float(np.exp(np.log([known.min(), known.max()]).mean()))
    half = _LEAST_RANGE**0.5
    limits = axes.log_limits(np.array([*known, middle / half, middle * half]))
    return axes.log_axis(limits, axes.log_ticks(limits, 6), _power)


def _power(tick: float) -> str:
    digits, exponent = f"{tick:.0e}".split("e")
    if -3 < int(exponent) < 4:
        return f"{tick:g}"
    return ("" if digits == "1" else f"{digits} · ") + f"10<sup>{int(exponent)}</sup>".replace("-", "−")


def _layout(titles: Sequence[Titles], height: int) -> go.Layout:
    """One pane or two, each under its title."""
    layout = go.Layout(
        height=height,
        margin={"t": 56, "r": 12},
        bargap=0.25,
        legend={"orientation": "h", "x": 0, "y": 1.09, "yanchor": "bottom"},
    )
    domains = _PANES if len(titles) > 1 else ([0.0, 1.0],)
    for pane, (title, domain) in enumerate(zip(titles, domains, strict=True), 1):
        name = str(pane).removeprefix("1")
        layout[f"xaxis{name}"] = {"domain": domain, "anchor": f"y{name}", "title": {"text": title.below}}
        layout[f"yaxis{name}"] = {"anchor": f"x{name}", "zeroline": False}
        place = {"x": domain[0], "xref": "paper", "xanchor": "left", "y": 1.0, "yref": "paper", "yanchor": "bottom"}
        layout.annotations += ({"text": f"<b>{title.above}</b>", "showarrow": False, **place},)
    return layout
