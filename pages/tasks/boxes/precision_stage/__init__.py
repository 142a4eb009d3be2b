"""Average precision in the browser: the ranked list point by point, the pictures, and the curve that grows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from explainer.tasks.average_precision import Ranked
from explainer.tasks.box_sets import KINDS, Scored
from explainer.ui.components.kit import CANVAS, ELEMENTS, RECTANGLES, TRANSPORT, component, words

_mount = component(
    __file__, ELEMENTS, CANVAS, TRANSPORT, RECTANGLES, "../sketch.js", "model.js", "curve.js", "index.js"
)


def precision_stage(pictures: Sequence[Scored], ranking: Ranked, threshold: float, score: float, key: str) -> None:
    """Draw the pictures, the ``ranking`` of their detections at an IoU ``threshold``, and precision over recall.

    The operating point is after the last detection that scores at least ``score``.
    """
    _mount(
        key=key,
        data={**encode(pictures, ranking, threshold, score), "words": words("transport") | words("precision_stage")},
    )


def encode(pictures: Sequence[Scored], ranking: Ranked, threshold: float, score: float) -> dict[str, Any]:
    """What the browser draws: all steps at once."""
    columns = zip(
        ranking.pictures.tolist(),
        ranking.numbers.tolist(),
        ranking.truths.tolist(),
        ranking.scores.tolist(),
        ranking.overlaps.tolist(),
        ranking.is_right(threshold).tolist(),
        strict=True,
    )
    names = ("picture", "number", "truth", "score", "iou", "isRight")
    return {
        "pictures": [
            {
                "size": [each.sketch.width, each.sketch.height],
                "objects": [
                    {"kind": KINDS[kind], "box": box}
                    for kind, box in zip(each.sketch.classes, each.sketch.boxes, strict=True)
                ],
                "boxes": each.boxes,
            }
            for each in pictures
        ],
        "rows": [dict(zip(names, row, strict=True)) for row in columns],
        "objects": sum(len(each.sketch.boxes) for each in pictures),
        "threshold": threshold,
        "score": score,
        "operating": int((ranking.scores >= score).sum()),
    }
