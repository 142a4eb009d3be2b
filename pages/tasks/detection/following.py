"""A detector while it trains: its boxes and how far it is, without a rerun of the page."""

from __future__ import annotations

from functools import partial

from explainer.tasks.detection.examples import WatchedScenes
from explainer.ui.components.feed import News, feed
from explainer.ui.components.live_text import Line, live_text
from explainer.ui.components.live_text import encode as encode_line
from explainer.ui.language import language
from explainer.words.book import Said
from pages.tasks.detection.drawn_boxes import above
from pages.tasks.detection.scene_boxes import encode
from pages.tasks.detection.state import DetectorRun, DetectorState

EVERY = 0.5  # seconds
PROGRESS, BOXES = "detection-progress", "detection-boxes"  # names of the feed
_TOGETHER = 4  # points of the curves until the page is drawn anew


def follow(run: DetectorRun | None, truth: WatchedScenes, least: float, mark: str) -> None:
    """Draws how far the run is while it goes; the page is drawn anew when its ``mark``, as it is drawn, changes."""
    if run is None:
        return
    is_going = run.job.going
    if is_going:
        live_text(_line(run, language()), "detection_progress", PROGRESS)
    feed("detection_feed", partial(_news, run, truth, least, language()), mark, EVERY, going=is_going)


def mark_of(run: DetectorRun | None) -> str:
    """What of a run the page draws: its status, its latest measurement, and every fourth point of its curves."""
    if run is None:
        return ""
    state = run.job.state()
    return f"{run.key} {state.status} {state.weights_step} {len(state.changes)} {len(state.points) // _TOGETHER}"


def _news(run: DetectorRun, truth: WatchedScenes, least: float, language: str) -> News:
    """Runs outside of the page's script."""
    is_going, state = run.job.going, run.job.state()  # in this order: what is last is not missed
    components = {PROGRESS: encode_line(_line(run, language))}
    if state.views is not None:
        components[BOXES] = encode(above(state.views.boxes, least), truth)
    return News(mark_of(run), components, some=True, going=is_going)


def _line(run: DetectorRun, language: str) -> Line:
    """How far the run is, over a bar."""
    state, total = run.job.state(), max(run.job.config.scenes, 1)
    done = scenes_seen(state)
    parts = [_reached(state, done, total)]
    if state.points and state.points[-1].examples_per_second and state.status == "running":
        parts.append(Said("detection.progress.speed", speed=state.points[-1].examples_per_second))
    return Line([part.text(language) for part in parts], share=min(done / total, 1.0))


def _reached(state: DetectorState, done: int, total: int) -> Said:
    if state.status == "waiting":
        return Said("detection.progress.waits")
    if not done:
        return Said("detection.progress.starts")
    if state.status == "paused":
        return Said("detection.progress.paused", done=done, total=total)
    return Said("detection.progress.reached", done=done, total=total)


def scenes_seen(state: DetectorState | None) -> int:
    """Scenes that the run has learned from at its latest point."""
    return round(1_000 * state.points[-1].epoch) if state and state.points else 0
