"""Find a digit that was written on paper and photographed: its ink, the box around it, and what MNIST made of such."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from scipy import ndimage

from explainer.data.drawing import BOX, to_mnist
from explainer.data.images import Picture

Box = tuple[int, int, int, int]
"""Top, left, bottom and right of a part of a picture: its rows are top to bottom - 1."""

THRESHOLD = 0.45  # of the pen's strength: what is stronger is ink
STROKE = 2.5
"""Width of MNIST's strokes in a box of 20 pixels (median over the test digits of 2 * area / perimeter)."""

_COARSE = 32  # pixels of the longer side, on which the paper is looked for
_WINDOW = 17  # of them, over which the paper is the median: twice as wide as any stroke
_DARKEST = 48.0  # brightness of paper that is divided by no further: the camera's noise would grow with it
_LEVELS = (0.5, 0.35, 0.25, 0.17)  # of the strongest mark, tried one after the other
_FAINTEST = 0.2  # of the paper's brightness: a weaker mark is none
_GRAIN = 2.5  # times the median difference from the paper: so far its grain reaches
_SMALLEST = 0.03  # longer side of a digit, as a part of the picture's shorter side
_SPECK = 0.03  # of the largest stroke's pixels: what has fewer is none
_NEAR = 0.3  # of the digit's longer side: strokes farther from it belong to something else
_SOLID = 0.28  # half the width of a stroke, as a part of its length: what is thicker is no stroke
_RIM = 0.08  # of a frame's shorter side: nothing of the frame lies farther in
_ALL_AROUND = np.ones((3, 3))  # pixels that touch at a corner hang together


class NoInkError(ValueError):
    """Nothing in the picture looks like a digit on paper."""


@dataclass(frozen=True, eq=False)
class Handwriting:
    """What was found, step by step.

    ``strength`` (height, width), float32: how far each pixel's colour is from the paper's, 1 for the pen's. ``ink``
    (height, width), float32, 0 to 1: the part of it that is the digit's; ``box`` lies around it. ``digit`` (28, 28),
    uint8: scaled and centred as MNIST's are.
    """

    strength: NDArray[np.float32]
    ink: NDArray[np.float32]
    box: Box
    digit: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class _Marks:
    """Marks that hang together: ``labels`` (height, width) from 1 on, and of each its place and its pixels."""

    labels: NDArray[np.int32]
    places: list[tuple[slice, slice]]
    areas: NDArray[np.int64]

    def mask(self, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(height, width): the pixels of those that are chosen."""
        pixels: NDArray[np.bool_] = np.concatenate(([False], chosen))[self.labels]
        return pixels


def read_handwriting(picture: Picture, threshold: float = THRESHOLD, box: Box | None = None) -> Handwriting:
    """Finds the digit, dark on light or light on dark, in a pen of any colour, and makes it one of MNIST's.

    The paper's colour at a pixel is the median of a wide window around it, so that a shadow is paper too. A mark is
    what differs from it, as a part of its brightness. Frames, areas, and what runs out of the picture are left out; of
    the rest the largest counts, with the strokes near it. Strokes thinner than MNIST's are widened.

    Args:
        picture: sides of 1 to 512 pixels, as ``read_image`` makes them.
        threshold: part of the pen's strength above which a pixel is ink, above 0 and below 1.
        box: where the digit is; all that is ink in it counts. None: it is looked for.

    Raises:
        NoInkError: there is none.
        ValueError: a threshold or a box out of range.
    """
    if not 0 < threshold < 1:
        raise ValueError(f"A threshold is a part of the pen's strength, above 0 and below 1, not {threshold}.")
    marks = _differences(picture)
    pen = _looked_for(marks) if box is None else _strongest(marks, box)
    strength = marks / np.quantile(marks[pen], 0.8)
    mask = _together(strength > threshold, pen) if box is None else _within(strength > threshold, box)
    if not mask.any():
        raise NoInkError
    around = ndimage.binary_dilation(mask)
    ink = np.where(around, np.clip(strength, 0, 1), 0)
    top, left, bottom, right = found = _around(mask)
    digit = to_mnist(np.rint(255 * _widened(ink[top:bottom, left:right])).astype(np.uint8))
    return Handwriting(strength, ink, found, digit)


def _differences(picture: Picture) -> NDArray[np.float32]:
    """(height, width): how far each pixel is from the paper around it, as a part of the paper's brightness.

    Where a dark desk or a stroke is most of what is around, the colour of most of the picture counts as paper too.
    """
    anywhere = np.median(picture.rgb, axis=(0, 1)).astype(np.float32)
    return np.minimum(_away(picture, _paper(picture)), _away(picture, anywhere))


def _away(picture: Picture, paper: NDArray[np.float32]) -> NDArray[np.float32]:
    """The largest difference of red, green or blue over the paper's brightest of the three."""
    away = _most(np.abs(picture.rgb.astype(np.float32) - paper))
    parts: NDArray[np.float32] = (away / np.maximum(_most(paper), _DARKEST)).astype(np.float32)
    return parts


def _most(colours: NDArray[np.float32]) -> NDArray[np.float32]:
    """The largest of each three on the last axis, which NumPy's ``max`` takes ten times as long for."""
    largest: NDArray[np.float32] = np.maximum(np.maximum(colours[..., 0], colours[..., 1]), colours[..., 2])
    return largest


def _paper(picture: Picture) -> NDArray[np.float32]:
    """(height, width, 3): the median colour of a wide window around each pixel, the picture mirrored at its border."""
    height, width = picture.size
    columns, rows = (max(1, round(side * _COARSE / max(height, width))) for side in (width, height))
    coarse = np.asarray(Image.fromarray(picture.rgb).resize((columns, rows), Image.Resampling.BOX))
    margin = _WINDOW // 2
    mirrored = np.pad(coarse, ((margin, margin), (margin, margin), (0, 0)), mode="symmetric")
    medians = Image.fromarray(mirrored).filter(ImageFilter.MedianFilter(_WINDOW))
    inner = medians.crop((margin, margin, margin + columns, margin + rows))
    return np.asarray(inner.resize((width, height), Image.Resampling.BILINEAR), np.float32)


def _looked_for(differences: NDArray[np.float32]) -> NDArray[np.bool_]:
    """(height, width): the strongest mark that can be a digit."""
    strongest, faintest = float(np.quantile(differences, 0.9995)), _faintest(differences)
    smallest = max(5, _SMALLEST * min(differences.shape))
    for level in _LEVELS:
        marks = _apart(differences > max(level * strongest, faintest))
        large = [max(_sides(place)) >= smallest for place in marks.places]
        fits = np.array([here and _is_stroke(marks, n) for n, here in enumerate(large)], bool)
        if fits.any():
            return marks.mask(np.arange(fits.size) == np.argmax(np.where(fits, marks.areas, 0)))
    raise NoInkError


def _faintest(differences: NDArray[np.float32]) -> float:
    """What is weaker is the paper's or the camera's grain."""
    return max(_FAINTEST, _GRAIN * float(np.median(differences)))


def _strongest(differences: NDArray[np.float32], box: Box) -> NDArray[np.bool_]:
    """(height, width): the strongest marks in the box. Raises ValueError for a box that is not in the picture."""
    top, left, bottom, right = box
    height, width = differences.shape
    if not (0 <= top < bottom <= height and 0 <= left < right <= width):
        raise ValueError(f"A box lies within {height} x {width} pixels, not at {box}.")
    inside = _within(differences, box)
    strong: NDArray[np.bool_] = inside > max(_faintest(differences), _LEVELS[0] * float(inside.max()))
    if not strong.any():
        raise NoInkError
    return strong


def _within(values: NDArray[Any], box: Box) -> NDArray[Any]:
    """``values`` (height, width) in the box, and 0 around it."""
    top, left, bottom, right = box
    inside = np.zeros_like(values)
    inside[top:bottom, left:right] = values[top:bottom, left:right]
    return inside


def _together(mask: NDArray[np.bool_], digit: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What of ``mask`` hangs together with the digit, and the strokes near it."""
    marks = _apart(mask)
    core = np.isin(np.arange(1, len(marks.places) + 1), marks.labels[digit])
    if not core.any():
        return marks.mask(core)
    near = _grown(_around(marks.mask(core)), _NEAR)
    least = _SPECK * int(marks.areas[core].max())
    strokes = [
        here or (marks.areas[n] >= least and _meets(marks.places[n], near) and _is_stroke(marks, n))
        for n, here in enumerate(core)
    ]
    return marks.mask(np.array(strokes))


def _grown(box: Box, part: float) -> Box:
    top, left, bottom, right = box
    more = round(part * max(bottom - top, right - left))
    return top - more, left - more, bottom + more, right + more


def _meets(place: tuple[slice, slice], box: Box) -> bool:
    rows, columns = place
    return bool(rows.start < box[2] and rows.stop > box[0] and columns.start < box[3] and columns.stop > box[1])


def _apart(mask: NDArray[np.bool_]) -> _Marks:
    labels, count = ndimage.label(mask, _ALL_AROUND)
    return _Marks(labels, ndimage.find_objects(labels), np.bincount(labels.ravel(), minlength=count + 1)[1:])


def _is_stroke(marks: _Marks, n: int) -> bool:
    """Whether mark ``n`` ends within the picture, and is neither a frame nor an area."""
    place = marks.places[n]
    if any(part.start == 0 or part.stop == side for part, side in zip(place, marks.labels.shape, strict=True)):
        return False
    part = marks.labels[place] == n + 1
    return not _is_frame(part, marks.labels.shape) and not _is_solid(part)


def _is_frame(part: NDArray[np.bool_], picture: tuple[int, ...]) -> bool:
    rim = max(1, round(_RIM * min(part.shape)))
    inner = int(part[rim:-rim, rim:-rim].sum())
    return inner < 0.1 * int(part.sum()) and min(part.shape) > 0.2 * min(picture)


def _is_solid(part: NDArray[np.bool_]) -> bool:
    depth: NDArray[np.float64] = ndimage.distance_transform_edt(np.pad(part, 1))
    return bool(depth.max() > _SOLID * max(part.shape))


def _sides(place: tuple[slice, slice]) -> tuple[int, int]:
    return place[0].stop - place[0].start, place[1].stop - place[1].start


def _around(mask: NDArray[np.bool_]) -> Box:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def _widened(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Strokes as wide as MNIST's, where they are thinner: what lies near enough to ink becomes ink."""
    mask = ink > 0.5
    if not mask.any():
        return ink
    depth = ndimage.distance_transform_edt(np.pad(mask, 1))[1:-1, 1:-1]
    ridge = mask & (depth == ndimage.maximum_filter(depth, 3))
    missing = (STROKE * max(ink.shape) / BOX + 1 - 2 * float(np.median(depth[ridge]))) / 2
    if missing < 0.5:
        return ink
    margin = int(missing) + 2
    away = ndimage.distance_transform_edt(~np.pad(mask, margin))
    wide: NDArray[np.float32] = np.maximum(np.pad(ink, margin), np.clip(missing + 1 - away, 0, 1))
    return wide
