"""The components of the page "Boxes" compute the same in the browser as in Python."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explainer.tasks.average_precision import area, precision_recall, ranked
from explainer.tasks.box_sets import SCORED, TESTED
from explainer.tasks.boxes import Box, enclosing, overlap, shared
from explainer.tasks.suppression import METHODS, Settings, suppress
from pages.tasks.boxes import precision_stage, suppression_stage

PLAYED = [
    (name, Settings(method, 0.5, least, by_class=by_class))
    for name, method, least, by_class in product(SCORED, METHODS, (0.0, 0.3), (True, False))
]
RANKINGS = [*product(TESTED, (0.5, 0.65, 0.8, 0.95))]


def pairs() -> list[tuple[Box, Box]]:
    drawn = np.random.default_rng(0).integers(0, 40, (200, 2, 2, 2))
    low, high = drawn.min(axis=2), drawn.max(axis=2) + 1
    return [tuple(tuple(map(int, box)) for box in pair) for pair in np.concatenate([low, high], axis=2)]


def rounds(name: str, settings: Settings) -> Any:
    scored = SCORED[name]
    return suppress(scored.boxes, scored.scores, scored.classes, settings)


def ranking(name: str) -> Any:
    return ranked([each.detections for each in TESTED[name]], [each.sketch.truths for each in TESTED[name]])


@pytest.fixture(scope="module")
def computed(served: Path, node: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Any:
    suppressions = [
        suppression_stage.encode(SCORED[name], settings, {settings.method: rounds(name, settings)})
        for name, settings in PLAYED
    ]
    rankings = [
        precision_stage.encode(TESTED[name], ranking(name), threshold, score=0.5) for name, threshold in RANKINGS
    ]
    file = tmp_path_factory.mktemp("cases") / "cases.json"
    cases = {"pairs": pairs(), "suppressions": suppressions, "rankings": rankings}
    file.write_text(json.dumps(cases), encoding="utf-8")
    return json.loads(node(str(Path(__file__).parent / "boxes_all.mjs"), str(file), SERVED=str(served)))


def test_every_part_of_an_overlap(computed: Any) -> None:
    for found, (a, b) in zip(computed["pairs"], pairs(), strict=True):
        expected = overlap(a, b)
        for name in ("a", "b", "intersection", "union", "enclosing", "iou", "generalized"):
            assert found[name] == getattr(expected, name)
        assert (tuple(found["shared"]), tuple(found["around"])) == (shared(a, b), enclosing(a, b))


def test_playing_all_steps_ends_with_what_is_kept(computed: Any) -> None:
    for states, (name, settings) in zip(computed["suppressions"], PLAYED, strict=True):
        steps = rounds(name, settings)
        boxes = states[-1]["boxes"]
        kept = sorted((box["rank"], number) for number, box in enumerate(boxes) if box["status"] == "kept")
        assert [number for _, number in kept] == [step.chosen for step in steps]
        assert [boxes[step.chosen]["score"] for step in steps] == [step.score for step in steps]
        assert "waiting" not in {box["status"] for box in boxes}
        start = [box["status"] for box in states[0]["boxes"]]
        assert start == ["low" if score < settings.least else "waiting" for score in SCORED[name].scores]


def test_a_suppressed_box_says_by_whom_and_how_much(computed: Any) -> None:
    states = computed["suppressions"][PLAYED.index(("crowd", Settings("greedy", 0.5, 0.3)))]
    first = states[2]  # after the list, and the best box
    assert (first["event"]["chosen"], first["event"]["other"], first["boxes"][1]["status"]) == (0, 1, "out")
    assert first["boxes"][1]["by"] == 0
    assert first["boxes"][1]["iou"] == overlap(SCORED["crowd"].boxes[0], SCORED["crowd"].boxes[1]).iou
    assert first["boxes"][1]["score"] == 0.84


def test_points_and_areas_along_a_ranking(computed: Any) -> None:
    for found, (name, threshold) in zip(computed["rankings"], RANKINGS, strict=True):
        right = ranking(name).is_right(threshold)
        curve = precision_recall(right, 6)
        np.testing.assert_allclose([point["precision"] for point in found["points"]], curve.precision, rtol=1e-15)
        np.testing.assert_allclose([point["recall"] for point in found["points"]], curve.recall, rtol=1e-15)
        np.testing.assert_allclose(found["envelope"], curve.envelope, rtol=1e-15)
        assert found["area"] == pytest.approx(area(curve), abs=1e-12)
        assert [reason == "right" for reason in found["reasons"]] == right.tolist()


def test_every_reason_occurs(computed: Any) -> None:
    assert computed["rankings"][RANKINGS.index(("hasty", 0.5))]["reasons"] == [
        *("right", "taken", "right", "low", "right", "taken", "nothing", "taken", "right", "right")
    ]
    careful = computed["rankings"][RANKINGS.index(("careful", 0.65))]["reasons"]
    assert careful[5:7] == ["low", "low"]
