"""Which photograph a detector looks at: one of the samples, an upload, or a picture of the camera."""

from __future__ import annotations

from explainer.data.images import Picture
from explainer.data.samples import original
from explainer.ui.controls.choice import choice
from explainer.ui.controls.inputs import (
    CAMERA,
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
