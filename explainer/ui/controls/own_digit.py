"""A picture of the visitor's own for a network of digits: drawn on the pad, in a file, or taken by the camera."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explainer.ui.components.digit_pad import digit_pad
from explainer.ui.controls import handwriting
from explainer.ui.controls.choice import choice
from explainer.ui.controls.inputs import (
    CAMERA,
    DRAWING,
    NAMES,
    NO_CAMERA,
    NO_PICTURE,
    PAD,
    UPLOAD,
    NoInputError,
    choose_file,
    drawn,
    offer_camera,
    picture_here,
)
from explainer.ui.language import say

KINDS = (DRAWING, UPLOAD, CAMERA)
_FILE = "upload"


def choose_kind(key: str) -> str:
    """Draws the choice among ``KINDS``."""
    return choice(say("controls.picture.label"), {each: say(NAMES[each]) for each in KINDS}, key)


def offer(kind: str, *, finds: bool, height: int | None = None) -> None:
    """Draws what belongs to one of ``KINDS``; with ``finds`` a handwritten digit is looked for in a picture.

    ``height`` is that of the pad.
    """
    if kind == DRAWING:
        digit_pad(PAD) if height is None else digit_pad(PAD, height=height)
        return
    if kind == UPLOAD:
        choose_file(_FILE)
    else:
        offer_camera()
    if finds and (picture := picture_here()) is not None:
        handwriting.adjust(picture)


def own_digit(kind: str) -> NDArray[np.uint8]:
    """The picture as a network of digits is shown it, (28, 28), 0 background and 255 ink.

    Raises NoInputError, a sentence, where there is none yet, NotDrawnError before ``offer`` has drawn the controls.
    """
    if kind == DRAWING:
        return drawn()
    if (picture := picture_here()) is None:
        raise NoInputError(NO_PICTURE if kind == UPLOAD else NO_CAMERA)
    digit = handwriting.digit_in(picture)
    if digit is not None:
        return digit
    from explainer.networks import reading, zoo  # noqa: PLC0415  torch, only when there is a picture

    return reading.shown(zoo.DIGITS, picture)
