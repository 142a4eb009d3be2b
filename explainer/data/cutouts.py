"""Photographs of animals, plants and things without their background: the alpha channel is the mask.

Where they come from, under which licences: ``assets/README.md`` and ``assets/cutouts/index.csv``.
"""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from explainer.data.assets import assets_path

# Identifiers, in the order of the index
CLASSES = ("mammals", "birds", "fish", "insects", "fruit", "vegetables", "flowers", "vehicles", "household")
# The classes of scenes, and what of those above is in each. At least 15 pictures, so that four are left for the test,
# and a look of its own: fruit and vegetables, which are alike, are one; tools, pots and bins have none in common.
KINDS = {
    "mammals": ("mammals",),
    "birds": ("birds",),
    "flowers": ("flowers",),
    "food": ("fruit", "vegetables"),
    "vehicles": ("vehicles",),
}
_EACH, _FIRST = 4, 2  # of each class every fourth is for testing, from the third on


@dataclass(frozen=True)
class Cutout:
    """A cut-out photograph in assets/cutouts: what it shows, in two languages, and whom it is from.

    ``kind`` is its class, one of ``CLASSES``; ``height`` and ``width`` are at most 128 pixels.
    """

    file: str
    kind: str
    english: str
    french: str
    licence: str
    credit: str
    height: int
    width: int


@functools.cache
def cutouts() -> tuple[Cutout, ...]:
    """All that are shipped, class by class, like beside like."""
    with (assets_path() / "cutouts" / "index.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_cutout(row) for row in csv.DictReader(file))


def _cutout(row: dict[str, str]) -> Cutout:
    return Cutout(
        file=row["file"],
        kind=row["class"],
        english=row["english"],
        french=row["french"],
        licence=row["licence"],
        credit=row["credit"],
        height=int(row["height"]),
        width=int(row["width"]),
    )


@functools.lru_cache(maxsize=256)
def rgba(cutout: Cutout) -> NDArray[np.uint8]:
    """Red, green, blue and alpha (height, width, 4) uint8, read-only; colour is not multiplied by alpha.

    Decoded once per process, 10 MB for all of them. Raises FileNotFoundError for one that is not shipped.
    """
    with Image.open(assets_path() / "cutouts" / cutout.file) as image:
        pixels = np.array(image.convert("RGBA"))
    pixels.flags.writeable = False
    return pixels


@functools.cache
def split() -> tuple[tuple[Cutout, ...], tuple[Cutout, ...]]:
    """Those to train with and those to test with: no picture is in both.

    Of each class every fourth is for testing. Since like stands beside like in the index, both have some of each sort:
    of the mammals apes, cattle, cats, ...
    """
    train: list[Cutout] = []
    test: list[Cutout] = []
    for kind in CLASSES:
        for number, cutout in enumerate(each for each in cutouts() if each.kind == kind):
            (test if number % _EACH == _FIRST else train).append(cutout)
    return tuple(train), tuple(test)
