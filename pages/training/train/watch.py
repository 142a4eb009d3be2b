"""The live views of a run: where it is, its curves, its filters and its feature maps."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from explainer.data.digits import load
from explainer.figures.curves import training_curves as draw_curves
from explainer.figures.runs import RunCurve, run_curve
from explainer.training.config import RunConfig, steps_in, steps_per_epoch
from explainer.training.job import Job, State
from explainer.training.messages import Changed
from explainer.training.naming import short
from explainer.training.remarks import last_test, remark
from explainer.training.snapshot import Mistakes
from explainer.ui.components.feed import News, feed
from explainer.ui.components.live_text import Line, live_text
from explainer.ui.components.live_text import encode as encode_line
from explainer.ui.components.tiles import Tile, TileRow, tiles
from explainer.ui.components.tiles import encode as encode_row
from explainer.ui.frame.studio import Run, Studio, pool, studio
from pages.training.train.actions import DRAWN, SHOWN
from pages.training.train.training_curves import encode as encode_drawing
from pages.training.train.training_curves import training_curves

EVERY, LONGEST = 0.5, 3.0  # seconds between two looks at a run that goes, and at most at one that waits
PROGRESS, CURVES, REMARK, INSIDE = "run-progress", "run-curves", "run-remark", "run-inside"  # names of the feed
HEIGHT = 260  # of the curves, in pixels: what is below them must stay above the fold of a projector
SIZE = 44  # of a tile, in pixels
MOST_FILTERS, MOST_MAPS, WORST = 24, 14, 11  # tiles in a strip
NOTES = {"diverged": "diverged", "stopped": "stopped", "failed": "broke off", "paused": "paused", "waiting": "waiting"}


def watch(run: Run) -> None:
    """Draws the run; while any run of the visitor is going, what is drawn follows it without a rerun of the page."""
    mine, names = studio(), st.session_state.get(SHOWN, [])
    # as they stand in the list, so that a run keeps its colour whichever is looked at
    shown = [one for one in mine.runs if one is run or one.name in names]
    state = run.job.state()
    live_text(progress(run.job, state), key="progress", feed=PROGRESS)
    alt = f"Loss and accuracy of {run.name} over the epochs"
    training_curves(_curves(shown), _epochs(shown), alt, key="curves", height=HEIGHT, feed=CURVES)
    live_text(Line([_remark(run, state)]), key="remark", feed=REMARK)
    tiles(inside(run, state), key="inside", feed=INSIDE)
    feed("watch", partial(_news, run, shown, mine), st.session_state[DRAWN], EVERY, going=bool(mine.going()))


def _news(run: Run, shown: list[Run], mine: Studio) -> News:
    going, state = bool(mine.going()), run.job.state()  # in this order: what is last is not missed
    drawing = draw_curves(_curves(shown), _epochs(shown), HEIGHT)
    components = {
        PROGRESS: encode_line(progress(run.job, state)),
        CURVES: encode_drawing(drawing),
        REMARK: encode_line(Line([_remark(run, state)])),
        INSIDE: {"rows": [encode_row(row) for row in inside(run, state)]},
    }
    return News(state.status, components, some=bool(state.points), going=going, again=1000 * _look_again(mine.going()))


def _look_again(going: Sequence[Run]) -> float:
    """Seconds until runs are worth another look, where all of them wait for long; else 0.

    A class of a hundred that waits would ask two hundred times a second, and be answered that nothing has changed.
    """
    if any(run.job.status != "waiting" for run in going):
        return 0.0
    sooner = min((pool().ahead(run.job).seconds or 0.0 for run in going), default=0.0) / 10
    return min(sooner, LONGEST) if sooner > EVERY else 0.0


def _remark(run: Run, state: State) -> str:
    said = run.why_ended if run.why_ended and state.status == "stopped" else ""
    return f"{said or remark(run.job.config, state, pool().ahead(run.job))} {run.not_kept}".strip()


def _epochs(shown: list[Run]) -> int:
    return max(one.job.config.recipe.epochs for one in shown)


def _curves(shown: list[Run]) -> list[RunCurve]:
    return [_curve(one, name) for one, name in zip(shown, short([one.name for one in shown]), strict=True)]


def _curve(run: Run, name: str) -> RunCurve:
    state = run.job.state()
    changes = tuple(change for changed in state.changes if (change := change_mark(run.job.config, changed))[1])
    return run_curve(name, state.points, NOTES.get(state.status, ""), changes)


def change_mark(config: RunConfig, changed: Changed) -> tuple[float, str]:
    """The epoch of a change in mid-run, and in short what it set."""
    new = changed.change
    parts = [
        f"{name} {value:g}"
        for name, value in (("lr", new.learning_rate), ("dropout", new.dropout))
        if value is not None
    ]
    return changed.step / steps_per_epoch(config), ", ".join(parts)


def progress(job: Job, state: State) -> Line:
    """One line: how far, how good, how fast, how long still."""
    point = state.points[-1] if state.points else None
    if point is None:
        return Line(["Waiting for a free place" if state.status == "waiting" else "Starting"], share=0.0)
    total = steps_in(job.config)
    parts, strong = [f"Epoch {point.epoch:.2f} of {job.config.recipe.epochs}"], [0]
    tested = last_test(state.points)
    if tested and tested.test_accuracy is not None:
        strong.append(len(parts))
        parts.append(f"{100 * tested.test_accuracy:.2f} % of {tested.test_digits:,} test digits right")
    if point.seconds:
        speed = point.step / point.seconds
        digits = point.examples_per_second
        parts.append(f"{digits:,.0f} digits/s" if digits else f"{speed:.1f} steps/s")
        if state.status == "running":
            parts.append(f"{max(total - point.step, 0) / speed:.0f} s left")
    if state.status not in ("running", "finished"):
        strong.append(len(parts))
        parts.append("waiting for its next turn" if state.status == "waiting" else state.status)
    return Line(parts, strong, min(point.step / total, 1.0) if total else 1.0)


def inside(run: Run, state: State) -> list[TileRow]:
    """What it misreads, first-layer filters as they change, and the maps of one fixed digit."""
    views = state.views
    if views is None:
        return []
    kernels = tuple(
        Tile(kernel, detail=f"Filter {number} of {len(views.filters)}")
        for number, kernel in enumerate(views.filters[:MOST_FILTERS], 1)
    )
    rows = [TileRow(f"{len(views.filters)} filters of the first layer", kernels, "diverging", size=SIZE)]
    if state.mistakes and len(state.mistakes.index):
        rows.append(misread(run, state.mistakes, WORST))
    for layer, maps in enumerate(views.feature_maps, 1):
        strip = tuple(
            Tile(values, detail=f"Map {number} of {len(maps)} after convolution {layer}")
            for number, values in enumerate(maps[:MOST_MAPS], 1)
        )
        rows.append(
            TileRow(f"One test digit after convolution {layer}: {len(maps)} maps", strip, "sequential", size=SIZE)
        )
    return rows


def misread(run: Run, mistakes: Mistakes, most: int) -> TileRow:
    """The first ``most`` digits that the run reads wrongly, each with its true label, what was read, and how surely."""
    digits = load(run.job.config.dataset)
    strip = []
    for index, predicted, confidence in zip(
        mistakes.index[:most], mistakes.predicted, mistakes.confidence, strict=False
    ):
        true, read = digits.class_names[digits.test_labels[index]], digits.class_names[predicted]
        detail = f"Test digit {index}: a {true}, read as {read} with {100 * confidence:.1f} % confidence"
        caption = f"{true} → {read}"
        strip.append(Tile(digits.test_images[index].astype("float32"), f"{caption}\n{100 * confidence:.0f} %", detail))
    count, total = len(mistakes.index), int(mistakes.confusion.sum())
    title = f"{count:,} of {total:,} test digits misread" + (f", the {most} it is surest of" if count > most else "")
    return TileRow(title, tuple(strip), "grey", limit=255.0, size=SIZE)
