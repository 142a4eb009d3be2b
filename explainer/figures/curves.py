"""Training curves: loss and accuracy of one run or of several laid over each other, drawn while they grow.

What is drawn is described here, down to ticks and places of labels; the browser component that paints it needs
only to scale it to its width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from explainer.figures import axes, theme
from explainer.figures.runs import RunCurve, thin
from explainer.words.book import ENGLISH, Said

Floats = NDArray[np.float64]
PaneName = Literal["loss", "accuracy"]
Kind = Literal["train", "test"]
Tick = tuple[float, str]

ALL_TEST_DIGITS = 10_000
MOST_POINTS = 200  # in a line, of one run or of few
LEAST_POINTS = 80
POINTS_OF_ALL_RUNS = 1000  # in lines of a kind together: with many runs each gets fewer
SHOWN_LOSSES = (1e-6, 100.0)  # what a pane shows of a loss at most
LEAST_LOSSES = (0.1, 2.3)  # what a logarithmic axis shows at least, so that it seldom moves
TOP, BOTTOM = 34, 30  # pixels above and below a pane, for its title and for the ticks of its x axis

_TWO_ROWS, _ONE_ROW = 38.0, 19.0  # pixels of a label's height
_LONGEST_NAME = 14


@dataclass(frozen=True)
class Line:
    """The line of run number ``run`` through the measured values ``y`` at ``x`` (epochs), to 5 significant digits.

    ``digits`` counts the test digits that each point of a test line was measured on; a training line has none.
    """

    run: int
    kind: Kind
    x: tuple[float, ...]
    y: tuple[float, ...]
    digits: tuple[int, ...] = ()


@dataclass(frozen=True)
class Label:
    """``rows`` of text at the end (``x``, ``y``) of a line, with its middle ``place`` pixels above the pane's floor."""

    run: int
    kind: Kind
    rows: tuple[str, ...]
    x: float
    y: float
    place: float


@dataclass(frozen=True)
class Pane:
    """A pane: its bold title and unit, its y axis with ticks, and what is drawn; lines later in the list on top.

    A value outside ``shown`` is drawn as the nearest end of it: a logarithmic axis has no zero.
    """

    name: PaneName
    title: str
    unit: str
    scale: axes.Scale
    limits: tuple[float, float]
    shown: tuple[float, float]
    ticks: tuple[Tick, ...]
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class DrawnRun:
    """A run's name and colour, and its ``changes``: the epoch and what was changed there."""

    name: str
    color: str
    changes: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Drawing:
    """Panes of ``height`` pixels each on x axes from 0 to ``end`` epochs; ``top`` and ``bottom`` surround a plot.

    A mark stands where at least ``marked`` test digits were read.
    """

    height: int
    top: int
    bottom: int
    end: float
    ticks: tuple[Tick, ...]
    marked: int
    runs: tuple[DrawnRun, ...]
    panes: tuple[Pane, ...]


def training_curves(runs: Sequence[RunCurve], until: float, height: int = 260, language: str = ENGLISH) -> Drawing:
    """Loss and accuracy in %, on logarithmic axes of the loss and the errors, with both lines of every run.

    ``until`` is the epoch where the runs will end, so that the axis stays put. A line gets at most 200 points, 80
    where there are many runs: its ends, the extremes in between, and those where all test digits were read. One
    run has both its lines labelled; of several runs the test lines are, with their names once, at the accuracy.
    Titles and values are written in ``language``.
    """
    end = max([until, *(float(run.epoch.max(initial=0.0)) for run in runs)]) or 1.0
    colors = [theme.QUALITATIVE[number % len(theme.QUALITATIVE)] for number in range(len(runs))]
    drawn = (
        DrawnRun(run.name, color, tuple((_round(at), text) for at, text in run.changes))
        for run, color in zip(runs, colors, strict=True)
    )
    room = height - TOP - BOTTOM
    panes = (_loss(runs, room, language), _accuracy(runs, room, language))
    ticks = _ticks(axes.linear_ticks((0.0, end)))
    return Drawing(height, TOP, BOTTOM, end, ticks, ALL_TEST_DIGITS, tuple(drawn), panes)


def _loss(runs: Sequence[RunCurve], room: int, language: str) -> Pane:
    lines = _lines("loss", runs)
    values = np.clip(np.array([value for line in lines for value in line.y]), *SHOWN_LOSSES)
    limits = axes.log_limits(np.append(values, LEAST_LOSSES))
    title = Said("figures.curves.loss").text(language)
    unit = Said("figures.curves.loss_unit_of_several" if len(runs) > 1 else "figures.curves.loss_unit").text(language)
    labels = _labels("loss", runs, lines, limits, room, language=language)
    ticks = _ticks(axes.log_ticks(limits))
    return Pane("loss", title, unit, "log", limits, SHOWN_LOSSES, ticks, lines, labels)


def _accuracy(runs: Sequence[RunCurve], room: int, language: str) -> Pane:
    lines = _lines("accuracy", runs)
    limits = axes.errors_limits(np.array([value for line in lines for value in line.y]))
    title = Said("figures.curves.accuracy").text(language)
    unit = Said("figures.curves.accuracy_unit").text(language)
    labels = _labels("accuracy", runs, lines, limits, room, language=language)
    ticks = _ticks(axes.errors_ticks(limits))
    return Pane("accuracy", title, unit, "errors", limits, limits, ticks, lines, labels)


def _lines(pane: PaneName, runs: Sequence[RunCurve]) -> tuple[Line, ...]:
    """First the training lines, then the test lines, which lie on top."""
    most = min(MOST_POINTS, max(POINTS_OF_ALL_RUNS // max(len(runs), 1), LEAST_POINTS))
    kinds: tuple[Kind, ...] = ("train", "test")
    return tuple(_line(number, kind, run, pane, most) for kind in kinds for number, run in enumerate(runs))


def _line(number: int, kind: Kind, run: RunCurve, pane: PaneName, most: int) -> Line:
    """A line through what was measured, thinned; accuracies become %."""
    values: Floats = getattr(run, f"{kind}_{pane}")
    measured = np.flatnonzero(np.isfinite(values))
    marks = (run.test_digits[measured] >= ALL_TEST_DIGITS) & (kind == "test")
    kept = measured[thin(values[measured], marks, most)]
    x, y = run.epoch[kept].tolist(), ((100 if pane == "accuracy" else 1) * values[kept]).tolist()
    digits = run.test_digits[kept].tolist() if kind == "test" else ()
    return Line(number, kind, tuple(map(_round, x)), tuple(map(_round, y)), tuple(digits))


def _round(value: float) -> float:
    """To 5 significant digits: more than a pixel shows, and short as text."""
    return float(f"{value:.5g}")


def _ticks(values: Sequence[float]) -> tuple[Tick, ...]:
    return tuple((value, f"{value:g}".replace("e-0", "e-")) for value in values)


def _labels(
    pane: PaneName,
    runs: Sequence[RunCurve],
    lines: Sequence[Line],
    limits: tuple[float, float],
    room: int,
    *,
    language: str,
) -> tuple[Label, ...]:
    """Name and last value at the end of each line that is labelled, none over another in the ``room`` (pixels)."""
    several = len(runs) > 1
    labelled = [line for line in lines if line.y and (line.kind == "test" or not several)]
    gap = _ONE_ROW if (several and pane == "loss") or _TWO_ROWS * len(labelled) > room else _TWO_ROWS
    gap = min(gap, room / max(len(labelled), 1))
    scale: axes.Scale = "log" if pane == "loss" else "errors"
    ends = [float(np.clip(line.y[-1], *(SHOWN_LOSSES if pane == "loss" else limits))) for line in labelled]
    wished = np.array([axes.share(end, limits, scale) * room for end in ends])
    places = axes.spread(wished, gap, gap / 2, room - gap / 2).tolist()
    return tuple(
        Label(line.run, line.kind, rows, line.x[-1], end, round(place, 1))
        for line, end, place in zip(labelled, ends, places, strict=True)
        for rows in [_rows(pane, runs, line, gap >= _TWO_ROWS, language)]
    )


def _rows(pane: PaneName, runs: Sequence[RunCurve], line: Line, two: bool, language: str) -> tuple[str, ...]:
    """The text of a label: a name over a value and the run's note, or in one row the more telling of the two."""
    several = len(runs) > 1
    value = Said(f"figures.curves.{pane}_value", value=line.y[-1]).text(language)
    if several and pane == "loss":
        return (value,)
    name = _short(runs[line.run].name) if several else Said(f"figures.curves.{line.kind}").text(language)
    note = runs[line.run].note if line.kind == "test" else ""
    if two:
        return name, f"{value} · {note}" if note else value
    return (f"{name} {note or value}",)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
