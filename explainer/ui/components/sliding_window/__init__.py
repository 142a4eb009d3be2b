"""A layer's window that slides over its input, in the browser: every position, its numbers and its arithmetic."""

from __future__ import annotations

from explainer.figures import theme
from explainer.ui.components.kit import CANVAS, COLOURS, ELEMENTS, RASTER, TRANSPORT, component, words
from explainer.ui.components.sliding_window.encoding import Picture, Scale, View, encode

__all__ = ["Picture", "Scale", "View", "encode", "sliding_window"]

_mount = component(
    __file__,
    ELEMENTS,
    CANVAS,
    COLOURS,
    RASTER,
    TRANSPORT,
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
    "legend.js",
    "index.js",
)


def sliding_window(picture: Picture, key: str) -> None:
    """Draw a window that visitors move over its input; called again under ``key``, it changes in place.

    On a redraw the position stays if it still exists, and a window that plays goes on playing. Values travel once, as
    binary data; hovering, stepping and playing never ask the server.
    """
    scales = [theme.diverging(dark) for dark in (False, True)]
    _mount(key=key, data=encode(picture, {"words": words("transport") | words("sliding_window"), "diverging": scales}))
