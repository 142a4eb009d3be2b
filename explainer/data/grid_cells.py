"""What stands in the cells of a grid of numbers: as spreadsheets, Python, NumPy and MATLAB write one, or as typed.

Lines are rows. Whitespace, commas and semicolons stand between numbers, but for two rules where there are two meanings:

- A comma between two digits is a decimal comma where no number has a point, no comma has a space beside it, and
  something else stands between numbers: ``1,5 2,5`` are two numbers, and so is ``1,5`` alone. Never in brackets.
- A semicolon ends a row in brackets, and in a single line with several numbers on one side of it: ``1 2; 3 4``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from explainer.words.book import Said, SaidError

# Minus signs and hyphens that are drawn alike; characters without any width.
_SAME = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2011": "-", "\u200b": None, "\u2060": None, "\ufeff": None})
_MARKS, _SEMICOLON = "[,;]", ";"
_BETWEEN = re.compile(r"[\s;]+")
_DECIMAL = re.compile(r"[+-]?\d+,\d+(?:[eE][+-]?\d+)?")
_HEAD = re.compile(r"\s*(?:\w+\s*=\s*)?(?:(?P<call>[A-Za-z_][\w.]*)\s*\(\s*)?")  # A = np.array(
_TAIL = re.compile(r"\s*(?:,\s*\w+\s*=.*)?\)?\s*;?\s*", re.DOTALL)  # , dtype=float32)
_ROW = re.compile(r"\[([^\[\]]*)\]")


class GridError(SaidError, ValueError):
    """The text is no grid; the message is a sentence that says what to change."""


@dataclass(frozen=True)
class Cells:
    """The text of each cell, by rows; empty where a cell is. ``meanings`` say how what has two meanings was read."""

    rows: list[list[str]]
    meanings: tuple[Said, ...] = ()


def cells(text: str) -> Cells:
    """The cells that ``text`` holds. Raises GridError for brackets that do not fit together."""
    plain = text.translate(_SAME)
    if "[" not in plain and plain.lstrip().startswith("("):
        plain = plain.replace("(", "[").replace(")", "]")
    if "[" in plain:
        return Cells([_parts(" ".join(row.split()), _MARKS) if row.strip() else [] for row in _bracketed(plain)])
    return _typed([line for line in plain.splitlines() if line.strip()])


def _bracketed(text: str) -> list[str]:
    """The rows within the innermost brackets, or, where there is a single pair, between lines and semicolons."""
    start, end = text.find("["), text.rfind("]") + 1
    grid, head = text[start:end], _HEAD.fullmatch(text[:start])
    if not grid or head is None or not _TAIL.fullmatch(text, end) or not _are_pairs(grid):
        raise GridError(Said("grids.brackets"))
    rows = _ROW.findall(grid)
    if grid.count("[") > 1 or head["call"]:
        return rows
    lines = re.split(r"[;\n]", re.sub(r",[^\S\n]*\n", ",", rows[0]))  # after a comma a row goes on in the next line
    return [line for line in lines if line.strip()]


def _are_pairs(grid: str) -> bool:
    """Whether brackets close where they should, with nothing between rows but commas, semicolons and spaces."""
    return grid.count("[") == grid.count("]") and not re.search(r"[^\s,;\[\]]", _ROW.sub("", grid))


def _typed(lines: list[str]) -> Cells:
    tokens = [token for line in lines for token in _BETWEEN.split(line) if "," in token]
    could_be_decimal = bool(tokens) and all(_DECIMAL.fullmatch(token.removesuffix(",")) for token in tokens)
    decimal = could_be_decimal and _are_apart(lines, tokens)
    semicolons, ends_rows = _semicolons(lines, _SEMICOLON if decimal else _MARKS)
    if ends_rows:
        lines = [row for row in lines[0].split(";") if row.strip()]
    meanings = semicolons if not could_be_decimal else (*semicolons, _of_comma(tokens[0].removesuffix(","), decimal))
    if not decimal:
        return Cells([_parts(line, _MARKS) for line in lines], meanings)
    return Cells([_parts(line.replace(",", "."), _SEMICOLON) for line in lines], meanings)


def _are_apart(lines: list[str], tokens: list[str]) -> bool:
    """Whether something else than commas stands between numbers."""
    is_whole = not any("." in line for line in lines) and not any(token.endswith(",") for token in tokens)
    return is_whole and any(len([each for each in _BETWEEN.split(line) if each]) > 1 for line in lines)


def _semicolons(lines: list[str], marks: str) -> tuple[tuple[Said, ...], bool]:
    """What is said of the semicolons, and whether they end rows. Of those in several lines there is no doubt."""
    groups = [group for group in lines[0].split(";") if group.strip()] if len(lines) == 1 else []
    if len(groups) < 2:
        return (), False
    ends_rows = any(len(_parts(group.strip(), marks)) > 1 for group in groups)
    return (Said("grids.rows_by_semicolons") if ends_rows else Said("grids.row_with_semicolons"),), ends_rows


def _of_comma(part: str, decimal: bool) -> Said:
    first, second = part.split(",")
    if decimal:
        return Said("grids.decimal_comma", part=part, number=f"{first}.{second}", numbers=f"{first}, {second}")
    return Said("grids.comma_between", part=part, first=first, second=second, number=f"{first}.{second}")


def _parts(line: str, marks: str) -> list[str]:
    """The cells of a row between ``marks``, tabs and spaces; a last mark ends the row."""
    pieces = re.split(marks, line)
    if len(pieces) > 1:
        pieces = [piece.strip() for piece in (pieces if pieces[-1].strip() else pieces[:-1])]
    return [part for piece in pieces for cell in piece.split("\t") for part in cell.split() or [""]]
