"""Suppression in the browser, round by round: the boxes, their ranked list, and what three methods make of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from explainer.tasks.box_sets import KINDS, Scored
from explainer.tasks.suppression import Method, Settings, Step
from explainer.ui.components.kit import CANVAS, ELEMENTS, RECTANGLES, TRANSPORT, component, words

NAMES = "ABCDEFGHIJ"  # of boxes, best score first
_mount = component(__file__, ELEMENTS, CANVAS, TRANSPORT, RECTANGLES, "../sketch.js", "model.js", "index.js")


def suppression_stage(scored: Scored, settings: Settings, rounds: Mapping[Method, Sequence[Step]], key: str) -> None:
    """Draw the boxes of ``scored`` and the rounds of the method of ``settings``, to be played step by step.

    ``rounds`` are those of all methods: what each keeps, and with which score, stands beside the list.
    """
    _mount(key=key, data={**encode(scored, settings, rounds), "words": words("transport") | words("suppression_stage")})


def encode(scored: Scored, settings: Settings, rounds: Mapping[Method, Sequence[Step]]) -> dict[str, Any]:
    """What the browser draws: all steps at once."""
    sketch = scored.sketch
    return {
        "size": [sketch.width, sketch.height],
        "objects": [{"kind": KINDS[kind], "box": box} for kind, box in zip(sketch.classes, sketch.boxes, strict=True)],
        "boxes": [
            {"name": NAMES[number], "box": box, "kind": KINDS[kind], "score": score}
            for number, (box, kind, score) in enumerate(zip(scored.boxes, scored.classes, scored.scores, strict=True))
        ],
        "events": events(rounds[settings.method]),
        "ends": {method: ends(steps, len(scored.boxes)) for method, steps in rounds.items()},
        "method": settings.method,
        "threshold": settings.threshold,
        "sigma": settings.sigma,
        "least": settings.least,
    }


def events(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """What happens, one after the other, from the list before the first round to the end."""
    found: list[dict[str, Any]] = [{"kind": "start"}]
    for step in steps:
        found.append({"kind": "take", "chosen": step.chosen, "score": step.score})
        for each in step.comparisons:
            scores = {"before": each.before, "after": each.after}
            pair = {"chosen": step.chosen, "other": each.other}
            found.append({"kind": "compare", **pair, "iou": each.iou, **scores, "isOut": each.is_out})
    return [*found, {"kind": "end"}]


def ends(steps: Sequence[Step], count: int) -> list[float | None]:
    """The score that each box is kept with, None where it is not."""
    kept = {step.chosen: step.score for step in steps}
    return [kept.get(number) for number in range(count)]
