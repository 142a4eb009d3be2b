"""What the buttons of "Train a CNN" do, and which run the page is about."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from explainer.data.catalogue import TITLES
from explainer.data.digits import is_available
from explainer.networks.config import ImpossibleNetworkError
from explainer.networks.plan import layers
from explainer.training.config import Recipe, RunConfig
from explainer.training.job import GOING
from explainer.training.messages import Change, Command
from explainer.training.naming import name, name_beside
from explainer.training.presets import recipe
from explainer.training.twins import SWITCHES, twin
from explainer.ui.controls.choice import choice
from explainer.ui.controls.moments import KEY, LATEST
from explainer.ui.frame.studio import Run, TooManyRunsError, command, studio
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.language import labels, say, text_of
from explainer.words.book import Said

LOOK, SHOWN, VIEW = "look", "shown", "view"  # the first two hold keys of runs
FIRST_REPORT = 0.5  # seconds
DRAWN = "drawn_status"  # of the chosen run when the buttons were last drawn


def chosen() -> Run | None:
    """The run that the page is about: the chosen one, else the latest; None before the first."""
    runs = studio().of(RunConfig)
    wanted = st.session_state.get(LOOK)
    found = next((run for run in runs if run.key == wanted), runs[-1] if runs else None)
    return found.look() if found else None


def problem(config: RunConfig) -> Said | str | None:
    """Why this configuration cannot be trained, in a sentence; nothing where it can."""
    if not is_available(config.dataset):
        return Said("train.buttons.not_here", dataset=TITLES[config.dataset])
    try:
        layers(config.network)
    except ImpossibleNetworkError as error:
        return error.said
    return None


def start(config: RunConfig, beside: RunConfig | None = None, single_step: bool = False) -> None:
    """Trains the configuration, and the one ``beside`` it, and turns the page to the last of them.

    All are submitted before the session's state is touched: there Streamlit breaks the script off when the visitor
    has pressed something else meanwhile.
    """
    mine, called = studio(), [(run_name(config), config)]
    if beside is not None:
        called.append((name_beside(beside, config, _recipe()), beside))
    try:
        runs = [mine.add(name, each, single_step) for name, each in called]
    except TooManyRunsError as error:
        st.toast(verbatim(text_of(error.said)), icon=":material/hourglass:")
        return
    before = st.session_state.get(SHOWN, []) if len(runs) == 1 else []
    st.session_state[SHOWN] = [*before, *(run.key for run in runs)][-6:]
    st.session_state[LOOK] = runs[-1].key
    if runs[-1].job.status == "running":
        runs[-1].job.wait_for_report(FIRST_REPORT)  # so that the curves are drawn with their first point at once


def _turn_to_watch() -> None:
    """A callback, since it must come before the tabs are drawn: what begins is watched as it goes."""
    st.session_state[VIEW] = "watch"
    st.session_state[KEY] = LATEST


def run_name(config: RunConfig) -> str:
    """The name that a new run of ``config`` gets."""
    return name(config, _recipe())


def _recipe() -> Recipe:
    """That of the chosen preset."""
    return recipe(st.session_state.get("preset", ""))


def buttons(config: RunConfig) -> None:
    """Train, Pause or Resume, Step, Stop."""
    impossible = problem(config)
    with st.container(horizontal=True, gap="xsmall", key="run_buttons"):
        if st.button(
            say("train.buttons.train"), type="primary", key="train", disabled=bool(impossible), on_click=_turn_to_watch
        ):
            start(config)
        run = chosen()
        status = run.job.status if run else "finished"
        paused, held = status == "paused", bool(run and run.job.held)
        stuck = bool(impossible) and not held
        st.button(
            say("train.buttons.resume" if paused else "train.buttons.pause"),
            key="pause",
            disabled=not held,
            on_click=_order,
            args=("resume" if paused else "pause",),
        )
        about = say("train.buttons.step_help")
        if st.button(say("train.buttons.step"), key="step", help=about, disabled=stuck, on_click=_turn_to_watch):
            _step(config, run)
        st.button(say("train.buttons.stop"), key="stop", disabled=status not in GOING, on_click=_order, args=("stop",))
    if impossible:
        st.error(verbatim(text_of(impossible)))
    st.session_state[DRAWN] = status


def _order(what: Literal["pause", "resume", "stop"]) -> None:
    """A callback, so that the page is drawn as it is afterwards: a run that waits is stopped at once."""
    if run := chosen():
        command(run, Command(what))


def _step(config: RunConfig, run: Run | None) -> None:
    if run and run.job.held:
        command(run, Command("step"))
    elif not (run and run.job.going):
        start(config, single_step=True)


def redraw_if_changed(run: Run) -> None:
    """For the parts that redraw themselves: the whole page follows when the run no longer does what its buttons say."""
    if run.job.status != st.session_state.get(DRAWN):
        st.rerun()


def twins(config: RunConfig) -> None:
    """One press trains the network as it is and with one switch changed."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="twins"):
        switch = choice(say("train.buttons.switch"), labels("train.switches.{}", SWITCHES), "switch")
        other = problem(twin(config, switch))
        if st.button(
            say("train.buttons.both"),
            icon=":material/compare_arrows:",
            key="both",
            disabled=bool(problem(config) or other),
            on_click=_turn_to_watch,
        ):
            start(config, twin(config, switch))  # and just these two on the curves


def change_in_mid_run(key: str) -> None:
    """The slider ``key`` ("lr" or "dropout") was moved: the run that is going follows."""
    run = chosen()
    if run and run.job.held:
        value = st.session_state[key]
        command(run, Change("learning_rate" if key == "lr" else key, value))
        changed = "train.buttons.new_rate" if key == "lr" else "train.buttons.new_dropout"
        st.toast(say(changed, run=verbatim(run.name), value=float(value)), icon=":material/tune:")
