"""Grids of numbers as people type them: a line a row, with spaces, commas, semicolons or tabs between the numbers."""

from __future__ import annotations

import math
import re

import numpy as np
from numpy.typing import NDArray

LARGEST = 1e6  # of a number
_BETWEEN = re.compile(r"[\s,;]+")


class GridError(ValueError):
    """The text is no grid; the message is a sentence that says what to change."""


def parse_grid(text: str, most: tuple[int, int]) -> NDArray[np.float64]:
    """The grid (rows, columns) that ``text`` holds, at most ``most`` large; empty lines do not count.

    Raises GridError for no numbers, rows of different lengths, what is no number or too large, and too many cells.
    """
    rows = [[part for part in _BETWEEN.split(line) if part] for line in text.splitlines()]
    rows = [row for row in rows if row]
    if not rows:
        raise GridError("The grid is empty: type numbers, one line for each row.")
    width = len(rows[0])
    for number, row in enumerate(rows, 1):
        if len(row) != width:
            raise GridError(f"Row {number} has {len(row)} numbers, but row 1 has {width}: give every row as many.")
    if len(rows) > most[0] or width > most[1]:
        raise GridError(f"The grid has {len(rows)} x {width} cells: type at most {most[0]} x {most[1]}.")
    return np.array([[_number(part, (r, c)) for c, part in enumerate(row, 1)] for r, row in enumerate(rows, 1)])


def format_grid(values: NDArray[np.floating]) -> str:
    """The text of a grid (rows, columns), which ``parse_grid`` reads back: whole numbers, or 6 significant digits."""
    return "\n".join(" ".join(f"{value:.6g}" for value in row) for row in np.asarray(values, np.float64) + 0.0)


def _number(part: str, place: tuple[int, int]) -> float:
    where = f"row {place[0]}, column {place[1]}"
    try:
        value = float(part.replace("−", "-"))
    except ValueError:
        raise GridError(f"“{part[:12]}” in {where} is no number: type one such as 2 or -0.5.") from None
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise GridError(f"{part[:12]} in {where} is too large: type a number between -1,000,000 and 1,000,000.")
    return value
