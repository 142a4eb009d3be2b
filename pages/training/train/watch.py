"""The live views of a run: where it is, its curves, its filters and its feature maps."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.data.catalogue import COLOUR
from explainer.data.digits import load
from explainer.figures.curves import training_curves as draw_curves
from explainer.figures.runs import RunCurve, run_curve
from explainer.training.class_titles import class_titles
from explainer.training.config import RunConfig, steps_per_epoch
from explainer.training.job import GOING, Job, State
from explainer.training.messages import Changed
from explainer.training.naming import short
from explainer.training.remarks import is_loaded, last_test, remark, smoothing
from explainer.training.snapshot import Mistakes, Point, Views
from explainer.training.stages import Stage
from explainer.ui.components.feed import News, feed
from explainer.ui.components.live_text import Line, live_text
from explainer.ui.components.live_text import encode as encode_line
from explainer.ui.components.tiles import Tile, TileRow, tiles
from explainer.ui.components.tiles import encode as encode_row
from explainer.ui.controls.moments import choose_moment, chosen_stage
from explainer.ui.controls.moments import news as moments_news
from explainer.ui.frame.studio import Run, Studio, pool, studio
from explainer.ui.language import language, say
from explainer.words.book import Said
from pages.training.train.actions import DRAWN, SHOWN
from pages.training.train.names import picture_scale
from pages.training.train.training_curves import encode as encode_drawing
from pages.training.train.training_curves import training_curves

EVERY, LONGEST = 0.5, 3.0  # seconds between two looks at a run that goes, and at most at one that waits
# names of the feed
PROGRESS, CURVES, REMARK, INSIDE, MOMENTS = "run-progress", "run-curves", "run-remark", "run-inside", "run-moments"
HEIGHT = 260  # of the curves, in pixels: what is below them must stay above the fold of a projector
SIZE = 44  # of a tile, in pixels
MOST_FILTERS, MOST_MAPS, WORST = 24, 14, 11  # tiles in a strip
NOTED = ("diverged", "stopped", "failed", "paused", "waiting")  # at the end of a run's lines


def watch(run: Run) -> None:
    """Draws the run; while any run of the visitor is going, what is drawn follows it without a rerun of the page."""
    mine, keys = studio(), st.session_state.get(SHOWN, [])
    # as they stand in the list, so that a run keeps its colour whichever is looked at
    shown = [one for one in mine.of(RunConfig) if one is run or one.key in keys]
    # in this order: what is last is not missed
    going = bool(mine.going()) or st.session_state[DRAWN] in GOING
    state, read = run.job.state(), language()
    if not is_loaded(state):
        live_text(progress(run.job, state, read), key="progress", feed=PROGRESS)
    alt = say("train.watch.curves", run=run.name)
    training_curves(_curves(shown, read), _epochs(shown), alt, key="curves", height=HEIGHT, feed=CURVES)
    live_text(Line([_remark(run, state, read)]), key="remark", feed=REMARK)
    choose_moment(run, read, MOMENTS)
    stage = chosen_stage(state)
    tiles(inside(run, state, read, stage), key="inside", feed="" if stage else INSIDE)
    feed("watch", partial(_news, run, shown, mine, read, stage), st.session_state[DRAWN], EVERY, going=going)


def _news(run: Run, shown: list[Run], mine: Studio, language: str, stage: Stage | None = None) -> News:
    """Runs outside of the page's script, where nothing but the arguments knows the visitor's language."""
    going, state = bool(mine.going()), run.job.state()  # in this order: what is last is not missed
    drawing = draw_curves(_curves(shown, language), _epochs(shown), HEIGHT, language)
    components = {
        PROGRESS: encode_line(progress(run.job, state, language)),
        CURVES: encode_drawing(drawing),
        REMARK: encode_line(Line([_remark(run, state, language)])),
        MOMENTS: moments_news(state, language),
    }
    if stage is None:  # else what stands there is over
        components[INSIDE] = {"rows": [encode_row(row) for row in inside(run, state, language)]}
    return News(state.status, components, some=bool(state.points), going=going, again=1000 * _look_again(mine.going()))


def _look_again(going: Sequence[Run]) -> float:
    """Seconds until runs are worth another look, where all of them wait for long; else 0.

    A class of a hundred that waits would ask two hundred times a second, and be answered that nothing has changed.
    """
    if any(run.job.status != "waiting" for run in going):
        return 0.0
    sooner = min((pool().ahead(run.job).seconds or 0.0 for run in going), default=0.0) / 10
    return min(sooner, LONGEST) if sooner > EVERY else 0.0


def _remark(run: Run, state: State, language: str) -> str:
    why_ended = run.why_ended if state.status == "stopped" else None
    said = (
        why_ended or remark(run.job.config, state, pool().ahead(run.job)),
        smoothing(run.job.config, state),
        run.not_kept,
    )
    return " ".join(each if isinstance(each, str) else each.text(language) for each in said if each)


def _epochs(shown: list[Run]) -> int:
    return max(one.job.config.recipe.epochs for one in shown)


def _curves(shown: list[Run], language: str) -> list[RunCurve]:
    return [_curve(one, name, language) for one, name in zip(shown, short([one.name for one in shown]), strict=True)]


def _curve(run: Run, name: str, language: str) -> RunCurve:
    state = run.job.state()
    marks = (change_mark(run.job.config, changed) for changed in state.changes)
    changes = tuple((epoch, set_to.text(language)) for epoch, set_to in marks)
    note = Said(f"train.notes.{state.status}").text(language) if state.status in NOTED else ""
    return run_curve(name, state.points, note, changes)


def change_mark(config: RunConfig, changed: Changed) -> tuple[float, Said]:
    """The epoch of a change in mid-run, and in short what it set."""
    key = "train.watch.new_rate" if changed.change.what == "learning_rate" else "train.watch.new_dropout"
    return changed.step / steps_per_epoch(config), Said(key, value=changed.change.value)


def progress(job: Job, state: State, language: str) -> Line:
    """One line: how far, how good, how fast, how long still."""
    point = state.points[-1] if state.points else None
    if point is None:
        return Line([_before(state).text(language)], share=0.0)
    total, is_colour = job.config.steps, job.config.dataset in COLOUR
    parts, strong = [Said("train.watch.epoch", epoch=point.epoch, epochs=job.config.recipe.epochs)], [0]
    tested = last_test(state.points)
    if tested and tested.test_accuracy is not None:
        strong.append(len(parts))
        share = tested.test_accuracy
        said = "train.colour.right" if is_colour else "train.watch.right"
        parts.append(Said(said, share=share, digits=tested.test_digits))
    parts += _pace(point, max(total - point.step, 0), state.status == "running", is_colour=is_colour)
    if state.status not in ("running", "finished"):
        strong.append(len(parts))
        is_waiting = state.status == "waiting"
        parts.append(Said("train.watch.waiting") if is_waiting else Said(f"train.states.{state.status}"))
    return Line([part.text(language) for part in parts], strong, min(point.step / total, 1.0) if total else 1.0)


def _before(state: State) -> Said:
    """What a run that has reported nothing is doing, or how it ended."""
    known = {"waiting": "train.watch.waiting_for_a_place", "running": "train.watch.starting"}
    return Said(known.get(state.status, f"train.states.{state.status}"))


def _pace(point: Point, steps: int, is_running: bool, *, is_colour: bool) -> list[Said]:
    """How fast a run is at ``point``, and how long it still takes for the ``steps`` that are left."""
    if not point.seconds:
        return []
    speed, digits = point.step / point.seconds, point.examples_per_second
    a_second = "train.colour.pictures_a_second" if is_colour else "train.watch.digits_a_second"
    parts = [Said(a_second, speed=digits) if digits else Said("train.watch.steps_a_second", speed=speed)]
    return [*parts, Said("train.watch.left", seconds=steps / speed)] if is_running else parts


def inside(run: Run, state: State, language: str, stage: Stage | None = None) -> list[TileRow]:
    """What it misreads, first-layer filters as they change, and the maps of one fixed digit: now, or at a ``stage``."""
    views, results = (_views_of(run, stage), stage.results) if stage else (state.views, state.results)
    if views is None:
        return []
    is_colour = run.job.config.dataset in COLOUR
    rows = [_kernels(views, language, is_colour=is_colour)]
    if isinstance(results, Mistakes) and len(results.index):
        rows.append(misread(run, results, WORST, language))
    shown = zip(views.feature_maps, views.convolutions, strict=True)
    return rows + [_maps(maps, layer, language, is_colour=is_colour) for maps, layer in shown]


def _kernels(views: Views, language: str, *, is_colour: bool) -> TileRow:
    count, said = len(views.filters), "train.colour.kernel" if is_colour else "train.watch.filter"
    kernels = tuple(
        Tile(kernel, detail=Said(said, number=number, count=count).text(language))
        for number, kernel in enumerate(views.filters[:MOST_FILTERS], 1)
    )
    title = Said("train.watch.filters", count=count).text(language)
    return TileRow(title, kernels, "signed-colour" if is_colour else "diverging", size=SIZE)


def _views_of(run: Run, stage: Stage) -> Views:
    from explainer.training.looking_back import views_of  # noqa: PLC0415  torch, only when somebody looks back

    return views_of(stage.weights, run.job.config.dataset)


def _maps(maps: NDArray[np.float32], layer: int, language: str, *, is_colour: bool) -> TileRow:
    count = len(maps)
    strip = tuple(
        Tile(values, detail=Said("train.watch.map", number=number, count=count, layer=layer).text(language))
        for number, values in enumerate(maps[:MOST_MAPS], 1)
    )
    title = Said("train.colour.maps" if is_colour else "train.watch.maps", count=count, layer=layer)
    return TileRow(title.text(language), strip, "sequential", size=SIZE)


def misread(run: Run, mistakes: Mistakes, most: int, language: str) -> TileRow:
    """The first ``most`` digits that the run reads wrongly, each with its true label, what was read, and how surely."""
    dataset, strip = run.job.config.dataset, []
    digits, titles, is_colour = load(dataset), class_titles(dataset, language), dataset in COLOUR
    for index, predicted, confidence in zip(
        mistakes.index[:most], mistakes.predicted, mistakes.confidence, strict=False
    ):
        true, read = titles[digits.test_labels[index]], titles[predicted]
        share = float(confidence)
        said = "train.colour.mistake" if is_colour else "train.mistakes.digit"
        detail = Said(said, index=int(index), true=true, read=read, share=share)
        caption = Said("train.mistakes.caption", true=true, read=read, share=share)
        pixels = digits.test_images[index].astype("float32")
        strip.append(Tile(pixels, caption.text(language), detail.text(language)))
    count, total = len(mistakes.index), int(mistakes.confusion.sum())
    title = Said("train.colour.misread" if is_colour else "train.mistakes.misread", count=count, total=total)
    if count > most:
        said = "train.colour.surest" if is_colour else "train.mistakes.surest"
        title = Said(said, count=count, total=total, most=most)
    return TileRow(title.text(language), tuple(strip), picture_scale(dataset), limit=255.0, size=SIZE)
