"""Where the shared pool is to be found, and what a server makes of one that is late, gone, or not its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from multiprocessing import AuthenticationError
from multiprocessing.connection import Listener
from pathlib import Path

import pytest
from shared_pools import KEY, Calling, Hosting, RecordingEngine, report, submitted
from training_pools import ENDLESS, SHORT, until

from explainer.training import shared_engine as client_module
from explainer.training.job import Job, State
from explainer.training.messages import Command
from explainer.training.shared import Host
from explainer.training.shared_engine import CLOSED, GONE, NOT_FOUND, SharedEngine
from explainer.training.shared_messages import (
    ADDRESS_VARIABLE,
    KEY_VARIABLE,
    Address,
    Became,
    Order,
    Took,
    meeting_place,
)

pytestmark = pytest.mark.processes


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
        command, env=inherited | path | environment, stderr=subprocess.PIPE, text=True, timeout=300, check=False
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
            command, env=os.environ | path | place, stderr=subprocess.PIPE, text=True, timeout=300, check=False
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
