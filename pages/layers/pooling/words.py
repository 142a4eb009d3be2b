"""What the page "Pooling" says of its picture in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.layers import geometry, pooling
from explainer.layers.window import Window, left_over, never_read
from explainer.words.numbers import decimal
from pages.layers.pooling.view import View


def notice(view: View, window: Window, output: NDArray[Any]) -> str:
    """What to notice."""
    settings = view.settings
    if settings.bins is not None:
        return _notice_adaptive(view, output)
    if (unread := never_read(window)).any():
        return _notice_unread(view, int(unread.sum()), int((unread & ~left_over(window)).sum()))
    shared = [max(side - stride, 0) for side, stride in zip(settings.window, settings.steps, strict=True)]
    if any(shared):
        return (
            "The windows overlap, since the stride is smaller than the window: neighbours share "
            f"{_number(shared[0], 'row')} or {_number(shared[1], 'column')}."
        )
    if settings.kind == "average" and settings.count_include_pad and any(settings.padding):
        return "At the border the zeros of the padding count in the mean, and pull it towards 0."
    return _notice_kind(view, output)


def _number(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count} {what}s"


def _notice_adaptive(view: View, output: NDArray[Any]) -> str:
    (height, width), (rows, columns) = view.given.size, view.made
    if (rows, columns) == (1, 1):
        return (
            f"All {height * width:,} numbers become one, {decimal(output[0, 0], ',.6g')}, whatever the size of "
            "the input."
        )
    if height % rows or width % columns:
        return f"{height} × {width} does not divide into {rows} × {columns} windows: they overlap or differ in size."
    return f"You ask for an output of {rows} × {columns}: each window is {height // rows} × {width // columns} large."


def _notice_unread(view: View, unread: int, jumped: int) -> str:
    said = f"{unread:,} pixels are never read: "
    with_ceil = pooling.output_shape(view.given.size, replace(view.settings, ceil_mode=True))
    more = " Ceil mode would add one." if with_ceil != view.made else ""
    if not jumped:
        return f"{said}no whole window fits on them.{more}"
    if jumped == unread:
        return f"{said}they lie between those that the window reads, and every stride passes over them."
    return f"{said}the strides pass over {jumped:,}, and no whole window fits on the others.{more}"


def _notice_kind(view: View, output: NDArray[Any]) -> str:
    row, column = np.unravel_index(int(output.argmax()), output.shape)
    largest = f"{decimal(output[row, column], ',.4g')}"
    if view.settings.kind == "max":
        return (
            f"The largest number, {largest}, stays, in row {row}, column {column} of the output. Where it stood inside "
            "its window is forgotten."
        )
    if view.settings.kind == "average":
        return (
            "No number stays as it was: the largest of the input is "
            f"{decimal(view.given.planes.max(), ',.4g')}, the largest mean "
            f"{largest}."
        )
    return f"Large numbers count most and signs do not: the largest norm, {largest}, is in row {row}, column {column}."


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
