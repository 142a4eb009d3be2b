"""Runs while they go: how far they are, and what their page draws of them, without a rerun of the page's script."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from explainer.training.job import State, Status
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


@dataclass(frozen=True)
class Followed:
    """A run, its ``mark`` as its page is drawn, and what the page's components get of its views."""

    run: Run[Any]
    mark: str
    drawn: Drawn


def follow(followed: Sequence[Followed], key: str) -> None:
    """Draws how far the runs are together while one goes; the page is drawn anew when the mark of one changes.

    ``key`` is that of the page's feeds, and must be its own.
    """
    runs, progress = [each.run for each in followed], f"{key}-progress"
    if any(run.job.going for run in runs):
        live_text(_line(runs, language()), f"{key}_progress", progress)
    for number, each in enumerate(followed):
        news = partial(_news, each, runs, progress, language())
        feed(f"{key}_feed_{number}", news, each.mark, EVERY, going=each.run.job.going)


def mark_of(run: Run[Any] | None) -> str:
    """What of a run the page draws: its status, its latest measurement, and every fourth point of its curves."""
    if run is None:
        return ""
    state = run.job.state()
    return f"{run.key} {state.status} {state.weights_step} {len(state.changes)} {len(state.points) // _TOGETHER}"


def seen_of(state: State[Any, Any, Any] | None, config: Any) -> int:
    """Pictures that a run has learned from at its latest point; its ``config`` has ``batch_size`` and ``scenes``."""
    return min(state.points[-1].step * config.batch_size, config.scenes) if state and state.points else 0


def _news(followed: Followed, runs: Sequence[Run[Any]], progress: str, language: str) -> News:
    """Runs outside of the page's script."""
    run = followed.run
    is_going, state = run.job.going, run.job.state()  # in this order: what is last is not missed
    components = {progress: encode_line(_line(runs, language))}
    if state.views is not None:
        components |= followed.drawn(state.views)
    return News(mark_of(run), components, some=True, going=is_going)


def _line(runs: Sequence[Run[Any]], language: str) -> Line:
    """How far the runs are together, over a bar."""
    states = [run.job.state() for run in runs]
    total = max(sum(run.job.config.scenes for run in runs), 1)
    done = sum(seen_of(state, run.job.config) for state, run in zip(states, runs, strict=True))
    parts = [_reached({state.status for state in states}, done, total)]
    speed = sum(state.points[-1].examples_per_second for state in states if state.points and state.status == "running")
    if speed:
        parts.append(Said("learner.progress.speed", speed=speed))
    return Line([part.text(language) for part in parts], share=min(done / total, 1.0), is_single=True)


def _reached(statuses: set[Status], done: int, total: int) -> Said:
    if "running" not in statuses and "waiting" in statuses:
        return Said("learner.progress.waits")
    if not done:
        return Said("learner.progress.starts")
    if "running" not in statuses and "paused" in statuses:
        return Said("learner.progress.paused", done=done, total=total)
    return Said("learner.progress.reached", done=done, total=total)
