"""What a page trains by itself: which of the visitor's runs it shows, and Train, Pause, Step and Stop."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.training.configuration import Configuration
from explainer.training.job import Job
from explainer.training.messages import Change, Command
from explainer.ui.controls.moments import LATEST
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


def _nobody(_: Any) -> Sequence[Any]:
    return ()


def one(twin: Callable[[ConfigT], ConfigT | None]) -> Callable[[ConfigT], Sequence[ConfigT]]:
    """What stands beside a run where that is one at most."""
    return lambda wanted: [] if (other := twin(wanted)) is None else [other]


@dataclass(frozen=True)
class Learner(Generic[ConfigT]):
    """The runs of one ``kind`` that a page shows and starts.

    ``config`` is what the page's controls hold, ``name`` what a run of it is called in the list of all runs.
    ``movable`` are the numbers that may be moved while a run goes; ``is_of`` whether a run is of what is wanted, from
    which it may differ in these. ``beside`` are those that are trained together with a run, if any.
    ``prefix`` begins the keys of the buttons; without ``single_steps`` there is none for a step. ``moment`` is the key
    of the moment that is looked at, where one can be chosen: a run that begins is looked at as it goes.
    """

    prefix: str
    kind: type[ConfigT]
    config: Callable[[], ConfigT]
    name: Callable[[ConfigT], str]
    movable: Callable[[ConfigT], Mapping[str, float]] = _nothing
    is_of: Callable[[Run[Any], ConfigT], bool] = _is_of
    beside: Callable[[ConfigT], Sequence[ConfigT]] = _nobody
    moment: str = ""
    single_steps: bool = True

    def chosen(self, wanted: ConfigT) -> Run[Job[ConfigT, Any, Any, Any]] | None:
        """The visitor's latest run of ``wanted`` whose weights are kept."""
        runs = [run for run in studio().of(self.kind)[::-1] if not run.not_kept]
        return next((run for run in runs if self.is_of(run, wanted)), None)

    def going(self) -> list[Run[Job[ConfigT, Any, Any, Any]]]:
        """The runs that go on and were started in this tab, with whatever settings, the latest first."""
        keys = st.session_state.get(self._started, ())
        return [run for run in studio().of(self.kind)[::-1] if run.job.going and run.key in keys]

    def meant(self) -> list[Run[Job[ConfigT, Any, Any, Any]]]:
        """The runs that the buttons act on: the chosen one and those beside it, or, without any, those that go."""
        wanted = self.config()
        own = [run for each in (wanted, *self.beside(wanted)) if (run := self.chosen(each))]
        return own if any(run.job.going for run in own) else self.going()

    def bar(self) -> DeltaGenerator:
        """Draws the buttons of the chosen run and those beside it, or of those that go with other settings.

        Returns the place beside them, for how far a run is: there the pictures below do not move when it begins.
        """
        row = st.container(horizontal=True, gap="medium", vertical_alignment="center", key=f"{self.prefix}_bar")
        self._buttons(row.container(horizontal=True, gap="xsmall", width="content", key=f"{self.prefix}_buttons"))
        return row.container(gap=None, width="stretch")

    def _buttons(self, place: DeltaGenerator) -> None:
        chosen, runs = self.chosen(self.config()), self.meant()
        is_going = bool(runs)
        is_paused, is_held = any(map(_is_paused, runs)), any(run.job.held for run in runs)
        with place:
            is_same = chosen is not None and chosen.job.going
            key = f"{self.prefix}_train"
            st.button(say("learner.train"), type="primary", key=key, disabled=is_same, on_click=self._train)
            word = say("learner.resume" if is_paused else "learner.pause")
            st.button(word, key=f"{self.prefix}_pause", disabled=not is_held, on_click=self._pause)
            if self.single_steps:
                about = say("learner.step_help", count=self.config().batch_size)
                st.button(say("learner.step"), key=f"{self.prefix}_step", help=about, on_click=self._step)
            st.button(say("learner.stop"), key=f"{self.prefix}_stop", disabled=not is_going, on_click=self._stop)

    def move(self, run: Run[Any] | None, wanted: ConfigT) -> None:
        """The run that goes follows the numbers that were moved in this tab."""
        now = self.movable(wanted)
        if run is None or not run.job.held or not now:
            return
        told = st.session_state.get(self._told, {}).get(run.key, now)
        for what, value in now.items():
            if told[what] != value:
                command(run, Change(what, value))
        self._tell(run, now)

    @property
    def _started(self) -> str:
        return f"{self.prefix} started"

    @property
    def _told(self) -> str:
        return f"{self.prefix} told"

    def _pause(self) -> None:
        runs = [run for run in self.meant() if run.job.held]
        wanted = Command("resume" if any(map(_is_paused, runs)) else "pause")
        for run in runs:
            command(run, wanted)

    def _stop(self) -> None:
        for run in self.meant():
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
        """What was started here with other settings makes room; what stands beside and was trained already is kept."""
        wanted = self.config()
        if self.moment:
            st.session_state[self.moment] = LATEST
        others = [] if single_step else self.beside(wanted)
        own = [wanted, *others]
        for old in self.going():
            if not any(self.is_of(old, each) for each in own):
                command(old, Command("stop"))
        try:
            self._submit(wanted, single_step)
            for other in others:
                if not self.chosen(other):
                    self._submit(other, single_step)
        except TooManyRunsError as error:
            st.toast(verbatim(text_of(error.said)), icon=":material/hourglass:")

    def _submit(self, config: ConfigT, single_step: bool) -> None:
        """Raises TooManyRunsError."""
        run = studio().add(self.name(config), config, single_step)
        st.session_state[self._started] = (*st.session_state.get(self._started, ()), run.key)[-_MOST_STARTED:]
        self._tell(run, self.movable(config))

    def _tell(self, run: Run[Any], now: Mapping[str, float]) -> None:
        """Remembers what the run was told last, and the same of a few others."""
        told = {key: values for key, values in st.session_state.get(self._told, {}).items() if key != run.key}
        st.session_state[self._told] = dict([*told.items(), (run.key, now)][-_MOST_STARTED:])


def _is_paused(run: Run[Any]) -> bool:
    return bool(run.job.status == "paused")
