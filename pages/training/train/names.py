"""What the visitor reads of the choices of "Train a CNN", by their identifiers."""

from __future__ import annotations

from typing import get_args

from explainer.networks.config import ActivationName, Padding
from explainer.networks.presets import PRESETS, title
from explainer.training.config import InitializationName, ScheduleName
from explainer.training.twins import SWITCHES
from explainer.ui.controls.training_settings import OWN, POOLS, SUBSETS
from explainer.ui.language import language, say
from explainer.words.numbers import written

VIEWS = ("watch", "mistakes", "network", "draw", "compare", "take-home")


def views() -> dict[str, str]:
    """The tabs beside the settings."""
    return {view: say(f"train.views.{_word(view)}") for view in VIEWS}


def presets() -> dict[str, str]:
    """The networks, and one's own."""
    return {**{preset: say(title(preset)) for preset in PRESETS}, OWN: say("train.controls.build_your_own")}


def activations() -> dict[ActivationName, str]:
    """Of the whole network."""
    return {name: say(f"train.activations.{_word(name)}") for name in get_args(ActivationName)}


def paddings() -> dict[Padding, str]:
    """Of a convolution."""
    return {name: say(f"train.paddings.{_word(name)}") for name in get_args(Padding)}


def poolings() -> dict[str, str]:
    """After a convolution."""
    return {name: say(f"train.poolings.{_word(name)}") for name in POOLS}


def subsets() -> dict[str, str]:
    """How many digits are trained on."""
    return {
        name: written(count, ",", language()) if count else say("train.controls.all_digits")
        for name, count in SUBSETS.items()
    }


def schedules() -> dict[ScheduleName, str]:
    """Of the learning rate."""
    return {name: say(f"train.schedules.{_word(name)}") for name in get_args(ScheduleName)}


def initializations() -> dict[InitializationName, str]:
    """The first weights."""
    return {name: say(f"train.initializations.{_word(name)}") for name in get_args(InitializationName)}


def switches() -> dict[str, str]:
    """What the second of two runs is with, or without."""
    return {switch: say(f"train.switches.{_word(switch)}") for switch in SWITCHES}


def _word(identifier: str) -> str:
    """As it stands in the book's keys."""
    return identifier.replace("-", "_").replace(".", "_")
