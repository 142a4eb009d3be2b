"""How far runs are together, as their page says it."""

from __future__ import annotations

from typing import Any

import pytest

from explainer.tasks.detection.config import DetectionConfig
from explainer.tasks.detection.reports import DetectionPoint
from explainer.training.job import Job
from explainer.training.snapshot import Snapshot
from explainer.ui.controls.following import _line, mark_of, seen_of
from explainer.ui.frame.studio import Run

CONFIG = DetectionConfig(scenes=200, batch_size=16)


def run_at(step: int, status: Any, speed: float = 30.0) -> Run[Any]:
    job: Any = Job(CONFIG)
    if step:
        job.take(Snapshot(DetectionPoint(step, step * 0.016, 1.0, speed, 1e-3, 1.0, (1.0,))))
    job.become(status)
    return Run("a run", job, key=f"run-{step}")


@pytest.mark.parametrize(
    ("runs", "said", "share"),
    [
        ([run_at(5, "running")], ["80 of 200 pictures", "30 pictures a second"], 0.4),
        ([run_at(13, "finished"), run_at(5, "running")], ["280 of 400 pictures", "30 pictures a second"], 0.7),
        ([run_at(5, "running"), run_at(10, "running")], ["240 of 400 pictures", "60 pictures a second"], 0.6),
        ([run_at(5, "waiting"), run_at(10, "running")], ["240 of 400 pictures", "30 pictures a second"], 0.6),
        ([run_at(5, "paused"), run_at(10, "paused")], ["Paused after 240 of 400 pictures"], 0.6),
        ([run_at(0, "waiting")], ["Waits for its turn"], 0.0),
        ([run_at(0, "running")], ["Starting"], 0.0),
    ],
)
def test_two_runs_are_one_line(runs: list[Run[Any]], said: list[str], share: float) -> None:
    line = _line(runs, "en")
    assert list(line.parts) == said and line.share == pytest.approx(share) and line.is_single


def test_the_last_batch_may_be_smaller() -> None:
    assert seen_of(run_at(13, "running").job.state(), CONFIG) == 200  # 13 batches of 16 would be 208
    assert seen_of(None, CONFIG) == 0


def test_a_mark_changes_with_what_the_page_draws() -> None:
    assert mark_of(None) == "" and mark_of(run_at(1, "running")) != mark_of(run_at(1, "paused"))
