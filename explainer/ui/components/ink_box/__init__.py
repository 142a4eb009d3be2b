"""A photograph of handwriting with a box around the digit, to be moved, its ink, and the digit of 28 x 28 pixels."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from explainer.data.handwriting import Box, Handwriting
from explainer.data.images import Picture, fit
from explainer.ui.components.kit import CANVAS, ELEMENTS, component, words

SMALLEST = 6  # pixels of a box's sides
_SHOWN = 320  # pixels of the longer side, as it is sent to the browser
_mount = component(__file__, ELEMENTS, CANVAS, "box.js", "index.js")


@dataclass(frozen=True, eq=False)
class Shown:
    """What was found, as the browser shows it: the box, and the addresses of two pictures."""

    box: Box
    ink: str
    digit: str


def shown(found: Handwriting) -> Shown:
    """Small enough to be kept for many pictures: some kilobytes."""
    top, left, bottom, right = found.box
    ink = _grey(found.ink[top:bottom, left:right], _SHOWN)
    return Shown(found.box, ink, _grey(found.digit / 255, len(found.digit)))


def ink_box(picture: Picture, found: Shown | None, key: str) -> None:
    """Draws the photograph, and what was ``found`` in it; ``box_of`` reads the box that a visitor drags on it.

    A press beside the box begins another, one on a corner or in it moves that; arrow keys move the box, with Shift its
    lower right corner. Escape, or the button, finds it again.
    """
    own = box_of(picture, key)
    box = own or (found.box if found else None)
    _mount(
        key=key,
        data={
            "picture": picture.key,
            "size": picture.size,
            "photograph": _photograph(picture),
            "ink": found.ink if found else None,
            "digit": found.digit if found else None,
            "box": box,
            "isOwn": own is not None,
            "smallest": SMALLEST,
            "words": words("ink_box"),
        },
        on_box_change=lambda: None,
    )


def box_of(picture: Picture, key: str) -> Box | None:
    """The box that the visitor dragged on this picture, before it is shown as well as after; None where none was."""
    place = f"{key}.box"
    reported = st.session_state.get(key, {}).get("box")
    if reported is not None:
        st.session_state[place] = reported
    return _checked(st.session_state.get(place), picture)


def _checked(reported: object, picture: Picture) -> Box | None:
    """None for the box of another picture, and for what is none."""
    if not isinstance(reported, dict) or reported.get("picture") != picture.key:
        return None
    box = reported.get("box")
    if not isinstance(box, list) or len(box) != 4 or any(type(side) is not int for side in box):
        return None
    top, left, bottom, right = box
    height, width = picture.size
    inside = 0 <= top < bottom <= height and 0 <= left < right <= width
    return (top, left, bottom, right) if inside else None


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs={Picture: lambda one: one.key})
def _photograph(picture: Picture) -> str:
    file = io.BytesIO()
    Image.fromarray(fit(picture, _SHOWN).rgb).save(file, "JPEG", quality=85)
    return _address("jpeg", file)


def _grey(values: NDArray[np.floating], side: int) -> str:
    """``values`` 0 to 1 as a grey picture whose longer side is at most ``side``."""
    file, image = io.BytesIO(), Image.fromarray(np.rint(255 * values).astype(np.uint8))
    image.thumbnail((side, side))
    image.save(file, "PNG")
    return _address("png", file)


def _address(kind: str, file: io.BytesIO) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(file.getvalue()).decode('ascii')}"
