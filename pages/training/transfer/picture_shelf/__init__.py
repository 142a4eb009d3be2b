"""A visitor's classes in the browser, a row each: a name to write, a count, and pictures, each of which can go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from explainer.ui.components.kit import ELEMENTS, component, words

_mount = component(__file__, ELEMENTS, "index.js")


@dataclass(frozen=True)
class ShelfPicture:
    """A picture by its ``name`` in code, the address of its small data, and whether it is held out for the test."""

    name: str
    source: str
    test: bool


@dataclass(frozen=True)
class ShelfRow:
    """A class: its ``key``, its ``title`` before it has a name, its name as ``shown``, its colour, and its pictures."""

    key: str
    title: str
    shown: str
    color: str
    count: str
    pictures: Sequence[ShelfPicture]


def picture_shelf(
    rows: Sequence[ShelfRow],
    chosen: str,
    key: str,
    *,
    longest: int,
    on_chosen: Callable[[], None],
    on_named: Callable[[], None],
    on_removed: Callable[[], None],
) -> None:
    """Draws the classes, the ``chosen`` one marked; names have at most ``longest`` characters.

    Called when a visitor presses a class, has written a name, or takes a picture away: ``asked`` reads what came.
    """
    data = {
        "rows": [_row(row, chosen) for row in rows],
        "longest": longest,
        "words": words("picture_shelf"),
    }
    _mount(key=key, data=data, on_chosen_change=on_chosen, on_named_change=on_named, on_removed_change=on_removed)


def pair(sent: object) -> tuple[str, str] | None:
    """Two texts that the browser sent; None for anything else."""
    if not (isinstance(sent, list) and len(sent) == 2 and all(isinstance(each, str) for each in sent)):
        return None
    return sent[0], sent[1]


def _row(row: ShelfRow, chosen: str) -> dict[str, Any]:
    return {
        "key": row.key,
        "title": row.title,
        "shown": row.shown,
        "color": row.color,
        "chosen": row.key == chosen,
        "count": row.count,
        "all": [vars(picture) for picture in row.pictures],
    }
