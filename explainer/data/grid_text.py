"""Grids of numbers as people type them: a line a row, with spaces, commas, semicolons or tabs between the numbers."""

from __future__ import annotations

import math
import re

import numpy as np
from numpy.typing import NDArray

from explainer.words.book import Said, SaidError

LARGEST = 1_000_000  # of a number
_BETWEEN = re.compile(r"[\s,;]+")


class GridError(SaidError, ValueError):
    """The text is no grid; the message is a sentence that says what to change."""


def parse_grid(text: str, most: tuple[int, int]) -> NDArray[np.float64]:
    """The grid (rows, columns) that ``text`` holds, at most ``most`` large; empty lines do not count.

    Raises GridError for no numbers, rows of different lengths, what is no number or too large, and too many cells.
    """
    rows = [[part for part in _BETWEEN.split(line) if part] for line in text.splitlines()]
    rows = [row for row in rows if row]
    if not rows:
        raise GridError(Said("grids.empty"))
    width = len(rows[0])
    for number, row in enumerate(rows, 1):
        if len(row) != width:
            raise GridError(Said("grids.uneven", row=number, found=len(row), expected=width))
    if len(rows) > most[0] or width > most[1]:
        raise GridError(Said("grids.too_large", rows=len(rows), columns=width, most_rows=most[0], most_columns=most[1]))
    return np.array([[_number(part, (r, c)) for c, part in enumerate(row, 1)] for r, row in enumerate(rows, 1)])


def format_grid(values: NDArray[np.floating]) -> str:
    """The text of a grid (rows, columns), which ``parse_grid`` reads back: whole numbers, or 6 significant digits."""
    return "\n".join(" ".join(f"{value:.6g}" for value in row) for row in np.asarray(values, np.float64) + 0.0)


def _number(part: str, place: tuple[int, int]) -> float:
    row, column = place
    try:
        value = float(part.replace("−", "-"))
    except ValueError:
        raise GridError(Said("grids.no_number", part=part[:12], row=row, column=column)) from None
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise GridError(
            Said("grids.too_large_number", part=part[:12], row=row, column=column, least=-LARGEST, most=LARGEST)
        )
    return value
