"""Pictures in the browser with the boxes that a detector finds in them, which a feed may change; a cell to choose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.tasks.detection.cell_view import is_found
from explainer.tasks.detection.config import GRID, SIDE
from explainer.tasks.detection.examples import WATCHED, WatchedScenes
from explainer.ui.components.feed import HEAR
from explainer.ui.components.kit import ELEMENTS, component, words
from explainer.ui.components.kit.data_url import data_url

_SHOWN = 224  # the most pixels of a side; scenes have half of them
_TEXT = 9  # pixels of a scene that letters are high
_LARGE, _TEXT_SHARE = 640, 0.037  # the same of one large picture: pixels, and as a share of its side
WRONG, RIGHT, WEAK = range(3)  # kinds of boxes
_mount = component(__file__, ELEMENTS, HEAR, "model.js", "index.js")


@dataclass(frozen=True)
class ChosenCell:
    """A cell of a scene, all from 0 on, and its boxes, whatever their scores: left, top, right, bottom in pixels."""

    scene: int
    row: int
    column: int
    boxes: tuple[tuple[float, ...], ...] = ()


def scene_boxes(
    pictures: tuple[str, ...],
    truth: WatchedScenes,
    found: Sequence[NDArray[np.float32]],
    chosen: ChosenCell,
    key: str,
    *,
    numbers: Sequence[int],
    captions: Sequence[str] = (),
    names: tuple[str, ...],
    feed: str,
    on_cell: Callable[[], None],
) -> None:
    """Draw scenes with the boxes found in them and, dashed, the truth; ``on_cell`` when a cell is pressed.

    ``found`` (s, k, 6) are of one detector, or of two: then the scenes are drawn once for each, and ``captions`` of all
    say whose they are. ``pictures`` are of ``addresses``, of which those of the ``numbers`` are drawn; ``names`` are
    those of the classes. Fed by the name ``feed`` with what ``encode`` gives, the boxes change in place.
    """
    shown = [*numbers] * len(found)
    data = {
        "feed": feed,
        "pictures": [pictures[number] for number in shown],
        "numbers": shown,
        "captions": [*captions],
        "owned": len(numbers),
        "truth": [_rows(truth.boxes[number]) for number in shown],
        "chosen": [chosen.scene, chosen.row, chosen.column],
        "own": [list(box) for box in chosen.boxes],
        "side": SIDE,
        "grid": GRID,
        "text": _TEXT,
        "label": words("scene_boxes")["label"],
        "found": [row for each in found for row in encode(each, truth, names, numbers)["found"]],
    }
    _mount(key=key, data=data, on_cell_change=on_cell)


@dataclass(frozen=True)
class FoundBox:
    """A box, left, top, right and bottom in pixels, its score 0..1, and its kind: WRONG, RIGHT or WEAK, which is faint.

    ``name`` is what was found, where there are several things to find.
    """

    box: tuple[float, float, float, float]
    score: float
    kind: int
    name: str = ""


def photo_boxes(
    picture: str,
    found: Sequence[FoundBox],
    chosen: ChosenCell,
    key: str,
    *,
    side: int,
    grid: int,
    marked: int,
    on_cell: Callable[[], None],
) -> None:
    """Draw one large square ``picture`` of ``side`` pixels and ``grid`` cells a side, with boxes, the best first.

    ``marked`` is the one of the chosen cell's own boxes that stands out. ``on_cell`` when a cell is pressed.
    """
    cell = {
        "chosen": [chosen.scene, chosen.row, chosen.column],
        "own": [list(box) for box in chosen.boxes],
        "marked": marked,
        "grid": grid,
        "label": words("scene_boxes")["photograph"],
    }
    _mount(key=key, data={**_photo(picture, found, side), **cell}, on_cell_change=on_cell)


def object_boxes(picture: str, found: Sequence[FoundBox], key: str, *, side: int) -> None:
    """Draw one large square ``picture`` of ``side`` pixels with boxes, the best first, and without cells."""
    none = {"chosen": [], "own": [], "grid": 0, "label": words("scene_boxes")["objects"]}
    _mount(key=key, data={**_photo(picture, found, side), **none})


def _photo(picture: str, found: Sequence[FoundBox], side: int) -> dict[str, Any]:
    return {
        "feed": "",
        "pictures": [picture],
        "numbers": [0],
        "captions": [],
        "owned": 1,
        "truth": [[]],
        "side": side,
        "text": _TEXT_SHARE * side,
        "found": [[[*each.box, each.name, round(each.score, 3), each.kind] for each in found]],
    }


def photo_address(rgb: NDArray[np.uint8]) -> str:
    """A photograph (height, width, 3) at the top left of a black square, as the browser gets it."""
    height, width = rgb.shape[:2]
    square = np.zeros((max(height, width), max(height, width), 3), np.uint8)
    square[:height, :width] = rgb
    return data_url(square, _LARGE)


def addresses(truth: WatchedScenes) -> tuple[str, ...]:
    """The scenes' pictures, as the browser gets them."""
    return tuple(data_url(picture, _SHOWN) for picture in truth.pictures)


def encode(
    found: NDArray[np.float32],
    truth: WatchedScenes,
    names: tuple[str, ...],
    numbers: Sequence[int] = range(WATCHED),
    *,
    first: int = 0,
) -> dict[str, Any]:
    """Of the scenes of these ``numbers`` the boxes, which are drawn in the pictures from the ``first`` on.

    Each has its class's name, its score, and RIGHT where it has found one, else WRONG.
    """
    right = is_found(found, truth.boxes, truth.classes)
    rows = []
    for scene in numbers:
        boxes = found[scene]
        there = np.flatnonzero(boxes[:, 4] > 0)
        sides = np.nan_to_num(boxes[there, :4], nan=0.0, posinf=9e3, neginf=-9e3).round(1).tolist()
        rows.append(
            [
                [*side, names[int(boxes[at, 5])], round(float(boxes[at, 4]), 3), int(right[scene, at].any())]
                for side, at in zip(sides, there, strict=True)
            ]
        )
    return {"found": rows, "first": first}


def pressed(cell: object) -> tuple[int, int, int] | None:
    """The scene, the row and the column that was pressed; None for what no scene would send."""
    if not (isinstance(cell, list) and len(cell) == 3 and all(isinstance(each, int) for each in cell)):
        return None
    scene, row, column = cell
    return scene, row, column


def _rows(boxes: NDArray[np.float32]) -> list[list[float]]:
    return [box.tolist() for box in boxes if box.any()]
