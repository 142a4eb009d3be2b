"""The view "Average precision" of the page "Boxes": the ranked list, and the curve that it draws."""

from __future__ import annotations

from collections.abc import Sequence

from streamlit.delta_generator import DeltaGenerator

from explainer.tasks.average_precision import (
    THRESHOLDS,
    Curve,
    Ranked,
    area,
    mean_average_precision,
    precision_recall,
    ranked,
)
from explainer.tasks.box_sets import TESTED, Scored
from explainer.tasks.boxes_code import precision_code
from explainer.tasks.boxes_formula import precision_formula
from explainer.ui.controls.choice import radio, stepped
from explainer.ui.frame import page
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels, say
from explainer.words.book import Said
from pages.tasks.boxes import overlap_view
from pages.tasks.boxes.precision_stage import precision_stage

DETECTOR, SCORE = "bx_detector", "bx_score"
SCORES = {f"{each / 20:g}": f"{each / 20:g}" for each in range(20)}


def controls(place: DeltaGenerator) -> None:
    with place:
        radio(say("boxes.controls.detector"), labels("boxes.detectors.{}", TESTED), DETECTOR, horizontal=False)
        overlap_view.choose_threshold()
        stepped(say("boxes.controls.score"), SCORES, SCORE, first="0.5", help=say("boxes.controls.score_help"))


def picture(place: DeltaGenerator) -> str:
    """Draws the list and the curve and says how good the detector is; returns the code for it."""
    pictures, threshold = TESTED[value_of(DETECTOR)], float(value_of(overlap_view.THRESHOLD))
    score = float(value_of(SCORE))
    ranking = ranked([each.detections for each in pictures], [each.sketch.truths for each in pictures])
    curve = precision_recall(ranking.is_right(threshold), objects_of(pictures))
    with place:
        precision_stage(pictures, ranking, threshold, score, "bx_curve")
        page.notice(notice(pictures, ranking, curve, threshold, score))
        page.formula(*precision_formula(curve, objects_of(pictures)))
    return precision_code(pictures, threshold)


def objects_of(pictures: Sequence[Scored]) -> int:
    """How many there are to find."""
    return sum(len(each.sketch.boxes) for each in pictures)


def notice(pictures: Sequence[Scored], ranking: Ranked, curve: Curve, threshold: float, score: float) -> Said:
    """Precision and recall of what scores enough, average precision at this IoU, and its mean over ten."""
    means = mean_average_precision(
        [each.detections for each in pictures], [each.sketch.truths for each in pictures], classes=1
    )
    half = float(means.by_threshold[0])
    averages = Said("boxes.averages", threshold=threshold, ap=area(curve), half=half, mean=means.mean)
    if threshold == THRESHOLDS[0]:
        averages = Said("boxes.averages_half", threshold=threshold, half=half, mean=means.mean)
    count, objects = int((ranking.scores >= score).sum()), objects_of(pictures)
    if not count:
        return Said("boxes.silent", score=score, objects=objects, averages=averages)
    right = int(curve.right[count - 1])
    return Said(
        "boxes.operating",
        score=score,
        right=right,
        count=count,
        objects=objects,
        precision=right / count,
        recall=right / objects,
        averages=averages,
    )
