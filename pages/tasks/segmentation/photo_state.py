"""The view "On photographs": what was chosen, and what the network says of the photograph."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.data.images import Picture
from explainer.lru import Lru
from explainer.memory import bounds
from explainer.networks.pretrained import SEGMENTERS
from explainer.tasks.segmentation.photographs import SHOWN, Segmented, segmented, shown_size
from explainer.ui.controls.asked import Asked, NoAnswer, ask
from explainer.ui.controls.choice import choice
from explainer.ui.controls.inputs import LINK, NoInputError
from explainer.ui.controls.photographs import choose_photograph, chosen_photograph
from explainer.ui.frame import page
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import say
from pages.tasks.segmentation.pixel_tiles import pressed

PHOTO, NETWORK, ROW, COLUMN = "sg_photo", "sg_seg", "sg_prow", "sg_pcol"
STAGE = "sg_photograph"  # the component
FIRST_PHOTO, FIRST_ROW, FIRST_COLUMN = "cat", 90, 150  # from 1 on
TITLES = {name.replace("_", "-"): entry.title for name, entry in SEGMENTERS.items()}

_kept: Lru[Segmented | NoAnswer] = Lru(
    bounds().results, lambda answer: answer.logits.nbytes if isinstance(answer, Segmented) else 1
)


@dataclass(frozen=True, eq=False)
class Photograph:
    """The chosen picture and its pixel, from 0 on, as it is shown; ``name`` is what torchvision calls the network.

    ``asked`` is what that says of it.
    """

    picture: Picture
    name: str
    row: int
    column: int
    asked: Asked[Segmented]


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
    return Photograph(picture, name, row, column, ask("sg_photograph", name, picture, segmented, _kept))


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
