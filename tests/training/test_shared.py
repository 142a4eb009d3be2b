"""One pool for several servers: what their records hold, and what each of them notices when another one dies."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Listener
from pathlib import Path

import numpy as np
import pytest
import torch
from training_pools import ENDLESS, SHORT, until

from explainer.networks.weights import from_bytes
from explainer.training import line as line_module
from explainer.training import shared_engine as client_module
from explainer.training.engine import Engine, Place
from explainer.training.job import Job, State
from explainer.training.messages import Change, Command
from explainer.training.pool import Pool
from explainer.training.shared import Host
from explainer.training.shared_engine import CLOSED, GONE, NOT_FOUND, SharedEngine
from explainer.training.shared_messages import (
    ADDRESS_VARIABLE,
    KEY_VARIABLE,
    Address,
    Became,
    Order,
    Submit,
    Took,
    meeting_place,
)
from explainer.training.snapshot import Point, Snapshot, Views

KEY = b"only ours"


class RecordingEngine:
    """Takes runs and commands, and trains nothing."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.commands: list[tuple[Job, Command | Change]] = []

    def submit(self, job: Job) -> None:
        self.jobs.append(job)

    def command(self, job: Job, what: Command | Change) -> None:
        self.commands.append((job, what))
        if what == Command("stop"):
            job.become("stopped")

    def ahead(self, job: Job) -> Place:
        return Place(self.jobs.index(job), 10.0 * self.jobs.index(job))

    def close(self) -> None:
        pass


@pytest.fixture
def hosting() -> Iterator[Callable[[Engine], tuple[Host, Address]]]:
    """``hosting(engine)`` is a host of this process, and where it listens."""
    with ExitStack() as stack:

        def start(engine: Engine) -> tuple[Host, Address]:
            listener = stack.enter_context(Listener(("127.0.0.1", 0), backlog=16))
            host = Host(engine, KEY)
            host.listen(listener)
            stack.callback(host.closed.set)
            return host, listener.address

        yield start


@pytest.fixture
def calling() -> Iterator[Callable[[Address], SharedEngine]]:
    """``calling(address)`` is a server's engine, closed at the end."""
    with ExitStack() as stack:

        def start(address: Address) -> SharedEngine:
            engine = SharedEngine(address, KEY)
            stack.callback(engine.close)
            return engine

        yield start


Hosting = Callable[[Engine], tuple[Host, Address]]
Calling = Callable[[Address], SharedEngine]


def submitted(engine: SharedEngine, job: Job) -> Job:
    engine.submit(job)
    return job


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
    assert ours.mistakes is not None
    assert expected.mistakes is not None
    np.testing.assert_array_equal(ours.mistakes.confusion, expected.mistakes.confusion)


def test_commands_reach_a_run_in_the_middle(pool: Pool, hosting: Hosting, calling: Calling) -> None:
    _, address = hosting(pool)
    engine = calling(address)
    job = submitted(engine, Job(ENDLESS, single_step=True))
    until(lambda: job.status == "paused")
    engine.command(job, Change(learning_rate=0.5))
    until(lambda: job.state().changes)
    engine.command(job, Command("resume"))
    until(lambda: job.status == "running")
    assert job.state().changes[0].change == Change(learning_rate=0.5)
    engine.command(job, Command("stop"))
    until(lambda: not job.going)
    assert job.status == "stopped"
    engine.command(job, Command("stop"))  # it is over: nothing happens
    assert job.status == "stopped"


def test_runs_of_two_servers_wait_in_one_queue(pool: Pool, hosting: Hosting, calling: Calling) -> None:
    _, address = hosting(pool)
    one, other = calling(address), calling(address)
    going = submitted(one, Job(ENDLESS))
    until(lambda: going.state().points)
    waiting = submitted(other, Job(SHORT))
    until(lambda: other.ahead(waiting).ahead == 1)
    assert one.ahead(going) == Place(0)
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


def report(number_of_bytes: int) -> Snapshot:
    views = Views(np.zeros((1, 3, 3), np.float32), (), 0)
    return Snapshot(Point(1, 0.1, 1.0, 100.0, 0.1, 2.3, 0.1), views=views, weights=bytes(number_of_bytes))


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


def test_a_pool_that_is_not_ours_gets_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with Listener(("127.0.0.1", 0), authkey=b"another") as listener:

        def accept() -> None:
            with pytest.raises(AuthenticationError):
                listener.accept()

        stranger = threading.Thread(target=accept)
        stranger.start()
        engine = SharedEngine(listener.address, KEY)
        job = submitted(engine, Job(SHORT))
        until(lambda: "is not the pool of this server" in caplog.text)
        stranger.join()
    assert job.status == "waiting"
    engine.close()


def test_closing_ends_the_runs_of_this_server_only(hosting: Hosting, calling: Calling) -> None:
    recording = RecordingEngine()
    _, address = hosting(recording)
    one, other = calling(address), calling(address)
    mine, theirs = submitted(one, Job(SHORT)), submitted(other, Job(SHORT))
    until(lambda: len(recording.jobs) == 2)
    one.close()
    assert (mine.status, mine.state().message) == ("stopped", CLOSED)
    until(lambda: [job.going for job in recording.jobs].count(True) == 1)
    recording.jobs[-1].become("running")
    recording.jobs[0].become("running")
    until(lambda: theirs.status == "running")
    one.close()  # a second time: nothing happens


def test_runs_wait_for_a_pool_that_starts_later(hosting: Hosting, calling: Calling) -> None:
    recording = RecordingEngine()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        address = probe.getsockname()[:2]
    engine = calling(address)
    job, unwanted = submitted(engine, Job(SHORT)), submitted(engine, Job(SHORT))
    engine.command(job, Command("pause"))
    engine.command(unwanted, Command("stop"))
    assert (job.status, unwanted.status) == ("waiting", "stopped")
    with Listener(address, backlog=16) as listener:
        host = Host(recording, KEY)
        host.listen(listener)
        until(lambda: len(recording.jobs) == 1)
        recording.jobs[0].become("running")
        until(lambda: job.status == "running")
        host.closed.set()


def test_without_a_pool_a_run_is_given_up_with_a_sentence(calling: Calling, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        address = probe.getsockname()[:2]
    job = submitted(calling(address), Job(SHORT))
    until(lambda: not job.going)
    assert (job.status, job.state().message) == ("failed", NOT_FOUND)


def test_a_long_temporary_folder_is_no_obstacle(
    hosting: Hosting, calling: Calling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ("long" * 40)
    folder.mkdir()
    assert len(str(folder)) > 150
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    recording = RecordingEngine()
    _, address = hosting(recording)
    submitted(calling(address), Job(SHORT))
    until(lambda: len(recording.jobs) == 1)


class Process:
    """The host as a process of its own, with one worker."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.address: Address = probe.getsockname()[:2]
        self.start()

    def start(self) -> None:
        environment = {ADDRESS_VARIABLE: "{}:{}".format(*self.address), KEY_VARIABLE: KEY.hex()}
        environment |= {"EXPLAINER_WORKERS": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        command = [sys.executable, "-m", "explainer.training.shared"]
        self.process = subprocess.Popen(command, env=os.environ | environment, stderr=subprocess.PIPE)


@pytest.fixture
def process() -> Iterator[Process]:
    host = Process()
    yield host
    host.process.terminate()
    assert host.process.wait(20) == 0
    assert host.process.stderr is not None
    host.process.stderr.close()


def test_what_ran_when_the_pool_died_says_so_and_what_waited_is_trained_by_the_next(
    process: Process, calling: Calling
) -> None:
    engine = calling(process.address)
    going, waiting, unwanted = (submitted(engine, Job(config)) for config in (ENDLESS, SHORT, SHORT))
    until(lambda: len(going.state().points) > 2, seconds=120)  # a worker has to start, and so it has below
    until(lambda: engine.ahead(waiting).ahead == 1)
    before = going.state()
    process.process.send_signal(signal.SIGSTOP)  # so that the order is lost with it
    engine.command(unwanted, Command("stop"))
    process.process.kill()
    process.process.communicate()
    until(lambda: not going.going)
    after = going.state()
    assert (after.status, after.message) == ("failed", GONE)
    assert after.points[: len(before.points)] == before.points
    assert after.film
    until(lambda: not unwanted.going)
    assert unwanted.status == "stopped"
    assert waiting.status == "waiting"
    process.start()
    until(lambda: not waiting.going, seconds=120)
    assert (waiting.status, unwanted.state().points) == ("finished", ())
    again = submitted(engine, Job(SHORT))
    until(lambda: not again.going)
    assert again.status == "finished"


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "EXPLAINER_POOL is not set"),
        ({ADDRESS_VARIABLE: "127.0.0.1", KEY_VARIABLE: "00"}, "EXPLAINER_POOL must be a host and a port"),
        ({"EXPLAINER_WORKERS": "none"}, "EXPLAINER_WORKERS is 'none'"),
    ],
)
def test_a_pool_that_cannot_start_says_why_in_a_sentence(environment: dict[str, str], sentence: str) -> None:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("EXPLAINER_")}
    path = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", "explainer.training.shared"]
    done = subprocess.run(
        command, env=inherited | path | environment, stderr=subprocess.PIPE, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_pool_whose_address_is_taken_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = {ADDRESS_VARIABLE: f"127.0.0.1:{taken.getsockname()[1]}", KEY_VARIABLE: "00"}
        path = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        command = [sys.executable, "-m", "explainer.training.shared"]
        done = subprocess.run(
            command, env=os.environ | path | place, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert done.returncode == 1
    assert "Address already in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_meeting_place_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ADDRESS_VARIABLE, raising=False)
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    assert meeting_place() is None
    monkeypatch.setenv(ADDRESS_VARIABLE, "127.0.0.1:8504")
    monkeypatch.setenv(KEY_VARIABLE, "0aff")
    assert meeting_place() == (("127.0.0.1", 8504), b"\x0a\xff")
    monkeypatch.setenv(KEY_VARIABLE, "not a key")
    with pytest.raises(ValueError, match="hexadecimal"):
        meeting_place()


def test_words_about_a_run_that_is_unknown_are_not_heard(calling: Calling) -> None:
    with Listener(("127.0.0.1", 0), authkey=KEY) as listener:
        engine = calling(listener.address)
        job = submitted(engine, Job(SHORT))
        with listener.accept() as connection:
            number = connection.recv().number
            for told in (Took(number + 1, report(10)), Became(number + 1, "failed", ""), Became(number, "running", "")):
                connection.send(told)
            until(lambda: job.status == "running")
            engine.command(job, Command("pause"))
            assert connection.recv() == Order(number, Command("pause"))
    assert job.state() == State("running")
