"""The view "On photographs": what was chosen, and what the network says of the photograph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.data.images import Picture
from explainer.lru import Lru
from explainer.memory import bounds
from explainer.networks.pretrained import SEGMENTERS, PretrainedError, file, is_fetched
from explainer.tasks.segmentation.photographs import SHOWN, Segmented, segmented, shown_size
from explainer.ui.controls.choice import choice
from explainer.ui.controls.inputs import LINK, NoInputError
from explainer.ui.controls.photographs import choose_photograph, chosen_photograph
from explainer.ui.frame import page
from explainer.ui.frame.background import Background
from explainer.ui.frame.long_work import long_work
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import say
from explainer.words.book import Said
from pages.tasks.segmentation.pixel_tiles import pressed

PHOTO, NETWORK, ROW, COLUMN = "sg_photo", "sg_seg", "sg_prow", "sg_pcol"
STAGE = "sg_photograph"  # the component
FIRST_PHOTO, FIRST_ROW, FIRST_COLUMN = "cat", 90, 150  # from 1 on
TITLES = {name.replace("_", "-"): entry.title for name, entry in SEGMENTERS.items()}

Answer = Segmented | Said | str  # or why there is none
_kept: Lru[Answer] = Lru(bounds().results, lambda answer: answer.logits.nbytes if isinstance(answer, Segmented) else 1)


@dataclass(frozen=True, eq=False)
class Photograph:
    """The chosen picture and its pixel, from 0 on, as it is shown; ``name`` is what torchvision calls the network.

    ``found`` is None before the weights are here, and as long as the ``work`` goes on.
    """

    picture: Picture
    name: str
    row: int
    column: int
    found: Answer | None = None
    work: Background[Answer] | None = None


def controls(place: DeltaGenerator) -> None:
    """The photograph, the network, and the pixel that is looked at."""
    with place:
        choose_photograph(PHOTO, FIRST_PHOTO)
        choice(say("segmentation.photographs.controls.network"), TITLES, NETWORK)
        rows, columns = _size()
        for key, most in ((ROW, rows), (COLUMN, columns)):  # a larger picture may have been looked at before
            if st.session_state.get(key, 1) > most:
                st.session_state[key] = most
        left, right = page.side_by_side("sg_photo_pixel")
        row, column = min(FIRST_ROW, rows), min(FIRST_COLUMN, columns)
        left.number_input(say("segmentation.photographs.controls.row"), 1, rows, row, key=ROW, bind=LINK)
        right.number_input(say("segmentation.photographs.controls.column"), 1, columns, column, key=COLUMN, bind=LINK)


def photograph() -> Photograph:
    """What was chosen, and what is known of it. Raises NoInputError where there is no picture yet."""
    picture, name = chosen_photograph(PHOTO), value_of(NETWORK).replace("-", "_")
    rows, columns = shown_size(*picture.size)
    row, column = min(int(value_of(ROW)), rows) - 1, min(int(value_of(COLUMN)), columns) - 1
    if not is_fetched(name):
        return Photograph(picture, name, row, column)
    identity = name, picture.key, file(name).stat().st_mtime_ns  # weights may be brought anew
    found, work = long_work("sg_photograph", identity, partial(_ask, name, picture), _is_whole, _kept)
    return Photograph(picture, name, row, column, found, work)


def take_pressed() -> None:
    """The visitor has pressed a pixel: from now on it is looked at."""
    found = pressed(st.session_state.get(STAGE, {}).get("pixel"))
    if found is None:
        return
    for key, value, most in zip((ROW, COLUMN), found[1:], _size(), strict=True):
        st.session_state[key] = min(max(value + 1, 1), most)


def _size() -> tuple[int, int]:
    """Rows and columns of the chosen picture, as it is shown."""
    try:
        return shown_size(*chosen_photograph(PHOTO).size)
    except NoInputError:
        return SHOWN, SHOWN


def _ask(name: str, picture: Picture) -> Iterator[Answer | None]:
    yield None
    try:
        answer: Answer = segmented(name, picture.rgb)
    except PretrainedError as error:
        answer = error.said
    yield answer


def _is_whole(answer: Answer) -> bool:
    return isinstance(answer, Segmented)
