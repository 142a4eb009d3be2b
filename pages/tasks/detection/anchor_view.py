"""The view "Anchors" of the page "Detection": nine boxes at every position, and what one truth makes of them."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.tasks.anchors import coded, decoded, loss
from explainer.tasks.anchors_code import anchors_code
from explainer.tasks.anchors_formula import coding_formulas, decoding_formulas, loss_formulas
from explainer.ui.controls.dragged_box import BoxError
from explainer.ui.frame import page
from explainer.ui.language import say
from pages.tasks.detection import anchor_state, anchor_words
from pages.tasks.detection.anchor_stage import Placed, anchor_stage
from pages.tasks.detection.anchor_state import Anchors
from pages.tasks.detection.detector_stages import detector_stages

controls = anchor_state.controls


def picture(place: DeltaGenerator) -> str | None:
    """Draws the anchors, the code of one box and its loss; returns the code, None for a link without a box."""
    try:
        shown = anchor_state.anchors()
    except BoxError as problem:
        with place:
            page.impossible(problem)
        return None
    with place:
        _stage(shown)
        page.notice(anchor_words.notice(shown))
        _coding(shown)
        _loss(shown)
        st.markdown(say("detection.anchors.stages"))
        detector_stages("dt_stages")
    return anchors_code(
        shown.truth,
        shown.size,
        (shown.row, shown.column, shown.anchor),
        shown.predicted,
        probability=shown.probability,
        inside_only=shown.inside_only,
    )


def _stage(shown: Anchors) -> None:
    highest = [bool(shown.labels.is_highest[number]) for number in shown.own]
    anchor_stage(
        anchor_state.photo(shown.name),
        shown.truth,
        Placed(shown.row, shown.column, shown.anchor, highest),
        anchor_state.STAGE,
        inside_only=shown.inside_only,
        on_dragged=anchor_state.take_dragged,
        on_place=anchor_state.take_place,
        on_anchor=anchor_state.take_anchor,
    )


def _coding(shown: Anchors) -> None:
    """The truth as the anchor has it, and the prediction back in pixels."""
    st.markdown(say(anchor_words.of_anchor(shown)))
    page.formula(*coding_formulas(shown.truth, shown.box))
    st.markdown(say("detection.anchors.back"))
    page.formula(*decoding_formulas(shown.predicted, shown.box, decoded(shown.predicted, shown.box)))


def _loss(shown: Anchors) -> None:
    """What the anchor adds, where it takes part."""
    number = shown.number
    is_positive = bool(shown.labels.is_positive[number])
    if not (is_positive or shown.labels.is_negative[number]):
        st.markdown(say("detection.anchors.no_loss"))
        return
    rows, columns = shown.grid
    places = rows * columns
    wanted = coded(shown.truth, shown.box)
    found = loss(shown.predicted, wanted, shown.probability, is_positive=is_positive, positions=places)
    st.markdown(say("detection.anchors.loss", positions=places))
    for each in loss_formulas(found, shown.probability, is_positive=is_positive, positions=places):
        page.formula(each)
