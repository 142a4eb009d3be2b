"""How one map of a network was computed, in the browser: what it reads, kernels, partial sums, and what follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.figures import theme
from explainer.inspection.computed import Computed, Step
from explainer.inspection.receptive_field import Fields
from explainer.ui.components.kit import PAINTED, RASTER, component, words
from pages.inspection.feature_maps.network_map.packing import Kind, pack

_mount = component(
    __file__, *PAINTED, RASTER, "../network_map/bytes.js", "model.js", "planes.js", "text.js", "index.js"
)


@dataclass(frozen=True, eq=False)
class Explained:
    """All that is drawn: the computation, the unit that it begins with, and what that unit sees of the picture.

    ``effective`` (side, side) is 0 to 1; ``open`` are names of layers whose maps can be asked for.
    """

    computed: Computed
    unit: tuple[int, int]
    fields: Fields
    effective: NDArray[np.float32]
    pixels: NDArray[np.uint8]
    head: str
    open: tuple[str, ...]


def computed_map(
    explained: Explained, key: str, on_chosen: Callable[[], None], on_unit: Callable[[], None]
) -> tuple[Any, Any]:
    """Draws it; called again under ``key`` it changes in place.

    A visitor who points at a map, or moves with the arrow keys, sees the numbers of that place in all maps, without
    asking the server. A click on a map's name gives the first result, {"layer", "channel"}; a click on a place the
    second, {"row", "column"}; both as the browser sent them, to be checked.
    """
    result = _mount(key=key, data=encode(explained), on_chosen_change=on_chosen, on_unit_change=on_unit)
    return result.chosen, result.unit


def encode(explained: Explained) -> bytes:
    """All that the browser gets. Numbers travel in single precision, as the network has them."""
    computed, pixels = explained.computed, explained.pixels
    fields = explained.fields.of(computed.asked.channel)
    size = computed.steps[0].values.shape
    arrays: dict[str, tuple[Kind, NDArray[Any]]] = {
        "input": ("u1", pixels),
        "effective": ("u1", np.rint(explained.effective * 255)),
        "fieldRows": ("i4", fields.rows),
        "fieldColumns": ("i4", fields.columns),
    }
    for i, step in enumerate(computed.steps):
        arrays[f"step{i}"] = ("f4", step.values)
    for i, source in enumerate(computed.sources):
        named = {"source": source.values, "kernel": source.kernel, "partial": source.partial}
        arrays |= {f"{name}{i}": ("f4", values) for name, values in named.items() if values is not None}
    if computed.rest is not None:
        arrays["rest"] = ("f4", computed.rest)
    if computed.taps is not None:
        arrays |= {"rowTaps": ("i4", computed.taps.rows), "columnTaps": ("i4", computed.taps.columns)}
    return pack({**_header(explained, size), **_looks()}, arrays)


def _header(explained: Explained, size: tuple[int, ...]) -> dict[str, Any]:
    computed, pixels = explained.computed, explained.pixels
    partials = [source.partial for source in computed.sources if source.partial is not None]
    rest = [] if computed.rest is None else [computed.rest]
    taps = computed.taps
    return {
        "head": explained.head,
        "core": computed.core,
        "size": size,
        "unit": explained.unit,
        "open": explained.open,
        "bias": computed.bias,
        "others": computed.others,
        "chosen": computed.chosen,
        "asked": {"layer": computed.asked.layer, "title": computed.asked.title, "channel": computed.asked.channel},
        "taps": None if taps is None else (taps.rows.shape[1], taps.columns.shape[1]),
        "counts": taps is not None and taps.counts,
        "input": {"side": pixels.shape[0], "channels": 3 if pixels.ndim == 3 else 1},
        "sourceLimit": _limit([source.values for source in computed.sources]),
        "kernelLimit": _limit([source.kernel for source in computed.sources if source.kernel is not None]),
        "partialLimit": _limit([*partials, *rest]),
        "sources": [
            {
                "layer": source.layer,
                "title": source.title,
                "channel": source.channel,
                "size": source.values.shape,
                "kernel": None if source.kernel is None else source.kernel.shape,
            }
            for source in computed.sources
        ],
        "steps": [_step(step) for step in computed.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "layer": step.layer,
        "title": step.title,
        "kind": step.kind,
        "detail": step.detail,
        "channel": step.channel,
        "numbers": step.numbers,
        "limit": _limit([step.values]),
    }


def _limit(arrays: list[NDArray[np.float32]]) -> float:
    """The end of a colour scale: the largest magnitude, 1 where there is none."""
    return max((float(np.abs(values).max(initial=0.0)) for values in arrays), default=0.0) or 1.0


def _looks() -> dict[str, Any]:
    return {"words": words("computed_map"), "diverging": [theme.diverging(dark) for dark in (False, True)]}
