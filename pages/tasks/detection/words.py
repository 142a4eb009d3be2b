"""What the page "Detection" says in numbers."""

from __future__ import annotations

from collections.abc import Sequence

from explainer.tasks.detection.cell_view import Cell
from explainer.tasks.detection.config import DetectionConfig
from explainer.tasks.detection.reports import DetectionPoint, DetectionResults
from explainer.training.stages import Stage
from explainer.ui.controls.following import seen_of
from explainer.ui.language import say
from explainer.words.book import Said
from pages.tasks.detection.class_names import class_name
from pages.tasks.detection.state import Shown


def moment(stage: Stage, *, is_latest: bool = False) -> Said:
    """What a moment of a run is called: the scenes that it had learned from, and its average precision then."""
    scenes, results, key = round(1_000 * stage.epoch), stage.results, "latest" if is_latest else "then"
    if not isinstance(results, DetectionResults):
        return Said(f"detection.moments.{key}", scenes=scenes)
    return Said(f"detection.moments.{key}_measured", scenes=scenes, score=results.mean)


def captions(numbers: Sequence[int]) -> list[str]:
    """Below the scenes of a detector and, after them, of the one beside it."""
    own = [say("detection.caption.own", number=number + 1) for number in numbers]
    return own + [say("detection.caption.twin", number=number + 1) for number in numbers]


def notice(shown: Shown, twin: Shown | None, digits: tuple[int, int], least: float) -> Said:
    """How many of the ``digits``, found and all, have a box that fits, and how good the detectors are on all tests."""
    own, other = _alone(shown, digits, least), _measured(twin) if twin else None
    return own if other is None else Said("detection.notice.twin", now=own, score=other.mean_average_precision or 0.0)


def _alone(shown: Shown, digits: tuple[int, int], least: float) -> Said:
    state, (found, count) = shown.state, digits
    seen = seen_of(state, shown.config)
    is_digits = shown.config.kind == "digits"
    if state is None or not (seen or state.going):
        if is_digits:
            return Said("detection.notice.untrained", found=found, digits=count, least=least)
        return Said("detection.notice.untrained_cutouts", found=found, cutouts=count, least=least)
    if state.status == "diverged":
        return _diverged(shown.config, seen)
    now = Said("detection.notice.found", scenes=seen, found=found, digits=count, least=least)
    if not is_digits:
        now = Said("detection.notice.found_cutouts", scenes=seen, found=found, cutouts=count, least=least)
    last = _measured(shown)
    if last is None:
        return now
    score, tests = last.mean_average_precision or 0.0, last.test_scenes
    return Said("detection.notice.measured", now=now, score=score, tests=tests, after=round(1_000 * last.epoch))


def _diverged(config: DetectionConfig, seen: int) -> Said:
    """What to try depends on what the loss lets one change."""
    if config.loss == "modern":
        return Said("detection.notice.diverged_modern", scenes=seen)
    return Said("detection.notice.diverged", scenes=seen)


def _measured(shown: Shown) -> DetectionPoint | None:
    """The latest point after the first step that has an average precision."""
    found = [point for point in shown.points if point.mean_average_precision is not None and point.step]
    return found[-1] if found else None


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
