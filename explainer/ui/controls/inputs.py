"""The input of a layer page: a grid that a visitor types, a digit, a photograph, an upload, or a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from explainer.data.drawing import EmptyDrawingError
from explainer.data.grid_text import GridError, format_grid, parse_grid, parse_numbers
from explainer.data.images import Picture, UnreadableImageError, fit, to_png
from explainer.data.limits import PICTURE_MEGABYTES
from explainer.data.samples import (
    COMPOSED,
    GRID,
    PHOTOGRAPHS,
    POOLING_GRID,
    SIGNAL,
    Photograph,
    digit,
    original_size,
    photograph,
)
from explainer.data.uploads import read_upload
from explainer.layers.code import literal, picture_file
from explainer.layers.kernels import cross_picture
from explainer.ui.components.digit_pad import digit_on, digit_pad
from explainer.ui.components.sliding_window import Scale
from explainer.ui.controls.choice import choice
from explainer.ui.controls.files import file_field
from explainer.ui.controls.grid_notes import note_meanings
from explainer.ui.controls.typed import carry, keep
from explainer.ui.frame import menu
from explainer.ui.frame.studio import Brought, studio
from explainer.ui.frame.uploads import LostFileError, take
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.visitor import session_id
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import message_of, say
from explainer.words.book import Said, SaidError

LINK: Literal["query-params"] = "query-params"
OWN_GRID, CROSS, SIGNAL_1D, DIGIT, UPLOAD, DRAWING = "grid", "cross", "signal", "test-digit", "upload", "drawing"
CAMERA = "camera"
MAPS = "feature-maps"  # which a page that offers them makes itself
PHOTOS: dict[str, Photograph] = {photo.name: photo for photo in (*PHOTOGRAPHS, *COMPOSED)}
NAMES = {
    OWN_GRID: Said("controls.input.kinds.grid"),
    CROSS: Said("controls.input.kinds.cross"),
    SIGNAL_1D: Said("controls.input.kinds.signal"),
    DIGIT: Said("controls.input.kinds.digit"),
    UPLOAD: Said("controls.input.kinds.upload"),
    DRAWING: Said("controls.input.kinds.drawing"),
    MAPS: Said("controls.input.kinds.maps"),
    CAMERA: Said("controls.picture.the_camera"),
    **{name: Said(f"controls.input.photographs.{name}") for name in PHOTOS},
}
FILE, PAD, _SNAPSHOT = "picture.png", "digit", "i_camera"
_REFUSED = "_upload_refused"  # why the last upload could not be read
_PICTURE = "_upload_picture"  # that this tab shows: another tab of the visitor may bring its own meanwhile
MOST_CELLS = (16, 32)  # of a grid that is typed
FORMATS = ["png", "jpg", "jpeg", "jfif", "gif", "webp", "bmp", "tif", "tiff"]
NO_PICTURE = Said("controls.input.no_picture", megabytes=PICTURE_MEGABYTES)
NO_CAMERA = Said("controls.picture.no_camera")


class NoInputError(SaidError, ValueError):
    """There is nothing to show yet; the message is a sentence that says what to do."""


@dataclass(frozen=True, eq=False)
class Input:
    """What a layer reads: ``planes`` (channels, height, width).

    Pictures are whole numbers from 0 to 255 and are drawn in grey (one plane) or as red, green and blue; other
    numbers are signed. ``code`` makes the tensor ``inputs`` (1, channels, height, width) of them.
    """

    planes: NDArray[np.float64]
    is_picture: bool
    code: str

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return self.planes.shape[1], self.planes.shape[2]

    @property
    def scale(self) -> Scale:
        """How the sliding window draws it."""
        if not self.is_picture:
            return "diverging"
        return "rgb" if len(self.planes) == 3 else "grey"

    @property
    def limits(self) -> tuple[float, float] | None:
        """Black and white of a picture."""
        return (0.0, 255.0) if self.is_picture else None


def choose_input(
    kinds: Sequence[str],
    editor: DeltaGenerator,
    *,
    side: int = 512,
    grid: Any = GRID,
    least: tuple[int, int] = (1, 1),
    planes: int = 1,
) -> None:
    """Draws the choice among ``kinds``, and what belongs to it; ``chosen_input`` reads it.

    Numbers are typed in the container ``editor``; ``grid`` is what stands in the small grid at first. ``side`` is the
    longest that the sides of an upload may be. A grid that was typed on another page is taken over where its rows make
    so many ``planes`` of ``least`` rows and columns.
    """
    kind = choice(say("controls.input.label"), {each: say(NAMES[each]) for each in kinds}, "input")
    if kind == UPLOAD:
        offer_upload(side)
    elif kind == DRAWING:
        digit_pad(PAD, height=200)
    elif kind == OWN_GRID:
        first, page = format_grid(np.array(grid)), menu.current() or ""
        carry(page, "grid", first, partial(_fits, least=least, planes=planes))
        keep(page, _type(editor, "grid", grid))
    elif kind == SIGNAL_1D:
        _type(editor, "signal", SIGNAL)


def chosen_input(*, color: bool = False, side: int = 512) -> Input:
    """What was chosen; ``color`` keeps the three planes of a picture, ``side`` is the longest that its sides may be.

    Raises NoInputError where nothing was uploaded or drawn yet, GridError for text that is no grid, NotDrawnError
    before ``choose_input`` has drawn the controls.
    """
    kind = value_of("input")
    if kind == UPLOAD:
        return _picture(fit(uploaded(), side), picture_file(FILE, None, color), color)
    if kind in PHOTOS:
        return _photograph(PHOTOS[kind], color=color, side=side)
    if kind == OWN_GRID:
        return _numbers(parse_grid(value_of("grid") or "", MOST_CELLS)[None])
    if kind == SIGNAL_1D:  # one row, however it was typed
        return _numbers(parse_numbers(value_of("signal") or "", MOST_CELLS[0] * MOST_CELLS[1])[None, None])
    if kind == CROSS:
        return _numbers(cross_picture()[None])
    return _digit(drawn().astype(np.float64) if kind == DRAWING else np.rint(digit() * 255))


def _photograph(photo: Photograph, *, color: bool, side: int) -> Input:
    small = photograph(photo.name, side)
    resized = small.size if small.size != original_size(photo.name) else None
    return _picture(small, picture_file(f"assets/images/{photo.file}", resized, color), color)


def _fits(text: str, *, least: tuple[int, int], planes: int) -> bool:
    try:
        rows, columns = parse_grid(text, MOST_CELLS).shape
    except GridError:
        return False
    return bool(rows % planes == 0 and rows >= planes * least[0] and columns >= least[1])


def _type(editor: DeltaGenerator, key: str, first: Any) -> str:
    text = format_grid(np.array(first))
    typed = editor.text_area(say("controls.input.numbers"), text, key=key, bind=LINK, max_chars=4_000)
    note_meanings(typed, editor, has_rows=key != "signal")
    return str(typed)


def _numbers(planes: NDArray[np.float64]) -> Input:
    return Input(planes, is_picture=False, code=literal("inputs", planes[None]))


def _digit(values: NDArray[np.float64]) -> Input:
    return Input(values[None], is_picture=True, code=literal("inputs", values[None, None]))


def _picture(picture: Picture, code: str, color: bool) -> Input:
    values = picture.rgb.transpose(2, 0, 1) if color else picture.grey[None]
    return Input(values.astype(np.float64), is_picture=True, code=code)


def drawn() -> NDArray[np.uint8]:
    """The drawing on the pad as MNIST's digits are, (28, 28). Raises NoInputError for a blank pad."""
    try:
        return digit_on(PAD)
    except EmptyDrawingError:
        raise NoInputError(Said("controls.input.blank_pad")) from None


def offer_upload(side: int) -> None:
    """Draws the place for a picture file, what was wrong with the last one, and the picture as code reads it."""
    choose_file("upload")
    if (picture := picture_here()) is not None:
        small = fit(picture, side)
        st.download_button(say("controls.input.download"), to_png(small), FILE, on_click="ignore")


def choose_file(key: str) -> None:
    """Draws the place for a picture file, and what was wrong with the last one."""
    take = partial(receive, key)
    file_field(say("controls.input.upload"), FORMATS, PICTURE_MEGABYTES, key=key, take=take, refuse=_refuse)
    show_refusal()


def offer_camera() -> None:
    """Draws the camera, and what was wrong with the last picture."""
    st.camera_input(say("controls.picture.camera"), key=_SNAPSHOT, on_change=receive, args=(_SNAPSHOT,))
    show_refusal()


def show_refusal() -> None:
    """Says why the last picture could not be read."""
    if problem := st.session_state.get(_REFUSED):
        st.error(verbatim(problem))


def receive(key: str) -> None:
    """Keeps the picture that the control ``key`` was given, or the reason why it was refused.

    It is kept before the session is touched: that ends the script where something else was pressed meanwhile.
    """
    problem = None
    try:
        if (given := take(key)) is not None:
            studio().brought = Brought(read_upload(given.data, given.name), session_id())
    except (LostFileError, UnreadableImageError) as error:
        problem = message_of(error)
    st.session_state[_REFUSED] = problem


def _refuse(sentences: list[str]) -> None:
    st.session_state[_REFUSED] = sentences[0]


def uploaded() -> Picture:
    """The latest picture of this tab that could be read; in a tab without one, what the visitor brought last.

    Raises NoInputError where there is none.
    """
    picture = picture_here()
    if picture is None:
        raise NoInputError(NO_PICTURE)
    return picture


def picture_here() -> Picture | None:
    """The same in this tab until the tab is given another one; None where the visitor brought none."""
    state, brought = st.session_state, studio().brought
    if brought and (brought.session == session_id() or _PICTURE not in state):
        state[_PICTURE] = brought.picture
    picture: Picture | None = state.get(_PICTURE)
    return picture


__all__ = [
    "CROSS",
    "DIGIT",
    "DRAWING",
    "MAPS",
    "NAMES",
    "OWN_GRID",
    "PHOTOS",
    "POOLING_GRID",
    "SIGNAL_1D",
    "UPLOAD",
    "choose_input",
    "chosen_input",
]
