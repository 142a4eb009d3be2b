"""Two values of a layer, one for each axis: a pair of sliders side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from explainer.ui.controls.inputs import LINK
from explainer.ui.frame import page
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import say

Keys = tuple[str, str]


def down_across(name: Literal["stride", "dilation", "padding", "output_padding"]) -> tuple[str, str]:
    """What the sliders of ``name`` are called where they are steps along the two axes."""
    return say(f"controls.{name}.down"), say(f"controls.{name}.across")


@dataclass(frozen=True)
class Pair:
    """Two sliders, their labels and keys, from ``least`` to ``most``, at ``first`` to begin with."""

    labels: tuple[str, str]
    keys: Keys
    least: int
    most: int
    first: int


def choose_pairs(*pairs: Pair) -> None:
    """Draws the sliders of pairs that stand below each other."""
    place = page.pairs(pairs[0].keys[0])
    for pair in pairs:
        for label, key in zip(pair.labels, pair.keys, strict=True):
            place.slider(label, pair.least, pair.most, pair.first, key=key, bind=LINK)


def held_pair(keys: Keys) -> tuple[int, int]:
    """What the two hold. Raises NotDrawnError before they were drawn."""
    return int(value_of(keys[0])), int(value_of(keys[1]))
