"""A run while it goes: how far it is, and what its page draws of it, without a rerun of the page's script."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from explainer.training.job import State
from explainer.ui.components.feed import News, feed
from explainer.ui.components.live_text import Line, live_text
from explainer.ui.components.live_text import encode as encode_line
from explainer.ui.frame.studio import Run
from explainer.ui.language import language
from explainer.words.book import Said

EVERY = 0.5  # seconds
_TOGETHER = 4  # points of the curves until the page is drawn anew

# What the page's own components get of a run's latest views, by the names under which they hear: outside of its script.
Drawn = Callable[[Any], dict[str, dict[str, Any]]]


def follow(run: Run[Any] | None, mark: str, drawn: Drawn, key: str) -> None:
    """Draws how far the run is while it goes; the page is drawn anew when its ``mark``, as it is drawn, changes.

    ``drawn`` gets the run's views. ``key`` is that of the page's feed, and must be its own.
    """
    if run is None:
        return
    is_going, progress = run.job.going, f"{key}-progress"
    if is_going:
        live_text(_line(run, language()), f"{key}_progress", progress)
    feed(f"{key}_feed", partial(_news, run, drawn, progress, language()), mark, EVERY, going=is_going)


def mark_of(run: Run[Any] | None) -> str:
    """What of a run the page draws: its status, its latest measurement, and every fourth point of its curves."""
    if run is None:
        return ""
    state = run.job.state()
    return f"{run.key} {state.status} {state.weights_step} {len(state.changes)} {len(state.points) // _TOGETHER}"


def pictures_seen(run: Run[Any]) -> int:
    """Pictures that the run has learned from at its latest point."""
    return seen_of(run.job.state(), run.job.config)


def seen_of(state: State[Any, Any, Any] | None, config: Any) -> int:
    """The same of a state and a configuration, which has ``batch_size`` and ``scenes``; 0 before the first point."""
    return min(state.points[-1].step * config.batch_size, config.scenes) if state and state.points else 0


def _news(run: Run[Any], drawn: Drawn, progress: str, language: str) -> News:
    """Runs outside of the page's script."""
    is_going, state = run.job.going, run.job.state()  # in this order: what is last is not missed
    components = {progress: encode_line(_line(run, language))}
    if state.views is not None:
        components |= drawn(state.views)
    return News(mark_of(run), components, some=True, going=is_going)


def _line(run: Run[Any], language: str) -> Line:
    """How far the run is, over a bar."""
    state, total = run.job.state(), max(run.job.config.scenes, 1)
    done = pictures_seen(run)
    parts = [_reached(state, done, total)]
    if state.points and state.points[-1].examples_per_second and state.status == "running":
        parts.append(Said("learner.progress.speed", speed=state.points[-1].examples_per_second))
    return Line([part.text(language) for part in parts], share=min(done / total, 1.0))


def _reached(state: State[Any, Any, Any], done: int, total: int) -> Said:
    if state.status == "waiting":
        return Said("learner.progress.waits")
    if not done:
        return Said("learner.progress.starts")
    if state.status == "paused":
        return Said("learner.progress.paused", done=done, total=total)
    return Said("learner.progress.reached", done=done, total=total)
