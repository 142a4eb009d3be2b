"""What the visitor reads of the networks and of the numbers of digits to choose among, by their identifiers."""

from __future__ import annotations

from explainer.data.catalogue import COLOUR, DatasetName
from explainer.networks.presets import PRESETS, title
from explainer.ui.components.tiles import Scale
from explainer.ui.controls.training_settings import OWN, SUBSETS
from explainer.ui.language import language, say
from explainer.words.numbers import written


def presets() -> dict[str, str]:
    """The networks, and one's own."""
    return {**{preset: say(title(preset)) for preset in PRESETS}, OWN: say("train.controls.build_your_own")}


def picture_scale(dataset: DatasetName) -> Scale:
    """How tiles draw the pictures of a data set, whose values end at 255."""
    return "colour" if dataset in COLOUR else "grey"


def subsets() -> dict[str, str]:
    """How many digits are trained on."""
    return {
        name: written(count, ",", language()) if count else say("train.controls.all_digits")
        for name, count in SUBSETS.items()
    }
