"""A box that a visitor drags, in the address as "left,top,right,bottom", in whole pixels of its picture."""

from __future__ import annotations

import re

import streamlit as st

from explainer.tasks.boxes import Box
from explainer.ui.frame import address
from explainer.words.book import Said, SaidError

SMALLEST = 4  # pixels of a side
_TEXT = re.compile(r"\d{1,4}(,\d{1,4}){3}")


class BoxError(SaidError, ValueError):
    """The address holds no box on this picture."""


def linked_box(key: str, first: Box, size: tuple[int, int]) -> Box:
    """The box that ``key`` holds: the address's, or where a visitor has dragged it, ``first`` to begin with.

    ``size`` is the picture's width and height. To be called within a ``part`` of a page. Raises BoxError for a link
    with another text.
    """
    said, start = address.said(key, key), text_of(first)
    if said.values or said.decides:
        st.session_state[key] = said.values[-1] if said.values else start
    text: str = st.session_state.setdefault(key, start)
    address.say(key, () if text == start else (text,))
    return _box(text, size)


def text_of(box: Box) -> str:
    """As the address has it."""
    return ",".join(f"{side:.0f}" for side in box)


def _box(text: str, size: tuple[int, int]) -> Box:
    sides = [int(each) for each in text.split(",")] if _TEXT.fullmatch(text) else [0, 0, 0, 0]
    left, top, right, bottom = sides
    width, height = size
    if not (left + SMALLEST <= right <= width and top + SMALLEST <= bottom <= height):
        raise BoxError(Said("controls.box.none", width=width, height=height, smallest=SMALLEST))
    return left, top, right, bottom
