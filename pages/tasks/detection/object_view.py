"""The view "A real detector" of the page "Detection", with one of torchvision's, which know the categories of COCO."""

from __future__ import annotations

from collections import Counter

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.data.images import Picture
from explainer.lru import Lru
from explainer.networks.pretrained import DETECTORS
from explainer.tasks.object_detector import Objects, objects
from explainer.tasks.object_detector_code import object_detector_code
from explainer.ui.controls.asked import NoAnswer, ask, instead
from explainer.ui.controls.inputs import NoInputError
from explainer.ui.controls.photographs import chosen_photograph, file_of, offer_file
from explainer.ui.frame import page
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import say
from explainer.words.book import Said
from pages.tasks.detection import face_state
from pages.tasks.detection.scene_boxes import RIGHT, FoundBox, object_boxes

STAGE = "dt_objects"  # the component
_RATIO = (1.0, 1.06)  # of the picture and of what it says
_kept: Lru[Objects | NoAnswer] = Lru(64)  # at most 300 boxes each


def picture(place: DeltaGenerator) -> str | None:
    """Draws the photograph with its boxes, and what they show; returns the code, None without a photograph."""
    try:
        photograph = chosen_photograph(face_state.PHOTO)
    except NoInputError as problem:
        with place:
            page.impossible(problem)
        return None
    name, least = value_of(face_state.DETECTOR).replace("-", "_"), float(value_of(face_state.LEAST))
    with place:
        _drawn(name, photograph, least)
        offer_file(face_state.PHOTO, photograph, "dt_object_picture")
    file = file_of(face_state.PHOTO)
    return object_detector_code(name, file, least=least)


def notice(found: Objects, title: str, least: float) -> Said:
    """How many boxes score enough, and what the best one shows."""
    if not found.names:
        return Said("detection.objects.nothing", title=title)
    count, name, best = found.above(least), found.names[0], float(found.scores[0])
    if not count:
        return Said("detection.objects.none", title=title, least=least, name=name, best=best)
    return Said("detection.objects.found", title=title, least=least, name=name, best=best, count=count)


def _drawn(name: str, photograph: Picture, least: float) -> None:
    entry, asked = DETECTORS[name], ask("dt_objects", name, photograph, objects, _kept)
    left, right = st.columns(_RATIO, gap="medium")
    with left:
        boxes = _boxes(asked.answer, least) if asked.answer is not None else []
        object_boxes(face_state.address_of(photograph), boxes, STAGE, side=max(photograph.size))
    with right:
        if asked.answer is None:
            about = Said("detection.objects.offered", title=entry.title, what=say(f"detection.objects.about.{name}"))
            cost = {"download": entry.megabytes, "memory": entry.memory, "precision": entry.quality}
            instead(asked, name, entry, about, say("detection.objects.cost", **cost), key="dt_asked")
            return
        page.notice(notice(asked.answer, entry.title, least))
        _table(asked.answer, asked.answer.above(least))
        st.caption(say("detection.objects.stated", title=entry.title, precision=entry.quality))


def _boxes(found: Objects, least: float) -> list[FoundBox]:
    sides, scores = found.boxes.round(1).tolist(), found.scores.tolist()
    count = found.above(least)
    return [FoundBox(tuple(sides[at]), scores[at], RIGHT, found.names[at]) for at in range(count)]


def _table(found: Objects, count: int) -> None:
    """Of the first boxes each class with how many there are and the highest score."""
    if not count:
        return
    best = {name: float(score) for name, score in reversed(list(zip(found.names, found.scores, strict=True))[:count])}
    counts = Counter(found.names[:count])
    columns = {
        say("detection.objects.class"): list(counts),
        say("detection.objects.boxes"): [str(number) for number in counts.values()],
        say("detection.objects.best"): [f"{best[name]:.2f}" for name in counts],
    }
    st.table(columns, hide_index=True, border="horizontal")
