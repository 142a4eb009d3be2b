"""A trained network as a map in the browser: each layer a column of its maps, from the input to the scores."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from explainer.figures import theme
from explainer.ui.components.kit import PAINTED, RASTER, component, words
from pages.inspection.feature_maps.network_map.encoding import Chosen, Scale, Shown, encode

__all__ = ["Chosen", "Scale", "Shown", "feature_maps"]

_KINDS = {  # colours of the kinds of layers
    "convolution": theme.QUALITATIVE[1],
    "fully connected": theme.QUALITATIVE[4],
    "normalization": theme.QUALITATIVE[3],
    "activation": theme.QUALITATIVE[0],
    "pooling": theme.QUALITATIVE[2],
    "concatenation": theme.QUALITATIVE[7],
    "sum": theme.QUALITATIVE[7],
    "product": theme.QUALITATIVE[7],
    "other": theme.QUALITATIVE[9],
}
_mount = component(__file__, *PAINTED, RASTER, "bytes.js", "layout.js", "model.js", "painting.js", "index.js")


def feature_maps(
    shown: Shown, key: str, on_chosen: Callable[[], None] | None = None, on_whole: Callable[[], None] | None = None
) -> tuple[Any, Any]:
    """Draws the map; called again under ``key`` it changes in place, and what can be seen of it stays where it is.

    Pointing at a map, or moving there with the arrow keys, shows what it reads, one value, and what that value's unit
    can see of the input, and never asks the server. A click gives the first result: {"layer", "channel", "row",
    "column"} as the browser sent them, to be checked; a click on "more" the second, a layer's name, or "". Both are
    None otherwise. ``on_chosen`` and ``on_whole`` are called before the script runs with them.
    """
    result = _mount(
        key=key,
        data=encode(shown, _looks()),
        on_chosen_change=on_chosen or (lambda: None),
        on_whole_change=on_whole or (lambda: None),
    )
    return result.chosen, result.whole


def _looks() -> dict[str, Any]:
    return {
        "words": words("network_map"),
        "kinds": _KINDS,
        "diverging": [theme.diverging(dark) for dark in (False, True)],
    }
