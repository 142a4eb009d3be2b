"""A U-Net trains in a real worker process: to the end, changed in mid-run, and failing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch
from training_pools import end, started, until

from explainer.tasks.segmentation.config import UNetConfig, recommended
from explainer.tasks.segmentation.loop import train
from explainer.tasks.segmentation.reports import Results, SegmentationPoint, SegmentationResults, SegmentationViews
from explainer.tasks.segmentation.weights import from_bytes
from explainer.training.job import Job
from explainer.training.messages import Change, Command
from explainer.training.pool import Pool
from explainer.training.snapshot import Snapshot

pytestmark = pytest.mark.processes

UNetJob = Job[UNetConfig, SegmentationPoint, SegmentationViews, Results]
SHORT = replace(recommended("brain"), width=2, scenes=40)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    yield from started(1)


def submit(pool: Pool, config: UNetConfig) -> UNetJob:
    until(pool.ready)
    job: UNetJob = Job(config)
    pool.submit(job)
    return job


def timeless(point: SegmentationPoint) -> SegmentationPoint:
    return replace(point, seconds=0.0, examples_per_second=0.0)


def test_a_run_trains_to_the_end_with_the_numbers_of_the_loop(pool: Pool) -> None:
    job = submit(pool, SHORT)
    until(lambda: not job.going)
    state = job.state()
    assert (state.status, state.message, state.divergence) == ("finished", "", None)
    snapshots = [item for item in train(SHORT, device=torch.device("cpu")) if isinstance(item, Snapshot)]
    assert [timeless(point) for point in state.points] == [timeless(item.point) for item in snapshots]
    assert state.weights is not None and snapshots[-1].weights is not None
    ours, expected = (from_bytes(weights)[1].state_dict() for weights in (state.weights, snapshots[-1].weights))
    assert all(torch.equal(ours[name], value) for name, value in expected.items())
    assert isinstance(state.results, SegmentationResults)
    assert state.results.mean_iou == state.points[-1].mean_iou
    assert len(state.film) == len(state.points) and state.film[-1].picture.shape == (6, 56, 48)
    np.testing.assert_array_equal(state.film[0].picture, snapshots[0].views.frame() if snapshots[0].views else None)


def test_changes_in_mid_run(pool: Pool) -> None:
    job = submit(pool, replace(SHORT, scenes=10_000_000))
    pool.command(job, Command("step"))
    until(lambda: job.status == "paused")
    for what, value in (("learning_rate", 0.001), ("background_weight", 0.2)):
        pool.command(job, Change(what, value))
    until(lambda: len(job.state().changes) == 2)
    pool.command(job, Command("step"))
    until(lambda: len(job.state().points) > 2 and job.status == "paused")
    before, after = job.state().points[-2:]
    assert after.learning_rate / before.learning_rate == pytest.approx(0.1 * after.step / before.step)
    end(pool, job)


@pytest.mark.parametrize(
    ("config", "status", "said"),
    [
        (replace(SHORT, width=99), "failed", "A number of this run is out of its range"),
        (replace(SHORT, learning_rate=1e25), "diverged", ""),
    ],
    ids=["impossible", "diverging"],
)
def test_a_run_that_cannot_go_on_says_so(config: UNetConfig, status: str, said: str, pool: Pool) -> None:
    job = submit(pool, config)
    until(lambda: not job.going)
    assert job.status == status
    assert job.state().message.startswith(said)
    assert (job.state().divergence is not None) == (status == "diverged")
