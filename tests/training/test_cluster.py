"""Runs on a Ray cluster of this computer: to the end, by command, in a queue, and left by their trainer."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch
from cluster_runs import NEEDS_RAY, STARTED, joined, pid_of, trainer_of
from training_pools import ENDLESS, SHORT, alive, end, going_on, submit, until

from explainer.data.digits import load
from explainer.networks.config import Block, NetworkConfig
from explainer.networks.weights import from_bytes
from explainer.training import cluster as module
from explainer.training.cluster import GONE, NO_TRAINER, PAUSED_TOO_LONG, SHUT_DOWN, Cluster
from explainer.training.cluster_settings import ClusterSettings
from explainer.training.job import Job
from explainer.training.loop import train
from explainer.training.messages import Change, Command
from explainer.training.snapshot import Snapshot

pytestmark = NEEDS_RAY


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """One place."""
    yield from joined(ClusterSettings("local", places=1), trainers=1)


@pytest.fixture(autouse=True)
def free(cluster: Cluster) -> None:
    """The trainer has been started again where the last test ended it."""
    until(cluster.ready, STARTED)


def test_a_run_trains_to_the_end_with_the_numbers_of_the_loop(cluster: Cluster) -> None:
    job = submit(cluster, SHORT)
    until(lambda: not job.going)
    state = job.state()
    assert (state.status, state.message, state.weights_step) == ("finished", "", 20)
    snapshots = [item for item in train(SHORT, load("mnist")) if isinstance(item, Snapshot)]  # with one thread
    timeless = {"seconds": 0.0, "examples_per_second": 0.0}
    assert [replace(point, **timeless) for point in state.points] == [
        replace(snapshot.point, **timeless) for snapshot in snapshots
    ]
    assert state.weights is not None
    assert snapshots[-1].weights is not None
    ours, expected = (from_bytes(weights)[1].state_dict() for weights in (state.weights, snapshots[-1].weights))
    assert all(torch.equal(ours[name], value) for name, value in expected.items())


def test_pause_step_resume_and_stop(cluster: Cluster) -> None:
    job = going_on(cluster)
    cluster.command(job, Command("pause"))
    until(lambda: job.status == "paused")
    before = job.state().points
    for _ in range(2):
        cluster.command(job, Command("step"))
        until(lambda before=before: len(job.state().points) > len(before) and job.status == "paused")
        after = job.state()
        assert after.weights_step == after.points[-1].step
        before = after.points
    assert before[-1].step == before[-2].step + 1
    cluster.command(job, Command("resume"))
    until(lambda: job.state().points[-1].step > before[-1].step + 1)
    assert job.status == "running"
    end(cluster, job)
    state = job.state()
    assert (state.status, state.message, state.weights_step) == ("stopped", "", state.points[-1].step)


def test_changes_in_mid_run_take_effect_and_are_reported(cluster: Cluster) -> None:
    job = going_on(cluster)
    cluster.command(job, Change("learning_rate", 0.003))
    until(lambda: job.state().changes)
    (changed,) = job.state().changes
    assert changed.change == Change("learning_rate", 0.003)
    until(lambda: job.state().points[-1].step > changed.step)
    end(cluster, job)
    for point in job.state().points[1:]:
        assert point.learning_rate == (0.01 if point.step <= changed.step else 0.003)


def test_a_run_can_begin_with_a_single_step(cluster: Cluster) -> None:
    job = Job(ENDLESS, single_step=True)
    cluster.submit(job)
    until(lambda: job.status == "paused")
    assert [point.step for point in job.state().points] == [0, 1]
    end(cluster, job)


def test_runs_beyond_the_places_wait_their_turn_in_the_same_process(cluster: Cluster) -> None:
    first = going_on(cluster)
    pid = pid_of(cluster, first)
    second, given_up, third = Job(SHORT), Job(SHORT), Job(SHORT)
    for job in (second, given_up, third):
        cluster.submit(job)
    assert [cluster.ahead(job).ahead for job in (first, second, third)] == [0, 1, 3]
    assert second.status == "waiting"
    cluster.command(given_up, Command("stop"))
    assert (given_up.status, given_up.state().points, cluster.ahead(third).ahead) == ("stopped", (), 2)
    cluster.command(second, Command("pause"))  # of no effect before it has begun
    end(cluster, first)
    until(lambda: not third.going)
    assert (second.status, third.status) == ("finished", "finished")
    following = submit(cluster, SHORT)
    assert pid_of(cluster, following) == pid
    until(lambda: not following.going)


def test_owners_take_turns(cluster: Cluster) -> None:
    busy = going_on(cluster)
    mine, my_second, yours = Job(SHORT, owner="me"), Job(ENDLESS, owner="me"), Job(SHORT, owner="you")
    for job in (mine, my_second, yours):
        cluster.submit(job)
    places = [cluster.ahead(job) for job in (mine, yours, my_second)]
    assert [place.ahead for place in places] == [1, 2, 3]
    seconds = [place.seconds for place in places]
    assert None not in seconds
    assert seconds == sorted(seconds)
    end(cluster, busy)
    until(lambda: my_second.status == "running")
    assert (mine.status, yours.status) == ("finished", "finished")
    end(cluster, my_second)
    assert not cluster._queue.runs()


def test_an_impossible_network_fails_with_a_sentence_and_the_trainer_lives(cluster: Cluster) -> None:
    job = submit(cluster, replace(SHORT, network=NetworkConfig((Block(4, 40, padding="valid"),))))
    pid = pid_of(cluster, job)
    until(lambda: not job.going)
    assert job.status == "failed"
    assert job.state().message.startswith("Convolution 1 has a 40 × 40 kernel")
    assert [trainer.where[1] for trainer in cluster._trainers if trainer.where] == [pid]


def test_a_killed_process_leaves_the_history_and_the_next_run_works(cluster: Cluster) -> None:
    job = going_on(cluster)
    before = job.state().points
    os.kill(pid_of(cluster, job), signal.SIGKILL)
    until(lambda: not job.going)
    state = job.state()
    assert (state.status, state.message, state.points[: len(before)]) == ("failed", GONE, before)
    assert state.weights is not None
    following = Job(SHORT)
    cluster.submit(following)
    until(lambda: not following.going, STARTED)
    assert following.status == "finished"


def test_an_actor_that_ray_kills_is_the_same(cluster: Cluster) -> None:
    job = going_on(cluster)
    cluster._ray.kill(trainer_of(cluster, job).actor)
    until(lambda: not job.going)
    assert (job.status, job.state().message) == ("failed", GONE)


def test_a_run_that_its_trainer_left_before_the_first_report_begins_again(cluster: Cluster) -> None:
    (trainer,) = cluster._trainers
    assert trainer.where is not None
    os.kill(trainer.where[1], signal.SIGKILL)
    job = Job(SHORT)
    cluster.submit(job)
    until(lambda: not job.going, STARTED)
    assert (job.status, job.state().points[0].step, job.state().points[-1].step) == ("finished", 0, 20)
    assert not cluster._tries


@pytest.mark.parametrize("stopped", [True, False], ids=["stopped by its owner", "left alone"])
def test_a_frozen_process_is_given_up(stopped: bool, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SILENT", 4.0)
    job = going_on(cluster)
    points = len(job.state().points)
    os.kill(pid_of(cluster, job), signal.SIGSTOP)
    if stopped:
        cluster.command(job, Command("stop"))
    until(lambda: not job.going)
    assert (job.status, job.state().message) == (("stopped", "") if stopped else ("failed", GONE))
    assert len(job.state().points) >= points


def test_a_long_pause_ends_when_others_wait(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE_LIMIT", 0.3)
    job = going_on(cluster)
    cluster.command(job, Command("pause"))
    until(lambda: job.status == "paused")
    time.sleep(0.6)
    assert job.status == "paused"  # nobody waits
    following = Job(SHORT)
    cluster.submit(following)
    until(lambda: not job.going)
    assert (job.status, job.state().message) == ("stopped", PAUSED_TOO_LONG)
    until(lambda: not following.going)


def test_runs_that_nothing_can_train_end_with_a_sentence(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "START_WITHIN", 0.2)
    busy = going_on(cluster)
    waiting = Job(SHORT)
    cluster.submit(waiting)
    time.sleep(0.5)
    assert waiting.status == "waiting"  # one that trains will be free
    monkeypatch.setattr(cluster, "_vacant", lambda wanted: 0)
    os.kill(pid_of(cluster, busy), signal.SIGKILL)
    until(lambda: not waiting.going)
    assert (waiting.status, waiting.state().message) == ("failed", NO_TRAINER)


def test_close_ends_what_goes_what_waits_and_the_processes(cluster: Cluster) -> None:
    going = going_on(cluster)
    waiting, pid = Job(SHORT), pid_of(cluster, going)
    cluster.submit(waiting)
    cluster.close()
    for job in (going, waiting):
        assert (job.status, job.state().message) == ("stopped", SHUT_DOWN)
    assert not cluster._ray.is_initialized()
    until(lambda: not alive(pid))
    cluster.close()  # a second time is of no effect
