"""The view "Non-maximum suppression" of the page "Boxes": round by round, three ways beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.tasks.average_precision import Detections, ranked
from explainer.tasks.box_sets import SCORED, Scored
from explainer.tasks.boxes_code import suppression_code
from explainer.tasks.boxes_formula import suppression_formula
from explainer.tasks.suppression import METHODS, Comparison, Settings, Step, suppress
from explainer.ui.controls.choice import choice, stepped
from explainer.ui.controls.inputs import LINK
from explainer.ui.frame import page
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels, say
from explainer.words.book import Said
from pages.tasks.boxes.suppression_stage import NAMES, suppression_stage

SET, METHOD, THRESHOLD, LEAST, SIGMA, BY_CLASS = "bx_set", "bx_method", "bx_nms", "bx_least", "bx_sigma", "bx_classwise"
STEPS = {f"{each / 20:g}": f"{each / 20:g}" for each in range(1, 20)}
LEASTS = {f"{each / 20:g}": f"{each / 20:g}" for each in range(19)}
SIGMAS = {each: each for each in ("0.1", "0.2", "0.3", "0.5", "0.7", "1", "2")}
RIGHT = 0.5  # IoU above which a box that is kept counts as found


def controls(place: DeltaGenerator) -> None:
    with place:
        choice(say("boxes.controls.set"), labels("boxes.sets.{}", SCORED), SET)
        method = choice(say("boxes.controls.method"), labels("boxes.methods.{}", METHODS), METHOD)
        if method == "gaussian":
            stepped(say("boxes.controls.sigma"), SIGMAS, SIGMA, first="0.5")
        else:
            stepped(say("boxes.controls.threshold"), STEPS, THRESHOLD, first="0.5")
        stepped(say("boxes.controls.least"), LEASTS, LEAST, first="0.3")
        st.toggle(say("boxes.controls.by_class"), value=True, key=BY_CLASS, bind=LINK)


def picture(place: DeltaGenerator) -> str:
    """Draws the rounds and says what is left; returns the code for it."""
    scored, settings = SCORED[value_of(SET)], chosen()
    rounds = {method: _rounds(value_of(SET), replace(settings, method=method)) for method in METHODS}
    steps = rounds[settings.method]
    with place:
        suppression_stage(scored, settings, rounds, "bx_rounds")
        page.notice(notice(scored, settings, steps))
        compared = telling(steps)
        names = (NAMES[compared[0]], NAMES[compared[1].other]) if compared else ("", "")
        page.formula(suppression_formula(compared[1] if compared else None, names, settings))
    return suppression_code(scored, settings)


def chosen() -> Settings:
    """What the controls hold; those that are not drawn for this method are at their first values, or as they were."""
    return Settings(
        value_of(METHOD),
        threshold=float(st.session_state.get(THRESHOLD, "0.5")),
        least=float(value_of(LEAST)),
        sigma=float(st.session_state.get(SIGMA, "0.5")),
        by_class=bool(value_of(BY_CLASS)),
    )


@st.cache_data(max_entries=256, show_spinner=False)
def _rounds(name: str, settings: Settings) -> tuple[Step, ...]:
    scored = SCORED[name]
    return suppress(scored.boxes, scored.scores, scored.classes, settings)


def telling(steps: Sequence[Step]) -> tuple[int, Comparison] | None:
    """The box that was chosen first, and its comparison with the one that it overlaps most; None without any."""
    for step in steps:
        if step.comparisons:
            return step.chosen, max(step.comparisons, key=lambda each: each.iou)
    return None


def notice(scored: Scored, settings: Settings, steps: Sequence[Step]) -> Said:
    """How many boxes are kept, how many objects they find, and how many boxes are too many."""
    kept, found = len(steps), _found(scored, steps)
    return Said(
        "boxes.kept",
        method=Said(f"boxes.methods.{settings.method}"),
        kept=kept,
        all=len(scored.boxes),
        found=found,
        objects=len(scored.sketch.boxes),
        extra=kept - found,
        iou=RIGHT,
    )


def _found(scored: Scored, steps: Sequence[Step]) -> int:
    """How many objects the boxes that are kept find, ranked by the scores that they end with."""
    kept = [step.chosen for step in steps]
    left = Detections(
        [scored.boxes[i] for i in kept], [step.score for step in steps], [scored.classes[i] for i in kept]
    )
    return int(ranked([left], [scored.sketch.truths]).is_right(RIGHT).sum())
