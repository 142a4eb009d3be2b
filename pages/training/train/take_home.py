"""Take a run home: its weights, its history, a script that trains it anew; and bring weights back."""

from __future__ import annotations

import re

import streamlit as st

from explainer.data.names import stem
from explainer.training.export import script
from explainer.training.history import history_csv
from explainer.ui.controls.files import weights_field
from explainer.ui.controls.moments import choose_moment, chosen_stage
from explainer.ui.frame.studio import Run, studio
from explainer.ui.frame.uploads import File, LostFileError, take
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.language import language, message_of, say
from explainer.words.book import SaidError
from pages.training.train.actions import LOOK, SHOWN, VIEW

_KEY, _PROBLEM = "weights_file", "weights_problem"


def take_home(run: Run | None) -> None:
    """Three downloads and one upload."""
    if run is None:
        st.info(say("train.take_home.no_run"))
    else:
        st.markdown(f"**{verbatim(run.name)}**")
        _downloads(run)
    weights_field(say("train.take_home.upload"), _KEY, _load, _refuse)
    if problem := st.session_state.get(_PROBLEM):
        st.error(verbatim(problem))


def _downloads(run: Run) -> None:
    if not_kept := run.not_kept:
        st.info(verbatim(say(not_kept)))
    state, name = run.job.state(), re.sub(r"[^a-z0-9]+", "-", run.name.lower()).strip("-") or "run"
    choose_moment(run, language())
    stage = chosen_stage(state)
    with st.container(horizontal=True):
        st.download_button(
            say("train.take_home.weights"),
            (stage.weights if stage else state.weights) or b"",
            f"{name}-step-{stage.step}.safetensors" if stage else f"{name}.safetensors",
            "application/octet-stream",
            icon=":material/download:",
            on_click="ignore",
            disabled=state.weights is None,
        )
        st.download_button(
            say("train.take_home.history"),
            history_csv(state.points, state.changes),
            f"{name}.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            disabled=not state.points,
        )
        st.download_button(
            say("train.take_home.script"),
            script_of(run),
            f"{name}.py",
            "text/x-python",
            icon=":material/download:",
            on_click="ignore",
        )


def script_of(run: Run) -> str:
    """A PyTorch script that reproduces the run as far as it has come, changes in mid-run included."""
    state = run.job.state()
    stopped = state.points[-1].step if state.status == "stopped" and state.points else None
    return script(run.job.config, state.changes, stopped)


def _load() -> None:
    """The run is kept before the session's state is touched again.

    There Streamlit breaks the script off when the visitor has pressed something else while a large file was read.
    """
    try:
        upload = take(_KEY)
        run = _keep(upload) if upload else None
    except (LostFileError, SaidError) as error:
        st.session_state[_PROBLEM] = message_of(error)
        return
    st.session_state[_PROBLEM] = ""
    if run is None:
        return
    st.session_state[LOOK], st.session_state[VIEW] = run.key, "watch"
    st.session_state[SHOWN] = [*st.session_state.get(SHOWN, []), run.key][-6:]


def _refuse(sentences: list[str]) -> None:
    st.session_state[_PROBLEM] = sentences[0]


def _keep(upload: File) -> Run:
    """A run of what a file holds. Raises WeightsError."""
    from explainer.networks.weights import check_kind  # noqa: PLC0415  torch, only when there is a file
    from explainer.training.loaded import loaded_run  # noqa: PLC0415

    check_kind(upload.data, upload.name)
    return studio().keep(stem(upload.name, ".safetensors") or "loaded", loaded_run(upload.data))
