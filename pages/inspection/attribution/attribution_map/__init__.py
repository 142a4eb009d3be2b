"""A picture under up to four maps of attributions, in the browser: their strength, and the value under the pointer."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.figures import theme
from explainer.inspection.reach import Box
from explainer.ui.components.feed import HEAR
from explainer.ui.components.kit import PAINTED, component, words

MOST_PANELS = 4
STRONGEST = 0.995  # share of the pixels that the colours tell apart; the few beyond have the last colour
_LEVELS, _NOT_YET = 32767, -32768
_mount = component(__file__, HEAR, *PAINTED, "panel.js", "index.js")


@dataclass(frozen=True, eq=False)
class Patch:
    """A patch that follows the pointer: ``patch`` pixels wide, at the rows and columns ``starts`` (n,).

    ``probabilities`` (n, n) are those of the class ``kind`` with the patch there, NaN where it is not known yet,
    ``base`` that of the whole picture. ``cover`` is what the patch is a part of, uint8, shaped as the picture.
    """

    patch: int
    starts: tuple[int, ...]
    probabilities: NDArray[np.floating]
    base: float
    kind: str
    cover: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Panel:
    """One map ``heat`` (size, size), NaN where it is not computed yet, with its title and a line about it.

    Where it is ``signed`` positive values are orange and negative ones blue; else it has no negative values. ``why``
    says, where it is 0 everywhere, why. ``patch`` makes it a map of occlusion. ``frame`` is drawn around a part of it.
    """

    title: str
    about: str
    heat: NDArray[np.floating]
    signed: bool
    why: str = ""
    patch: Patch | None = None
    frame: Box | None = None


def attribution_map(
    picture: NDArray[np.uint8], panels: Sequence[Panel], key: str, feed: str = "", origin: tuple[int, int] = (0, 0)
) -> None:
    """Draw ``picture`` (size, size) or (size, size, 3) under each of one to four ``panels``.

    Called again under the same ``key``, or fed by the name ``feed`` with what ``news`` makes, it changes them in place.
    A visitor sets the strength of the overlays, and points at a pixel, or goes to it with the arrow keys, to read it in
    all panels. Rows and columns are counted from ``origin``, that of the picture's first pixel in a larger one. Raises
    ValueError for panels that do not fit the picture, or for none or too many.
    """
    _mount(
        key=key,
        data={
            **news(picture, panels),
            "feed": feed,
            "size": len(picture),
            "origin": origin,
            "channels": 3 if picture.ndim == 3 else 1,
            "pixels": _text(picture),
            "scales": [theme.diverging(dark) for dark in (False, True)],
            "words": words("attribution_map"),
        },
    )


def news(picture: NDArray[np.uint8], panels: Sequence[Panel]) -> dict[str, Any]:
    """What the browser needs to change the maps of ``picture`` while they are computed."""
    if not 1 <= len(panels) <= MOST_PANELS:
        raise ValueError(f"1 to {MOST_PANELS} panels, not {len(panels)}.")
    name = "|".join(f"{panel.title} {panel.about}" for panel in panels)
    identity = hashlib.sha256(picture.tobytes() + name.encode()).hexdigest()[:16]
    return {"identity": identity, "panels": [encode(panel, picture) for panel in panels]}


def encode(panel: Panel, picture: NDArray[np.uint8]) -> dict[str, Any]:
    """What the browser gets of a panel.

    ``values`` is the base64 text of two bytes a pixel: a whole number ``n``, of ``most`` * ``n`` / 32767, or -32768 for
    what is not computed yet. The colours end at ``limit``.
    """
    if panel.heat.shape != picture.shape[:2]:
        raise ValueError(f"A map of {panel.heat.shape} on a picture of {picture.shape[:2]} ({panel.title}).")
    known = np.isfinite(panel.heat)
    sizes = np.abs(panel.heat[known])
    most = float(sizes.max(initial=0.0)) or 1.0
    limit = float(np.quantile(sizes, STRONGEST)) if sizes.size else most
    codes = np.where(known, np.rint(np.nan_to_num(panel.heat) / most * _LEVELS), _NOT_YET)
    return {
        "title": panel.title,
        "about": panel.about,
        "signed": panel.signed,
        "why": panel.why,
        "most": most,
        "limit": limit or most,
        "done": round(float(known.mean()), 4),
        "values": _text(codes.astype("<i2")),
        "frame": [panel.frame.top, panel.frame.left, panel.frame.bottom, panel.frame.right] if panel.frame else None,
        "occlusion": _encode_patch(panel.patch) if panel.patch else None,
    }


def _encode_patch(given: Patch) -> dict[str, Any]:
    return {
        "patch": given.patch,
        "starts": given.starts,
        "base": given.base,
        "kind": given.kind,
        "scores": _text(given.probabilities.astype("<f4")),
        "cover": _text(given.cover),
    }


def _text(values: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")
