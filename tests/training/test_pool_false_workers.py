"""What the pool makes of workers that never start, die while they call, or hang in mid-sentence."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator

import pytest
from training_pools import SHORT, end, submit, until

from explainer.training import pool as pool_module
from explainer.training import process, staff
from explainer.training.job import Job
from explainer.training.messages import Change, Command
from explainer.training.pool import Pool

pytestmark = pytest.mark.processes

FALSE_WORKER = """
import os, sys, time
from multiprocessing.connection import Client
from explainer.training.messages import Hello, Ready, To
with Client(sys.argv[2], authkey=bytes.fromhex(os.environ["EXPLAINER_WORKER_KEY"])) as connection:
    connection.send(Hello(int(sys.argv[1])))
    connection.send(Ready(1))
    while not isinstance(connection.recv(), To):
        pass
    os.write(connection.fileno(), (1_000_000).to_bytes(4, "big") + b"the beginning of a message")
    time.sleep(60)
"""


def _spawning(monkeypatch: pytest.MonkeyPatch, choose: Callable[[int], str]) -> None:
    """Starts ``choose(number)`` as the program of worker ``number``."""

    def spawn(number: int, address: str, key: bytes) -> subprocess.Popen[bytes]:
        environment = os.environ | {"EXPLAINER_WORKER_KEY": key.hex()}
        return subprocess.Popen([sys.executable, "-c", choose(number), str(number), address], env=environment)

    monkeypatch.setattr(process, "spawn", spawn)


@pytest.fixture
def false_pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int, Callable[[int], str]], Pool]]:
    pools: list[Pool] = []

    def make(size: int, choose: Callable[[int], str]) -> Pool:
        _spawning(monkeypatch, choose)
        pools.append(Pool(size, cores=1))
        pools[-1].start()
        return pools[-1]

    yield make
    for pool in pools:
        pool.close()


FalsePool = Callable[[int, Callable[[int], str]], Pool]


def test_a_worker_stuck_in_the_middle_of_a_message_holds_up_nobody(false_pool: FalsePool) -> None:
    pool = false_pool(1, lambda _: FALSE_WORKER)
    job = submit(pool, SHORT)
    time.sleep(0.3)  # the message has begun
    start = time.monotonic()
    waiting = Job(SHORT)
    pool.submit(waiting)
    pool.command(job, Change("learning_rate", 1.0))
    assert pool.ahead(waiting).ahead == 1
    assert time.monotonic() - start < 0.3
    assert end(pool, job) < 5
    until(lambda: waiting.status == "running")  # by the worker that took its place
    pool.command(waiting, Command("stop"))


def test_workers_that_never_start_fail_the_runs_with_a_sentence(false_pool: FalsePool) -> None:
    started: list[int] = []
    pool = false_pool(2, lambda number: started.append(number) or "raise SystemExit(3)")
    job = Job(SHORT)
    pool.submit(job)
    until(lambda: not job.going)
    assert (job.status, job.state().message) == ("failed", pool_module.NO_WORKER)
    assert started == [1, 2, 3]
    again = Job(SHORT)
    pool.submit(again)  # the machine may have recovered: another try
    until(lambda: not again.going)
    assert (again.status, started) == ("failed", [1, 2, 3, 4])


def test_a_system_that_starts_no_process_fails_the_runs_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def spawn(*_: object) -> subprocess.Popen[bytes]:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(process, "spawn", spawn)
    pool = Pool(1, cores=1)
    job = Job(SHORT)
    pool.submit(job)
    until(lambda: not job.going)
    assert job.state().message == pool_module.NO_WORKER
    pool.close()


def test_runs_wait_for_the_one_worker_that_works(false_pool: FalsePool) -> None:
    pool = false_pool(2, lambda number: FALSE_WORKER if number == 1 else "raise SystemExit(3)")
    first = submit(pool, SHORT)
    second = Job(SHORT)
    pool.submit(second)
    until(lambda: pool._staff.failed_starts >= staff.FAILED_STARTS)
    time.sleep(0.2)
    assert (first.status, second.status, pool.ahead(second).ahead) == ("running", "waiting", 1)


def test_a_worker_that_dies_while_it_calls_does_not_keep_others_from_calling(false_pool: FalsePool) -> None:
    dying = """
    import socket, struct, sys
    call = socket.socket(socket.AF_UNIX)
    call.connect(sys.argv[2])
    raise SystemExit(3)  # in the middle of the exchange of keys
    """
    pool = false_pool(1, lambda number: textwrap.dedent(dying) if number < 3 else FALSE_WORKER)
    until(pool.ready)


def test_a_stranger_without_the_key_is_turned_away(false_pool: FalsePool) -> None:
    from multiprocessing import AuthenticationError
    from multiprocessing.connection import Client

    pool = false_pool(1, lambda _: FALSE_WORKER)
    until(pool.ready)
    assert pool._staff.door is not None
    with pytest.raises(AuthenticationError):
        Client(pool._staff.door.address, authkey=b"guessed")
    job = submit(pool, SHORT)
    assert job.status == "running"
