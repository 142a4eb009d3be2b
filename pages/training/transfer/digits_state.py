"""From the digits 0 to 4 to 5 to 9: what was asked for, and the run that learns them."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from explainer.networks.zoo import READERS, reader
from explainer.tasks.transfer.config import WAYS
from explainer.tasks.transfer.halves_config import COUNTS, SEEDS, HalvesConfig
from explainer.tasks.transfer.halves_reports import HalvesResults
from explainer.tasks.transfer.reports import TransferViews
from explainer.training.config import RunConfig
from explainer.training.job import Job
from explainer.training.snapshot import Moment
from explainer.ui.controls.choice import choice, segmented
from explainer.ui.controls.inputs import LINK
from explainer.ui.controls.learner import Learner
from explainer.ui.frame.studio import Run, studio
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels, say

HalvesRun: TypeAlias = Run[Job[HalvesConfig, Moment, TransferViews, HalvesResults]]
ORIGIN, COUNT, SEED = "tl_origin", "tl_seeds", "tl_digit_seed"
HALF = "half"
MOST_SEED = 20


def controls(place: DeltaGenerator) -> None:
    """What is begun with, and how often."""
    with place:
        about = say("transfer.halves.origin_help")
        choice(say("transfer.halves.origin"), _origins(), ORIGIN, help=about)
        seeds = {str(count): str(count) for count in SEEDS}
        segmented(say("transfer.halves.seeds"), seeds, COUNT, help=say("transfer.halves.seeds_help"))
        st.number_input(say("transfer.halves.seed"), 0, MOST_SEED, 0, key=SEED, bind=LINK)


def config() -> HalvesConfig:
    """What the controls hold."""
    return HalvesConfig(int(value_of(COUNT)), int(value_of(SEED)), _weights(value_of(ORIGIN)))


def _origins() -> dict[str, str]:
    """The networks that can be begun with: one that learns half of the digits here, bundled ones, the visitor's."""
    bundled = labels("controls.network.bundled.{}", tuple(READERS))
    own = {run.key: say("controls.network.yours", name=run.name) for run in _readers()}
    return {HALF: say("transfer.halves.half"), **bundled, **own}


def _readers() -> list[Run[Job[RunConfig]]]:
    """The visitor's networks that read MNIST's digits, the latest first."""
    own = [run for run in studio().of(RunConfig) if run.job.config.dataset == "mnist"]
    return [run for run in own[::-1] if run.job.state().weights is not None]


def _weights(origin: str) -> bytes:
    """The file of what is begun with; none where that learns here first, or is no longer kept."""
    if origin in READERS:
        return reader(origin)
    run = next((run for run in _readers() if run.key == origin), None)
    return (run.look().job.state().weights or b"") if run else b""


def _name(_: HalvesConfig) -> str:
    """Of a run, as the page of all runs shows it."""
    return say("transfer.halves.run")


LEARNER = Learner("tld", HalvesConfig, config, _name, single_steps=False)


def results(wanted: HalvesConfig, run: HalvesRun | None) -> HalvesResults:
    """What is known so far."""
    found = run.look().job.state().results if run else None
    empty: NDArray[np.float64] = np.full((len(WAYS), len(COUNTS), wanted.seeds), np.nan)
    return found or HalvesResults(empty)
