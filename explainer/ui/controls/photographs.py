"""Which photograph a detector looks at: one of the samples, an upload, or a picture of the camera."""

from __future__ import annotations

import streamlit as st

from explainer.data.images import Picture, to_png
from explainer.data.samples import original
from explainer.ui.controls.choice import choice
from explainer.ui.controls.inputs import (
    CAMERA,
    FILE,
    NAMES,
    NO_CAMERA,
    NO_PICTURE,
    PHOTOS,
    UPLOAD,
    NoInputError,
    choose_file,
    offer_camera,
    picture_here,
)
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import say


def choose_photograph(key: str, first: str) -> None:
    """Draws the choice, and what belongs to it; ``chosen_photograph`` reads it. ``first`` is one of ``PHOTOS``."""
    names = {each: say(NAMES[each]) for each in (*PHOTOS, UPLOAD, CAMERA)}
    kind = choice(say("controls.picture.label"), names, key, first=first)
    if kind == UPLOAD:
        choose_file("upload")
    elif kind == CAMERA:
        offer_camera()


def chosen_photograph(key: str) -> Picture:
    """What was chosen, a sample with all its pixels.

    Raises NoInputError where nothing was brought yet, NotDrawnError before ``choose_photograph`` has drawn the control.
    """
    kind = value_of(key)
    if kind in PHOTOS:
        return original(kind)
    if (picture := picture_here()) is None:
        raise NoInputError(NO_PICTURE if kind == UPLOAD else NO_CAMERA)
    return picture


def file_of(key: str) -> str:
    """Where the code of a page finds what was chosen: a sample's path, or the name of what ``offer_file`` offers."""
    kind = value_of(key)
    return f"assets/images/{PHOTOS[kind].file}" if kind in PHOTOS else FILE


def offer_file(key: str, picture: Picture, button: str) -> None:
    """Draws a button, by its key, to take home a ``picture`` that the visitor brought, for the page's code."""
    if value_of(key) not in PHOTOS:
        label = say("controls.input.download")
        st.download_button(label, to_png(picture), FILE, on_click="ignore", key=button)
