"""A layer's window that slides over its input, in the browser: every position, its numbers and its arithmetic."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from explainer.figures import theme
from explainer.layers.window import Window
from explainer.ui.components.kit import CANVAS, ELEMENTS, component, words
from explainer.ui.components.sliding_window.encoding import Picture, Scale, View, encode

__all__ = ["Picture", "Scale", "View", "encode", "sliding_window"]

_mount = component(
    __file__,
    ELEMENTS,
    CANVAS,
    "text.js",
    "model.js",
    "look.js",
    "grid.js",
    "layout.js",
    "scene.js",
    "marks.js",
    "pointing.js",
    "sums.js",
    "arithmetic.js",
    "lens.js",
    "player.js",
    "controls.js",
    "index.js",
)


def sliding_window(
    window: Window,
    output: NDArray[np.floating],
    key: str,
    *,
    view: View = "gather",
    start: tuple[int, int] = (0, 0),
    labels: tuple[str, str, str] | None = None,
    planes: Sequence[str] = (),
    partials: NDArray[np.floating] | None = None,
    input_scale: Scale = "diverging",
    input_range: tuple[float, float] | None = None,
    output_scale: Scale = "diverging",
    output_range: tuple[float, float] | None = None,
    decimals: int = 2,
    height: int = 360,
) -> None:
    """Draw a window that visitors move over its input; called again under ``key``, it changes in place.

    ``output`` (output height, output width) is what the layer made of ``window``. In the view "gather" the position
    is a cell of the output, and the window shows what that cell reads; in "stamp" (transposed convolution) it is a
    pixel of the input, whose value times the kernel is added into the output. ``start`` is the (row, column) of the
    first position. On a redraw the position stays if it still exists, and a window that plays goes on playing.

    ``labels`` name input, kernel and output. Where the input has several planes, ``planes`` name them, and
    ``partials`` (planes, output height, output width) is what each of them alone adds: it is shown as a column of
    maps before the output. ``input_scale`` and ``output_scale`` are "diverging" (signed, 0 in the middle), "grey",
    or, for three planes of an input, "rgb"; their ranges (low, high) are those of the values where none is given,
    and reach from -m to m on a diverging scale. Numbers have at most ``decimals`` places, 0 to 6. ``height`` is that
    of the drawing on a wide page, in CSS pixels, 120 to 1200; several planes share it.

    Values travel once, as binary data; hovering, stepping and playing never ask the server.

    Raises ValueError where shapes disagree, where a start, a range, a height or a number of decimals is impossible,
    and for a stamp view of a reduction that is not a plain sum.
    """
    picture = Picture(
        window=window,
        output=output,
        view=view,
        start=start,
        labels=labels,
        planes=tuple(planes),
        partials=partials,
        input_scale=input_scale,
        input_range=input_range,
        output_scale=output_scale,
        output_range=output_range,
        decimals=decimals,
        height=height,
    )
    scales = [theme.diverging(dark) for dark in (False, True)]
    _mount(key=key, data=encode(picture, {"words": words("sliding_window"), "diverging": scales}))
