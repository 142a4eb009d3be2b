"""Runs in real worker processes: to the end, by command, changed in mid-run, and failing."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from typing import Literal

import pytest
import torch
from training_pools import ENDLESS, SHORT, SOFTMAX, alive, end, going_on, pid_of, submit, until

from explainer.data.digits import load
from explainer.networks.config import Block, NetworkConfig
from explainer.networks.weights import from_bytes
from explainer.training.config import Recipe, RunConfig
from explainer.training.job import Job
from explainer.training.loop import train
from explainer.training.messages import Change, Changed, Command
from explainer.training.pool import Pool
from explainer.training.snapshot import Snapshot

pytestmark = pytest.mark.processes


def test_a_run_trains_to_the_end_with_the_numbers_of_the_loop(pool: Pool) -> None:
    job = submit(pool, SHORT)
    until(lambda: not job.going)
    state = job.state()
    assert (state.status, state.message, state.divergence) == ("finished", "", None)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    snapshots = [item for item in train(SHORT, load("mnist")) if isinstance(item, Snapshot)]
    torch.set_num_threads(threads)
    assert [point.step for point in state.points] == [snapshot.point.step for snapshot in snapshots]
    for point, snapshot in zip(state.points, snapshots, strict=True):
        timeless = {"seconds": 0.0, "examples_per_second": 0.0}
        assert replace(point, **timeless) == replace(snapshot.point, **timeless)
    assert (state.weights_step, state.points[-1].test_digits) == (20, 10_000)
    assert state.weights is not None
    assert snapshots[-1].weights is not None
    ours, expected = (from_bytes(weights)[1].state_dict() for weights in (state.weights, snapshots[-1].weights))
    assert all(torch.equal(ours[name], value) for name, value in expected.items())
    assert state.results is not None
    assert len(state.results.index) == 10_000 - round((state.points[-1].test_accuracy or 0) * 10_000)


def test_the_same_worker_trains_the_next_run(pool: Pool) -> None:
    first = submit(pool, SHORT)
    pid = pid_of(pool, first)
    until(lambda: not first.going)
    second = submit(pool, SHORT)
    assert pid_of(pool, second) == pid
    until(lambda: not second.going)
    assert first.state().points[-1].test_loss == second.state().points[-1].test_loss


def test_pause_step_resume_and_stop(pool: Pool) -> None:
    job = going_on(pool)
    pool.command(job, Command("pause"))
    until(lambda: job.status == "paused")
    paused_at = len(job.state().points)
    time.sleep(0.15)
    assert len(job.state().points) == paused_at  # nothing moves

    pool.command(job, Command("step"))
    until(lambda: len(job.state().points) > paused_at and job.status == "paused")
    first = job.state()
    assert first.weights_step == first.points[-1].step
    pool.command(job, Command("step"))
    until(lambda: len(job.state().points) > len(first.points) and job.status == "paused")
    second = job.state()
    assert second.points[-1].step == first.points[-1].step + 1 == second.weights_step
    assert second.points[-1].test_digits == 1_000
    assert second.weights != first.weights

    pool.command(job, Command("resume"))
    until(lambda: job.state().points[-1].step > second.points[-1].step + 1)
    assert job.status == "running"
    assert end(pool, job) < 1.0
    assert (job.status, job.state().message) == ("stopped", "")


def test_steps_asked_for_in_a_row_are_all_trained(pool: Pool) -> None:
    job = going_on(pool)
    pool.command(job, Command("step"))
    until(lambda: job.status == "paused")
    before = job.state().points[-1].step
    for _ in range(3):
        pool.command(job, Command("step"))
    until(lambda: job.state().points[-1].step == before + 3 and job.status == "paused")
    time.sleep(0.15)
    assert (job.status, job.state().points[-1].step) == ("paused", before + 3)
    end(pool, job)


@pytest.mark.parametrize("last", ["resume", "pause"])
def test_the_last_word_counts(last: Literal["resume", "pause"], pool: Pool) -> None:
    job = going_on(pool)
    pool.command(job, Command("pause"))
    until(lambda: job.status == "paused")
    before = len(job.state().points)
    pool.command(job, Command("step"))
    pool.command(job, Command(last))
    if last == "pause":
        time.sleep(0.15)
        assert (job.status, len(job.state().points)) == ("paused", before)
    else:
        until(lambda: len(job.state().points) > before + 3)
        assert job.status == "running"
    end(pool, job)


def test_a_run_can_begin_with_a_single_step(pool: Pool) -> None:
    until(pool.ready)
    job = Job(ENDLESS, single_step=True)
    pool.submit(job)
    until(lambda: job.status == "paused")
    assert [point.step for point in job.state().points] == [0, 1]
    end(pool, job)


def test_a_stopped_run_has_its_last_weights_measured(pool: Pool) -> None:
    job = going_on(pool)
    assert end(pool, job) < 1.0
    state = job.state()
    assert state.status == "stopped"
    assert state.weights_step == state.points[-1].step > 0
    assert state.points[-1].test_accuracy is not None


def test_stopping_a_paused_run_trains_no_further(pool: Pool) -> None:
    job = going_on(pool)
    pool.command(job, Command("step"))
    until(lambda: job.status == "paused")
    step = job.state().points[-1].step
    assert end(pool, job) < 1.0
    assert job.state().points[-1].step == job.state().weights_step == step


def test_an_interrupt_from_the_keyboard_is_the_servers_to_handle(pool: Pool) -> None:
    """Ctrl+C reaches every process of a terminal; the workers end when the server closes the pool."""
    job = going_on(pool)
    os.kill(pid_of(pool, job), signal.SIGINT)
    points = len(job.state().points)
    until(lambda: len(job.state().points) > points + 2)
    assert job.status == "running"
    end(pool, job)


def test_changes_in_mid_run_take_effect_and_are_reported(pool: Pool) -> None:
    job = going_on(pool)
    pool.command(job, Change("learning_rate", 0.003))
    pool.command(job, Change("dropout", 0.4))
    until(lambda: len(job.state().changes) == 2)
    changes = job.state().changes
    assert [changed.change for changed in changes] == [Change("learning_rate", 0.003), Change("dropout", 0.4)]
    until(lambda: job.state().points[-1].step > changes[1].step)
    end(pool, job)
    for point in job.state().points[1:]:
        assert point.learning_rate == (0.01 if point.step <= changes[0].step else 0.003)


def test_a_change_while_paused_belongs_to_the_step_it_waits_after(pool: Pool) -> None:
    job = going_on(pool)
    pool.command(job, Command("step"))
    until(lambda: job.status == "paused")
    pool.command(job, Change("learning_rate", 0.002))
    until(lambda: job.state().changes)
    step = job.state().points[-1].step
    assert job.state().changes == (Changed(step, Change("learning_rate", 0.002)),)
    assert job.status == "paused"
    pool.command(job, Command("step"))
    until(lambda: job.state().points[-1].step == step + 1)
    assert job.state().points[-1].learning_rate == 0.002
    end(pool, job)


def test_an_impossible_network_fails_with_a_sentence_and_the_worker_lives(pool: Pool) -> None:
    job = submit(pool, replace(SHORT, network=NetworkConfig((Block(4, 40, padding="valid"),))))
    pid = pid_of(pool, job)
    until(lambda: not job.going)
    assert job.status == "failed"
    assert job.state().message.startswith("Convolution 1 has a 40 × 40 kernel")
    assert [worker.process.pid for worker in pool._workers] == [pid]


@pytest.mark.parametrize(
    "recipe, subset",
    [
        (Recipe(learning_rate=-1.0), 64),
        (Recipe(batch_size=0), 64),
        (Recipe(label_smoothing=7.0, epochs=1), 64),
        (Recipe(optimizer="adam", betas=(2.0, 2.0)), 64),
        (Recipe(), -5),
    ],
    ids=["rate", "batch", "smoothing", "betas", "subset"],
)
def test_numbers_that_torch_refuses_fail_with_a_sentence_and_the_worker_lives(
    recipe: Recipe, subset: int, pool: Pool
) -> None:
    job = submit(pool, RunConfig(SOFTMAX, recipe, subset=subset))
    pid = pid_of(pool, job)
    until(lambda: not job.going)
    assert job.status == "failed"
    assert job.state().message.startswith("The run broke off: ")
    assert "\n" not in job.state().message
    assert [worker.process.pid for worker in pool._workers] == [pid]


def test_a_diverging_run_ends_as_diverged_and_says_where(pool: Pool) -> None:
    job = submit(pool, replace(SHORT, recipe=replace(SHORT.recipe, learning_rate=1e38)))
    until(lambda: not job.going)
    state = job.state()
    assert state.status == "diverged"
    assert state.divergence is not None
    assert (state.divergence.layer, state.divergence.step) == ("logits", state.points[-1].step)


def test_a_killed_worker_leaves_the_history_and_the_next_run_works(pool: Pool) -> None:
    job = going_on(pool)
    before = job.state().points
    os.kill(pid_of(pool, job), signal.SIGKILL)
    until(lambda: not job.going, seconds=2)
    state = job.state()
    assert state.status == "failed"
    assert state.message.startswith("The process that trained this run ended unexpectedly (code -9).")
    assert state.points[: len(before)] == before
    assert state.weights is not None
    following = submit(pool, SHORT)
    until(lambda: not following.going)
    assert following.status == "finished"


def test_a_stuck_worker_is_ended_soon_after_stop(pool: Pool) -> None:
    job = going_on(pool)
    pid = pid_of(pool, job)
    os.kill(pid, signal.SIGSTOP)
    assert end(pool, job) < 5  # far sooner than it would be found frozen
    assert (job.status, job.state().message) == ("stopped", "")
    assert job.state().points
    until(lambda: not alive(pid), seconds=1)
