"""Runs of a small detector: what they report, what changes them, and that they repeat."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch

from explainer.networks.config import ImpossibleNetworkError
from explainer.tasks.detection import loop
from explainer.tasks.detection.cells import decode
from explainer.tasks.detection.config import PARTS, DetectionConfig, part_weights
from explainer.tasks.detection.examples import WATCHED, Examples, examples, unseen_settings, watched
from explainer.tasks.detection.loop import cadence, train
from explainer.tasks.detection.measuring import detections
from explainer.tasks.detection.reports import DetectionSnapshot
from explainer.tasks.detection.weights import from_bytes
from explainer.tasks.scene_run import Cadence, rate
from explainer.tasks.scenes import DigitSource, Scenes, SceneSettings, digit_scenes
from explainer.training.configuration import Controls
from explainer.training.snapshot import Snapshot, Step

CPU = torch.device("cpu")
TINY = DetectionConfig(width=4, scenes=80, batch_size=16, seed=3)
V1 = replace(TINY, loss="yolo-v1", boxes=2)
EVERY_STEP = Cadence(point=1, part=10**9)


def told(
    config: DetectionConfig,
    source: DigitSource,
    tests: Examples,
    controls: Controls | None = None,
    measured: Cadence | None = EVERY_STEP,
) -> list[DetectionSnapshot | Step]:
    return list(train(config, controls, CPU, source=source, tests=tests, measured=measured))


def snapshots(
    config: DetectionConfig, source: DigitSource, tests: Examples, controls: Controls | None = None
) -> list[DetectionSnapshot]:
    return [item for item in told(config, source, tests, controls) if isinstance(item, Snapshot)]


def weights_of(snapshot: DetectionSnapshot) -> dict[str, torch.Tensor]:
    assert snapshot.weights is not None
    return from_bytes(snapshot.weights)[1].state_dict()


@pytest.mark.parametrize("config", [TINY, V1], ids=["modern", "v1"])
def test_a_run_repeats(config: DetectionConfig, source: DigitSource, tests: Examples) -> None:
    once, again = (snapshots(config, source, tests) for _ in range(2))
    other = snapshots(replace(config, seed=4), source, tests)
    assert [item.point.step for item in once] == list(range(6))
    for left, right in zip(once, again, strict=True):
        assert (left.point.loss, left.point.parts) == (right.point.loss, right.point.parts)
        assert left.point.mean_average_precision == right.point.mean_average_precision
    ours, same, others = (weights_of(items[-1]) for items in (once, again, other))
    assert all(torch.equal(value, same[name]) for name, value in ours.items())
    assert not torch.equal(ours["outputs.weight"], others["outputs.weight"])


@pytest.mark.parametrize("config", [TINY, V1], ids=["modern", "v1"])
def test_the_loss_is_its_weighted_parts(config: DetectionConfig, source: DigitSource, tests: Examples) -> None:
    first, *others = snapshots(config, source, tests)
    assert (first.point.loss, first.point.parts) == (None, None)
    for item in others:
        assert item.point.parts is not None and len(item.point.parts) == len(PARTS[config.loss])
        assert item.point.loss == pytest.approx(np.dot(part_weights(config), item.point.parts), rel=1e-5)


def test_steps_have_all_scenes_and_none_twice(
    source: DigitSource, tests: Examples, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Scenes] = []

    def noted(source: DigitSource, settings: SceneSettings, count: int, chance: torch.Generator) -> Scenes:
        drawn.append(digit_scenes(source, settings, count, chance))
        return drawn[-1]

    monkeypatch.setattr(loop, "scenes_of", noted)
    steps = [item for item in told(replace(TINY, scenes=40), source, tests) if isinstance(item, Step) and item.examples]
    assert [step.examples for step in steps] == [16, 16, 8]
    told(replace(TINY, scenes=40, loss="yolo-v1", width=2, lambda_coord=1.0), source, tests)  # the same scenes again
    for ours, theirs in zip(drawn[:3], drawn[3:], strict=True):
        assert torch.equal(ours.pictures, theirs.pictures) and torch.equal(ours.boxes, theirs.boxes)
    assert not any(torch.equal(one[0], other[0]) for one, other in pairwise(each.pictures for each in drawn[:3]))
    counts = torch.cat([(each.classes >= 0).sum(dim=1) for each in drawn])
    assert counts.max() > 4 and counts.float().mean() > 3


def test_a_run_learns(source: DigitSource, tests: Examples) -> None:
    config = DetectionConfig(width=8, scenes=960)
    items = [item for item in told(config, source, tests, measured=None) if isinstance(item, Snapshot)]
    first, last = items[0], items[-1]
    assert first.point.mean_average_precision is not None and last.point.mean_average_precision is not None
    assert first.point.mean_average_precision < 0.05
    assert last.point.mean_average_precision > 0.1
    assert items[1].point.parts is not None and last.point.parts is not None
    assert last.point.parts[1] < 0.8 * items[1].point.parts[1]
    assert (last.point.step, last.point.epoch, last.point.test_scenes) == (60, 0.96, 60)


def test_what_is_saved_is_what_is_shown(source: DigitSource, tests: Examples) -> None:
    last = snapshots(V1, source, tests)[-1]
    assert last.weights is not None and last.views is not None and last.results is not None
    config, network = from_bytes(last.weights)
    assert config == V1
    with torch.no_grad():
        outputs = network(tests.pictures[:WATCHED].float() / 255)
    np.testing.assert_allclose(last.views.outputs, outputs.numpy(), rtol=0, atol=1e-5)
    found = detections(decode(config, torch.from_numpy(last.views.outputs)))
    for scene in range(WATCHED):
        own = found.scene == scene
        count = min(int(own.sum()), last.views.boxes.shape[1])
        np.testing.assert_array_equal(last.views.boxes[scene, :count, :4], found.boxes[own][:count].numpy())
        np.testing.assert_array_equal(last.views.boxes[scene, :count, 4], found.scores[own][:count].numpy())
        np.testing.assert_array_equal(last.views.boxes[scene, :count, 5], found.classes[own][:count].numpy())
        assert not last.views.boxes[scene, count:].any()
    assert last.views.frame().shape == (6, 12, 6)
    np.testing.assert_allclose(last.views.frame(), last.views.boxes, rtol=1e-3, atol=1e-3)
    assert last.views.size == 4 * (6 * 20 * 49 + 6 * 12 * 6)
    assert last.results.truths.sum() == int((tests.classes >= 0).sum())
    assert 0 < last.results.size < 20_000


def test_changes_take_effect_at_the_next_step(source: DigitSource, tests: Examples) -> None:
    def changed(what: str, value: float) -> list[DetectionSnapshot]:
        controls, items = Controls(), []
        for item in train(V1, controls, CPU, source=source, tests=tests, measured=EVERY_STEP):
            if isinstance(item, Snapshot):
                items.append(item)
                if item.point.step == 2:
                    controls.changed[what] = value
        return items

    plain = snapshots(V1, source, tests)
    for what, value in (("learning_rate", 0.5), ("lambda_coord", 50.0), ("lambda_noobj", 3.0)):
        items = changed(what, value)
        assert [item.point.loss for item in items[:3]] == [item.point.loss for item in plain[:3]]
        now, before = items[3].point, plain[3].point
        assert now.parts == before.parts  # of the same weights and scenes
        assert now.parts is not None
        if what == "learning_rate":
            assert now.loss == before.loss
            assert now.learning_rate == pytest.approx(before.learning_rate * 0.5 / V1.learning_rate)
        else:
            weights = part_weights(V1, {what: value})
            assert now.loss == pytest.approx(np.dot(weights, now.parts), rel=1e-5) != before.loss
        assert items[4].point.parts != plain[4].point.parts


def test_a_measurement_can_be_asked_for(source: DigitSource, tests: Examples) -> None:
    controls = Controls()
    for item in train(TINY, controls, CPU, source=source, tests=tests, measured=Cadence(10**9, 10**9)):
        if isinstance(item, Step) and item.examples:
            controls.measure_now = True
        elif isinstance(item, Snapshot) and item.point.step == 1:
            assert item.weights is not None and item.results is not None and item.views is not None
            break
    else:
        pytest.fail("no measurement came")
    assert not controls.measure_now


def test_a_run_of_no_scenes_is_measured_once(source: DigitSource, tests: Examples) -> None:
    items = snapshots(replace(TINY, scenes=0), source, tests)
    assert [(item.point.step, item.point.test_scenes, item.point.loss) for item in items] == [(0, 60, None)]


def test_a_run_that_breaks_says_where(source: DigitSource, tests: Examples) -> None:
    items = snapshots(replace(V1, learning_rate=1e25), source, tests)
    last = items[-1]
    assert last.divergence is not None and last.weights is None
    assert (last.divergence.step, last.point.step) == (last.point.step, last.divergence.step)
    assert last.point.step < V1.steps
    assert last.point.loss is not None and not np.isfinite(last.point.loss)
    assert all(item.divergence is None for item in items[:-1])
    names = [f"{kind}_{number}" for kind in ("convolution", "batch_norm", "activation") for number in range(1, 7)]
    assert last.divergence.layer in [*names, "outputs"]


def test_what_is_not_possible_is_refused(source: DigitSource, tests: Examples) -> None:
    with pytest.raises(ImpossibleNetworkError):
        told(replace(TINY, boxes=3), source, tests)


def test_the_learning_rate_rises_in_a_line_and_falls_by_half_a_cosine() -> None:
    assert [rate(share) for share in (0.0, 0.075, 0.15)] == pytest.approx([0, 0.5, 1])
    assert rate(0.575) == pytest.approx((1 + 1 / 400) / 2)
    assert DetectionConfig().learning_rate * rate(1.0) == pytest.approx(1e-5)
    falling = [rate(share) for share in np.linspace(0.15, 1, 50)]
    assert all(left > right for left, right in pairwise(falling))


def test_about_twenty_measurements_and_four_points_a_second() -> None:
    config = DetectionConfig(scenes=100_000)
    measured = cadence(config, CPU)
    assert measured.part == 5_000
    assert measured.point == pytest.approx(config.scenes / config.rough_seconds() / 4, abs=1)


def test_test_scenes_are_always_the_same(source: DigitSource) -> None:
    once, again = (examples(source, unseen_settings(2), 70, seed=1) for _ in range(2))
    other = examples(source, unseen_settings(2), 70, seed=2)
    assert torch.equal(once.pictures, again.pictures) and torch.equal(once.boxes, again.boxes)
    assert not torch.equal(once.pictures, other.pictures)
    assert once.pictures.shape == (70, 1, 112, 112) and once.pictures.dtype == torch.uint8
    counts = (once.classes >= 0).sum(dim=1)
    assert set(counts.tolist()) == {1, 2, 3, 4}


def test_watched_scenes_are_the_first_of_mnists_test_scenes() -> None:
    seen = watched(0)
    assert seen.pictures.shape == (WATCHED, 112, 112)
    assert (seen.classes >= 0).any(axis=1).all()
    for picture, boxes, classes in zip(seen.pictures, seen.boxes, seen.classes, strict=True):
        for (left, top, right, bottom), digit in zip(boxes.astype(int), classes, strict=True):
            inside = picture[top:bottom, left:right]
            assert digit < 0 or inside.max() >= 0.6 * 200  # ink
