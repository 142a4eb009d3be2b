"""Grids of numbers as people type and paste them, and as the app writes them: spaces between numbers, a line a row."""

from __future__ import annotations

import math
import re

import numpy as np
from numpy.typing import NDArray

from explainer.data.grid_cells import GridError, cells
from explainer.words.book import Said

LARGEST = 1_000_000  # of a number
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_FRACTION = re.compile(rf"({_NUMBER})(?:/({_NUMBER}))?")
_INFINITE = re.compile(r"[+-]?inf(?:inity)?", re.IGNORECASE)


def parse_grid(text: str, most: tuple[int, int]) -> NDArray[np.float64]:
    """The grid (rows, columns) that ``text`` holds, at most ``most`` large; empty lines do not count.

    Raises GridError for no numbers, rows of different lengths, what is no number or too large, and too many cells.
    """
    return _grid(cells(text).rows, most)


def parse_numbers(text: str, most: int) -> NDArray[np.float64]:
    """The numbers (count,) that ``text`` holds, in rows of any lengths. Raises GridError as ``parse_grid`` does."""
    parts = [part for row in cells(text).rows for part in row]
    return _grid([parts] if parts else [], (1, most)).ravel()


def meanings(text: str, *, has_rows: bool = True) -> tuple[Said, ...]:
    """How what can be read in two ways was read, and how to write the other; nothing of what is no grid.

    Without ``has_rows`` a row ends nowhere, and nothing is said of it.
    """
    try:
        found = cells(text).meanings
    except GridError:
        return ()
    return tuple(said for said in found if has_rows or "semicolons" not in said.key)


def format_grid(values: NDArray[np.floating]) -> str:
    """The text of a grid (rows, columns), which ``parse_grid`` reads back: whole numbers, or 6 significant digits."""
    return "\n".join(" ".join(f"{value:.6g}" for value in row) for row in np.asarray(values, np.float64) + 0.0)


def _grid(rows: list[list[str]], most: tuple[int, int]) -> NDArray[np.float64]:
    if not any(rows):
        raise GridError(Said("grids.empty"))
    width = len(rows[0])
    for number, row in enumerate(rows):
        if len(row) != width:
            raise GridError(Said("grids.uneven", row=number, count=len(row), expected=width))
    if len(rows) > most[0] or width > most[1]:
        raise GridError(Said("grids.too_large", rows=len(rows), columns=width, most_rows=most[0], most_columns=most[1]))
    return np.array([[_number(part, r, c) for c, part in enumerate(row)] for r, row in enumerate(rows)])


def _number(part: str, row: int, column: int) -> float:
    if not part:
        raise GridError(Said("grids.empty_cell", row=row, column=column))
    found = _FRACTION.fullmatch(part)
    divisor = float(found[2] or 1) if found else 0.0
    if _INFINITE.fullmatch(part):
        value = math.inf
    elif found is None or not divisor:
        raise GridError(Said("grids.no_number", part=part[:12], row=row, column=column))
    else:
        value = float(found[1]) / divisor
    if not abs(value) <= LARGEST:
        raise GridError(
            Said("grids.too_large_number", part=part[:12], row=row, column=column, least=-LARGEST, most=LARGEST)
        )
    return value


__all__ = ["GridError", "format_grid", "meanings", "parse_grid", "parse_numbers"]
