"""Runs of a small U-Net: what they report, what changes them, and that they repeat."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from explainer.networks.config import ImpossibleNetworkError
from explainer.tasks.scene_run import Cadence
from explainer.tasks.scenes import DigitSource
from explainer.tasks.segmentation.config import TASKS, UNetConfig, background_weight, pictures_a_second, recommended
from explainer.tasks.segmentation.data import DigitLessons, Examples, examples
from explainer.tasks.segmentation.looking import first_views
from explainer.tasks.segmentation.loop import cadence, train
from explainer.tasks.segmentation.reports import PictureResults, SegmentationResults, SegmentationSnapshot
from explainer.tasks.segmentation.testing import measured, views
from explainer.tasks.segmentation.weights import from_bytes
from explainer.training.configuration import Controls
from explainer.training.snapshot import Snapshot, Step

CPU = torch.device("cpu")
TINY = UNetConfig(width=2, scenes=40, batch_size=16, seed=3)
EVERY_STEP = Cadence(point=1, part=10**9)


def snapshots(
    config: UNetConfig,
    source: DigitSource,
    tests: Examples,
    controls: Controls | None = None,
    measured: Cadence | None = EVERY_STEP,
) -> list[SegmentationSnapshot]:
    run = train(config, controls, CPU, source=DigitLessons(config, source), tests=tests, measured=measured)
    return [item for item in run if isinstance(item, Snapshot)]


@pytest.mark.parametrize("loss", ["cross-entropy", "dice", "both"])
def test_a_run_repeats_and_its_loss_is_its_parts(loss: str, source: DigitSource, tests: Examples) -> None:
    config = replace(TINY, loss=loss)
    once, again = (snapshots(config, source, tests) for _ in range(2))
    assert [item.point.step for item in once] == [0, 1, 2, 3]
    assert [item.point.epoch for item in once] == [0, 0.016, 0.032, 0.04]
    for left, right in zip(once, again, strict=True):
        assert (left.point.loss, left.point.parts) == (right.point.loss, right.point.parts)
    for item in once[1:]:
        assert item.point.parts is not None and len(item.point.parts) == len(config.parts)
        assert item.point.loss == pytest.approx(sum(item.point.parts), rel=1e-6)
    assert (once[0].point.loss, once[0].point.parts) == (None, None)
    assert once[-1].point.test_pictures == 24 and once[-1].point.mean_iou is not None


def test_a_run_learns(source: DigitSource, tests: Examples) -> None:
    config = UNetConfig(width=4, scenes=640, batch_size=8)
    first, *_, last = snapshots(config, source, tests, measured=None)
    assert first.point.mean_iou is not None and last.point.mean_iou is not None
    assert first.point.mean_iou < 0.05 and last.point.mean_iou > 0.12
    assert isinstance(last.results, SegmentationResults)
    assert last.results.iou[0] > 0.9  # ink against background comes first
    assert last.results.mean_iou == last.point.mean_iou


@pytest.mark.parametrize("task", TASKS[1:])
def test_a_run_on_pictures_comes_nearer(task: str, source: DigitSource) -> None:
    config = UNetConfig(width=4, task=task, scenes=320, batch_size=8)
    first, *_, last = snapshots(config, source, examples(task, source, 12, seed=5), measured=None)
    assert last.point.mean_iou is None and last.point.psnr is not None and first.point.psnr is not None
    assert last.point.psnr > first.point.psnr + 3
    assert isinstance(last.results, PictureResults) and last.results.mean_psnr == last.point.psnr
    assert last.views is not None and last.views.output is not None
    assert last.views.output.shape == (6, config.outputs, 96, 96)


def test_what_is_saved_is_what_is_shown(source: DigitSource, tests: Examples) -> None:
    last = snapshots(TINY, source, tests)[-1]
    assert last.weights is not None and last.views is not None and isinstance(last.results, SegmentationResults)
    config, network = from_bytes(last.weights)
    assert config == TINY
    shown = views(network, config, tests)
    np.testing.assert_array_equal(shown.classes, last.views.classes)
    *_, result = measured(network, config, tests, 24)
    assert isinstance(result, SegmentationResults)
    np.testing.assert_array_equal(result.confusion, last.results.confusion)


def test_changes_take_effect_at_the_next_step(source: DigitSource, tests: Examples) -> None:
    def changed(what: str, value: float) -> list[SegmentationSnapshot]:
        controls, items = Controls(), []
        lessons = DigitLessons(TINY, source)
        for item in train(TINY, controls, CPU, source=lessons, tests=tests, measured=EVERY_STEP):
            if isinstance(item, Snapshot):
                items.append(item)
                if item.point.step == 1:
                    controls.changed[what] = value
        return items

    plain = snapshots(TINY, source, tests)
    faster = changed("learning_rate", 0.5)
    assert [item.point.loss for item in faster[:3]] == [item.point.loss for item in plain[:3]]
    assert faster[2].point.learning_rate == pytest.approx(plain[2].point.learning_rate * 0.5 / TINY.learning_rate)
    assert faster[3].point.loss != plain[3].point.loss
    heavier = changed("background_weight", 1.0)
    assert heavier[1].point.loss == plain[1].point.loss and heavier[2].point.loss != plain[2].point.loss
    assert background_weight(TINY, 1 / 3) == pytest.approx(0.3 + 0.7 / 3)


def test_a_measurement_can_be_asked_for(source: DigitSource, tests: Examples) -> None:
    controls, never = Controls(), Cadence(10**9, 10**9)
    for item in train(TINY, controls, CPU, source=DigitLessons(TINY, source), tests=tests, measured=never):
        if isinstance(item, Step) and item.examples:
            controls.measure_now = True
        elif isinstance(item, Snapshot) and item.point.step == 1:
            assert item.weights is not None and item.results is not None and item.views is not None
            break
    else:
        pytest.fail("no measurement came")
    assert not controls.measure_now


def test_a_run_of_no_pictures_is_measured_once(source: DigitSource, tests: Examples) -> None:
    items = snapshots(replace(TINY, scenes=0), source, tests)
    assert [(item.point.step, item.point.test_pictures, item.point.loss) for item in items] == [(0, 24, None)]


@pytest.mark.parametrize("decoder", ["bilinear", "unpooling"])
def test_a_run_that_breaks_says_where(decoder: str, source: DigitSource, tests: Examples) -> None:
    last = snapshots(replace(TINY, learning_rate=1e25, decoder=decoder), source, tests)[-1]
    assert last.divergence is not None and last.weights is None
    assert last.divergence.step == last.point.step < 3
    assert last.point.loss is not None and not np.isfinite(last.point.loss)
    from_one = last.divergence.layer.split(".")
    assert from_one[0] in {"down1", "down2", "down3", "down4", "up1", "up2", "up3", "skip3", "skip2", "skip1", "head"}


def test_what_is_not_possible_is_refused(source: DigitSource, tests: Examples) -> None:
    with pytest.raises(ImpossibleNetworkError):
        snapshots(replace(TINY, width=99), source, tests)


def test_about_twenty_measurements_and_four_points_a_second() -> None:
    config = UNetConfig(scenes=100_000)
    assert cadence(config, CPU).part == 5_000
    assert cadence(config, CPU).point == int(pictures_a_second(config) / 4)


def test_a_brain_is_learned(source: DigitSource) -> None:
    config = replace(recommended("brain"), scenes=84)
    run = config.snapshots(Controls(), CPU)
    first, *_, last = [item for item in run if isinstance(item, Snapshot)]
    assert first.point.mean_iou is not None and last.point.mean_iou is not None
    assert first.point.mean_iou < 0.3 and last.point.mean_iou > 0.45
    assert last.point.test_pictures == 16
    assert last.views is not None and last.views.classes is not None and last.views.classes.shape == (6, 112, 96)
    begun = first_views(config)
    np.testing.assert_array_equal(begun.classes, first.views.classes if first.views else None)
    assert begun.pictures == last.views.pictures
