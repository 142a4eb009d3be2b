"""The two runs of the page while they go: how far they are, without a rerun of the page, which follows what is new."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from explainer.ui.components.feed import News, feed
from explainer.ui.components.live_text import Line, encode, live_text
from explainer.ui.frame.studio import Run
from explainer.ui.language import language
from explainer.words.book import Said
from pages.networks.residual.words import name_of

EVERY = 0.5  # seconds
PROGRESS = "residual-progress"  # name of the feed


def follow(runs: Sequence[Run], mark: str) -> None:
    """Draws how far the runs are while one of them goes; the page is drawn anew when the ``mark`` of the runs changes.

    ``mark`` is that of what the page draws.
    """
    going = any(run.job.going for run in runs)
    if going:
        live_text(_line(runs, language()), "residual_progress", PROGRESS)
    feed("residual_feed", partial(_news, runs, language()), mark, EVERY, going=going)


def mark_of(runs: Sequence[Run]) -> str:
    """What of the runs a page draws: their states, their weights, and every other point of their curves."""
    states = [run.job.state() for run in runs]
    return ", ".join(f"{state.status} {state.weights_step} {len(state.points) // 2}" for state in states)


def _news(runs: Sequence[Run], language: str) -> News:
    """Runs outside of the page's script."""
    going = any(run.job.going for run in runs)  # first: what is last is not missed
    return News(mark_of(runs), {PROGRESS: encode(_line(runs, language))}, some=True, going=going)


def _line(runs: Sequence[Run], language: str) -> Line:
    """What each run has reached, over a bar for both."""
    done = [run.job.reported_step / run.job.config.steps for run in runs]
    return Line([_reached(run).text(language) for run in runs], share=sum(done) / max(len(done), 1))


def _reached(run: Run) -> Said:
    state, name = run.job.state(), name_of(run.job.config)
    if state.status == "waiting":
        return Said("residual.progress.waits", name=name)
    if not state.points or not state.points[-1].step:
        return Said("residual.progress.starts", name=name)
    last = state.points[-1]
    epochs = run.job.config.recipe.epochs
    return Said("residual.progress.reached", name=name, epoch=last.epoch, epochs=epochs)
