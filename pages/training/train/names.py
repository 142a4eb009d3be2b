"""What the visitor reads of the choices of "Train a CNN", by their identifiers."""

from __future__ import annotations

from explainer.networks.presets import PRESETS, title
from explainer.training.twins import SWITCHES
from explainer.ui.controls.training_settings import OWN
from explainer.ui.language import say


def presets() -> dict[str, str]:
    """The networks, and one's own."""
    return {**{preset: say(title(preset)) for preset in PRESETS}, OWN: say("train.controls.build_your_own")}


def switches() -> dict[str, str]:
    """What the second of two runs is with, or without."""
    return {switch: say(f"train.switches.{_word(switch)}") for switch in SWITCHES}


def _word(identifier: str) -> str:
    """As it stands in the book's keys."""
    return identifier.replace("-", "_")
