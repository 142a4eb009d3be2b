"""Train, Pause, Step and Stop of the page "Detection", and weights of the loss that change while a run goes."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.tasks.detection.config import DetectionConfig
from explainer.training.messages import Change, Command
from explainer.ui.frame.studio import TooManyRunsError, command, studio
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.language import say, text_of
from pages.tasks.detection.state import DetectorRun, chosen_run, config

_STARTED, _TOLD = "detection_started", "detection_told"


def buttons(place: DeltaGenerator) -> None:
    """Of the chosen detector, or of the one that goes with other settings."""
    run = chosen_run(config()) or going()
    is_going = bool(run and run.job.going)
    is_paused, is_held = bool(run and run.job.status == "paused"), bool(run and run.job.held)
    with place, st.container(horizontal=True, gap="xsmall", key="dt_buttons"):
        is_same = bool(run and is_going and run is chosen_run(config()))
        st.button(say("detection.train"), type="primary", key="dt_train", disabled=is_same, on_click=_train)
        word = say("detection.resume" if is_paused else "detection.pause")
        st.button(word, key="dt_pause", disabled=not is_held, on_click=_pause)
        st.button(say("detection.step"), key="dt_step", help=say("detection.step_help"), on_click=_step)
        st.button(say("detection.stop"), key="dt_stop", disabled=not is_going, on_click=_stop)


def going() -> DetectorRun | None:
    """The latest run that goes on and was started in this tab, with whatever settings."""
    keys = st.session_state.get(_STARTED, ())
    runs: list[DetectorRun] = [run for run in studio().of(DetectionConfig)[::-1] if run.job.going and run.key in keys]
    return runs[0] if runs else None


def change(run: DetectorRun | None, wanted: DetectionConfig) -> None:
    """The run that goes follows the weights of the loss that were moved in this tab."""
    if run is None or not run.job.held or wanted.loss != "yolo-v1":
        return
    now = {"lambda_coord": wanted.lambda_coord, "lambda_noobj": wanted.lambda_noobj}
    key, told = st.session_state.get(_TOLD, ("", {}))
    if key == run.key:
        for what, value in now.items():
            if told[what] != value:
                command(run, Change(what, value))
    st.session_state[_TOLD] = (run.key, now)


def _pause() -> None:
    run = chosen_run(config()) or going()
    if run and run.job.held:
        command(run, Command("resume" if run.job.status == "paused" else "pause"))


def _stop() -> None:
    run = chosen_run(config()) or going()
    if run and run.job.going:
        command(run, Command("stop"))


def _step() -> None:
    run = chosen_run(config())
    if run and run.job.held:
        command(run, Command("step"))
    elif not (run and run.job.going):
        _start(single_step=True)


def _train() -> None:
    _start(single_step=False)


def _start(*, single_step: bool) -> None:
    """What was started here with other settings makes room."""
    wanted = config()
    if old := going():
        command(old, Command("stop"))
    try:
        run: DetectorRun = studio().add(_name(wanted), wanted, single_step)
    except TooManyRunsError as error:
        st.toast(verbatim(text_of(error.said)), icon=":material/hourglass:")
        return
    st.session_state[_STARTED] = (*st.session_state.get(_STARTED, ()), run.key)[-6:]
    now = {"lambda_coord": wanted.lambda_coord, "lambda_noobj": wanted.lambda_noobj}
    st.session_state[_TOLD] = (run.key, now)


def _name(wanted: DetectionConfig) -> str:
    """Of a run, as the page of all runs shows it."""
    if wanted.loss == "modern":
        return say("detection.run.modern", scenes=wanted.scenes)
    return say("detection.run.yolo_v1", scenes=wanted.scenes, boxes=wanted.boxes)
