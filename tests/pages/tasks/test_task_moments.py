"""Runs of the pages "Detection" and "Segmentation" at their earlier moments."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from opening import data_of, in_address, notice_of, opened
from streamlit.testing.v1 import AppTest

from explainer.tasks.detection.cell_view import views_of as detector_views
from explainer.tasks.detection.config import DetectionConfig
from explainer.tasks.detection.examples import TEST_SEED, examples, source_of, unseen_settings
from explainer.tasks.detection.loop import train as train_detector
from explainer.tasks.detection.reports import DetectionResults
from explainer.tasks.scene_run import Cadence
from explainer.tasks.segmentation.config import recommended
from explainer.tasks.segmentation.looking import views_of as unet_views
from explainer.tasks.segmentation.loop import train as train_unet
from explainer.tasks.segmentation.reports import SegmentationResults
from explainer.training.job import Job
from explainer.training.snapshot import Snapshot
from explainer.ui.frame.studio import Run, Studio

V1 = DetectionConfig(loss="yolo-v1", boxes=2, scenes=3_200)
BRAIN = replace(recommended("brain"), scenes=336)
DETECTION, SEGMENTATION = {"dt_scenes": "3200", "dt_least": "0.01"}, {"sg_data": "brain", "sg_length": "0.2"}


def until(reports: Iterator[Any], steps: int, config: Any) -> tuple[Any, list[Any]]:
    """The first steps of a run, and what it reported with weights."""
    job: Any = Job(config)
    job.become("running")
    told = []
    for report in reports:
        if isinstance(report, Snapshot):
            job.take(report)
            told += [report] if report.weights else []
            if report.point.step >= steps:
                break
    job.become("stopped")
    return job, told


@pytest.fixture(scope="module")
def detector() -> Any:
    tests = examples(source_of("digits", training=False), unseen_settings(0), 50, TEST_SEED)  # the watched ones first
    return until(train_detector(V1, tests=tests, measured=Cadence(32, 64)), 12, V1)


@pytest.fixture(scope="module")
def unet() -> Any:
    return until(train_unet(BRAIN, measured=Cadence(4, 8)), 6, BRAIN)


def lines_of(at: AppTest) -> list[float]:
    """After how many pictures lines stand in the curves."""
    told = [json.loads(each.proto.json) for each in at.main if each.type == "bidi_component" and each.proto.json]
    figures = [json.loads(data["figure"]) for data in told if "figure" in data]
    return [shape["x0"] for figure in figures for shape in figure["layout"].get("shapes", ()) if shape["xref"] == "x2"]


def test_detection_draws_the_boxes_of_the_moment(mine: Studio, detector: Any) -> None:
    job, reports = detector
    mine.runs = (Run("a run", job, key="run-1"),)
    at = opened("tasks/detection", {**DETECTION, "dt_moment": "4", "code": "true"})
    player = data_of(at, "moments")
    assert player["shown"] == "4" and player["moments"] == ["0", "4", "8", "latest"]
    then = next(each for each in reports if each.point.step == 4)
    assert isinstance(then.results, DetectionResults)
    assert player["names"][1].replace("\u00a0", " ") == f"64 scenes: mAP {then.results.mean:.2f}"
    kept = detector_views(job.state().stages[1].weights)
    assert np.allclose(kept.outputs, then.views.outputs, atol=0.02)  # weights of 16 bits
    for boxes, exact in zip(data_of(at, "scene_boxes")["found"], kept.boxes, strict=True):
        drawn = np.array([box[:4] for box in boxes]).reshape(-1, 4)
        assert np.allclose(drawn, exact[exact[:, 4] >= 0.01, :4], atol=0.06)
    assert "After 64 scenes" in notice_of(at).replace("\u00a0", " ")
    assert in_address(at)["dt_moment"] == ["4"]
    assert lines_of(at) == [64]
    assert "STOP = 4  #" in at.code[0].value


def test_a_moment_that_is_not_kept_becomes_the_nearest(mine: Studio, detector: Any) -> None:
    job, _ = detector
    mine.runs = (Run("a run", job, key="run-1"),)
    at = opened("tasks/detection", {**DETECTION, "dt_moment": "5"})
    assert data_of(at, "moments")["shown"] == "4"
    at.session_state["dt_moment"] = "nonsense"
    at.run()
    assert data_of(at, "moments")["shown"] == "latest" and lines_of(at) == []
    assert np.allclose(
        [box[:4] for box in data_of(at, "scene_boxes")["found"][0]],
        [box[:4] for box in job.state().views.boxes[0] if box[4] >= 0.01],
        atol=0.06,
    )
    at.session_state["dt_moment"] = "0"
    at.button("dt_train").click().run()  # a run that begins is looked at as it goes
    assert not at.exception and at.session_state["dt_moment"] == "latest"


def test_segmentation_draws_the_classes_of_the_moment(mine: Studio, unet: Any) -> None:
    job, reports = unet
    mine.runs = (Run("a run", job, key="run-1"),)
    at = opened("tasks/segmentation", {**SEGMENTATION, "sg_moment": "2"})
    player = data_of(at, "moments")
    assert player["shown"] == "2" and player["moments"] == ["0", "2", "4", "latest"]
    then = next(each for each in reports if each.point.step == 2)
    assert isinstance(then.results, SegmentationResults)
    assert player["names"][1].replace("\u00a0", " ") == f"8 pictures: IoU {then.results.mean_iou:.2f}"
    mask = np.frombuffer(base64.b64decode(data_of(at, "pixel_tiles")["tiles"][1]["mask"]), np.uint8)
    kept = unet_views(job.state().stages[1].weights)
    assert kept.classes is not None and np.array_equal(mask, kept.classes[1].ravel())
    assert (kept.classes == then.views.classes).mean() > 0.95  # weights of 16 bits
    assert f"After 8 slices the mean IoU is **{then.results.mean_iou:.3f}**" in notice_of(at).replace("\u00a0", " ")
    assert lines_of(at) == [8]
    assert in_address(at)["sg_moment"] == ["2"]
