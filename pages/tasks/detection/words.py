"""What the page "Detection" says in numbers."""

from __future__ import annotations

from explainer.tasks.detection.cell_view import Cell
from explainer.tasks.detection.config import DetectionConfig
from explainer.ui.controls.following import seen_of
from explainer.words.book import Said
from pages.tasks.detection.class_names import class_name
from pages.tasks.detection.state import Shown


def notice(shown: Shown, digits: tuple[int, int], least: float) -> Said:
    """How many of the ``digits``, found and all, have a box that fits, and how good the detector is on all tests."""
    state, (found, count) = shown.state, digits
    seen = seen_of(state, shown.config)
    is_digits = shown.config.kind == "digits"
    if state is None or not (seen or state.going):
        if is_digits:
            return Said("detection.notice.untrained", found=found, digits=count, least=least)
        return Said("detection.notice.untrained_cutouts", found=found, cutouts=count, least=least)
    if state.status == "diverged":
        return Said("detection.notice.diverged", scenes=seen)
    now = Said("detection.notice.found", scenes=seen, found=found, digits=count, least=least)
    if not is_digits:
        now = Said("detection.notice.found_cutouts", scenes=seen, found=found, cutouts=count, least=least)
    measured = [point for point in shown.points if point.mean_average_precision is not None and point.step]
    if not measured:
        return now
    last = measured[-1]
    score, tests = last.mean_average_precision or 0.0, last.test_scenes
    return Said("detection.notice.measured", now=now, score=score, tests=tests, after=round(1_000 * last.epoch))


def of_box(config: DetectionConfig, cell: Cell, number: int) -> Said:
    """Whether a box of the cell is responsible, and why."""
    box, name = cell.boxes[number], number + 1
    if cell.truth is None or box.overlap is None:
        return _nothing(config, name)
    truth = class_name(config.kind, cell.truth)
    if len(cell.boxes) == 1:
        return Said("detection.cell.only", number=name, digit=truth, overlap=box.overlap)
    if box.is_responsible:
        return Said("detection.cell.responsible", number=name, digit=truth, overlap=box.overlap)
    return Said("detection.cell.other", number=name, digit=truth, overlap=box.overlap)


def _nothing(config: DetectionConfig, name: int) -> Said:
    """Of a box in a cell without a centre."""
    if config.kind == "cutouts":
        if config.loss == "modern":
            return Said("detection.cell.nothing_cutouts", number=name)
        return Said("detection.cell.nothing_cutouts_v1", number=name)
    if config.loss == "modern":
        return Said("detection.cell.nothing", number=name)
    return Said("detection.cell.nothing_v1", number=name)


def of_classes(config: DetectionConfig, cell: Cell) -> Said:
    """What the bars of the classes are, and which is the highest."""
    highest, name = cell.classes[cell.digit], class_name(config.kind, cell.digit)
    if config.loss == "modern":
        return Said("detection.cell.classes_modern", digit=name, value=highest)
    return Said("detection.cell.classes_v1", digit=name, value=highest)


def alt_of_classes(config: DetectionConfig) -> Said:
    """What the bars show, for who does not see them."""
    return Said("detection.cell.alt" if config.kind == "digits" else "detection.cell.alt_cutouts")
