"""A detector trains in a real worker process: to the end, by command, changed in mid-run, and failing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from training_pools import end, pid_of, started, until

from explainer.tasks.detection.config import DetectionConfig, part_weights
from explainer.tasks.detection.loop import train
from explainer.tasks.detection.reports import DetectionPoint, DetectionResults, DetectionViews
from explainer.tasks.detection.weights import from_bytes
from explainer.training.job import Job
from explainer.training.messages import Change, Command
from explainer.training.pool import Pool
from explainer.training.snapshot import Snapshot

pytestmark = pytest.mark.processes

DetectionJob = Job[DetectionConfig, DetectionPoint, DetectionViews, DetectionResults]
SHORT = DetectionConfig(width=4, scenes=160, loss="yolo-v1", boxes=2)
ENDLESS = replace(SHORT, scenes=10_000_000)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    yield from started(1)


def submit(pool: Pool, config: DetectionConfig) -> DetectionJob:
    until(pool.ready)
    job: DetectionJob = Job(config)
    pool.submit(job)
    return job


def going_on(pool: Pool) -> DetectionJob:
    job = submit(pool, ENDLESS)
    until(lambda: len(job.state().points) > 1)
    assert job.status == "running"
    return job


def timeless(point: DetectionPoint) -> DetectionPoint:
    return replace(point, seconds=0.0, examples_per_second=0.0)


def test_a_run_trains_to_the_end_with_the_numbers_of_the_loop(pool: Pool) -> None:
    job = submit(pool, SHORT)
    until(lambda: not job.going)
    state = job.state()
    assert (state.status, state.message, state.divergence) == ("finished", "", None)
    snapshots = [item for item in train(SHORT, device=torch.device("cpu")) if isinstance(item, Snapshot)]
    assert [timeless(point) for point in state.points] == [timeless(item.point) for item in snapshots]
    assert (state.weights_step, state.points[-1].test_scenes) == (10, 1_000)
    assert state.weights is not None and snapshots[-1].weights is not None
    ours, expected = (from_bytes(weights)[1].state_dict() for weights in (state.weights, snapshots[-1].weights))
    assert all(torch.equal(ours[name], value) for name, value in expected.items())
    assert state.results is not None and state.results.mean == state.points[-1].mean_average_precision
    assert len(state.film) == len(state.points)
    np.testing.assert_array_equal(state.film[0].picture, snapshots[0].views.frame() if snapshots[0].views else None)
    assert state.film[-1].step == 10 and state.film[-1].picture.shape == (6, 12, 6)
    assert 0 < job.size() < 1_000_000


def test_runs_wait_for_each_other(pool: Pool) -> None:
    first = going_on(pool)
    second: DetectionJob = Job(SHORT)
    pool.submit(second)
    assert second.status == "waiting"
    pool.command(first, Command("stop"))
    until(lambda: not second.going)
    assert (first.status, second.status) == ("stopped", "finished")


def test_pause_step_resume_and_stop(pool: Pool) -> None:
    job = going_on(pool)
    pool.command(job, Command("pause"))
    until(lambda: job.status == "paused")
    step = job.state().points[-1].step
    pool.command(job, Command("step"))
    until(lambda: job.state().points[-1].step > step and job.status == "paused")
    first = job.state()
    assert first.weights_step == first.points[-1].step and first.points[-1].test_scenes == 200
    pool.command(job, Command("step"))
    until(lambda: job.state().points[-1].step == first.points[-1].step + 1 and job.status == "paused")
    pool.command(job, Command("resume"))
    until(lambda: job.state().points[-1].step > first.points[-1].step + 2)
    assert end(pool, job) < 2
    assert job.status == "stopped"
    assert job.state().results is not None


def test_changes_in_mid_run(pool: Pool) -> None:
    job = going_on(pool)
    pool.command(job, Command("step"))
    until(lambda: job.status == "paused")
    for what, value in (("learning_rate", 0.001), ("lambda_coord", 20.0), ("lambda_noobj", 4.0)):
        pool.command(job, Change(what, value))
    until(lambda: len(job.state().changes) == 3)
    step = job.state().points[-1].step
    assert [changed.step for changed in job.state().changes] == [step] * 3
    pool.command(job, Command("step"))
    until(lambda: job.state().points[-1].step == step + 1)
    before, after = job.state().points[-2:]
    assert after.parts is not None and after.loss is not None
    weights = part_weights(ENDLESS, {"lambda_coord": 20.0, "lambda_noobj": 4.0})
    assert after.loss == pytest.approx(sum(w * part for w, part in zip(weights, after.parts, strict=True)), rel=1e-5)
    share = after.learning_rate / before.learning_rate
    assert share == pytest.approx(0.001 / ENDLESS.learning_rate * after.step / before.step)
    end(pool, job)


@pytest.mark.parametrize(
    ("config", "status", "said"),
    [
        (replace(SHORT, boxes=7), "failed", "A number of this run is out of its range"),
        (replace(SHORT, learning_rate=1e25), "diverged", ""),
    ],
    ids=["impossible", "diverging"],
)
def test_a_run_that_cannot_go_on_says_so(config: DetectionConfig, status: str, said: str, pool: Pool) -> None:
    job = submit(pool, config)
    pid: Any = pid_of(pool, job)
    until(lambda: not job.going)
    assert job.status == status
    assert job.state().message.startswith(said)
    assert (job.state().divergence is not None) == (status == "diverged")
    assert [worker.process.pid for worker in pool._workers] == [pid]
