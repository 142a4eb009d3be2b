"""One pool for several servers: what their records hold, and what each of them notices when another one dies."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from dataclasses import replace
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from pathlib import Path

import numpy as np
import pytest
import torch
from shared_pools import KEY, Calling, Hosting, RecordingEngine, report, submitted
from training_pools import ENDLESS, SHORT, until

from explainer.networks.weights import from_bytes
from explainer.training import line as line_module
from explainer.training.engine import Place
from explainer.training.job import Job
from explainer.training.messages import Change, Command
from explainer.training.pool import Pool
from explainer.training.shared_messages import (
    Address,
    Submit,
)


def test_a_run_ends_with_the_record_that_the_pool_writes(pool: Pool, hosting: Hosting, calling: Calling) -> None:
    own = Job(SHORT)
    pool.submit(own)
    until(lambda: not own.going)
    _, address = hosting(pool)
    job = submitted(calling(address), Job(SHORT))
    assert job.wait_for_report(60)
    until(lambda: not job.going)
    ours, expected = job.state(), own.state()
    assert (ours.status, ours.message, ours.weights_step) == ("finished", "", expected.weights_step)
    timeless = {"seconds": 0.0, "examples_per_second": 0.0}
    assert [replace(point, **timeless) for point in ours.points] == [
        replace(point, **timeless) for point in expected.points
    ]
    assert ours.weights is not None
    assert expected.weights is not None
    own_tensors, tensors = (from_bytes(weights)[1].state_dict() for weights in (expected.weights, ours.weights))
    assert all(torch.equal(tensors[name], value) for name, value in own_tensors.items())
    assert len(ours.film) == len(expected.film)
    assert ours.results is not None
    assert expected.results is not None
    np.testing.assert_array_equal(ours.results.confusion, expected.results.confusion)


def test_commands_reach_a_run_in_the_middle(pool: Pool, hosting: Hosting, calling: Calling) -> None:
    _, address = hosting(pool)
    engine = calling(address)
    job = submitted(engine, Job(ENDLESS, single_step=True))
    until(lambda: job.status == "paused")
    engine.command(job, Change("learning_rate", 0.5))
    until(lambda: job.state().changes)
    engine.command(job, Command("resume"))
    until(lambda: job.status == "running")
    assert job.state().changes[0].change == Change("learning_rate", 0.5)
    engine.command(job, Command("stop"))
    until(lambda: not job.going)
    assert job.status == "stopped"
    engine.command(job, Command("stop"))  # it is over: nothing happens
    assert job.status == "stopped"


def test_runs_of_two_servers_wait_in_one_queue(pool: Pool, hosting: Hosting, calling: Calling) -> None:
    _, address = hosting(pool)
    one, other = calling(address), calling(address)
    going = submitted(one, Job(ENDLESS, owner="a"))
    until(lambda: going.state().points)
    assert not one.ahead(going).others_wait
    waiting = submitted(other, Job(SHORT, owner="b"))
    until(lambda: other.ahead(waiting).ahead == 1)
    until(lambda: one.ahead(going) == Place(0, others_wait=True))
    assert not other.ahead(waiting).others_wait
    assert one.ahead(waiting) == Place(0)  # not a run of this server
    one.command(waiting, Command("stop"))
    assert waiting.status == "waiting"
    one.command(going, Command("stop"))
    until(lambda: not waiting.going)
    assert waiting.status == "finished"
    assert other.ahead(waiting) == Place(0)


def test_owners_and_places_are_passed_on(hosting: Hosting, calling: Calling) -> None:
    recording = RecordingEngine()
    _, address = hosting(recording)
    engine = calling(address)
    jobs = [submitted(engine, Job(SHORT, single_step=owner == "b", owner=owner)) for owner in "aba"]
    until(lambda: len(recording.jobs) == 3)
    assert [(job.owner, job.single_step, job.config) for job in recording.jobs] == [
        ("a", False, SHORT),
        ("b", True, SHORT),
        ("a", False, SHORT),
    ]
    until(lambda: engine.ahead(jobs[2]) == Place(2, 20.0))
    recording.jobs.reverse()
    until(lambda: engine.ahead(jobs[2]) == Place(0, 0.0))
    assert engine.ahead(jobs[0]) == Place(2, 20.0)


def test_runs_of_a_server_that_dies_are_stopped(hosting: Hosting, calling: Calling) -> None:
    recording = RecordingEngine()
    host, address = hosting(recording)
    other = submitted(calling(address), Job(SHORT))
    until(lambda: len(recording.jobs) == 1)
    program = (
        "import sys, time; from explainer.training.shared_engine import SharedEngine; from explainer.training.job "
        "import Job; from training_pools import SHORT; "
        f"engine = SharedEngine({address!r}, {KEY!r}); engine.submit(Job(SHORT)); time.sleep(60)"
    )
    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
    server = subprocess.Popen([sys.executable, "-c", program], env=os.environ | {"PYTHONPATH": path})
    until(lambda: len(recording.jobs) == 2)
    assert len(host.guests) == 2
    server.kill()
    server.wait()
    until(lambda: not recording.jobs[1].going)
    assert recording.commands == [(recording.jobs[1], Command("stop"))]
    until(lambda: len(host.guests) == 1)
    assert other.going


def call(address: Address, key: bytes = KEY) -> object:
    return Client(address, authkey=key)


def test_a_server_that_does_not_read_keeps_nobody_waiting_and_is_given_up(
    hosting: Hosting, calling: Calling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_module, "MOST_UNREAD", 40_000_000)
    recording = RecordingEngine()
    host, address = hosting(recording)
    with Client(address, authkey=KEY) as deaf:
        deaf.send(Submit(1, SHORT, single_step=False, owner=""))
        until(lambda: len(recording.jobs) == 1)
        engine = calling(address)
        mine = submitted(engine, Job(SHORT))
        until(lambda: len(recording.jobs) == 2)
        start = time.monotonic()
        for _ in range(6):
            recording.jobs[0].take(report(5_000_000))  # far more than a socket holds
        recording.jobs[1].take(report(1000))
        assert mine.wait_for_report(5)
        assert time.monotonic() - start < 5
        assert len(host.guests) == 2
        for _ in range(4):
            recording.jobs[0].take(report(5_000_000))
        until(lambda: len(host.guests) == 1)
        assert recording.commands == [(recording.jobs[0], Command("stop"))]
    recording.jobs[0].take(report(1000))  # its last words go nowhere, and break nothing
    recording.jobs[1].become("finished")
    until(lambda: mine.status == "finished")


def test_who_has_no_key_is_turned_away_and_who_is_silent_keeps_nobody_waiting(
    hosting: Hosting, calling: Calling
) -> None:
    recording = RecordingEngine()
    _, address = hosting(recording)
    with socket.create_connection(address):  # says nothing
        with pytest.raises(AuthenticationError):
            call(address, b"guessed")
        submitted(calling(address), Job(SHORT))
        until(lambda: len(recording.jobs) == 1)
