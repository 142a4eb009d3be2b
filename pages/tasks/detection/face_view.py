"""The view "A real detector" of the page "Detection": a trained YOLO that finds faces in photographs."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.tasks.face_cells import AnchorBox
from explainer.tasks.face_detector_code import face_detector_code
from explainer.tasks.face_formula import box_formulas
from explainer.ui.controls.inputs import NoInputError
from explainer.ui.controls.photographs import file_of, offer_file
from explainer.ui.frame import page
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import say
from pages.tasks.detection import face_state, face_words, object_view
from pages.tasks.detection.face_state import Faces
from pages.tasks.detection.scene_boxes import RIGHT, WEAK, WRONG, ChosenCell, FoundBox, photo_boxes

controls = face_state.controls
WIDE = 10  # from here on a number of the table has one decimal
_RATIO = (1.0, 1.06)  # of the picture and of what it says


def picture(place: DeltaGenerator) -> str | None:
    """Draws the photograph with its boxes beside one cell's numbers; returns the code, None without a photograph."""
    if value_of(face_state.DETECTOR) != face_state.FACES:
        return object_view.picture(place)
    try:
        shown = face_state.faces()
    except NoInputError as problem:
        with place:
            page.impossible(problem)
        return None
    with place:
        left, right = st.columns(_RATIO, gap="medium")
        with left:
            _boxes(shown)
        with right:
            page.notice(face_words.notice(shown))
            _formulas(shown)
        st.table(table(shown.boxes), hide_index=True, border="horizontal")
        offer_file(face_state.PHOTO, shown.picture, "dt_face_picture")
    file = file_of(face_state.PHOTO)
    return face_detector_code(file, side=shown.side, least=shown.least, most_alike=shown.most_alike)


def found_boxes(shown: Faces, stage: str) -> list[FoundBox]:
    """Those that a stage shows: green is what suppression keeps, orange what goes, faint what scores too little."""
    kept, above = set(shown.sifted.kept.tolist()), set(shown.sifted.above.tolist())
    numbers = {"all": shown.sifted.every, "above": shown.sifted.above, "kept": shown.sifted.kept}[stage].tolist()
    boxes, scores = shown.found.boxes.round(1).tolist(), shown.found.scores.tolist()
    kinds = {number: RIGHT if number in kept else WRONG if number in above else WEAK for number in numbers}
    return [FoundBox(tuple(boxes[number]), scores[number], kinds[number]) for number in numbers]


def _boxes(shown: Faces) -> None:
    row, column = shown.cell
    photo_boxes(
        face_state.address_of(shown.picture),
        found_boxes(shown, value_of(face_state.SHOWN)),
        ChosenCell(0, row, column, tuple(each.box for each in shown.boxes)),
        face_state.STAGE,
        side=shown.extent,
        grid=shown.cells,
        marked=shown.anchor,
        on_cell=face_state.take_pressed,
    )


def _formulas(shown: Faces) -> None:
    row, column = shown.cell
    values = {"row": row + 1, "column": column + 1, "number": shown.anchor + 1}
    st.markdown(say("detection.faces.cell", **values))
    boxes = box_formulas(shown.boxes[shown.anchor], row=row, column=column, cells=shown.cells, extent=shown.extent)
    page.formula(*boxes)


def table(boxes: tuple[AnchorBox, ...]) -> dict[str, list[str]]:
    """A column an anchor: its size in cells, the numbers of its box, the box in pixels and its score."""
    names = [f"${each}$" for each in ("a_w", "a_h", "t_x", "t_y", "t_w", "t_h", "t_o", "x", "y", "w", "h")]
    columns = {say("detection.faces.anchor"): [*names, say("detection.faces.score")]}
    for number, each in enumerate(boxes, 1):
        values = [f"{value:.{1 if abs(value) >= WIDE else 2}f}" for value in (*each.anchor, *each.numbers)]
        values += [f"{value:.0f}" for value in (*each.centre, *each.size)]
        columns[str(number)] = [value.replace("-", "−") for value in [*values, f"**{each.score:.3f}**"]]
    return columns
