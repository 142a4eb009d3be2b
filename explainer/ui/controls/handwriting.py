"""A photograph of handwriting as a digit: found in it, with its box and its threshold to be adjusted."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.data.handwriting import THRESHOLD, Box, NoInkError, read_handwriting
from explainer.data.images import Picture
from explainer.ui.components.ink_box import Shown, box_of, ink_box, shown
from explainer.ui.controls.inputs import LINK, NoInputError
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import say
from explainer.words.book import Said

_FINDS, _AT, _BOX = "i_ink", "i_ink_at", "i_ink_box"
_PERCENT = round(100 * THRESHOLD)


def adjust(picture: Picture) -> None:
    """Draws whether a digit is looked for, what was found in ``picture``, and how dark ink is."""
    if not st.checkbox(say("controls.handwriting.find"), value=True, key=_FINDS, bind=LINK):
        return
    above = st.container()
    label, about = say("controls.handwriting.threshold"), say("controls.handwriting.threshold_help")
    st.slider(label, 5, 95, _PERCENT, 5, format="%d %%", key=_AT, bind=LINK, help=about)
    try:
        _, found = _found(picture)
    except NoInputError:
        found = None  # the page says so, in the picture's place
    with above:
        ink_box(picture, found, _BOX)


def digit_in(picture: Picture) -> NDArray[np.uint8] | None:
    """The digit (28, 28) found in ``picture``, as ``adjust`` has set; None where it is to be shown as it is.

    Raises NoInputError where there is no ink.
    """
    return _found(picture)[0] if value_of(_FINDS) else None


def _found(picture: Picture) -> tuple[NDArray[np.uint8], Shown]:
    box = box_of(picture, _BOX)
    try:
        return _read(picture, value_of(_AT) / 100, box)
    except NoInkError:
        raise NoInputError(Said(f"controls.handwriting.nothing_in_{'box' if box else 'picture'}")) from None


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs={Picture: lambda one: one.key})
def _read(picture: Picture, threshold: float, box: Box | None) -> tuple[NDArray[np.uint8], Shown]:
    """The digit (28, 28), and what is shown of it; not what it was found in, which takes megabytes."""
    found = read_handwriting(picture, threshold, box)
    return found.digit, shown(found)
