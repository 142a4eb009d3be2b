"""Which views of which pictures the page "Segmentation" draws, and what a run's news change in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from explainer.tasks.segmentation.config import UNetConfig
from explainer.tasks.segmentation.data import WATCHED_SLICES, WatchedPictures
from explainer.tasks.segmentation.reports import SegmentationViews

Bytes: TypeAlias = NDArray[np.uint8]
Kind = Literal["classes", "truth", "input", "output", "error"]
WATCHED = len(WATCHED_SLICES)  # pictures; so many scenes too
_ERRORS_TIMES = 3  # brighter than they are


@dataclass(frozen=True)
class Slot:
    """One view of a watched picture, from 0 on; ``is_twin`` where it is of the network beside."""

    picture: int
    kind: Kind
    is_twin: bool = False


def slots(config: UNetConfig, layer: str, picture: int, *, has_twin: bool) -> tuple[list[Slot], int]:
    """What is drawn, and in how many columns; ``picture`` is the one that is looked at."""
    if config.task == "segment":
        kind: Kind = (
            "classes" if layer in ("classes", "errors", "overlap") else "truth" if layer == "truth" else "input"
        )
        if not has_twin:
            return [Slot(number, kind) for number in range(WATCHED)], 3
        three = _three(picture)
        return [Slot(number, kind, is_twin) for is_twin in (False, True) for number in three], 3
    pair = (picture, (picture + 1) % WATCHED)
    if has_twin:
        row: list[tuple[Kind, bool]] = [("input", False), ("output", False), ("output", True), ("truth", False)]
    else:
        row = [("input", False), ("output", False), ("truth", False), ("error", False)]
    return [Slot(number, kind, is_twin) for number in pair for kind, is_twin in row], len(row)


def _three(picture: int) -> tuple[int, ...]:
    """Three watched pictures with the one that is looked at among them."""
    first = 3 * (picture // 3)
    return first, first + 1, first + 2


def under(truth: WatchedPictures, slot: Slot, views: SegmentationViews) -> Bytes:
    """The pixels that a slot shows, (h, w) or (h, w, 3)."""
    if slot.kind in {"output", "error"}:
        return changed(truth, slot, views)
    given = truth.targets if slot.kind == "truth" and truth.targets.ndim == 4 else truth.inputs
    return as_picture(given[slot.picture])


def changed(truth: WatchedPictures, slot: Slot, views: SegmentationViews) -> Bytes:
    """What of a slot a run changes: its classes (h, w), its output, or how far that is from the truth."""
    if slot.kind == "classes":
        assert views.classes is not None
        classes: Bytes = views.classes[slot.picture]
        return classes
    assert views.output is not None
    output = views.output[slot.picture]
    if slot.kind == "output":
        return as_picture(output)
    far = np.abs(output.astype(np.float64) - truth.targets[slot.picture]).mean(axis=0)
    error: Bytes = np.minimum(_ERRORS_TIMES * far, 255).astype(np.uint8)
    return error


def news(
    truth: WatchedPictures, drawn: Sequence[Slot], views: SegmentationViews, *, is_twin: bool
) -> list[tuple[int, Bytes]]:
    """Of the slots that a run changes the numbers, and what they show now."""
    return [
        (number, changed(truth, slot, views))
        for number, slot in enumerate(drawn)
        if slot.kind in ("classes", "output", "error") and slot.is_twin == is_twin
    ]


def as_picture(channels: Bytes) -> Bytes:
    """One channel as (h, w), two as red and green, three as they are, (h, w, 3)."""
    if len(channels) == 1:
        grey: Bytes = channels[0]
        return grey
    missing = np.zeros((3 - len(channels), *channels.shape[1:]), np.uint8)
    return np.ascontiguousarray(np.concatenate([channels, missing]).transpose(1, 2, 0))
