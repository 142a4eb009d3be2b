"""Two boxes on a photograph in the browser, to be dragged: their areas, their IoU and generalized IoU meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from explainer.data.samples import photograph
from explainer.tasks.box_sets import FRAMED
from explainer.tasks.boxes import Box
from explainer.ui.components.kit import CANVAS, DRAGGING, ELEMENTS, RECTANGLES, component, words
from explainer.ui.components.kit.data_url import data_url

_SHOWN = 512  # pixels of the longer side, as it is sent to the browser
_mount = component(__file__, ELEMENTS, CANVAS, RECTANGLES, DRAGGING, "index.js")


@dataclass(frozen=True)
class Photo:
    """A photograph by the name of its object, its width and height in the pixels of boxes, and its address."""

    name: str
    size: tuple[int, int]
    address: str


@st.cache_data(max_entries=8, show_spinner=False)
def photo(name: str) -> Photo:
    """Of one of ``FRAMED``. Raises KeyError for another name."""
    framed = FRAMED[name]
    height, width = photograph(framed.photograph, framed.side).size
    return Photo(name, (width, height), data_url(photograph(framed.photograph).rgb, _SHOWN))


def iou_stage(
    shown: Photo,
    boxes: tuple[Box, Box],
    key: str,
    *,
    threshold: float,
    smallest: int,
    on_dragged: Callable[[], None],
) -> None:
    """Draw the truth and the detection, ``boxes``, on the photograph, and whether their IoU is above ``threshold``.

    A visitor drags a box, or one of its corners, no side below ``smallest`` pixels; ``on_dragged`` is called once it is
    let go, and ``reported`` tells where the boxes are then. Other boxes under the same ``key`` move them in place.
    """
    data = {
        "name": shown.name,
        "size": shown.size,
        "photograph": shown.address,
        "boxes": boxes,
        "first": [FRAMED[shown.name].truth, FRAMED[shown.name].detection],
        "threshold": threshold,
        "smallest": smallest,
        "words": words("iou_stage"),
    }
    _mount(key=key, data=data, on_dragged_change=on_dragged)


def reported(dragged: object) -> tuple[str, str, str] | None:
    """The photograph's name and both boxes as texts, not checked; None for what no stage would send."""
    if not isinstance(dragged, dict):
        return None
    name, truth, detection = (dragged.get(part) for part in ("name", "a", "b"))
    if not (isinstance(name, str) and isinstance(truth, str) and isinstance(detection, str)):
        return None
    return name, truth, detection
