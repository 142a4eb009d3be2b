"""Pictures that grow while they are made, each over a bar of its activation beside what real pictures reach."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.ui.components.feed import HEAR
from explainer.ui.components.kit import ELEMENTS, RASTER, component, words

_SIZES = range(32, 513)
_mount = component(__file__, HEAR, ELEMENTS, RASTER, "curve.js", "index.js")


@dataclass(frozen=True)
class Caption:
    """What stands around a picture: its ``title`` above, its ``value`` beside its bar, a ``note`` below.

    The bar is full to ``share``, and marked at ``mark`` (0 to 1), where a real picture would fill it to; None for no
    bar or no mark. A picture with a ``choice`` can be chosen; a ``framed`` one was.
    """

    title: str = ""
    value: str = ""
    note: str = ""
    share: float | None = None
    mark: float | None = None
    choice: int | None = None
    framed: bool = False


@dataclass(frozen=True, eq=False)
class Group:
    """Pictures of one size: ``pictures`` (n, height, width, channels), float 0 to 1 or uint8, 1 or 3 channels.

    ``size`` is the width of each in CSS pixels, 32 to 512, less where there is no room.
    """

    title: str
    pictures: NDArray[Any]
    captions: Sequence[Caption]
    size: int


@dataclass(frozen=True, eq=False)
class Curve:
    """An activation over ``steps`` steps, as far as ``values`` are known; a real picture reaches ``level``."""

    title: str
    values: Sequence[float]
    steps: int
    level: float | None = None
    level_name: str = ""


@dataclass(frozen=True, eq=False)
class Scene:
    """What is drawn: ``line`` with a bar full to ``share`` (none where it is None), ``made``, and beside it the
    ``curve`` over ``beside``.
    """

    line: str
    share: float | None
    made: Group
    curve: Curve | None = None
    beside: Group | None = None


def ascent(scene: Scene, key: str, feed: str = "", on_choice: Callable[[int], None] | None = None) -> None:
    """Draw ``scene``; called again under the same ``key``, or fed by the name ``feed``, it changes in place.

    Where a visitor chooses a picture, ``on_choice`` is called with its ``choice`` before the script runs again.
    Raises ValueError for pictures and captions that differ in number, and for a size out of range.
    """
    data = {"feed": feed, "words": words("ascent"), **encode(scene)}
    _mount(key=key, data=data, on_chosen_change=lambda: _chosen(key, scene, on_choice))


def encode(scene: Scene) -> dict[str, Any]:
    """What the browser gets of a scene; ``pixels`` is the base64 text of a byte a value, picture by picture."""
    curve = scene.curve
    return {
        "line": scene.line,
        "share": scene.share,
        "made": _group(scene.made),
        "beside": _group(scene.beside) if scene.beside else None,
        "curve": None
        if curve is None
        else {
            "title": curve.title,
            "values": [_number(value) for value in curve.values],
            "steps": curve.steps,
            "level": _number(curve.level),
            "levelName": curve.level_name,
        },
    }


def to_bytes(pictures: NDArray[Any]) -> NDArray[np.uint8]:
    """Pictures of 0 to 1 as bytes of 0 to 255; bytes as they are."""
    return pictures if pictures.dtype == np.uint8 else np.rint(255 * np.clip(pictures, 0, 1)).astype(np.uint8)


def _group(group: Group) -> dict[str, Any]:
    if len(group.pictures) != len(group.captions) or group.pictures.ndim != 4:
        raise ValueError(f"{len(group.captions)} captions do not fit pictures of shape {group.pictures.shape}.")
    if group.size not in _SIZES:
        raise ValueError(f"A picture is {_SIZES[0]} to {_SIZES[-1]} pixels wide, not {group.size}.")
    _, height, width, channels = group.pictures.shape
    return {
        "title": group.title,
        "size": group.size,
        "height": height,
        "width": width,
        "channels": channels,
        "pixels": base64.b64encode(to_bytes(group.pictures).tobytes()).decode("ascii"),
        "captions": [
            {**vars(caption), "share": _number(caption.share), "mark": _number(caption.mark)}
            for caption in group.captions
        ],
    }


def _number(value: float | None) -> float | None:
    """Short as text, and nothing that JSON has no word for."""
    return float(f"{value:.5g}") if value is not None and np.isfinite(value) else None


def _chosen(key: str, scene: Scene, on_choice: Callable[[int], None] | None) -> None:
    """Passes on what a visitor chose, unless it is nothing that the scene offers."""
    choice = getattr(st.session_state.get(key), "chosen", None)  # nothing where the page is gone meanwhile
    if on_choice is not None and choice in [
        caption.choice for caption in scene.made.captions if caption.choice is not None
    ]:
        on_choice(choice)
