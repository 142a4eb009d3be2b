"""What the page "Detection" shows: the scenes beside the curves, and one cell with its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.figures.detection import class_figure
from explainer.figures.learning import Curve, Titles, run_figure
from explainer.tasks.detection.cell_view import Cell, cell_of, found_digits
from explainer.tasks.detection.config import PARTS
from explainer.tasks.detection.detection_formula import box_formulas, loss_formula
from explainer.tasks.detection.examples import WATCHED, WatchedScenes
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
_PANES, _LOW_PANES = ((0.6, 1.0), (0.0, 0.27)), ((0.66, 1.0), (0.0, 0.24))  # of the curves, as shares
_MOST_NAMES = 6  # of parts, for which there is room between the panes
_ROW = 3  # scenes beside each other


def scenes(shown: Shown, twin: Shown | None, cell: Cell, scene: int, least: float) -> None:
    """The scenes with their boxes, the twin's below, and the curves beside them."""
    left, right = st.columns(_RATIO, gap="small")
    both = [each for each in (shown, twin) if each is not None]
    found = [above(each.views.boxes, least) for each in both]
    numbers = numbers_of(scene, has_twin=twin is not None)
    chosen = ChosenCell(scene, cell.row, cell.column, tuple(box.box for box in cell.boxes))
    with left:
        scene_boxes(
            state.pictures_of(shown.config.clutter, shown.config.kind),
            shown.truth,
            found,
            chosen,
            state.STAGE,
            numbers=numbers,
            captions=words.captions(numbers) if twin else (),
            names=class_texts(shown.config.kind, language()),
            feed=BOXES,
            on_cell=state.take_pressed,
        )
    with right:
        _curves(both)
    of = np.array(numbers)
    digits = found_digits(found[0][of], shown.truth.boxes[of], shown.truth.classes[of])
    page.notice(words.notice(shown, twin, digits, least))
    page.formula(loss_formula(shown.config, shown.weights))


def numbers_of(scene: int, *, has_twin: bool) -> range:
    """The watched scenes that are drawn: all, or, beside a twin, the three around the one that is looked at."""
    first = _ROW * (scene // _ROW)
    return range(first, first + _ROW) if has_twin else range(WATCHED)


def drawn_boxes(
    truth: WatchedScenes,
    least: float,
    names: tuple[str, ...],
    numbers: range,
    views: DetectionViews,
    *,
    is_twin: bool,
) -> dict[str, dict[str, Any]]:
    """What the scenes get while a run goes."""
    first = len(numbers) if is_twin else 0
    return {BOXES: encode(above(views.boxes, least), truth, names, numbers, first=first)}


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


def _curves(both: Sequence[Shown]) -> None:
    parts = [curve for at, shown in enumerate(both) for curve in _parts(shown, is_twin=at > 0)]
    titles = Titles(*(say(f"detection.chart.{name}") for name in ("losses", "precision", "scenes")))
    figure = drawn(
        run_figure,
        parts,
        [_quality(shown, titles.quality if len(both) == 1 else "", is_twin=at > 0) for at, shown in enumerate(both)],
        titles,
        end=both[0].config.scenes,
        limits=(0, 1.03),
        dark=page.is_dark(),
        height=HEIGHT,
        looked_at=1_000 * both[0].points[-1].epoch if both[0].is_earlier else None,
        panes=_PANES if len({part.name for part in parts}) <= _MOST_NAMES else _LOW_PANES,
    )
    live_chart(figure, say("detection.chart.alt"), "dt_curves")


def _parts(shown: Shown, *, is_twin: bool) -> list[Curve]:
    names = labels("detection.parts.{}", PARTS[shown.config.loss]).values()
    return [
        Curve(name, _seen(shown), _column([point.parts[at] if point.parts else None for point in shown.curve]), is_twin)
        for at, name in enumerate(names)
    ]


def _quality(shown: Shown, name: str, *, is_twin: bool) -> Curve:
    """Without a ``name`` the curve says whose it is."""
    whose = name or (say("detection.chart.twin") if is_twin else say("detection.chart.own"))
    return Curve(whose, _seen(shown), _column([point.mean_average_precision for point in shown.curve]), is_twin)


def _seen(shown: Shown) -> NDArray[np.float64]:
    return np.array([1_000 * point.epoch for point in shown.curve], dtype=np.float64)


def _column(values: list[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
