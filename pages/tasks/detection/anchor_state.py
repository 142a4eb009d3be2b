"""The view "Anchors": the photograph, the truth, the position, and what the network would predict."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.data.samples import original, photograph
from explainer.tasks.anchors import RATIOS, SCALES, Labels, all_anchors, anchors_at, labels, positions, resized, sizes
from explainer.tasks.box_sets import FRAMED
from explainer.tasks.boxes import Box
from explainer.ui.components.kit.data_url import data_url
from explainer.ui.controls.choice import choice, radio
from explainer.ui.controls.dragged_box import linked_box
from explainer.ui.controls.inputs import LINK
from explainer.ui.frame import page
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels as labels_of
from explainer.ui.language import say
from pages.tasks.detection.anchor_stage import Photo, anchor_of, box_of, place_of

OBJECT, TRUTH, INSIDE, CHOSEN = "dt_object", "dt_truth", "dt_inside", "dt_nine"
ROW, COLUMN = "dt_arow", "dt_acol"
PREDICTED, PROBABILITY = ("dt_tx", "dt_ty", "dt_tw", "dt_th"), "dt_p"
STAGE = "dt_anchors"  # the component
OBJECTS = ("eye", "face", "cup")
HIGHEST = "highest"
_ANCHORS = len(SCALES) * len(RATIOS)
ANCHOR_NAMES = {
    str(number): f"{width:.0f}\u00a0×\u00a0{height:.0f}" for number, (width, height) in enumerate(sizes(), 1)
}
_SHOWN = 640  # pixels of the photograph's longer side, as it is sent to the browser


@dataclass(frozen=True, eq=False)
class Anchors:
    """The chosen position, ``row`` and ``column`` from 0 on, its nine anchors, and the number of the one looked at.

    ``size`` is the picture's, width and height, as the network reads it; ``grid`` the map's rows and columns;
    ``labels`` are of all anchors, ``own`` the nine's numbers among them.
    """

    name: str
    size: tuple[int, int]
    grid: tuple[int, int]
    truth: Box
    row: int
    column: int
    anchor: int
    labels: Labels
    inside_only: bool
    predicted: tuple[float, float, float, float]
    probability: float

    @property
    def own(self) -> range:
        """In the order of ``all_anchors``."""
        first = (self.row * self.grid[1] + self.column) * _ANCHORS
        return range(first, first + _ANCHORS)

    @property
    def number(self) -> int:
        """Of the anchor that is looked at, among all."""
        return self.own[self.anchor]

    @property
    def box(self) -> Box:
        """Of the anchor that is looked at."""
        left, top, right, bottom = anchors_at(self.row, self.column)[self.anchor].tolist()
        return left, top, right, bottom


def controls(place: DeltaGenerator) -> None:
    """The object, the position, and the prediction."""
    with place:
        objects = labels_of("detection.anchors.objects.{}", OBJECTS)
        name = radio(say("detection.anchors.controls.object"), objects, OBJECT, horizontal=False, on_change=_forget)
        (rows, columns), (row, column) = positions(*size_of(name)), first_place(name)
        for key, most in ((ROW, rows), (COLUMN, columns)):
            if st.session_state.get(key, 1) > most:  # another photograph may have been wider
                st.session_state[key] = most
        left, right = page.side_by_side("dt_anchor_place")
        left.number_input(say("detection.controls.row"), 1, rows, row + 1, key=ROW, bind=LINK)
        right.number_input(say("detection.controls.column"), 1, columns, column + 1, key=COLUMN, bind=LINK)
        names = {HIGHEST: say("detection.anchors.controls.highest")}
        names |= {
            str(number): f"{width:.0f}\u00a0×\u00a0{height:.0f}" for number, (width, height) in enumerate(sizes(), 1)
        }
        choice(say("detection.anchors.controls.anchor"), names, CHOSEN)
        st.toggle(say("detection.anchors.controls.inside"), value=True, key=INSIDE, bind=LINK)
        st.markdown(say("detection.anchors.controls.predicted"))
        for key, letter in zip(PREDICTED, "xywh", strict=True):
            st.slider(f"$t_{letter}$", -2.0, 2.0, 0.0, 0.05, key=key, bind=LINK)
        st.slider("$p$", 0.01, 0.99, 0.5, 0.01, key=PROBABILITY, bind=LINK)


def anchors() -> Anchors:
    """What was chosen. Raises BoxError for a link without a box on the photograph."""
    name = value_of(OBJECT)
    size, inside_only = size_of(name), bool(value_of(INSIDE))
    grid = positions(*size)
    row, column = (min(max(int(value_of(key)), 1), most) - 1 for key, most in zip((ROW, COLUMN), grid, strict=True))
    tx, ty, tw, th = (float(value_of(key)) + 0.0 for key in PREDICTED)  # no -0
    probability, chosen = float(value_of(PROBABILITY)), value_of(CHOSEN)
    truth = linked_box(TRUTH, first_truth(name), size)
    found = labels(all_anchors(*grid), truth, size, inside_only=inside_only)
    make = partial(Anchors, name, size, grid, truth, row, column)
    shown = make(0, found, inside_only, (tx, ty, tw, th), probability)
    best = max(range(_ANCHORS), key=lambda each: (found.is_used[shown.own[each]], found.overlaps[shown.own[each]]))
    anchor = best if chosen == HIGHEST else int(chosen) - 1
    return make(anchor, found, inside_only, (tx, ty, tw, th), probability)


def size_of(name: str) -> tuple[int, int]:
    """Width and height of an object's photograph as the network reads it."""
    height, width = original(FRAMED[name].photograph).size
    return resized(width, height)


def first_truth(name: str) -> Box:
    """Of an object, in whole pixels of what the network reads."""
    framed = FRAMED[name]
    width, height = size_of(name)
    rows, columns = photograph(framed.photograph, framed.side).size
    left, top, right, bottom = framed.truth
    across, down = width / columns, height / rows
    return round(left * across), round(top * down), round(right * across), round(bottom * down)


@st.cache_data(max_entries=8, show_spinner=False)
def first_place(name: str) -> tuple[int, int]:
    """Row and column of the anchor that fits an object best; of several, the nearest to its middle."""
    size, (left, top, right, bottom) = size_of(name), first_truth(name)
    rows, columns = positions(*size)
    every = all_anchors(rows, columns)
    best = np.flatnonzero(labels(every, (left, top, right, bottom), size, inside_only=True).is_highest)
    across, down = (every[best, :2] + every[best, 2:]).T / 2
    nearest = best[np.argmin((across - (left + right) / 2) ** 2 + (down - (top + bottom) / 2) ** 2)]
    row, column = divmod(int(nearest) // _ANCHORS, columns)
    return row, column


@st.cache_data(max_entries=8, show_spinner=False)
def photo(name: str) -> Photo:
    """An object's photograph as the browser gets it."""
    return Photo(name, size_of(name), data_url(original(FRAMED[name].photograph).rgb, _SHOWN))


def take_dragged() -> None:
    """The visitor has let the truth go: from now on that is where it is."""
    found = box_of(st.session_state.get(STAGE, {}).get("dragged"))
    if found and found[0] == value_of(OBJECT):
        st.session_state[TRUTH] = found[1]


def take_place() -> None:
    """The visitor has pressed another position."""
    found = place_of(st.session_state.get(STAGE, {}).get("place"))
    if found:
        grid = positions(*size_of(value_of(OBJECT)))
        for key, value, most in zip((ROW, COLUMN), found, grid, strict=True):
            st.session_state[key] = min(max(value + 1, 1), most)


def take_anchor() -> None:
    """The visitor has chosen an anchor from the list."""
    found = anchor_of(st.session_state.get(STAGE, {}).get("anchor"))
    if found is not None:
        st.session_state[CHOSEN] = str(min(max(found, 0), _ANCHORS - 1) + 1)


def _forget() -> None:
    """Another photograph has a truth and a position of its own."""
    st.session_state.pop(TRUTH, None)
    for key, value in zip((ROW, COLUMN), first_place(value_of(OBJECT)), strict=True):
        st.session_state[key] = value + 1
