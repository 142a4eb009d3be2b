"""What a page trains by itself: which of the visitor's runs it shows, and Train, Pause, Step and Stop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.training.configuration import Configuration
from explainer.training.job import Job
from explainer.training.messages import Change, Command
from explainer.ui.frame.studio import Run, TooManyRunsError, command, studio
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.language import say, text_of

_MOST_STARTED = 6  # runs that a tab remembers as its own


class PictureConfig(Configuration, Protocol):
    """A run that learns from pictures made as it goes, each of them seen once."""

    @property
    def scenes(self) -> int:
        """Pictures in the whole run."""

    @property
    def batch_size(self) -> int:
        """Pictures in one step of the optimizer."""


ConfigT = TypeVar("ConfigT", bound=PictureConfig)


def _is_of(run: Run[Any], wanted: ConfigT) -> bool:
    return bool(run.job.config == wanted)


def _nothing(_: Any) -> Mapping[str, float]:
    return {}


@dataclass(frozen=True)
class Learner(Generic[ConfigT]):
    """The runs of one ``kind`` that a page shows and starts.

    ``config`` is what the page's controls hold, ``name`` what a run of it is called in the list of all runs.
    ``movable`` are the numbers that may be moved while a run goes; ``is_of`` whether a run is of what is wanted, from
    which it may differ in these. ``prefix`` begins the keys of the buttons.
    """

    prefix: str
    kind: type[ConfigT]
    config: Callable[[], ConfigT]
    name: Callable[[ConfigT], str]
    movable: Callable[[ConfigT], Mapping[str, float]] = _nothing
    is_of: Callable[[Run[Any], ConfigT], bool] = _is_of

    def chosen(self, wanted: ConfigT) -> Run[Job[ConfigT, Any, Any, Any]] | None:
        """The visitor's latest run of ``wanted`` whose weights are kept."""
        runs = [run for run in studio().of(self.kind)[::-1] if not run.not_kept]
        return next((run for run in runs if self.is_of(run, wanted)), None)

    def going(self) -> Run[Job[ConfigT, Any, Any, Any]] | None:
        """The latest run that goes on and was started in this tab, with whatever settings."""
        keys = st.session_state.get(self._started, ())
        runs = [run for run in studio().of(self.kind)[::-1] if run.job.going and run.key in keys]
        return runs[0] if runs else None

    def buttons(self, place: DeltaGenerator) -> None:
        """Of the chosen run, or of the one that goes with other settings."""
        chosen = self.chosen(self.config())
        run = chosen or self.going()
        is_going = bool(run and run.job.going)
        is_paused, is_held = bool(run and run.job.status == "paused"), bool(run and run.job.held)
        with place, st.container(horizontal=True, gap="xsmall", key=f"{self.prefix}_buttons"):
            is_same = is_going and run is chosen
            key = f"{self.prefix}_train"
            st.button(say("learner.train"), type="primary", key=key, disabled=is_same, on_click=self._train)
            word = say("learner.resume" if is_paused else "learner.pause")
            st.button(word, key=f"{self.prefix}_pause", disabled=not is_held, on_click=self._pause)
            about = say("learner.step_help", count=self.config().batch_size)
            st.button(say("learner.step"), key=f"{self.prefix}_step", help=about, on_click=self._step)
            st.button(say("learner.stop"), key=f"{self.prefix}_stop", disabled=not is_going, on_click=self._stop)

    def move(self, run: Run[Any] | None, wanted: ConfigT) -> None:
        """The run that goes follows the numbers that were moved in this tab."""
        now = self.movable(wanted)
        if run is None or not run.job.held or not now:
            return
        key, told = st.session_state.get(self._told, ("", {}))
        if key == run.key:
            for what, value in now.items():
                if told[what] != value:
                    command(run, Change(what, value))
        st.session_state[self._told] = (run.key, now)

    @property
    def _started(self) -> str:
        return f"{self.prefix} started"

    @property
    def _told(self) -> str:
        return f"{self.prefix} told"

    def _pause(self) -> None:
        run = self.chosen(self.config()) or self.going()
        if run and run.job.held:
            command(run, Command("resume" if run.job.status == "paused" else "pause"))

    def _stop(self) -> None:
        run = self.chosen(self.config()) or self.going()
        if run and run.job.going:
            command(run, Command("stop"))

    def _step(self) -> None:
        run = self.chosen(self.config())
        if run and run.job.held:
            command(run, Command("step"))
        elif not (run and run.job.going):
            self._start(single_step=True)

    def _train(self) -> None:
        self._start(single_step=False)

    def _start(self, *, single_step: bool) -> None:
        """What was started here with other settings makes room."""
        wanted = self.config()
        if old := self.going():
            command(old, Command("stop"))
        try:
            run = studio().add(self.name(wanted), wanted, single_step)
        except TooManyRunsError as error:
            st.toast(verbatim(text_of(error.said)), icon=":material/hourglass:")
            return
        st.session_state[self._started] = (*st.session_state.get(self._started, ()), run.key)[-_MOST_STARTED:]
        st.session_state[self._told] = (run.key, self.movable(wanted))
