"""The two boxes that a visitor drags."""

from __future__ import annotations

import streamlit as st

from explainer.tasks.box_sets import FRAMED
from explainer.tasks.boxes import Box
from explainer.ui.controls.dragged_box import SMALLEST, BoxError, linked_box
from explainer.ui.frame.widget_values import value_of
from pages.tasks.boxes.iou_stage import Photo, photo, reported

OBJECT, TRUTH, DETECTION = "bx_object", "bx_a", "bx_b"
STAGE = "bx_stage"  # the component


def framed() -> Photo:
    """The chosen photograph."""
    return photo(value_of(OBJECT))


def boxes() -> tuple[Box, Box]:
    """The truth and the detection. Raises BoxError for a link with another text."""
    first, size = FRAMED[value_of(OBJECT)], framed().size
    return linked_box(TRUTH, first.truth, size), linked_box(DETECTION, first.detection, size)


def take_dragged() -> None:
    """The visitor has let a box go: from now on that is where it is."""
    found = reported(st.session_state.get(STAGE, {}).get("dragged"))
    if found is None or found[0] != value_of(OBJECT):
        return
    for key, text in zip((TRUTH, DETECTION), found[1:], strict=True):
        st.session_state[key] = text


def forget() -> None:
    """Another photograph has boxes of its own."""
    for key in (TRUTH, DETECTION):
        st.session_state.pop(key, None)


__all__ = ["SMALLEST", "BoxError", "boxes", "forget", "framed", "take_dragged"]
