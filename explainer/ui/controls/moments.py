"""At which moment of a run its network is looked at, in the address as the step.

One choice for all pages that look at a network that reads digits; a page with runs of its own has its own choice.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

import streamlit as st

from explainer.training.job import State, at_stage
from explainer.training.snapshot import Mistakes, PointT, ResultsT, ViewsT
from explainer.training.stages import Stage
from explainer.ui.components.moments import encode, moments
from explainer.ui.controls.choice import undrawn
from explainer.ui.frame.studio import Run
from explainer.words.book import Said

AnyState = State[Any, Any, Any]
KEY, LATEST = "i_moment", "latest"


class Title(Protocol):
    """What a moment of a run is called."""

    def __call__(self, stage: Stage, *, is_latest: bool = False) -> Said: ...  # noqa: D102


def title(stage: Stage, *, is_latest: bool = False) -> Said:
    """The epoch, and how many test digits were right then."""
    results, key = stage.results, "latest" if is_latest else "then"
    if not isinstance(results, Mistakes):
        return Said(f"controls.moments.{key}", epoch=stage.epoch)
    share = float(results.confusion.trace() / max(results.confusion.sum(), 1))
    return Said(f"controls.moments.{key}_right", epoch=stage.epoch, share=share)


def choose_moment(run: Run[Any], read: str, feed: str = "", *, key: str = KEY, title: Title = title) -> None:
    """Draws the moments of ``run`` that are kept, to play or to choose from, in the language ``read``.

    Nothing where there is none but the latest, and none to come: then that is chosen. ``feed`` is the name under which
    the player hears of new ones, ``key`` that of the choice, and ``title`` says what a moment is called.
    """
    state = run.job.state()
    names = titles(state, read, title)
    if len(names) < 2 and not (feed and state.going):
        return
    shown = undrawn(names, key, first=LATEST, instead=lambda wanted: _nearest(state, wanted))
    moments(names, shown, f"{key}s", on_choose=partial(_take, key), feed=feed)


def follow_moment(run: Run[Any], key: str = KEY) -> None:
    """Brings the choice in order, by the address or to the nearest that is kept: before anything depends on it."""
    state = run.job.state()
    kept = [*(str(stage.step) for stage in _earlier(state)), LATEST]
    if len(kept) > 1:
        undrawn({each: each for each in kept}, key, first=LATEST, instead=lambda wanted: _nearest(state, wanted))


def chosen_stage(state: AnyState, key: str = KEY) -> Stage | None:
    """The moment that was chosen, or the nearest that is kept; None for the latest."""
    moment = _nearest(state, st.session_state.get(key, LATEST)) or LATEST
    return next((stage for stage in _earlier(state) if str(stage.step) == moment), None)


def looked_at(
    latest: State[PointT, ViewsT, ResultsT], key: str, views_of: Callable[[bytes], ViewsT]
) -> State[PointT, ViewsT, ResultsT]:
    """The run at the chosen moment, when its network showed what ``views_of`` makes of the weights: raises its errors.

    ``key`` is that of the choice.
    """
    stage = chosen_stage(latest, key)
    return at_stage(latest, stage, views_of(stage.weights)) if stage else latest


def titles(state: AnyState, read: str, title: Title = title) -> dict[str, str]:
    """What each moment is called, by its identifier: the step, or LATEST."""
    earlier = {str(stage.step): title(stage).text(read) for stage in _earlier(state)}
    last = Stage(state.weights_step, _epoch_of(state), b"", state.results)
    return {**earlier, LATEST: title(last, is_latest=True).text(read)}


def news(state: State, read: str) -> dict[str, object]:
    """What the player gets of a run that goes on."""
    return encode(titles(state, read))


def _take(key: str, moment: str) -> None:
    """A callback: what the browser sends is only a wish."""
    st.session_state[key] = moment


def _earlier(state: AnyState) -> list[Stage]:
    """All that are kept but the latest, which the run has as it is."""
    return [stage for stage in state.stages if stage.step < state.weights_step]


def _epoch_of(state: AnyState) -> float:
    """The epoch of the latest weights."""
    return next((point.epoch for point in reversed(state.points) if point.step <= state.weights_step), 0.0)


def _nearest(state: AnyState, wanted: str) -> str | None:
    """The kept moment nearest to step ``wanted``; None where that is no step."""
    if not (wanted.isascii() and wanted.isdecimal()):
        return None
    step = int(wanted[:18])
    names = {stage.step: str(stage.step) for stage in _earlier(state)} | {state.weights_step: LATEST}
    return names[min(names, key=lambda each: abs(each - step))]
