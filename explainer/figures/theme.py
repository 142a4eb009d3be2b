"""The look of every figure: colours, type sizes and margins, for a light and for a dark page.

The colours stay distinct for readers without red or green cones and on a pale projector: lightness carries the
magnitude, blue against orange carries the sign, and classes and runs also differ in dash and marker. The settings
of the app's own theme repeat them, so that a chart, a feature map and a button agree.
"""

from __future__ import annotations

import functools
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.basedatatypes import BaseTraceType

Colorscale = list[tuple[float, str]]

FONT_FAMILY = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'Liberation Sans', Arial, sans-serif"
FONT_SIZE = 17
SMALL_FONT_SIZE = 15
IN_PERCENT = {"ticksuffix": "\u00a0%"}  # of an axis: Plotly leaves it out where ``tickvals`` are given


@dataclass(frozen=True)
class Palette:
    """Colours of a page as #rrggbb: two backgrounds, text, quieter text, lines between things, and one accent."""

    background: str
    raised: str
    text: str
    quiet: str
    line: str
    accent: str


LIGHT = Palette("#ffffff", "#f1f5f9", "#14212f", "#4a5a6b", "#cbd5e1", "#b84a00")
DARK = Palette("#0e1621", "#1a2635", "#e9eff6", "#a6b4c4", "#33445a", "#ff994c")

# Least to most, in equal steps of lightness. A dark page runs it backwards: nothing always fades into the page.
SEQUENTIAL = (
    "#ecf8f3",
    "#b8e3db",
    "#81cecb",
    "#55b4c7",
    "#3599c1",
    "#1f7eb7",
    "#2063a2",
    "#1d4a87",
    "#183467",
    "#0e2044",
)

# Most negative (blue) to most positive (orange); zero in the middle; both sides step alike in lightness.
DIVERGING_LIGHT = (
    "#155eaf",
    "#547ac1",
    "#7e97d2",
    "#a5b5e2",
    "#ccd4f0",
    "#f5f5f5",
    "#f8ccb6",
    "#eaa683",
    "#d78255",
    "#c05f28",
    "#a63b00",
)
DIVERGING_DARK = (
    "#65b9ff",
    "#5298d6",
    "#4179aa",
    "#325a7f",
    "#263d55",
    "#1d222a",
    "#4f3529",
    "#7a4c2f",
    "#a66437",
    "#d37e41",
    "#ff994c",
)

# For classes and runs, on both backgrounds. The nearer the front, the further apart: give the first to the few.
QUALITATIVE = (
    "#1070c8",  # blue
    "#d86010",  # orange
    "#007858",  # green
    "#d068a8",  # pink
    "#905828",  # brown
    "#1098d8",  # sky
    "#e01060",  # crimson
    "#a89050",  # sand
    "#1860e8",  # royal blue
    "#a88888",  # rosy grey
)


def palette(dark: bool) -> Palette:
    """The page's colours."""
    return DARK if dark else LIGHT


@functools.cache
def twins() -> dict[str, Any]:
    """What a dark page's figures are in on a light one, for JSON: ``colours`` are pairs (dark, light), ``scales`` pairs
    of scales; one object for all, not to be changed."""
    pairs = zip(asdict(DARK).values(), asdict(LIGHT).values(), strict=True)
    return {"colours": [*pairs], "scales": [[scale(True), scale(False)] for scale in (sequential, diverging)]}


def sequential(dark: bool) -> Colorscale:
    """For magnitudes from 0 up: positions 0..1 with their colours; 0 is the colour nearest to the page."""
    return _scale(SEQUENTIAL[::-1] if dark else SEQUENTIAL)


def diverging(dark: bool) -> Colorscale:
    """For signed values: 0 is most negative (blue), 0.5 is zero (nearest to the page), 1 most positive (orange)."""
    return _scale(DIVERGING_DARK if dark else DIVERGING_LIGHT)


def centred_range(values: NDArray[np.floating]) -> tuple[float, float]:
    """Limits (-m, m) that put zero in the middle of the diverging scale; m is the largest finite magnitude.

    Where there is none, or it is 0, m is 1.
    """
    magnitudes = np.abs(values[np.isfinite(values)])
    largest = float(magnitudes.max()) if magnitudes.size else 0.0
    limit = largest or 1.0
    return -limit, limit


def template(dark: bool) -> go.layout.Template:
    """Plotly's defaults for our figures: transparent paper, large type, small margins, our colours."""
    colors = palette(dark)
    return go.layout.Template(layout=_layout(colors, dark), data=_traces(colors))


class Figure(go.Figure):  # type: ignore[misc]  # Plotly says nothing of its types
    """A Plotly figure in our look, for a light or a ``dark`` page, which it gets when it is written.

    ``template`` is put into what the figure is written as. Set as the template of the layout it would be checked three
    times, option by option, and that takes nine tenths of the time in which a figure is made.
    """

    def __init__(self, data: Any = None, layout: Any = None, *, dark: bool) -> None:
        super().__init__(data, layout)
        self._dark = dark
        self.layout.template = None  # not Plotly's own, which would be copied with every writing

    def to_dict(self) -> dict[str, Any]:
        """What Plotly writes and draws, with our template, which must not be changed."""
        written: dict[str, Any] = super().to_dict()
        written["layout"]["template"] = _written_template(self._dark)
        return written

    def __reduce__(self) -> tuple[Any, ...]:
        make, arguments = super().__reduce__()
        return functools.partial(make, dark=self._dark), arguments


@functools.cache
def _written_template(dark: bool) -> dict[str, Any]:
    written: dict[str, Any] = template(dark).to_plotly_json()
    return written


def _scale(colors: tuple[str, ...]) -> Colorscale:
    return [(i / (len(colors) - 1), color) for i, color in enumerate(colors)]


def _layout(colors: Palette, dark: bool) -> go.Layout:
    small = {"size": SMALL_FONT_SIZE, "color": colors.text}
    axis = {
        "gridcolor": colors.line,
        "linecolor": colors.quiet,
        "zerolinecolor": colors.quiet,
        "zerolinewidth": 1,
        "automargin": True,
        "title": {"font": {"size": FONT_SIZE}, "standoff": 8},
        "tickfont": small,
    }
    return go.Layout(
        font={"family": FONT_FAMILY, "size": FONT_SIZE, "color": colors.text},
        title={"font": {"size": FONT_SIZE + 2}, "x": 0, "xanchor": "left"},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        colorway=QUALITATIVE,
        colorscale={
            "sequential": sequential(dark),
            "sequentialminus": sequential(dark)[::-1],
            "diverging": diverging(dark),
        },
        coloraxis={"colorbar": _colorbar(colors)},
        margin={"l": 8, "r": 8, "t": 32, "b": 8, "pad": 2},
        xaxis=axis,
        yaxis=axis,
        legend={"font": small, "bgcolor": "rgba(0,0,0,0)"},
        annotationdefaults={"font": small},
        hoverlabel={
            "font": {"family": FONT_FAMILY, "size": FONT_SIZE, "color": colors.text},
            "bgcolor": colors.raised,
            "bordercolor": colors.quiet,
        },
    )


def _traces(colors: Palette) -> dict[str, list[BaseTraceType]]:
    return {
        "heatmap": [go.Heatmap(colorbar=_colorbar(colors))],
        "scatter": [go.Scatter(line={"width": 3}, marker={"size": 9})],
        "bar": [go.Bar(marker={"line": {"width": 0}})],
    }


def _colorbar(colors: Palette) -> dict[str, object]:
    return {
        "thickness": 16,
        "outlinewidth": 0,
        "ticks": "outside",
        "tickcolor": colors.quiet,
        "tickfont": {"size": SMALL_FONT_SIZE, "color": colors.text},
    }
