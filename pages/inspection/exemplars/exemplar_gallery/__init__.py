"""Rows of pictures with what a unit saw of them framed, in the browser; one row may be there to choose from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.inspection.reach import Box
from explainer.ui.components.kit import ELEMENTS, GALLERY, component, words
from explainer.ui.components.kit.data_url import SHARP, data_url

Emphasis = Literal["none", "strong", "faint"]

LARGE = 224  # CSS pixels of the picture that a visitor points at, at most
_SIZES = range(24, LARGE + 1)
_mount = component(__file__, ELEMENTS, GALLERY, "inspector.js", "index.js")


@dataclass(frozen=True, eq=False)
class Exemplar:
    """A picture, uint8: grey (height, width), or (height, width, 3), or with an alpha plane (height, width, 4).

    ``frame`` is what is framed, in its pixels; the rest becomes dark. ``caption`` stands below it, ``detail`` is shown
    large to a visitor who points at it. ``emphasis`` rings it (strong) or makes it pale (faint).
    """

    pixels: NDArray[np.uint8]
    caption: str = ""
    detail: str = ""
    frame: Box | None = None
    emphasis: Emphasis = "none"


@dataclass(frozen=True, eq=False)
class ExemplarRow:
    """Pictures under a title, ``size`` CSS pixels large, 24 to 224.

    A row with ``choices``, one number for each picture, stays in one line, and a click on a picture chooses its number.
    """

    title: str
    exemplars: tuple[Exemplar, ...]
    size: int = 84
    choices: tuple[int, ...] = ()


def exemplar_gallery(rows: Sequence[ExemplarRow], key: str, on_choose: Callable[[int], None] | None = None) -> None:
    """Draw ``rows``; ``on_choose`` is called with the number that a visitor chooses, before the script runs again.

    Called again under the same ``key`` it changes the pictures in place. Raises ValueError for a size out of range or
    a row that has not as many choices as pictures.
    """

    def chosen() -> None:
        number = st.session_state.get(key, {}).get("chosen")  # nothing where the page is gone meanwhile
        if on_choose and isinstance(number, int):
            on_choose(number)

    _mount(
        key=key,
        data={"rows": [encode(row) for row in rows], "words": words("exemplar_gallery")},
        on_chosen_change=chosen,
    )


def encode(row: ExemplarRow) -> dict[str, Any]:
    """What the browser gets of a row: pictures as data URLs, frames as shares of the picture's sides."""
    if row.size not in _SIZES:
        raise ValueError(f"A picture is {_SIZES[0]} to {_SIZES[-1]} pixels large, not {row.size} ({row.title}).")
    if row.choices and len(row.choices) != len(row.exemplars):
        raise ValueError(f"{len(row.exemplars)} pictures cannot be {len(row.choices)} choices ({row.title}).")
    longest = 2 * row.size if row.choices else LARGE  # a line of choices has many pictures
    return {
        "title": row.title,
        "size": row.size,
        "choices": list(row.choices),
        "exemplars": [_encoded(exemplar, longest) for exemplar in row.exemplars],
    }


def _encoded(exemplar: Exemplar, longest: int) -> dict[str, Any]:
    height, width = exemplar.pixels.shape[:2]
    return {
        "source": data_url(exemplar.pixels, longest),
        "ratio": width / height,
        "sharp": max(height, width) <= SHARP,
        "frame": _shares(exemplar.frame, height, width),
        "caption": exemplar.caption,
        "detail": exemplar.detail,
        "emphasis": exemplar.emphasis,
    }


def _shares(frame: Box | None, height: int, width: int) -> list[float] | None:
    """Left, top, width and height of a frame as shares of the picture's, without what lies outside of it."""
    if frame is None:
        return None
    box = frame.within(height, width)
    wide, high = box.right - box.left, box.bottom - box.top
    return [box.left / width, box.top / height, wide / width, high / height]
