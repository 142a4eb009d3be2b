"""Training curves: loss and accuracy of one run or of several laid over each other, drawn while they grow."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas  # noqa: F401  Plotly fails where another thread is half-way through importing it
import plotly.graph_objects as go
from numpy.typing import NDArray

from explainer.figures import axes, theme
from explainer.figures.runs import RunCurve, run_curve, thin

__all__ = ["PaneName", "RunCurve", "XAxis", "run_curve", "training_curves"]

Floats = NDArray[np.float64]
XAxis = Literal["epoch", "seconds"]
PaneName = Literal["loss", "accuracy"]

ALL_TEST_DIGITS = 10_000
MOST_POINTS = 300
LOSS_RANGE = (1e-6, 100.0)  # what a pane shows of a loss at most
SMALLEST_ERROR = 0.01  # %: one digit of 10,000
LEAST_LOSSES = (0.1, 2.3)  # what a logarithmic axis shows at least, so that it seldom moves
LEAST_ERRORS = (1.0, 90.0)  # %
NARROW = 600  # pixels of width

_GAP = 0.07  # half the space between two panes, as a share of the width
_AROUND = 110  # pixels above and below a pane
_LABEL_HEIGHT = 40  # pixels of a label's two lines
_LONGEST_NAME = 14


def training_curves(
    runs: Sequence[RunCurve],
    dark: bool,
    *,
    x: XAxis = "epoch",
    until: float | None = None,
    log_loss: bool = True,
    error: bool = False,
    panes: tuple[PaneName, ...] = ("loss", "accuracy"),
    height: int = 360,
) -> go.Figure:
    """Loss and accuracy in panes side by side: test solid and labelled at its end, training thin and dotted.

    A mark stands where all 10,000 test digits were read. ``until`` is the value on the x axis (epochs, or
    seconds of training) where the runs will end, so that the axis stays put. ``error`` shows 1 - accuracy, on
    a logarithmic axis. ``panes`` picks one or both; ``height`` is in pixels. A line gets at most 300 points:
    its ends and the extremes in between. A zoom survives where a chart is redrawn in place (``uirevision``).
    ``layout.meta["narrow"]`` says how to put two panes below each other where the page is narrow.
    """
    end = max([until or 0.0, *(float(getattr(run, x).max(initial=0.0)) for run in runs)]) or 1.0
    figure = go.Figure(layout=_layout(runs, dark, height, x))
    drawn = [
        _Pane(
            *(name, number, len(panes), log_loss if name == "loss" else error, error),
            *(x, end, height, len(runs) > 1),
        )
        for number, name in enumerate(panes)
    ]
    for pane in drawn:
        figure.add_annotation(_title(pane))
    for pane in drawn:
        _draw(figure, pane, [line for i, run in enumerate(runs) for line in _lines(pane, run, i)])
    if len(panes) > 1:
        figure.update_layout(meta=_narrow(height))
    return figure


@dataclass(frozen=True)
class _Pane:
    """One of ``count`` panes: what it shows and how; ``several`` runs or one."""

    name: PaneName
    number: int
    count: int
    log: bool
    error: bool
    x: XAxis
    end: float
    height: int
    several: bool

    @property
    def ending(self) -> str:
        """What Plotly adds to the names of this pane's axes."""
        return "" if self.number == 0 else str(self.number + 1)

    @property
    def domain(self) -> tuple[float, float]:
        left = 0.0 if self.number == 0 else 0.5 + _GAP
        right = 1.0 if self.number == self.count - 1 else 0.5 - _GAP
        return left, right

    @property
    def title(self) -> str:
        if self.name == "accuracy":
            return "<b>Error</b> (% read wrongly)" if self.error else "<b>Accuracy</b> (%)"
        key = ", training dotted" if self.several else ""
        return f"<b>Loss</b> (cross-entropy{key})"

    @property
    def unit(self) -> str:
        return "" if self.name == "loss" else " %"

    @property
    def labelled(self) -> bool:
        """Names of several runs stand once, at the right."""
        return not self.several or self.number == self.count - 1


@dataclass(frozen=True, eq=False)
class _Line:
    """A line as it is drawn: ``y`` is ``exact`` clipped to what the axis can show."""

    run: RunCurve
    color: str
    symbol: str
    test: bool
    x: Floats
    y: Floats
    exact: Floats
    digits: NDArray[np.int64]


def _lines(pane: _Pane, run: RunCurve, number: int) -> list[_Line]:
    """The training line and, on top of it, the test line of a run."""
    color = theme.QUALITATIVE[number % len(theme.QUALITATIVE)]
    symbol = theme.MARKERS[number % len(theme.MARKERS)]
    where: Floats = getattr(run, pane.x)
    lines = []
    for kind in ("train", "test"):
        values: Floats = getattr(run, f"{kind}_{pane.name}")
        digits = run.test_digits if kind == "test" else np.zeros_like(run.test_digits)
        measured = np.flatnonzero(np.isfinite(values))
        kept = measured[thin(values[measured], digits[measured] >= ALL_TEST_DIGITS, MOST_POINTS)]
        exact, drawn = _in_units(values[kept], pane)
        lines.append(_Line(run, color, symbol, kind == "test", where[kept], drawn, exact, digits[kept]))
    return lines


def _in_units(values: Floats, pane: _Pane) -> tuple[Floats, Floats]:
    """Exact values in the pane's unit, and what is drawn: no zero on a logarithmic axis."""
    if pane.name == "loss":
        return values, np.clip(values, *LOSS_RANGE)
    if pane.error:
        wrong = 100 * (1 - values)
        return wrong, np.maximum(wrong, SMALLEST_ERROR)
    return 100 * values, 100 * values


def _draw(figure: go.Figure, pane: _Pane, lines: list[_Line]) -> None:
    limits = _limits(pane, lines)
    figure.add_traces([_trace(pane, line) for line in lines])
    if not any(len(line.x) for line in lines):  # Plotly draws no axes without a trace
        figure.add_scatter(x=[None], y=[None], xaxis=f"x{pane.ending}", yaxis=f"y{pane.ending}")
    figure.update_layout(_axes(pane, limits))
    shown = [line for line in lines if len(line.x) and pane.labelled and (line.test or not pane.several)]
    for label in _labels(pane, shown, limits):
        figure.add_annotation(label)


def _limits(pane: _Pane, lines: Sequence[_Line]) -> tuple[float, float]:
    """The y range that shows what matters."""
    values = np.concatenate([line.y for line in lines]) if lines else np.zeros(0)
    if pane.log:
        return axes.log_limits(np.append(values, LEAST_LOSSES if pane.name == "loss" else LEAST_ERRORS))
    if pane.name == "loss":
        return 0.0, 1.05 * min(float(values.max(initial=0.5)), 5.0)
    return axes.accuracy_limits(np.array([line.y[-1] for line in lines if len(line.y)]))


def _title(pane: _Pane) -> dict[str, object]:
    return {
        "text": pane.title,
        "font": {"size": theme.FONT_SIZE},
        **{"x": pane.domain[0], "xref": "paper", "xanchor": "left", "showarrow": False},
        **{"y": 1, "yref": "paper", "yanchor": "bottom", "yshift": 8},
    }


def _narrow(height: int) -> dict[str, object]:
    """What changes in a layout narrower than NARROW: panes of the same height, the second below the first."""
    room = height - _AROUND
    share = room / (2 * room + _AROUND)
    changes = {
        "height": 2 * height,
        **{"xaxis.domain": [0, 1], "yaxis.domain": [1 - share, 1]},
        **{"xaxis2.domain": [0, 1], "yaxis2.domain": [0, share]},
        **{"annotations.1.x": 0, "annotations.1.y": share},  # the second title
    }
    return {"narrow": {"below": NARROW, "layout": changes}}


def _trace(pane: _Pane, line: _Line) -> dict[str, object]:
    name = "test" if line.test else "train"
    places = 4 if pane.name == "loss" else 2
    digits = " on %{customdata[1]:,} digits" if line.test and not pane.several else ""
    hover = {"hovertemplate": f"%{{customdata[0]:.{places}f}}{pane.unit}{digits}"}
    return {
        "type": "scatter",
        "mode": "lines+markers" if line.test else "lines",
        "name": html.escape(line.run.name) if pane.several else name,
        "x": line.x,
        "y": line.y,
        "xaxis": f"x{pane.ending}",
        "yaxis": f"y{pane.ending}",
        "customdata": np.column_stack([line.exact, line.digits]),
        **(hover if line.test or not pane.several else {"hoverinfo": "skip"}),
        "line": {
            "color": line.color,
            "width": 3 if line.test else 1.5,
            "dash": "solid" if line.test else "dot",
        },
        "marker": {
            **{"color": line.color, "symbol": line.symbol, "opacity": 1, "line": {"width": 0}},
            "size": np.where(line.digits >= ALL_TEST_DIGITS, 9, 0),
        },
    }


def _axes(pane: _Pane, limits: tuple[float, float]) -> dict[str, object]:
    unit = "epoch" if pane.x == "epoch" else "second"
    return {
        f"xaxis{pane.ending}": {
            "domain": pane.domain,
            "anchor": f"y{pane.ending}",
            "range": [-0.02 * pane.end, 1.02 * pane.end],
            "nticks": 6,
            "showgrid": False,
            "zeroline": False,
            "showline": True,
            "ticks": "outside",
            "title": {"text": "epochs" if pane.x == "epoch" else "seconds of training"},
            "unifiedhovertitle": {"text": f"{unit} %{{x:.2f}}"},
        },
        f"yaxis{pane.ending}": {
            "anchor": f"x{pane.ending}",
            "type": "log" if pane.log else "linear",
            **({"tickvals": axes.log_ticks(limits)} if pane.log else {"nticks": 6}),
            "zeroline": False,
            "range": np.log10(limits).tolist() if pane.log else list(limits),
            "tickformat": "~g" if pane.log else "",
        },
    }


def _labels(pane: _Pane, lines: Sequence[_Line], limits: tuple[float, float]) -> list[dict[str, object]]:
    """Name and last value at the end of each line, none over another."""
    room = pane.height - _AROUND
    wished = np.array([axes.share(line.y[-1], limits, log=pane.log) * room for line in lines])
    places = axes.spread(wished, _LABEL_HEIGHT, _LABEL_HEIGHT / 2, room - _LABEL_HEIGHT / 2)
    return [
        {
            "text": _label(pane, line),
            "font": {"color": line.color},
            **{"x": line.x[-1], "xref": f"x{pane.ending}", "xanchor": "left", "xshift": 8, "align": "left"},
            **{"y": np.log10(line.y[-1]) if pane.log else line.y[-1], "yref": f"y{pane.ending}"},
            **{"yanchor": "middle", "yshift": shift, "showarrow": False},
        }
        for line, shift in zip(lines, (places - wished).tolist(), strict=True)
    ]


def _label(pane: _Pane, line: _Line) -> str:
    name = html.escape(_short(line.run.name)) if pane.several else "test" if line.test else "train"
    value = f"{line.exact[-1]:.3g}" if pane.name == "loss" else f"{line.exact[-1]:.2f} %"
    note = f"<br>{html.escape(line.run.note)}" if line.run.note and line.test else ""
    return f"<b>{name}</b><br>{value}{note}" if line.test else f"{name}<br>{value}"


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _layout(runs: Sequence[RunCurve], dark: bool, height: int, x: XAxis) -> go.Layout:
    widest = max((len(_short(run.name)) for run in runs), default=0) if len(runs) > 1 else 0
    return go.Layout(
        template=theme.template(dark),
        height=height,
        hovermode="x unified",
        showlegend=False,
        uirevision=f"curves by {x}",
        margin={"t": 40, "r": 16 + 9 * max(widest, 7)},
    )
