"""Scenes in the browser with the boxes that a detector finds in them, which a feed may change, and a cell to choose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.tasks.detection.cell_view import is_found
from explainer.tasks.detection.config import GRID, SIDE
from explainer.tasks.detection.examples import WatchedScenes
from explainer.ui.components.feed import HEAR
from explainer.ui.components.kit import ELEMENTS, component, words
from explainer.ui.components.kit.data_url import data_url

_SHOWN = 224  # the most pixels of a side; scenes have half of them
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
    found: NDArray[np.float32],
    chosen: ChosenCell,
    key: str,
    *,
    names: tuple[str, ...],
    feed: str,
    on_cell: Callable[[], None],
) -> None:
    """Draw the scenes with the boxes ``found`` (s, k, 6) and, dashed, the truth; ``on_cell`` when a cell is pressed.

    ``pictures`` are of ``addresses``, ``names`` those of the classes. Fed by the name ``feed`` with what ``encode``
    gives, the boxes change in place.
    """
    data = {
        "feed": feed,
        "pictures": pictures,
        "truth": [_rows(each) for each in truth.boxes],
        "chosen": [chosen.scene, chosen.row, chosen.column],
        "own": [list(box) for box in chosen.boxes],
        "side": SIDE,
        "grid": GRID,
        "words": words("scene_boxes"),
        **encode(found, truth, names),
    }
    _mount(key=key, data=data, on_cell_change=on_cell)


def addresses(truth: WatchedScenes) -> tuple[str, ...]:
    """The scenes' pictures, as the browser gets them."""
    return tuple(data_url(picture, _SHOWN) for picture in truth.pictures)


def encode(found: NDArray[np.float32], truth: WatchedScenes, names: tuple[str, ...]) -> dict[str, Any]:
    """Of each scene its boxes, each with its class's name, its score, and 1 where it has found a digit, else 0."""
    right = is_found(found, truth.boxes, truth.classes)
    rows = []
    for scene, boxes in enumerate(found):
        there = np.flatnonzero(boxes[:, 4] > 0)
        sides = np.nan_to_num(boxes[there, :4], nan=0.0, posinf=9e3, neginf=-9e3).round(1).tolist()
        rows.append(
            [
                [*side, names[int(boxes[at, 5])], round(float(boxes[at, 4]), 3), int(right[scene, at].any())]
                for side, at in zip(sides, there, strict=True)
            ]
        )
    return {"found": rows}


def pressed(cell: object) -> tuple[int, int, int] | None:
    """The scene, the row and the column that was pressed; None for what no scene would send."""
    if not (isinstance(cell, list) and len(cell) == 3 and all(isinstance(each, int) for each in cell)):
        return None
    scene, row, column = cell
    return scene, row, column


def _rows(boxes: NDArray[np.float32]) -> list[list[float]]:
    return [box.tolist() for box in boxes if box.any()]
