"""Workers that hang, do not read, or die in numbers; and where the server listens for them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from training_pools import ENDLESS, SHORT, alive, end, going_on, pid_of, until

from explainer.training import address, process
from explainer.training import pool as pool_module
from explainer.training.address import open_door
from explainer.training.job import Job
from explainer.training.messages import Change
from explainer.training.pool import Pool

pytestmark = pytest.mark.processes

READY = """
import os, sys, time
from multiprocessing.connection import Client
from explainer.training.messages import Ask, From, Hello, Here, Ready, To
from explainer.training.snapshot import Point, Snapshot
connection = Client(sys.argv[2], authkey=bytes.fromhex(os.environ["EXPLAINER_WORKER_KEY"]))
connection.send(Hello(int(sys.argv[1])))
connection.send(Ready(1))
"""
DEAF = READY + "time.sleep(600)"  # reads nothing
REPORTS = (  # a point for each run that it is given, and answers
    READY
    + """
while True:
    match connection.recv():
        case Ask():
            connection.send(Here())
        case To(run, _):
            connection.send(From(run, Snapshot(Point(1, 0.1, 0.1, 1.0, 0.1, 2.3, 0.1), weights=b"weights")))
"""
)
STARTING = "while True: pass"  # never ready, and never still

Pools = Callable[[int, str], Pool]


@pytest.fixture
def pools(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pools]:
    """Makes pools whose workers run a program of ours."""
    made: list[Pool] = []

    def make(size: int, program: str) -> Pool:
        def spawn(number: int, where: str, key: bytes) -> subprocess.Popen[bytes]:
            environment = os.environ | {"EXPLAINER_WORKER_KEY": key.hex()}
            return subprocess.Popen([sys.executable, "-c", program, str(number), where], env=environment)

        monkeypatch.setattr(process, "spawn", spawn)
        made.append(Pool(size, cores=1))
        made[-1].start()
        return made[-1]

    yield make
    for pool in made:
        pool.close()


def test_a_worker_that_does_not_read_holds_up_nobody(pools: Pools) -> None:
    pool = pools(1, DEAF)
    until(pool.ready)
    job, waiting = Job(ENDLESS), Job(SHORT)
    pool.submit(job)
    start = time.monotonic()
    for number in range(20_000):  # far more than the connection holds
        pool.command(job, Change("learning_rate", number / 1e6))
    pool.submit(waiting)
    assert pool.ahead(waiting).ahead == 1
    pool.ready()
    assert time.monotonic() - start < 30  # it would never come to an end
    assert job.status == "running"
    end(pool, job)


def test_a_frozen_worker_is_noticed_its_run_says_so_and_another_takes_its_place(pools: Pools) -> None:
    pool = pools(1, REPORTS)
    until(pool.ready)
    job, waiting = Job(ENDLESS), Job(SHORT, owner="somebody else")
    pool.submit(job)
    until(lambda: job.state().points)
    points, pid = job.state().points, pid_of(pool, job)
    os.kill(pid, signal.SIGSTOP)
    pool.submit(waiting)
    until(lambda: not job.going)
    state = job.state()
    assert (state.status, state.message) == ("failed", pool_module.FROZEN)
    assert (state.points, state.weights) == (points, b"weights")
    assert not alive(pid)
    until(lambda: waiting.state().points)  # by the worker that took its place


def test_a_worker_that_is_frozen_while_idle_is_replaced(pools: Pools) -> None:
    pool = pools(1, REPORTS)
    until(pool.ready)
    pid = pool._workers[0].process.pid
    os.kill(pid, signal.SIGSTOP)
    until(lambda: not alive(pid))
    until(pool.ready)


def test_a_worker_frozen_in_mid_run_is_noticed_with_real_training(pool: Pool) -> None:
    job = going_on(pool)
    points = job.state().points
    os.kill(pid_of(pool, job), signal.SIGSTOP)
    until(lambda: not job.going)
    assert (job.status, job.state().message) == ("failed", pool_module.FROZEN)
    assert job.state().points[: len(points)] == points
    until(pool.ready)


def test_a_run_that_had_not_reported_begins_anew_when_its_worker_dies_but_only_once(pools: Pools) -> None:
    pool = pools(1, DEAF)
    until(pool.ready)
    job = Job(SHORT)
    pool.submit(job)
    first = pid_of(pool, job)
    os.kill(first, signal.SIGKILL)
    until(lambda: job.status == "running" and not alive(first))
    os.kill(pid_of(pool, job), signal.SIGKILL)
    until(lambda: not job.going)
    assert (job.status, job.state().message) == ("failed", pool_module.GONE.format(-9))


def test_workers_killed_while_they_train_and_while_they_start_leave_nothing_behind(pools: Pools) -> None:
    pool = pools(2, REPORTS)
    until(lambda: pool.ready() == 2)
    me = psutil.Process()

    def sizes() -> tuple[int, int, int]:
        return threading.active_count(), me.num_fds(), len(me.children())

    def kill(number: int) -> None:
        job = Job(ENDLESS)
        pool.submit(job)
        until(lambda: job.state().points)
        os.kill(pid_of(pool, job), signal.SIGKILL)
        until(lambda: not job.going)
        assert job.state().points
        starting = next((worker for worker in pool._workers if not worker.ready), None)
        if starting and number % 2:
            os.kill(starting.process.pid, signal.SIGKILL)
        until(lambda: pool.ready() == 2)

    kill(0)
    before = sizes()
    for number in range(1, 5):
        kill(number)
    until(lambda: sizes() <= before)  # the threads of the last one have ended
    assert all(child.status() != psutil.STATUS_ZOMBIE for child in me.children())


def test_a_worker_that_is_slow_to_start_is_waited_for(pools: Pools, monkeypatch: pytest.MonkeyPatch) -> None:
    from explainer.training import signs_of_life

    monkeypatch.setattr(signs_of_life, "STARTING_STILL", 5.0)
    monkeypatch.setattr(signs_of_life, "ASK_AFTER", 0.1)
    pool = pools(1, STARTING)
    until(lambda: pool._workers)
    pid = pool._workers[0].process.pid
    time.sleep(7)
    assert alive(pid)
    os.kill(pid, signal.SIGSTOP)
    until(lambda: not alive(pid))


def test_the_server_listens_where_the_temporary_folder_has_a_long_name(
    pools: Pools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("t" * (150 - len(str(tmp_path)) - 1)) if len(str(tmp_path)) < 100 else tmp_path / ("t" * 60)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    assert len(tempfile.gettempdir()) >= 150
    pool = pools(1, REPORTS)
    job = Job(SHORT)
    pool.submit(job)
    until(lambda: job.state().points)
    assert list(long.iterdir()) == []


def test_the_address_is_this_users_alone_and_gone_when_it_is_closed() -> None:
    door = open_door(b"key")
    folder = Path(door.address).parent
    assert folder.stat().st_mode & 0o077 == 0
    door.close()
    assert not folder.exists()


def test_without_any_folder_a_run_fails_with_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(address, "ELSEWHERE", (str(tmp_path / "absent"),))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent too"))
    job = Job(SHORT)
    Pool(1, cores=1).submit(job)
    assert (job.status, job.state().message) == ("failed", pool_module.NO_WORKER)
