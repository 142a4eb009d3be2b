"""The view "IoU" of the page "Boxes": two boxes to drag on a photograph."""

from __future__ import annotations

from streamlit.delta_generator import DeltaGenerator

from explainer.tasks.average_precision import THRESHOLDS
from explainer.tasks.box_sets import FRAMED
from explainer.tasks.boxes import Box, Overlap, overlap, shared
from explainer.tasks.boxes_code import overlap_code
from explainer.tasks.boxes_formula import overlap_formula
from explainer.ui.controls.choice import radio, stepped
from explainer.ui.frame import page
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels, say
from explainer.words.book import Said
from pages.tasks.boxes import state
from pages.tasks.boxes.iou_stage import iou_stage

THRESHOLD = "bx_iou"
STEPS = {f"{each:g}": f"{each:g}" for each in THRESHOLDS}


def controls(place: DeltaGenerator) -> None:
    with place:
        names = labels("boxes.objects.{}", FRAMED)
        radio(say("boxes.controls.object"), names, state.OBJECT, horizontal=False, on_change=state.forget)
        choose_threshold()


def choose_threshold() -> None:
    """The IoU above which a detection counts as found."""
    stepped(say("boxes.controls.found"), STEPS, THRESHOLD, help=say("boxes.controls.found_help"))


def picture(place: DeltaGenerator) -> str:
    """Draws the photograph and says how much the boxes share; returns the code for it. Raises BoxError."""
    threshold, (truth, detection) = float(value_of(THRESHOLD)), state.boxes()
    found = overlap(truth, detection)
    with place:
        iou_stage(
            state.framed(),
            (truth, detection),
            state.STAGE,
            threshold=threshold,
            smallest=state.SMALLEST,
            on_dragged=state.take_dragged,
        )
        page.notice(notice(truth, detection, found, threshold))
        page.formula(*overlap_formula(found))
    return overlap_code(truth, detection)


def notice(truth: Box, detection: Box, found: Overlap, threshold: float) -> Said:
    """Whether the detection counts, and what is worth knowing where the boxes do not simply overlap."""
    if not found.intersection:
        return Said("boxes.disjoint", giou=found.generalized)
    if truth == detection:
        return Said("boxes.same")
    verdict = Said("boxes.counts" if found.iou > threshold else "boxes.counts_not", iou=found.iou, threshold=threshold)
    inner = shared(truth, detection)
    if inner == detection:
        return Said("boxes.inside", verdict=verdict, share=found.iou)
    if inner == truth:
        return Said("boxes.around", verdict=verdict, share=found.iou)
    of_truth, of_detection = found.intersection / found.a, found.intersection / found.b
    return Said("boxes.overlap", verdict=verdict, truth=of_truth, detection=of_detection)
