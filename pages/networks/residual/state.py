"""The two networks of the page "Residual connections": what was chosen, and what was trained of it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.networks.config import Skips
from explainer.networks.weights import from_bytes
from explainer.training.config import RunConfig
from explainer.training.job import State
from explainer.training.messages import Command
from explainer.training.residual import LAYERS, Measured, measure, run_config, untrained
from explainer.training.snapshot import Point
from explainer.ui.controls.choice import segmented, stepped
from explainer.ui.controls.inputs import LINK
from explainer.ui.frame.studio import Run, TooManyRunsError, command, studio
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels, say, text_of

DEPTH, SKIPS, NORM, RATE, SEED, BLOCK = "res_layers", "res_skips", "res_bn", "res_lr", "res_seed", "res_block"
RATES = {each: each for each in ("0.003", "0.01", "0.03", "0.1", "0.3", "1")}
KINDS: tuple[Skips, ...] = ("residual", "pre-activation")
MOST_SEED = 20
BATCH_NORM_FIRST, FIRST_RATE, FIRST_DEPTH = True, "0.1", "20"
_STARTED = "residual_started"  # keys of the runs that this page has started


@dataclass(frozen=True, eq=False)
class Shown:
    """One of the two networks: its run so far, what was measured of it before training, and ``now``.

    ``state`` is None where it was not trained; ``now`` is None until it has been trained for some steps.
    """

    config: RunConfig
    state: State | None
    first: Measured
    now: Measured | None

    @property
    def latest(self) -> Measured:
        """Of the network as it is now."""
        return self.now or self.first

    @property
    def points(self) -> tuple[Point, ...]:
        """Of its training curve."""
        return self.state.points if self.state else ()

    @property
    def weights(self) -> bytes | None:
        """Of a run that is over, None of one that goes on, has not begun, or did not come far."""
        return self.state.weights if self.state and self.now and not self.state.going else None


@dataclass(frozen=True, eq=False)
class Both:
    """The two networks, and the chosen kind of skip."""

    plain: Shown
    residual: Shown
    skips: Skips

    @property
    def pair(self) -> tuple[Shown, Shown]:
        """Plain first."""
        return self.plain, self.residual

    @property
    def going(self) -> bool:
        """Whether one of them is being trained, or waits for it."""
        return any(each.state is not None and each.state.going for each in self.pair)


def controls(place: DeltaGenerator) -> None:
    with place:
        both = chosen_runs()
        with st.container(horizontal=True, gap="small", key="res_buttons"):
            going = any(run is not None and run.job.going for run in both)
            done = all(run is not None and run.job.status == "finished" for run in both)
            st.button(say("residual.train"), type="primary", key="res_train", disabled=going or done, on_click=_train)
            if started():
                st.button(say("residual.stop"), key="res_stop", on_click=_stop)


def choices(place: DeltaGenerator) -> None:
    """What the networks are, and how they are trained."""
    with place:
        segmented(say("residual.controls.layers"), {str(each): str(each) for each in LAYERS}, DEPTH, first=FIRST_DEPTH)
        segmented(say("residual.controls.skips"), labels("residual.kinds.{}", KINDS), SKIPS)
        st.toggle(say("residual.controls.norm"), BATCH_NORM_FIRST, key=NORM, bind=LINK)
        stepped(say("residual.controls.rate"), RATES, RATE, first=FIRST_RATE)
        st.number_input(say("residual.controls.seed"), 0, MOST_SEED, 0, key=SEED, bind=LINK)


def choose_block(place: DeltaGenerator) -> None:
    """One of the blocks of both networks."""
    with place:
        stepped(say("residual.controls.block"), _blocks(), BLOCK)


def chosen_block() -> int:
    """Its number from 1, the first where the network has fewer by now."""
    chosen = value_of(BLOCK)
    return int(chosen if chosen in _blocks() else next(iter(_blocks())))


def _blocks() -> dict[str, str]:
    """The numbers of the blocks."""
    (stem,) = configs()[0].network.blocks
    return {str(each): str(each) for each in range(1, stem.pairs + 1)}


def configs() -> tuple[RunConfig, RunConfig]:
    """Plain, and with skips: what the controls hold."""
    layers, rate, seed = int(value_of(DEPTH)), float(value_of(RATE)), int(value_of(SEED))
    norm = bool(value_of(NORM))
    plain, other = (
        run_config(layers, skips, batch_norm=norm, rate=rate, seed=seed) for skips in ("plain", value_of(SKIPS))
    )
    return plain, other


def chosen_runs() -> tuple[Run | None, Run | None]:
    """The latest runs of the chosen networks among those of the visitor whose weights are still kept."""
    runs = [run for run in studio().of(RunConfig)[::-1] if not run.not_kept]
    plain, other = (next((run for run in runs if run.job.config == config), None) for config in configs())
    return plain, other


def both() -> Both:
    """The networks as they are now."""
    plain, other = (
        _shown(config, run.look() if run else None) for config, run in zip(configs(), chosen_runs(), strict=True)
    )
    return Both(plain, other, value_of(SKIPS))


def started() -> list[Run]:
    """The runs that go on and were started here, with whatever settings."""
    keys = st.session_state.get(_STARTED, ())
    return [run for run in studio().going() if run.key in keys]


def _shown(config: RunConfig, run: Run | None) -> Shown:
    state = run.job.state() if run else None
    weights = state.weights if state and state.weights_step else None
    return Shown(config, state, _untrained(config), _measured(weights) if weights else None)


@st.cache_data(max_entries=64, show_spinner=False)
def _untrained(config: RunConfig) -> Measured:
    return measure(untrained(config))


@st.cache_data(max_entries=64, show_spinner=False)
def _measured(weights: bytes) -> Measured:
    return measure(from_bytes(weights)[1])


def _train() -> None:
    """Trains what is not trained yet of the two; what was started here with other settings makes room."""
    _stop()
    mine, pairs = studio(), zip(configs(), chosen_runs(), strict=True)
    new = [config for config, run in pairs if run is None or run.job.status != "finished"]
    try:
        keys = [mine.add(_name(config), config).key for config in new]
    except TooManyRunsError as error:
        st.toast(verbatim(text_of(error.said)), icon=":material/hourglass:")
        return
    st.session_state[_STARTED] = keys


def _name(config: RunConfig) -> str:
    """Of its run, as the page of all runs shows it."""
    kind = say(f"residual.names.{config.network.skips.replace('-', '_')}")
    return say("residual.run", kind=kind, layers=int(value_of(DEPTH)))


def _stop() -> None:
    for run in started():
        command(run, Command("stop"))
