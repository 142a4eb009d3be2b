"""Which network the pages look into: a bundled one, one of the visitor's runs, or one of torchvision's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from explainer.data.cutouts import CLASSES
from explainer.data.names import stem
from explainer.networks import zoo
from explainer.networks.graph import Network
from explainer.networks.pretrained import PRETRAINED, PretrainedError
from explainer.networks.weights import WeightsError, check_kind
from explainer.tasks.transfer.config import TransferConfig
from explainer.training.class_titles import class_titles
from explainer.training.config import RunConfig
from explainer.training.job import Job
from explainer.training.loaded import loaded_run
from explainer.training.stages import Stage
from explainer.ui.controls.choice import choice
from explainer.ui.controls.files import weights_field
from explainer.ui.controls.moments import choose_moment, chosen_stage
from explainer.ui.controls.weights_offer import offer_weights
from explainer.ui.frame.studio import AnyRun, studio
from explainer.ui.frame.uploads import File, LostFileError, take
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels, language, message_of, say
from explainer.words.book import Said, SaidError

KEY = "i_net"
UPLOAD = "upload"
_FILE, _PROBLEM = "i_weights", "i_weights_problem"
_PRETRAINED = {name: entry.title for name, entry in PRETRAINED.items()}


class NoNetworkError(SaidError, ValueError):
    """There is no network to look into yet; the message is a sentence that says what to do."""


def choose_network() -> Network | None:
    """Draws the choice of the network, and what belongs to it. Returns it; None where ``chosen_network`` says why."""
    bundled = labels("controls.network.bundled.{}", zoo.BUNDLED)
    runs = {run.key: say("controls.network.yours", name=run.name) for run in _runs()}
    names = {**bundled, **runs, UPLOAD: say("controls.network.from_file"), **_PRETRAINED}
    chosen = choice(say("controls.network.label"), names, KEY)
    if chosen == UPLOAD:
        _upload()
    elif chosen in _PRETRAINED:
        _offer(chosen)
    elif (run := _run(chosen)) and isinstance(run.job.config, RunConfig):
        choose_moment(run, language())
    try:
        network = chosen_network()
    except NoNetworkError:
        return None
    if token := next((layer for layer in network.description.layers if layer.extra), None):
        maps, height, width = token.shape
        st.caption(say("controls.network.tokens", maps=maps, height=height, width=width))
    return network


def chosen_network() -> Network:
    """What was chosen, the same object as long as its weights are the same.

    Raises NoNetworkError where it must be downloaded, uploaded or trained first, NotDrawnError before
    ``choose_network`` has drawn the control.
    """
    chosen = value_of(KEY)
    if chosen == UPLOAD:
        raise NoNetworkError(Said("controls.network.choose_file"))
    if chosen in zoo.BUNDLED:
        return zoo.load(chosen)
    if chosen in _PRETRAINED:
        return _fetched(chosen)
    return of_run(chosen, at_moment=True)


def chosen_weights() -> bytes:
    """The weights file of what was chosen, where that is one of this app's. Raises as ``chosen_network``."""
    chosen = value_of(KEY)
    if chosen in zoo.READERS:
        return zoo.reader(chosen)
    run = _run(chosen)
    stage = _stage(run) if run else None
    weights = stage.weights if stage else run.look().job.state().weights if run else None
    if weights is None:
        raise NoNetworkError(Said("controls.network.gone"))
    return weights


def _fetched(name: str) -> Network:
    try:
        with st.spinner(say("controls.network.reading", title=PRETRAINED[name].title)):
            return zoo.load(name)
    except PretrainedError as error:
        raise NoNetworkError(error.said) from error


def of_run(key: str, *, at_moment: bool = False) -> Network:
    """The network of the visitor's run called ``key``, the latest or, if asked, that of the chosen moment.

    Raises NoNetworkError where its weights are not there.
    """
    run = _run(key)
    stage = _stage(run) if run and at_moment else None
    weights = stage.weights if stage else run.look().job.state().weights if run else None
    if run is None or weights is None:
        raise NoNetworkError((run.not_kept if run else None) or Said("controls.network.gone"))
    return OFFERS[type(run.job.config)](run.job.config, weights, _run_title(run))


def _digits(config: RunConfig, weights: bytes, title: str) -> Network:
    return zoo.trained(weights, title, class_titles(config.dataset, language()))


def _taught(config: TransferConfig, weights: bytes, title: str) -> Network:
    from explainer.tasks.transfer.weights import plain_names, taught  # noqa: PLC0415  what the other runs do without

    is_known = not config.pictures and set(config.classes) <= set(CLASSES)
    names = tuple(labels("transfer.classes.{}", config.classes).values()) if is_known else config.classes
    return taught(weights, title, plain_names(names))


# The runs whose networks can be looked into, by the kinds of their descriptions.
OFFERS: dict[type, Callable[[Any, bytes, str], Network]] = {RunConfig: _digits, TransferConfig: _taught}


def latest_beside() -> tuple[Network, str, str] | None:
    """The latest network of the chosen run where an earlier moment of it is looked at, and what both are called.

    None for any other network.
    """
    run = _run(value_of(KEY))
    stage = _stage(run) if run else None
    if run is None or stage is None:
        return None
    return of_run(run.key), say("controls.moments.then", epoch=stage.epoch), say("controls.moments.now")


def _run(key: str) -> AnyRun | None:
    return next((run for run in _runs() if run.key == key), None)


def _stage(run: AnyRun) -> Stage | None:
    """The chosen moment of a run that reads digits; None for the latest."""
    return chosen_stage(run.job.state()) if isinstance(run.job.config, RunConfig) else None


def _runs() -> list[AnyRun]:
    """The visitor's runs that have weights to look into, or had them, the latest first."""
    states = [(run, run.job.state()) for run in reversed(studio().runs) if type(run.job.config) in OFFERS]
    return [run for run, state in states if state.weights is not None or state.is_emptied]


def _run_title(run: AnyRun) -> str:
    return f"Yours: {run.name}"


def _offer(name: str) -> None:
    entry = PRETRAINED[name]
    cost = {"download": entry.megabytes, "memory": entry.memory, "percent": entry.quality}
    offer_weights(name, entry, say("controls.network.cost", **cost))


def _upload() -> None:
    weights_field(say("controls.network.upload"), _FILE, _receive, _refuse)
    if problem := st.session_state.get(_PROBLEM):
        st.error(verbatim(problem))


def _refuse(sentences: list[str]) -> None:
    st.session_state[_PROBLEM] = sentences[0]


def _receive() -> None:
    """Makes a run of what was uploaded and chooses it, or keeps the reason why it was refused.

    The run is kept before the session's state is touched again: there Streamlit breaks the script off when the visitor
    has pressed something else while a large file was read.
    """
    try:
        given = take(_FILE)
        run = given and studio().keep(stem(given.name, ".safetensors") or "loaded", _loaded(given))
    except (LostFileError, WeightsError) as error:
        st.session_state[_PROBLEM] = message_of(error)
        return
    st.session_state[_PROBLEM] = ""
    if run:
        st.session_state[KEY] = run.key


def _loaded(file: File) -> Job[Any, Any, Any, Any]:
    """A run of what a file holds. Raises WeightsError."""
    from explainer.tasks.transfer.loaded import is_taught, taught_run  # noqa: PLC0415  what the other runs do without

    check_kind(file.data, file.name)
    return taught_run(file.data) if is_taught(file.data) else loaded_run(file.data)
