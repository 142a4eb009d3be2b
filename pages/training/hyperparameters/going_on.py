"""From a trial to "Train a CNN": its network with its weights, and the settings nearest to its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import urlencode

import streamlit as st

from explainer.training.config import RunConfig
from explainer.training.search.search import PRESET, Trial
from explainer.ui.controls.training_settings import BATCHES, DECAYS, OWN, RATES, START, layer_settings, number, settings
from explainer.ui.frame import menu
from explainer.ui.frame.studio import studio
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.language import parameters, say
from pages.training.hyperparameters.words import METHOD

TRAIN = "training/train"
N = TypeVar("N", int, float)
DROPOUT_STEPS = 20  # between 0 and 1


def go_on(trial: Trial) -> None:
    """A link that opens "Train a CNN" in another tab with this trial's settings, and, while its weights are kept, a
    button that adds its network to the visitor's own; nothing where the menu has no such page.
    """
    train = menu.find(TRAIN)
    if train is None:
        return
    target = f"{train.path}?{urlencode({**parameters(), **query(trial.job.config.run)})}"
    about = say("hyperparameters.go_on_help")
    st.link_button(say("hyperparameters.go_on"), target, icon=":material/open_in_new:", help=about)
    if trial.job.state().weights is not None:
        about = say("hyperparameters.keep_help")
        st.button(say("hyperparameters.keep"), key="hs_keep", help=about, on_click=_keep, args=(trial,))


def _keep(trial: Trial) -> None:
    """A callback: the network is then among the visitor's own, with what it reads of the test set."""
    from explainer.training.loaded import loaded_run  # noqa: PLC0415  torch, only when it is needed

    weights = trial.job.state().weights
    if weights is None:
        return
    name = say("hyperparameters.run", method=METHOD[trial.method], number=trial.number + 1)
    job = loaded_run(weights)
    studio().keep(name, job)
    accuracy = job.state().points[-1].test_accuracy or 0.0
    st.toast(verbatim(say("hyperparameters.kept", name=name, accuracy=accuracy)), icon=":material/check:")


def query(run: RunConfig) -> dict[str, str]:
    """What "Train a CNN" finds in its address: all digits, and of what it offers the values nearest to the run's.

    Only what differs from the defaults: every other value would be one more step for Back to undo.
    """
    recipe, network = run.recipe, run.network
    nearest = {
        "lr": _nearest(recipe.learning_rate, RATES),
        "l2": _nearest(recipe.weight_decay, DECAYS[1:]) if recipe.weight_decay else 0.0,
        "batch": _nearest(recipe.batch_size, BATCHES),
        "dropout": round(network.dropout * DROPOUT_STEPS) / DROPOUT_STEPS,
        "epochs": recipe.epochs,
    }
    wanted, usual = {**layer_settings(network), **nearest}, {**settings(PRESET), "seed": 0}
    changed = {key: value for key, value in {**wanted, "seed": run.seed}.items() if value != usual[key]}
    written = {key: number(value) if key in ("lr", "l2") else str(value) for key, value in changed.items()}
    return {"preset": OWN, START: PRESET, **written}


def _nearest(value: float, offered: Sequence[N]) -> N:
    """The one of what is offered that is nearest in ratio."""
    return min(offered, key=lambda each: max(each / value, value / each))
