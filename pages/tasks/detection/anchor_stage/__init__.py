"""A photograph in the browser with the anchors of one position and a truth to drag: their IoU meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from explainer.tasks.anchors import FIELD, NEGATIVE, POSITIVE, RATIOS, SCALES, STRIDE, sizes
from explainer.tasks.boxes import Box
from explainer.ui.components.kit import CANVAS, DRAGGING, ELEMENTS, RECTANGLES, component, words
from explainer.ui.controls.dragged_box import SMALLEST

MARGIN = 90  # pixels around the picture, into which anchors reach
_mount = component(__file__, ELEMENTS, CANVAS, RECTANGLES, DRAGGING, "index.js")


@dataclass(frozen=True)
class Photo:
    """A photograph by the name of its object, its width and height in the pixels of boxes, and its address."""

    name: str
    size: tuple[int, int]
    address: str


@dataclass(frozen=True)
class Placed:
    """The position, row and column from 0 on, and the number of the anchor that stands out.

    ``is_highest`` says of each of the nine whether no other anchor of the picture has a higher IoU.
    """

    row: int
    column: int
    anchor: int
    is_highest: Sequence[bool]


def anchor_stage(
    photo: Photo,
    truth: Box,
    placed: Placed,
    key: str,
    *,
    inside_only: bool,
    on_dragged: Callable[[], None],
    on_place: Callable[[], None],
    on_anchor: Callable[[], None],
) -> None:
    """Draw the anchors of a position and the ``truth`` on a photograph.

    ``on_dragged`` is called once the truth is let go, ``on_place`` when another position is pressed, ``on_anchor`` when
    an anchor is chosen from the list: ``box_of``, ``place_of`` and ``anchor_of`` read what the component holds.
    """
    data = {
        "name": photo.name,
        "photograph": photo.address,
        "size": photo.size,
        "margin": MARGIN,
        "smallest": SMALLEST,
        "stride": STRIDE,
        "field": FIELD,
        "truth": truth,
        "place": [placed.row, placed.column],
        "anchor": placed.anchor,
        "highest": list(placed.is_highest),
        "sizes": sizes().tolist(),
        "scales": [scale for scale in SCALES for _ in RATIOS],
        "thresholds": [NEGATIVE, POSITIVE],
        "insideOnly": inside_only,
        "words": words("anchor_stage"),
    }
    _mount(key=key, data=data, on_dragged_change=on_dragged, on_place_change=on_place, on_anchor_change=on_anchor)


def box_of(dragged: object) -> tuple[str, str] | None:
    """The photograph's name and the truth as a text, not checked; None for what no stage would send."""
    if not isinstance(dragged, dict):
        return None
    name, box = dragged.get("name"), dragged.get("box")
    return (name, box) if isinstance(name, str) and isinstance(box, str) else None


def place_of(place: object) -> tuple[int, int] | None:
    """The row and the column that was pressed, not checked; None for what no stage would send."""
    if not (isinstance(place, list) and len(place) == 2 and all(isinstance(each, int) for each in place)):
        return None
    return place[0], place[1]


def anchor_of(anchor: object) -> int | None:
    """The number of the anchor that was chosen, not checked; None for what no stage would send."""
    return anchor if isinstance(anchor, int) else None
