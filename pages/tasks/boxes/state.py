"""The two boxes that a visitor drags, in the address as "left,top,right,bottom"."""

from __future__ import annotations

import re

import streamlit as st

from explainer.tasks.box_sets import FRAMED
from explainer.tasks.boxes import Box
from explainer.ui.frame import address
from explainer.ui.frame.widget_values import value_of
from explainer.words.book import Said, SaidError
from pages.tasks.boxes.iou_stage import Photo, photo, reported

OBJECT, TRUTH, DETECTION = "bx_object", "bx_a", "bx_b"
STAGE = "bx_stage"  # the component
SMALLEST = 4  # pixels of a side
_TEXT = re.compile(r"\d{1,3}(,\d{1,3}){3}")


class BoxError(SaidError, ValueError):
    """The address holds no box on this photograph."""


def framed() -> Photo:
    """The chosen photograph."""
    return photo(value_of(OBJECT))


def boxes() -> tuple[Box, Box]:
    """The truth and the detection. Raises BoxError for a link with another text."""
    name = value_of(OBJECT)
    first, size = FRAMED[name], framed().size
    return _box(_linked(TRUTH, text_of(first.truth)), size), _box(_linked(DETECTION, text_of(first.detection)), size)


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


def text_of(box: Box) -> str:
    """As the address has it."""
    return ",".join(f"{side:.0f}" for side in box)


def _box(text: str, size: tuple[int, int]) -> Box:
    sides = [int(each) for each in text.split(",")] if _TEXT.fullmatch(text) else [0, 0, 0, 0]
    left, top, right, bottom = sides
    width, height = size
    if not (left + SMALLEST <= right <= width and top + SMALLEST <= bottom <= height):
        raise BoxError(Said("boxes.no_box", width=width, height=height, smallest=SMALLEST))
    return left, top, right, bottom


def _linked(key: str, first: str) -> str:
    """A text that the address holds where it is not the first one."""
    said = address.said(key, key)
    if said.values or said.decides:
        st.session_state[key] = said.values[-1] if said.values else first
    text: str = st.session_state.setdefault(key, first)
    address.say(key, () if text == first else (text,))
    return text
