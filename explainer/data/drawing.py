"""Turn a drawing into what a digit of MNIST is: strokes to ink, ink to 28x28 pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Point = tuple[float, float]
Stroke = tuple[Point, ...]
Strokes = tuple[Stroke, ...]

FIELD = 28  # side of a digit of MNIST, in pixels
BOX = 20  # the longer side of the ink in it
CENTRE = 14  # the row and the column of the field where the centre of mass lies
MAX_INK_SIDE = 1024

PEN_WIDTH = 0.09
"""Width of the pen as a part of the pad's side.

Strokes of MNIST are 2.5 pixels wide in a box of 20 (median over the test digits of 2 * area / perimeter); so
are this pen's once a digit that takes up 70 % of the pad has been scaled to that box.
"""

WIDTHS = 2.0, 3.0
"""Least and greatest width of strokes in a box of 20 pixels that readers of MNIST's digits know well."""

MAX_STROKES = 200
MAX_POINTS = 20_000
_SUPERSAMPLING = 4
_DOT = 0.02  # in sides of the pad: what is not longer is a dot


class EmptyDrawingError(ValueError):
    """There is no ink to look at."""


class InvalidStrokesError(ValueError):
    """What was given is no list of strokes, or too long a one; the message says what is wrong."""


def to_mnist(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Crop, scale and centre a drawing as the digits of MNIST were.

    The bounding box of the ink is scaled, keeping its aspect, until its longer side is 20 pixels; every new
    pixel is the mean of the area it covers. The brightest pixel becomes 255. Whole pixels of translation then
    bring the centre of mass to row 14 and column 14 of the field, within half a pixel, or as near as the
    border of the field lets it come.

    Args:
        ink: (height, width), each 1 to 1024; 0 is paper, 255 is full ink.

    Returns:
        (28, 28), 0 to 255, white ink on black.

    Raises:
        EmptyDrawingError: there is no ink.
        ValueError: not a uint8 array of two dimensions within these sizes.

    Source: LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition (1998),
    section III.A. Row and column 14 are measured: the centre of mass of every test digit lies between 13.5
    and 14.5.
    """
    _check_ink(ink)
    digit = _scaled(_cropped(ink))
    height, width = digit.shape
    top, left = _offset(digit.sum(axis=1)), _offset(digit.sum(axis=0))
    field = np.zeros((FIELD, FIELD), np.uint8)
    field[top : top + height, left : left + width] = digit
    return field


def prepared(strokes: Strokes, width: float = PEN_WIDTH) -> NDArray[np.uint8]:
    """A drawing as one of MNIST's digits (28, 28), its strokes about as wide as theirs, whatever its size and its pen.

    Where the pen of ``width`` (a part of the pad's side) would leave strokes outside of ``WIDTHS`` in the box of 20
    pixels, the strokes are drawn with one that does not. Dots stay as they are.

    Raises:
        EmptyDrawingError: there are no strokes.
        InvalidStrokesError: see ``validate_strokes``.
    """
    points = np.array([point for stroke in validate_strokes(strokes) for point in stroke], np.float64).reshape(-1, 2)
    if not len(points):
        raise EmptyDrawingError("The drawing is empty.")
    longest = float(np.ptp(points, axis=0).max())
    thinnest, thickest = (longest * pixels / (BOX - pixels) for pixels in WIDTHS)
    fitting = min(max(width, thinnest), thickest)
    return to_mnist(rasterize(strokes, width=fitting if longest > _DOT else width))


def rasterize(strokes: Strokes, size: int = 280, width: float = PEN_WIDTH) -> NDArray[np.uint8]:
    """Draw strokes with a round pen, antialiased: what the pad shows, as an array.

    Args:
        strokes: points (x, y) of every stroke, 0 to 1 from the upper left corner; a single point is a dot.
        size: side of the picture in pixels, 1 to 1024.
        width: width of the pen as a part of the side, above 0 and at most 1.

    Returns:
        (size, size), 0 is paper, 255 is full ink. No strokes give an empty picture.

    Raises:
        InvalidStrokesError: see ``validate_strokes``.
        ValueError: size or width out of range.
    """
    if not 1 <= size <= MAX_INK_SIDE:
        raise ValueError(f"The size of a picture is 1 to {MAX_INK_SIDE} pixels, not {size}.")
    if not 0 < width <= 1:
        raise ValueError(f"The pen's width is a part of the side, above 0 and at most 1, not {width}.")
    side = size * _SUPERSAMPLING
    picture = Image.new("L", (side, side))
    pen = ImageDraw.Draw(picture)
    for stroke in validate_strokes(strokes):
        _draw_stroke(pen, np.array(stroke) * side, width * side)
    return np.asarray(picture.reduce(_SUPERSAMPLING))


def validate_strokes(value: object) -> Strokes:
    """Check strokes that came from outside, and freeze them.

    Args:
        value: a list of strokes; a stroke is a list of one or more points; a point is x and y in 0 to 1.

    Returns:
        The same strokes as tuples of floats.

    Raises:
        InvalidStrokesError: anything else, more than 200 strokes, or more than 20,000 points in all.
    """
    strokes = _sequence(value, "A drawing is a list of strokes")
    if len(strokes) > MAX_STROKES:
        raise InvalidStrokesError(f"A drawing has at most {MAX_STROKES} strokes; this one has {len(strokes)}.")
    points = [_sequence(stroke, "A stroke is a list of points") for stroke in strokes]
    if (total := sum(len(stroke) for stroke in points)) > MAX_POINTS:
        raise InvalidStrokesError(f"A drawing has at most {MAX_POINTS} points; this one has {total}.")
    if not all(points):
        raise InvalidStrokesError("A stroke has at least one point; this one has none.")
    return tuple(tuple(_point(point) for point in stroke) for stroke in points)


def _sequence(value: object, rule: str) -> list[object] | tuple[object, ...]:
    if not isinstance(value, list | tuple):
        raise InvalidStrokesError(f"{rule}, not a value of type {type(value).__name__}.")
    return value


def _point(value: object) -> Point:
    point = _sequence(value, "A point is a list of two numbers")
    if len(point) != 2:
        raise InvalidStrokesError(f"A point has two numbers, x and y; this one has {len(point)}.")
    return _coordinate(point[0]), _coordinate(point[1])


def _coordinate(value: object) -> float:
    """NaN fails the comparison too; whole numbers of any length are compared before they become floats."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidStrokesError(f"A coordinate is a number, not a value of type {type(value).__name__}.")
    if not 0 <= value <= 1:
        raise InvalidStrokesError("A coordinate lies between 0 and 1.")
    return float(value)


def _draw_stroke(pen: ImageDraw.ImageDraw, points: NDArray[np.float64], width: float) -> None:
    """Discs at the points (n, 2), and between them bars as wide.

    Pillow counts from the centres of pixels, and fills the pixels on an outline too: hence the halves.
    """
    centres = points - 0.5
    radius = max(0.5, (width - 1) / 2)  # Pillow draws no disc of one pixel
    for box in np.rint(np.hstack([centres - radius, centres + radius])).tolist():
        pen.ellipse(tuple(box), fill=255)
    for start, step in zip(centres[:-1], np.diff(centres, axis=0), strict=True):
        if length := float(np.hypot(*step)):
            across = np.array((-step[1], step[0])) * (radius / length)
            corners = (start + across, start + step + across, start + step - across, start - across)
            pen.polygon([tuple(corner.tolist()) for corner in corners], fill=255)


def _check_ink(ink: NDArray[np.uint8]) -> None:
    if ink.ndim != 2 or ink.dtype != np.uint8:
        raise ValueError(f"A drawing is a uint8 array of two dimensions, not {ink.dtype} of {ink.ndim}.")
    if not all(1 <= side <= MAX_INK_SIDE for side in ink.shape):
        raise ValueError(f"A drawing is 1 to {MAX_INK_SIDE} pixels high and wide, not {ink.shape}.")


def _cropped(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not rows.size:
        raise EmptyDrawingError("The drawing is empty.")
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _scaled(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The longer side to 20 pixels, the other in proportion and at least 1; the peak to 255."""
    height, width = (max(1, round(BOX * side / max(ink.shape))) for side in ink.shape)
    means = _area_weights(ink.shape[0], height) @ ink @ _area_weights(ink.shape[1], width).T
    brightened: NDArray[np.uint8] = np.rint(means * (255 / means.max())).astype(np.uint8)
    return brightened


def _area_weights(before: int, after: int) -> NDArray[np.float64]:
    """(after, before): the part of every new pixel that each old pixel covers; rows sum to 1."""
    scale = before / after
    start = np.arange(after)[:, None] * scale
    old = np.arange(before)
    overlap = np.minimum(start + scale, old + 1) - np.maximum(start, old)
    weights: NDArray[np.float64] = np.clip(overlap, 0, None) / scale
    return weights


def _offset(mass: NDArray[np.uint64]) -> int:
    """First row (or column) of the digit in the field; ``mass`` is the ink in each of its rows (columns)."""
    centre = float(mass @ np.arange(mass.size)) / float(mass.sum())
    return int(np.clip(round(CENTRE - centre), 0, FIELD - mass.size))
