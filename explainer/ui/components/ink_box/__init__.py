"""A photograph of handwriting with a box around the digit, to be moved, its ink, and the digit of 28 x 28 pixels."""

from __future__ import annotations

import base64
import hashlib
import io

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from explainer.data.handwriting import Box, Handwriting
from explainer.data.images import Picture, fit
from explainer.ui.components.kit import CANVAS, component, words

SMALLEST = 6  # pixels of a box's sides
_SHOWN = 320  # pixels of the longer side, as it is sent to the browser
_mount = component(__file__, CANVAS, "box.js", "index.js")


def ink_box(picture: Picture, found: Handwriting | None, key: str) -> None:
    """Draws the photograph, and what was ``found`` in it; ``box_of`` reads the box that a visitor drags on it.

    A press beside the box begins another, one on a corner or in it moves that; arrow keys move the box, with Shift its
    lower right corner. Escape, or the button, finds it again.
    """
    own = box_of(picture, key)
    box = own or (found.box if found else None)
    _mount(
        key=key,
        data={
            "picture": _name(picture),
            "size": picture.size,
            "photograph": _photograph(picture),
            "ink": _grey(_part(found), _SHOWN) if found else None,
            "digit": _grey(found.digit / 255, len(found.digit)) if found else None,
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
    if not isinstance(reported, dict) or reported.get("picture") != _name(picture):
        return None
    box = reported.get("box")
    if not isinstance(box, list) or len(box) != 4 or any(type(side) is not int for side in box):
        return None
    top, left, bottom, right = box
    height, width = picture.size
    inside = 0 <= top < bottom <= height and 0 <= left < right <= width
    return (top, left, bottom, right) if inside else None


def _name(picture: Picture) -> str:
    """The same pixels, the same name."""
    return hashlib.blake2b(picture.rgb.tobytes(), digest_size=8, key=repr(picture.size).encode()).hexdigest()


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs={Picture: _name})
def _photograph(picture: Picture) -> str:
    file = io.BytesIO()
    Image.fromarray(fit(picture, _SHOWN).rgb).save(file, "JPEG", quality=85)
    return _address("jpeg", file)


def _part(found: Handwriting) -> NDArray[np.float32]:
    top, left, bottom, right = found.box
    return found.ink[top:bottom, left:right]


def _grey(values: NDArray[np.floating], side: int) -> str:
    """``values`` 0 to 1 as a grey picture whose longer side is at most ``side``."""
    file, image = io.BytesIO(), Image.fromarray(np.rint(255 * values).astype(np.uint8))
    image.thumbnail((side, side))
    image.save(file, "PNG")
    return _address("png", file)


def _address(kind: str, file: io.BytesIO) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(file.getvalue()).decode('ascii')}"
