"""Which network the pages look into: a bundled one, one of the visitor's runs, or one of torchvision's."""

from __future__ import annotations

import streamlit as st

from explainer.data.catalogue import CLASS_NAMES
from explainer.data.limits import WEIGHTS_MEGABYTES
from explainer.data.names import stem
from explainer.networks import zoo
from explainer.networks.graph import Network
from explainer.networks.pretrained import PRETRAINED, PretrainedError
from explainer.networks.weights import WeightsError
from explainer.training.config import RunConfig
from explainer.training.loaded import loaded_run
from explainer.ui.controls.choice import choice
from explainer.ui.controls.weights_offer import offer_weights
from explainer.ui.frame.studio import Run, studio
from explainer.ui.frame.uploads import LostFileError, take
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels, message_of, say
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
    return of_run(chosen)


def _fetched(name: str) -> Network:
    try:
        with st.spinner(say("controls.network.reading", title=PRETRAINED[name].title)):
            return zoo.load(name)
    except PretrainedError as error:
        raise NoNetworkError(error.said) from error


def of_run(key: str) -> Network:
    """The network of the visitor's run called ``key``. Raises NoNetworkError where its weights are not there."""
    run = next((run for run in _runs() if run.key == key), None)
    weights = run.look().job.state().weights if run else None
    if run is None or weights is None:
        raise NoNetworkError((run.not_kept if run else None) or Said("controls.network.gone"))
    return zoo.trained(weights, _run_title(run), CLASS_NAMES[run.job.config.dataset])


def _runs() -> list[Run]:
    """The visitor's runs that have weights, or had them, the latest first."""
    states = [(run, run.job.state()) for run in reversed(studio().of(RunConfig))]
    return [run for run, state in states if state.weights is not None or state.is_emptied]


def _run_title(run: Run) -> str:
    return f"Yours: {run.name}"


def _offer(name: str) -> None:
    entry = PRETRAINED[name]
    cost = {"download": entry.megabytes, "memory": entry.memory, "percent": entry.quality}
    offer_weights(name, entry, say("controls.network.cost", **cost))


def _upload() -> None:
    label, most = say("controls.network.upload"), WEIGHTS_MEGABYTES
    st.file_uploader(label, "safetensors", key=_FILE, max_upload_size=most, on_change=_receive)
    if problem := st.session_state.get(_PROBLEM):
        st.error(verbatim(problem))


def _receive() -> None:
    """Makes a run of what was uploaded and chooses it, or keeps the reason why it was refused.

    The run is kept before the session's state is touched again: there Streamlit breaks the script off when the visitor
    has pressed something else while a large file was read.
    """
    try:
        given = take(_FILE)
        run = given and studio().keep(stem(given.name, ".safetensors") or "loaded", loaded_run(given.data))
    except (LostFileError, WeightsError) as error:
        st.session_state[_PROBLEM] = message_of(error)
        return
    st.session_state[_PROBLEM] = ""
    if run:
        st.session_state[KEY] = run.key
