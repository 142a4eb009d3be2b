"""What the page "Pooling" says of its picture in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.layers import geometry, pooling
from explainer.layers.pooling import PoolingKind
from explainer.layers.window import Window, left_over, never_read
from explainer.words.book import Said
from pages.layers.pooling.view import View


def notice(view: View, window: Window, output: NDArray[Any]) -> Said:
    """What to notice."""
    settings = view.settings
    if settings.bins is not None:
        return _notice_adaptive(view, output)
    if (unread := never_read(window)).any():
        return _notice_unread(view, int(unread.sum()), int((unread & ~left_over(window)).sum()))
    if settings.window == (1, 1):
        return Said("pooling.fixed.unsigned") if settings.kind == "l2" else Said("pooling.fixed.same")
    if output.size == 1:
        return _notice_single(settings.kind, float(output[0, 0]))
    return _notice_overlap(view) or _notice_kind(view, output)


def _notice_adaptive(view: View, output: NDArray[Any]) -> Said:
    (height, width), (rows, columns) = view.given.size, view.made
    if (rows, columns) == (1, 1):
        return Said("pooling.adaptive.global", count=height * width, value=float(output[0, 0]))
    if height % rows or width % columns:
        return Said("pooling.adaptive.uneven", height=height, width=width, rows=rows, columns=columns)
    return Said("pooling.adaptive.even", height=height // rows, width=width // columns, rows=rows, columns=columns)


def _notice_unread(view: View, unread: int, jumped: int) -> Said:
    if jumped == unread:
        return Said("pooling.unread.jumped", count=unread)
    with_ceil = pooling.output_shape(view.given.size, replace(view.settings, ceil_mode=True))
    more = prod(with_ceil) - prod(view.made)
    added = Said("pooling.unread.ceil", count=more) if more else ""
    if not jumped:
        return Said("pooling.unread.ends", count=unread, more=added)
    return Said("pooling.unread.mixed", count=unread, jumped=jumped, more=added)


def _notice_single(kind: PoolingKind, value: float) -> Said:
    if kind == "max":
        return Said("pooling.fixed.single_max", value=value)
    return Said("pooling.fixed.single_average" if kind == "average" else "pooling.fixed.single_l2", value=value)


def _notice_overlap(view: View) -> Said | None:
    """How much neighbours share along the axes that have some; None where none do."""
    sides = zip(view.settings.window, view.settings.steps, view.made, strict=True)
    down, across = (side - stride if made > 1 and stride < side else 0 for side, stride, made in sides)
    rows, columns = Said("pooling.rows", count=down), Said("pooling.columns", count=across)
    if down and across:
        return Said("pooling.overlap.both", rows=rows, columns=columns)
    if down:
        return Said("pooling.overlap.down", rows=rows)
    return Said("pooling.overlap.across", columns=columns) if across else None


def _notice_kind(view: View, output: NDArray[Any]) -> Said:
    row, column = (int(at) for at in np.unravel_index(int(output.argmax()), output.shape))
    value, largest = float(output[row, column]), float(view.given.planes.max())
    if view.settings.kind == "average" and view.settings.count_include_pad and any(view.settings.padding):
        return Said("pooling.fixed.padded")
    if view.settings.kind == "max":
        return Said("pooling.fixed.max", value=value, row=row, column=column)
    if view.settings.kind == "l2":
        return Said("pooling.fixed.l2", value=value, row=row, column=column)
    if np.isclose(value, largest, rtol=1e-9, atol=0):
        return Said("pooling.fixed.means_alike", largest=largest)
    if f"{value:.4g}" == f"{largest:.4g}":
        return Said("pooling.fixed.means_near", largest=largest, less=largest - value)
    return Said("pooling.fixed.means", value=value, largest=largest)


def formula(view: View) -> Iterable[str]:
    """How large the output is, which windows are adaptive, or what a global window computes."""
    if view.settings.bins == (1, 1):
        return (_formula_global(view),)
    return (formula_of_size if view.settings.bins is None else _formula_adaptive)(view)


def formula_of_size(view: View) -> Iterator[str]:
    """Height and width of the output of windows of a fixed size; below 1 where the settings are impossible."""
    settings = view.settings
    left, right = (r"\lceil", r"\rceil") if settings.ceil_mode else (r"\lfloor", r"\rfloor")
    for axis, name in enumerate(("H", "W")):
        padded, window = view.given.size[axis] + 2 * settings.padding[axis], settings.window[axis]
        stride, padding = settings.steps[axis], settings.padding[axis]
        made = geometry.pooling_positions(view.given.size[axis], window, stride, padding, ceil_mode=settings.ceil_mode)
        room = f"{view.given.size[axis]} + 2 \\cdot {padding} - {window}"
        # In ceil mode a last window that would start in the padding is left out.
        too_many = settings.ceil_mode and -((window - padded) // stride) + 1 > made
        less = r" - \underbrace{1}_{\text{it would start in the padding}}" if too_many else ""
        rounded = rf"\left{left} \frac{{{room}}}{{{stride}}} \right{right}"
        yield rf"{name}_{{\text{{out}}}} = {rounded} + 1{less} = {geometry.result(made)}"


def _formula_adaptive(view: View) -> Iterator[str]:
    """Where the windows begin and end along each axis."""
    names = (("i", "rows"), ("j", "columns"))
    for (index, what), size, bins in zip(names, view.given.size, view.made, strict=True):
        first = rf"\left\lfloor \tfrac{{{size} {index}}}{{{bins}}} \right\rfloor"
        last = rf"\left\lceil \tfrac{{{size} ({index} + 1)}}{{{bins}}} \right\rceil - 1"
        yield rf"\text{{{what} of window }} {index} = {first}, \dots, {last}, \quad 0 \le {index} < {bins}"


def _formula_global(view: View) -> str:
    (height, width), result = view.given.size, pooling.output(view.given.planes, view.settings)[0, 0, 0]
    index = rf"i < {height},\ j < {width}"
    computed = {
        "max": rf"\max_{{{index}}} x_{{ij}}",
        "average": rf"\frac{{1}}{{{height} \cdot {width}}} \sum_{{{index}}} x_{{ij}}",
        "l2": rf"\sqrt{{\sum_{{{index}}} x_{{ij}}^2}}",
    }
    return rf"y = {computed[view.settings.kind]} = {result:.6g}"


def counts(view: View) -> str:
    """How many numbers become how many, and the first adaptive windows."""
    size, made = view.given.size, view.made
    before, after = size[0] * size[1], made[0] * made[1]
    return (
        f"**No parameters.** {size[0]} × {size[1]} becomes {made[0]} × {made[1]}: **{before:,}** numbers become "
        f"**{after:,}**.{_bins(view)}"
    )


def _bins(view: View) -> str:
    """The rows and columns of the first adaptive windows."""
    if view.settings.bins in (None, (1, 1)):
        return ""
    words = []
    for axis, name in enumerate(geometry.AXES):
        bins = geometry.adaptive_bins(view.given.size[axis], view.made[axis], name)
        listed = ", ".join(f"{start}–{stop - 1}" for start, stop in bins[:4])
        words.append(f"{name} {listed}{' …' if len(bins) > 4 else ''}")
    return f" Windows: {words[0]}; {words[1]}."
