"""What the view "Anchors" says in numbers."""

from __future__ import annotations

from explainer.tasks.anchors import POSITIVE
from explainer.words.book import Said
from pages.tasks.detection.anchor_state import Anchors


def notice(shown: Anchors) -> Said:
    """How many anchors of all positions are positive, negative and ignored."""
    found = shown.labels
    rows, columns = shown.grid
    positive = int(found.is_positive.sum())
    counts = Said(
        "detection.anchors.counts",
        width=shown.size[0],
        height=shown.size[1],
        rows=rows,
        columns=columns,
        all=len(found.overlaps),
        positive=positive,
        negative=int(found.is_negative.sum()),
        ignored=int(found.is_ignored.sum()),
    )
    if shown.inside_only:
        out = int((~found.is_used).sum())
        counts = Said("detection.anchors.left_out", counts=counts, out=out)
    if not positive:
        return Said("detection.anchors.no_positive", counts=counts)
    best = float(found.overlaps[found.is_positive].max())
    if best > POSITIVE:
        return Said("detection.anchors.above", counts=counts, best=best)
    return Said("detection.anchors.only_highest", counts=counts, best=best)


def of_anchor(shown: Anchors) -> Said:
    """What the anchor that is looked at is, and why."""
    found, number = shown.labels, shown.number
    left, top, right, bottom = shown.box
    overlap = float(found.overlaps[number])
    values = {"width": right - left, "height": bottom - top, "row": shown.row + 1, "column": shown.column + 1}
    if not found.is_used[number]:
        return Said("detection.anchors.crosses", overlap=overlap, **values)
    if found.is_positive[number] and overlap <= POSITIVE:
        return Said("detection.anchors.highest", overlap=overlap, **values)
    kind = "positive" if found.is_positive[number] else "negative" if found.is_negative[number] else "ignored"
    key = {
        "positive": "detection.anchors.positive",
        "negative": "detection.anchors.negative",
        "ignored": "detection.anchors.ignored",
    }[kind]
    return Said(key, overlap=overlap, **values)
