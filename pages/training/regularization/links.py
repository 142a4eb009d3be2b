"""Links that open "Train a CNN" with the settings of the recorded runs."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from explainer.training.regularization import DIGITS, REMEDIES, Remedy, config
from explainer.ui.controls.training_settings import OWN, layer_settings, number
from explainer.ui.frame import menu
from pages.training.regularization.words import NAMES

TRAIN = "training/train"
SWITCH: dict[Remedy, str] = {
    "l2": "weight-decay",
    "l1": "l1",
    "dropout": "dropout",
    "augmentation": "augmentation",
}  # what the twin on "Train a CNN" is without


def train_it_yourself() -> None:
    """A link for every remedy; nothing where the menu has no page to train on."""
    train = menu.find(TRAIN)
    if train is None:
        return
    st.subheader("Train it yourself", anchor=False)
    st.markdown(
        f"Each link opens **Train a CNN** in another tab with {DIGITS} digits, the large network and a "
        "regularization. Press "
        "**Train** for one run, or **Both** for a run with and one without it, their curves over each other. "
        "The training curves there are of digits as they were trained on, with dropout and augmentation: with these, "
        "they can be worse than the test curves. Test accuracies end where the recorded ones do, but for rounding."
    )
    links = [f"[{NAMES[remedy]}]({train.path}?{urlencode(query(remedy))})" for remedy in REMEDIES]
    st.markdown(" · ".join(links))


def query(remedy: Remedy, seed: int = 0) -> dict[str, str]:
    """What "Train a CNN" finds in its address to train as the recorded run of ``remedy`` was trained."""
    run = config(remedy, seed)
    recipe = run.recipe
    values: dict[str, object] = {
        **{"preset": OWN, "digits": DIGITS, "seed": seed, "switch": SWITCH.get(remedy, "dropout")},
        **layer_settings(run.network),
        **{"opt": recipe.optimizer, "lr": number(recipe.learning_rate), "momentum": recipe.momentum},
        **{"schedule": recipe.schedule, "batch": recipe.batch_size, "epochs": recipe.epochs},
        **{"dropout": run.network.dropout, "l2": number(recipe.weight_decay), "l1": number(recipe.l1)},
        **{"shift": recipe.shift, "rotate": int(recipe.rotate)},
    }
    return {name: str(value) for name, value in values.items()}
