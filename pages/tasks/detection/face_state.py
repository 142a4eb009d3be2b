"""The view "A real detector": what was chosen, and what the detector says of the photograph."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.data.images import Picture
from explainer.networks.pretrained import DETECTORS
from explainer.tasks.face_cells import AnchorBox, Sifted, boxes_of_cell, sifted
from explainer.tasks.face_detector import ANCHORS, CELL, IOU, SCORE, SIDES, Candidates, candidates
from explainer.ui.controls.choice import choice, segmented, stepped
from explainer.ui.controls.inputs import LINK
from explainer.ui.controls.photographs import choose_photograph, chosen_photograph
from explainer.ui.frame import page
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels, say
from pages.tasks.detection.scene_boxes import photo_address, pressed

PHOTO, SIDE, SHOWN, LEAST, ALIKE = "dt_photo", "dt_side", "dt_show", "dt_score", "dt_iou"
ROW, COLUMN, ANCHOR = "dt_frow", "dt_fcol", "dt_anchor"
DETECTOR, FACES = "dt_det", "faces"  # which one, and the one that is bundled
TITLES = {name.replace("_", "-"): entry.title for name, entry in DETECTORS.items()}
STAGE = "dt_faces"  # the component
STAGES = ("above", "all", "kept")
SUREST = "surest"
SIDE_NAMES = {str(side): f"{side}\u00a0×\u00a0{side}" for side in SIDES}
LEASTS = {each: each for each in ("0.01", "0.02", "0.05", *(f"{step / 10:g}" for step in range(1, 10)), "0.95")}
ALIKES = {f"{step / 20:g}": f"{step / 20:g}" for step in range(1, 20)}
FIRST_PHOTO, FIRST_ROW, FIRST_COLUMN = "astronaut", 2, 4  # the cell that is surest of the astronaut, from 1 on


@dataclass(frozen=True, eq=False)
class Faces:
    """The boxes of a ``picture`` that is read at ``side`` pixels, and those of the chosen cell, both from 0 on.

    ``least`` and ``most_alike`` are the thresholds; ``anchor`` is the number of the cell's box that is taken apart.
    """

    picture: Picture
    side: int
    found: Candidates
    sifted: Sifted
    least: float
    most_alike: float
    cell: tuple[int, int]
    boxes: tuple[AnchorBox, ...]
    anchor: int

    @property
    def cells(self) -> int:
        """A side."""
        return self.side // CELL

    @property
    def extent(self) -> int:
        """Pixels of a side of the picture's square."""
        return max(self.picture.size)


def controls(place: DeltaGenerator) -> None:
    """The photograph and the detector; of the faces' how the photograph is read, what is shown, and which cell."""
    with place:
        choose_photograph(PHOTO, FIRST_PHOTO)
        names = {FACES: say("detection.objects.detectors.faces"), **TITLES}
        if choice(say("detection.objects.controls.detector"), names, DETECTOR) != FACES:
            stepped(say("detection.faces.controls.least"), LEASTS, LEAST, first=f"{SCORE:g}")
            return
        side = segmented(say("detection.faces.controls.side"), SIDE_NAMES, SIDE)
        segmented(say("detection.faces.controls.shown"), labels("detection.faces.stages.{}", STAGES), SHOWN, wrap=True)
        stepped(say("detection.faces.controls.least"), LEASTS, LEAST, first=f"{SCORE:g}")
        stepped(say("detection.faces.controls.alike"), ALIKES, ALIKE, first=f"{IOU:g}")
        cells = int(side) // CELL
        for key in (ROW, COLUMN):  # a finer grid may have been looked at before
            if st.session_state.get(key, 1) > cells:
                st.session_state[key] = cells
        left, right = page.side_by_side("dt_face_cell")
        left.number_input(say("detection.controls.row"), 1, cells, FIRST_ROW, key=ROW, bind=LINK)
        right.number_input(say("detection.controls.column"), 1, cells, FIRST_COLUMN, key=COLUMN, bind=LINK)
        numbers = {str(number + 1): str(number + 1) for number in range(len(ANCHORS))}
        choice(say("detection.faces.controls.anchor"), {SUREST: say("detection.faces.surest"), **numbers}, ANCHOR)


def at(row: int, column: int) -> dict[str, str]:
    """A cell, from 1 on, as a link has it."""
    return {ROW: str(row), COLUMN: str(column)}


def faces() -> Faces:
    """What the detector says of what was chosen. Raises NoInputError where there is no picture yet."""
    picture, side = chosen_photograph(PHOTO), int(value_of(SIDE))
    least, most_alike = float(value_of(LEAST)), float(value_of(ALIKE))
    row, column = (min(int(value_of(key)), side // CELL) - 1 for key in (ROW, COLUMN))
    found = said_of(picture, side)
    boxes = boxes_of_cell(found, row, column)
    chosen = value_of(ANCHOR)
    surest = max(range(len(boxes)), key=lambda number: boxes[number].score)
    anchor = surest if chosen == SUREST else int(chosen) - 1
    sift = sifted(found, least, most_alike)
    return Faces(picture, side, found, sift, least, most_alike, (row, column), boxes, anchor)


def take_pressed() -> None:
    """The visitor has pressed a cell: from now on it is looked at."""
    found = pressed(st.session_state.get(STAGE, {}).get("cell"))
    if found is None:
        return
    cells = int(value_of(SIDE)) // CELL
    for key, value in zip((ROW, COLUMN), found[1:], strict=True):
        st.session_state[key] = min(max(value + 1, 1), cells)


@st.cache_data(max_entries=32, show_spinner=False, hash_funcs={Picture: lambda one: one.key})
def said_of(picture: Picture, side: int) -> Candidates:
    """All boxes of a picture that is read at ``side`` pixels."""
    return candidates(picture.rgb, side)


@st.cache_data(max_entries=16, show_spinner=False, hash_funcs={Picture: lambda one: one.key})
def address_of(picture: Picture) -> str:
    """The picture as the browser gets it."""
    return photo_address(picture.rgb)
