"""The network of the page "Autoencoder": what was chosen, the runs of it, and the place on its map of codes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.tasks.autoencoder.baselines import Baselines, baselines
from explainer.tasks.autoencoder.codes import first_views
from explainer.tasks.autoencoder.codes import untrained_error as first_error
from explainer.tasks.autoencoder.config import CODES, NETWORKS, NOISES, AutoencoderConfig, recommended
from explainer.tasks.autoencoder.data import TESTED
from explainer.tasks.autoencoder.reports import AutoencoderPoint, AutoencoderResults, AutoencoderViews
from explainer.training.job import Job, State
from explainer.ui.controls.choice import segmented, stepped
from explainer.ui.controls.inputs import LINK
from explainer.ui.controls.learner import Learner
from explainer.ui.frame import page
from explainer.ui.frame.studio import Run
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels, say
from pages.training.autoencoder.code_plane import dragged_to

AutoencoderRun: TypeAlias = Run[Job[AutoencoderConfig, AutoencoderPoint, AutoencoderViews, AutoencoderResults]]
AutoencoderState: TypeAlias = State[AutoencoderPoint, AutoencoderViews, AutoencoderResults]

NETWORK, CODE, NOISE, LENGTH, SEED = "ae_net", "ae_code", "ae_noise", "ae_length", "ae_seed"
ACROSS, UP, FIRST, LAST = "ae_x", "ae_y", "ae_from", "ae_to"
MAP = "ae_map"  # the component
CODE_NAMES = {str(code): str(code) for code in CODES}
NOISE_NAMES = {f"{noise:g}": f"{noise:g}" for noise in NOISES}
LENGTHS = {"0.2": "⅕", "0.5": "½", "1": "1", "2": "2"}  # times the recommended number of digits
MOST_SEED = 20
ENDS = (2, 5)  # test digits, from 0 on, that a way leads between at first


@dataclass(frozen=True, eq=False)
class Shown:
    """A network: its run, None before there is one, and what comes back of the watched digits."""

    config: AutoencoderConfig
    run: AutoencoderRun | None
    state: AutoencoderState | None
    views: AutoencoderViews
    known: Baselines

    @property
    def points(self) -> tuple[AutoencoderPoint, ...]:
        """Of its curves."""
        return self.state.points if self.state else ()

    @property
    def weights(self) -> bytes | None:
        """Of its latest measurement; None before the first."""
        return self.state.weights if self.state else None


def controls(place: DeltaGenerator) -> None:
    """What is trained, and what is looked at."""
    with place:
        networks = labels("autoencoder.networks.{}", NETWORKS)
        segmented(say("autoencoder.controls.network"), networks, NETWORK, wrap=True)
        stepped(
            say("autoencoder.controls.code"), CODE_NAMES, CODE, first="2", help=say("autoencoder.controls.code_help")
        )
        about = say("autoencoder.controls.noise_help")
        segmented(say("autoencoder.controls.noise"), NOISE_NAMES, NOISE, help=about)
        left, right = page.side_by_side("ae_length")
        about = say("autoencoder.controls.length_help")
        stepped(say("autoencoder.controls.length"), LENGTHS, LENGTH, first="1", place=left, help=about)
        right.number_input(say("autoencoder.controls.seed"), 0, MOST_SEED, 0, key=SEED, bind=LINK)
        left, right = page.side_by_side("ae_place")
        for key, side, label in ((ACROSS, left, "across"), (UP, right, "up")):
            title = labels("autoencoder.controls.{}", (label,))[label]
            side.number_input(title, 0.0, 100.0, 50.0, 1.0, format="%.1f", key=key, bind=LINK)
        left, right = page.side_by_side("ae_way")
        left.number_input(say("autoencoder.controls.from"), 1, TESTED, ENDS[0] + 1, key=FIRST, bind=LINK)
        right.number_input(say("autoencoder.controls.to"), 1, TESTED, ENDS[1] + 1, key=LAST, bind=LINK)


def config() -> AutoencoderConfig:
    """What the controls hold."""
    best = recommended(value_of(NETWORK))
    return replace(
        best,
        code=int(value_of(CODE)),
        noise=float(value_of(NOISE)),
        scenes=round(best.scenes * float(value_of(LENGTH))),
        seed=int(value_of(SEED)),
    )


def place() -> tuple[float, float]:
    """Where the ring is on the map: 0..1 from the left and from below."""
    return value_of(ACROSS) / 100, value_of(UP) / 100


def ends() -> tuple[int, int]:
    """The test digits that the way leads between, from 0 on."""
    return int(value_of(FIRST)) - 1, int(value_of(LAST)) - 1


def take_place() -> None:
    """The visitor has let go of the ring: there it stays."""
    found = dragged_to(st.session_state.get(MAP, {}).get("place"))
    if found is not None:
        st.session_state[ACROSS], st.session_state[UP] = (round(100 * each, 1) for each in found)


def _name(wanted: AutoencoderConfig) -> str:
    """Of a run, as the page of all runs shows it."""
    network = labels("autoencoder.networks.{}", (wanted.network,))[wanted.network]
    return say("autoencoder.run", network=network, code=wanted.code, digits=wanted.scenes)


LEARNER = Learner("ae", AutoencoderConfig, config, _name)


def shown(wanted: AutoencoderConfig) -> Shown:
    """The network as it is now. Raises DatasetError where the digits are not there."""
    run: AutoencoderRun | None = LEARNER.chosen(wanted)
    state = run.look().job.state() if run else None
    views = (state.views if state else None) or _untrained(replace(wanted, scenes=0))
    return Shown(wanted, run, state, views, _known(wanted.code, wanted.noise))


@st.cache_data(max_entries=48, show_spinner=False)
def _untrained(of: AutoencoderConfig) -> AutoencoderViews:
    return first_views(of)


def untrained_error(wanted: AutoencoderConfig) -> float:
    """The mean squared error on the test digits before anything was learned."""
    return first_error(replace(wanted, scenes=0))


@st.cache_data(max_entries=32, show_spinner=False)
def _known(code: int, noise: float) -> Baselines:
    return baselines(code, noise)
