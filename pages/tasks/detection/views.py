"""What the page "Detection" shows: the scenes beside the curves, and one cell with its numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.figures.detection import class_figure
from explainer.figures.learning import Curve, Titles, run_figure
from explainer.tasks.detection.cell_view import Cell, cell_of, found_digits
from explainer.tasks.detection.config import PARTS
from explainer.tasks.detection.detection_formula import box_formulas, loss_formula
from explainer.tasks.detection.examples import WatchedScenes
from explainer.tasks.detection.reports import DetectionViews
from explainer.ui.components.live_chart import live_chart
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.ui.language import labels, language, say
from pages.tasks.detection import state, words
from pages.tasks.detection.class_names import class_texts
from pages.tasks.detection.drawn_boxes import above
from pages.tasks.detection.scene_boxes import ChosenCell, encode, scene_boxes
from pages.tasks.detection.state import Shown

HEIGHT, CLASSES = 385, 190  # of the charts, in pixels
BOXES = "detection-boxes"  # the name of the feed
_RATIO = (1.75, 1.0)  # of the scenes and of the curves


def scenes(shown: Shown, cell: Cell, scene: int, least: float) -> None:
    """The six scenes with their boxes, and the curves beside them."""
    left, right = st.columns(_RATIO, gap="small")
    found = above(shown.views.boxes, least)
    chosen = ChosenCell(scene, cell.row, cell.column, tuple(box.box for box in cell.boxes))
    with left:
        scene_boxes(
            state.pictures_of(shown.config.clutter, shown.config.kind),
            shown.truth,
            found,
            chosen,
            state.STAGE,
            names=class_texts(shown.config.kind, language()),
            feed=BOXES,
            on_cell=state.take_pressed,
        )
    with right:
        _curves(shown)
    digits = found_digits(found, shown.truth.boxes, shown.truth.classes)
    page.notice(words.notice(shown, digits, least))
    page.formula(loss_formula(shown.config, shown.weights))


def drawn_boxes(
    truth: WatchedScenes, least: float, names: tuple[str, ...], views: DetectionViews
) -> dict[str, dict[str, Any]]:
    """What the scenes get while a run goes."""
    return {BOXES: encode(above(views.boxes, least), truth, names)}


def chosen_cell(shown: Shown, scene: int, row: int, column: int) -> Cell:
    """The cell of a watched scene, as the network sees it now."""
    truth = shown.truth
    return cell_of(
        shown.config, shown.views.outputs[scene], truth.boxes[scene], truth.classes[scene], row=row, column=column
    )


def one_cell(shown: Shown, cell: Cell, scene: int) -> None:
    """Its boxes with their numbers put in, and what it says of the classes."""
    st.markdown(say("detection.cell.title", scene=scene + 1, row=cell.row + 1, column=cell.column + 1))
    for number, box in enumerate(cell.boxes):
        st.markdown(say(words.of_box(shown.config, cell, number)))
        page.formula(*box_formulas(shown.config, cell, box))
    st.markdown(say(words.of_classes(shown.config, cell)))
    values = np.array(cell.classes, dtype=np.float64)
    names = class_texts(shown.config.kind, language())
    figure = drawn(class_figure, values, cell.truth, page.is_dark(), names=names, height=CLASSES)
    page.chart_below(figure, words.alt_of_classes(shown.config), "dt_classes")


def no_script() -> None:
    """Says why there is no code to be copied."""
    st.caption(say("detection.no_script"))


def _curves(shown: Shown) -> None:
    points, names = shown.points, labels("detection.parts.{}", PARTS[shown.config.loss])
    scenes = np.array([1_000 * point.epoch for point in points])
    parts = [
        Curve(name, scenes, _column([point.parts[number] if point.parts else None for point in points]))
        for number, name in enumerate(names.values())
    ]
    titles = Titles(*(say(f"detection.chart.{name}") for name in ("losses", "precision", "scenes")))
    quality = Curve(titles.quality, scenes, _column([point.mean_average_precision for point in points]))
    figure = drawn(
        run_figure,
        parts,
        [quality],
        titles,
        end=shown.config.scenes,
        limits=(0, 1.03),
        dark=page.is_dark(),
        height=HEIGHT,
    )
    live_chart(figure, say("detection.chart.alt"), "dt_curves")


def _column(values: list[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
