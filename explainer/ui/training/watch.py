"""The live views of a run: where it is, its curves, its filters and its feature maps."""

from __future__ import annotations

import streamlit as st

from explainer.data.digits import load
from explainer.figures.runs import RunCurve, run_curve
from explainer.training.config import RunConfig, steps_in, steps_per_epoch
from explainer.training.job import Job, State
from explainer.training.messages import Changed
from explainer.training.naming import short
from explainer.training.remarks import last_test, remark
from explainer.training.snapshot import Mistakes, Views
from explainer.ui import page
from explainer.ui.studio import Run, pool, studio
from explainer.ui.tiles import Tile, TileRow, tiles
from explainer.ui.training.actions import SHOWN, redraw_if_changed
from explainer.ui.training_curves import training_curves

EVERY = 0.5  # seconds between two looks at a run that goes
HEIGHT = 260  # of the curves, in pixels: what is below them must stay above the fold of a projector
SIZE = 44  # of a tile, in pixels
MOST_FILTERS, MOST_MAPS, WORST = 24, 14, 11  # tiles in a strip
NOTES = {"diverged": "diverged", "stopped": "stopped", "failed": "broke off", "paused": "paused"}


def watch(run: Run) -> None:
    """Draws the run for as long as any run of the visitor is going: its curves twice, its pictures once a second."""
    going = len(studio().going())
    st.fragment(run_every=EVERY if going else None)(_watch)(run, going)
    st.fragment(run_every=2 * EVERY if going else None)(_inside)(run)


def _watch(run: Run, going: int) -> None:
    redraw_if_changed(run)
    if len(studio().going()) != going:
        st.rerun()
    state = run.job.state()
    progress(run.job, state)
    _curves(run)
    page.notice(remark(run.job.config, state, pool().ahead(run.job)))


def _inside(run: Run) -> None:
    state = run.job.state()
    if state.views:
        inside(run, state, state.views)


def _curves(run: Run) -> None:
    names = st.session_state.get(SHOWN, [])
    # as they stand in the list, so that a run keeps its colour whichever is looked at
    shown = [one for one in studio().runs if one is run or one.name in names]
    epochs = max(one.job.config.recipe.epochs for one in shown)
    alt = f"Loss and accuracy of {run.name} over the epochs"
    curves = [_curve(one, name) for one, name in zip(shown, short([one.name for one in shown]), strict=True)]
    training_curves(curves, until=epochs, alt=alt, key="curves", height=HEIGHT)


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


def progress(job: Job, state: State) -> None:
    """One line: how far, how good, how fast, how long still."""
    point = state.points[-1] if state.points else None
    if point is None:
        st.progress(0.0, "Waiting for a free place" if state.status == "waiting" else "Starting")
        return
    total = steps_in(job.config)
    parts = [f"**Epoch {point.epoch:.2f}** of {job.config.recipe.epochs}"]
    tested = last_test(state.points)
    if tested and tested.test_accuracy is not None:
        parts.append(f"**{100 * tested.test_accuracy:.2f} %** of {tested.test_digits:,} test digits right")
    if point.seconds:
        speed = state.points[-1].step / point.seconds
        digits = point.examples_per_second
        parts.append(f"{digits:,.0f} digits/s" if digits else f"{speed:.1f} steps/s")
        if state.status == "running":
            parts.append(f"{max(total - point.step, 0) / speed:.0f} s left")
    if state.status not in ("running", "finished"):
        parts.append(f"**{state.status}**")
    st.progress(min(point.step / total, 1.0) if total else 1.0, " · ".join(parts))


def inside(run: Run, state: State, views: Views) -> None:
    """What it misreads, first-layer filters as they change, and the maps of one fixed digit."""
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
    tiles(rows, key="inside")


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
