"""Small maps of numbers in square cells."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas  # noqa: F401  Plotly fails where another thread is half-way through importing it
import plotly.graph_objects as go
from numpy.typing import NDArray

from explainer.figures import axes, theme

MapScale = Literal["diverging", "sequential"]

_LETTER = 0.56  # width of a letter or digit, in font sizes
_AROUND_PLOT = 90  # pixels of a figure's height that its x axis and the upper margin take
_NARROWEST = 300  # pixels for the cells of a map on a phone
_LEAST_FONT = 11
_INKS = ("#10171f", "#ffffff")


def grid_map(
    values: NDArray[np.floating] | NDArray[np.integer],
    dark: bool,
    *,
    scale: MapScale = "diverging",
    title: str = "",
    name: str = "value",
    limit: float | None = None,
    decimals: int = 2,
    height: int = 320,
    narrowest: int = _NARROWEST,
    first: int = 0,
    words: tuple[str, str] = ("row", "column"),
    marked: tuple[int, int] | None = None,
) -> go.Figure:
    """A small map of ``values`` (rows, columns) in square cells, row 0 on top, with the numbers where they fit.

    ``scale`` is "diverging" for signed values, 0 in the middle, or "sequential" for those from 0 up. ``limit``
    is the magnitude with the full colour, None that of the largest value: give one to maps that are compared.
    ``name`` says what a value is, when pointed at and beside the colours, which are explained where no numbers fit.
    Numbers have at most ``decimals`` places, in a size for cells that are ``narrowest`` pixels wide together.
    ``height`` is in pixels. Values that are not finite stay empty. Rows and columns count from ``first`` on and are
    called by ``words``; a frame is around the ``marked`` cell, whose row and column count from 0 on.
    """
    numbers = np.where(np.isfinite(values), np.asarray(values, dtype=np.float64), np.nan)
    largest = float(limit) if limit else theme.centred_range(numbers)[1]
    texts = [[_number(value, decimals) for value in row] for row in numbers.tolist()]
    font = _fitting_font(texts, height - _AROUND_PLOT, narrowest)
    signed = scale == "diverging"
    colors = theme.diverging(dark) if signed else theme.sequential(dark)
    limits = (-largest if signed else 0.0, largest)
    figure = theme.Figure(layout=_map_layout(numbers.shape, title, height, "left" if font else "center"), dark=dark)
    _name_axes(figure, words, first)
    if marked:
        _mark(figure, marked, dark)
    place = ", ".join(f"{word} %{{customdata[{axis}]}}" for axis, word in enumerate(words))
    figure.add_heatmap(
        z=numbers,
        colorscale=colors,
        zmin=limits[0],
        zmax=limits[1],
        xgap=1,
        ygap=1,
        hoverongaps=False,
        showscale=not font,
        colorbar={"title": {"text": name, "side": "right"}},
        customdata=np.moveaxis(np.indices(numbers.shape) + first, 0, -1),
        hovertemplate=f"{place}<br>{name} %{{z:.6~g}}<extra></extra>",
    )
    if font:
        _write(figure, texts, font, _inks(numbers.ravel(), colors, limits))
    return figure


def _name_axes(figure: go.Figure, words: tuple[str, str], first: int) -> None:
    for axis, word in zip((figure.layout.yaxis, figure.layout.xaxis), words, strict=True):
        axis.update(title={"text": word}, ticktext=[str(tick + first) for tick in axis.tickvals])


def _mark(figure: go.Figure, marked: tuple[int, int], dark: bool) -> None:
    row, column = marked
    line = {"color": theme.palette(dark).accent, "width": 4}
    figure.add_shape(x0=column - 0.5, x1=column + 0.5, y0=row - 0.5, y1=row + 0.5, line=line)


def _write(figure: go.Figure, texts: list[list[str]], font: int, inks: list[str]) -> None:
    rows, columns = np.indices((len(texts), len(texts[0]))).reshape(2, -1)
    figure.add_scatter(
        x=columns,
        y=rows,
        text=[text for row in texts for text in row],
        mode="text",
        textfont={"size": font, "color": inks},
        hoverinfo="skip",
        showlegend=False,
    )


def _number(value: float, decimals: int) -> str:
    """A number for a cell: no zeros at its end, a true minus sign, and nothing where there is none."""
    if np.isnan(value):
        return ""
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text.replace("-", "−")


def _fitting_font(texts: list[list[str]], room: float, narrowest: float) -> int:
    """The font size in which the longest of ``texts`` fits a cell, on a phone as well, or 0."""
    rows, columns = len(texts), max(map(len, texts), default=0)
    longest = max((len(text) for row in texts for text in row), default=0)
    if not longest:
        return 0
    cell = min(room / rows, narrowest / columns)
    size = int(min(0.5 * cell, (cell - 6) / (_LETTER * longest), theme.FONT_SIZE))
    return size if size >= _LEAST_FONT else 0


def _inks(values: NDArray[np.float64], colors: theme.Colorscale, limits: tuple[float, float]) -> list[str]:
    """Dark or light ink, whichever is read more easily on the colour of each of ``values`` (n,)."""
    weights = {1: 0.299, 3: 0.587, 5: 0.114}  # of red, green and blue, by their places in #rrggbb
    stops = [sum(weight * int(color[at : at + 2], 16) for at, weight in weights.items()) for _, color in colors]
    brightness = np.interp((values - limits[0]) / (limits[1] - limits[0]), [at for at, _ in colors], stops)
    return [_INKS[int(each < 140)] for each in brightness]


def _map_layout(shape: tuple[int, ...], title: str, height: int, toward: str) -> go.Layout:
    rows, columns = shape
    plain = {"showgrid": False, "zeroline": False, "constrain": "domain", "ticks": ""}
    ticks = [
        [int(tick) for tick in axes.linear_ticks((0, max(n - 1, 1)), 10) if tick.is_integer()] for n in (rows, columns)
    ]
    return go.Layout(
        height=height,
        uirevision="grid map",
        title={"text": title} if title else None,
        margin={"t": 44 if title else 16},
        xaxis={
            **plain,
            "tickvals": ticks[1],
            "range": [-0.5, columns - 0.5],
            "constraintoward": toward,
        },
        yaxis={
            **plain,
            **{"tickvals": ticks[0], "range": [rows - 0.5, -0.5]},
            **{"scaleanchor": "x", "constraintoward": "top"},
        },
    )
