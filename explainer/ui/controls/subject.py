"""What the network is shown: a test digit, a drawing, a sample photograph, an upload, a picture of the camera."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.data.digits import CLASS_NAMES, is_available, load
from explainer.data.samples import original
from explainer.networks import zoo
from explainer.networks.description import Description, Transform
from explainer.networks.graph import Network
from explainer.networks.reading import shown, shown_digit, to_input
from explainer.ui.controls import handwriting, own_digit
from explainer.ui.controls.choice import choice
from explainer.ui.controls.inputs import (
    CAMERA,
    DIGIT,
    DRAWING,
    LINK,
    NAMES,
    NO_CAMERA,
    NO_PICTURE,
    PHOTOS,
    UPLOAD,
    NoInputError,
    drawn,
    picture_here,
)
from explainer.ui.controls.networks import NoNetworkError, chosen_network
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import say
from explainer.words.book import Said

# Three keys, because the first choice is another one: networks of digits, of photographs, and of CIFAR-10.
GREY, COLOR, SMALL = "i_in", "i_photo", "i_small"
PICTURE = "test-picture"
_OPTIONS = {
    GREY: [DIGIT, DRAWING, UPLOAD, CAMERA, *PHOTOS],
    COLOR: [*PHOTOS, UPLOAD, CAMERA, DIGIT, DRAWING],
    SMALL: [PICTURE, *PHOTOS, UPLOAD, CAMERA, DIGIT, DRAWING],
}
_NAMES = NAMES | {
    DIGIT: Said("controls.picture.a_test_digit"),
    PICTURE: Said("controls.picture.a_test_picture"),
}
NUMBER = "i_digit"
TEST_DIGITS = 10_000


@dataclass(frozen=True, eq=False)
class Subject:
    """A picture as a network is shown it.

    ``pixels`` is uint8, (size, size) or (size, size, 3); ``inputs`` float32 (1, channels, size, size), what the network
    reads of it. ``label`` is the class where it is known, else None; ``key`` tells pictures apart. ``kind`` says where
    the picture comes from, a photograph by its name; ``number`` is that of a test digit.
    """

    pixels: NDArray[np.uint8]
    inputs: NDArray[np.float32]
    title: Said
    label: int | None = None
    kind: str = UPLOAD
    number: int = 0

    @property
    def key(self) -> bytes:
        """The same pixels, the same key."""
        return self.pixels.tobytes()


def choose_subject() -> None:
    """Draws the choice of the picture, and what belongs to it; ``chosen_subject`` reads it.

    To be drawn after the choice of the network, which says what comes first. Nothing without a network.
    """
    try:
        description = chosen_network().description
    except NoNetworkError:
        return
    key = _key(description.transform)
    kind = choice(say("controls.picture.label"), {each: say(_NAMES[each]) for each in _OPTIONS[key]}, key)
    if kind in (DIGIT, PICTURE):
        said = "controls.picture.digit" if kind == DIGIT else "controls.picture.number"
        st.number_input(say(said, most=TEST_DIGITS - 1), 0, TEST_DIGITS - 1, 0, key=NUMBER, bind=LINK)
    elif kind in own_digit.KINDS:
        own_digit.offer(kind, finds=_reads_digits(description), height=200)


def chosen_subject(network: Network) -> Subject:
    """What was chosen, as ``network`` is shown it.

    Raises NoInputError, a sentence, where nothing was uploaded or drawn yet, NotDrawnError before ``choose_subject``
    has drawn the controls.
    """
    transform = network.description.transform
    kind = value_of(_key(transform))
    if kind == DIGIT:
        return _test_digit(network.description, int(value_of(NUMBER)))
    if kind == PICTURE:
        return _test_picture(transform, int(value_of(NUMBER)))
    if kind == DRAWING:
        return _subject(transform, shown_digit(transform, drawn()), kind)
    if kind in PHOTOS:
        return _subject(transform, shown(transform, original(kind)), kind)
    return _brought(network.description, kind)


def _test_digit(description: Description, number: int) -> Subject:
    data, transform = load("mnist"), description.transform
    label = int(data.test_labels[number]) if _reads_digits(description) else None
    pixels = shown_digit(transform, data.test_images[number])
    title = Said("controls.picture.test_digit", number=number)
    return Subject(pixels, to_input(transform, pixels).numpy(), title, label, DIGIT, number)


def _test_picture(transform: Transform, number: int) -> Subject:
    data = load("cifar-10")
    number = min(number, len(data.test_labels) - 1)
    pixels, label = np.ascontiguousarray(data.test_images[number]), int(data.test_labels[number])
    title = Said("controls.picture.test_picture", number=number)
    return Subject(pixels, to_input(transform, pixels).numpy(), title, label, PICTURE, number)


def _brought(description: Description, kind: str) -> Subject:
    if (picture := picture_here()) is None:
        raise NoInputError(NO_PICTURE if kind == UPLOAD else NO_CAMERA)
    transform = description.transform
    digit = handwriting.digit_in(picture) if _reads_digits(description) else None
    return _subject(transform, shown(transform, picture) if digit is None else shown_digit(transform, digit), kind)


def _reads_digits(description: Description) -> bool:
    return description.classes == CLASS_NAMES["mnist"]


def _key(transform: Transform) -> str:
    if transform == zoo.COLOUR and is_available("cifar-10"):
        return SMALL
    return GREY if transform.channels == 1 else COLOR


def _subject(transform: Transform, pixels: NDArray[np.uint8], kind: str) -> Subject:
    return Subject(pixels, to_input(transform, pixels).numpy(), _NAMES[kind], kind=kind)


__all__ = ["NoInputError", "Subject", "choose_subject", "chosen_subject"]
