"""The queue before the workers, the cores that runs share, and how a pool starts and ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest
from training_pools import ENDLESS, SHORT, alive, end, going_on, pid_of, submit, until

from explainer.training import pool as pool_module
from explainer.training import process
from explainer.training.job import Job
from explainer.training.messages import Change, Command, Order, Share, Start
from explainer.training.pool import Pool
from explainer.training.process import SIZE_VARIABLE


def test_runs_wait_in_their_order(pool: Pool) -> None:
    first = going_on(pool)
    second, third, fourth = Job(SHORT), Job(ENDLESS), Job(SHORT)
    for job in (second, third, fourth):
        pool.submit(job)
    assert [pool.ahead(job).ahead for job in (first, second, third, fourth)] == [0, 1, 2, 3]
    assert [job.status for job in (second, third, fourth)] == ["waiting"] * 3
    for nothing in (Command("pause"), Command("step"), Change(learning_rate=1.0)):
        pool.command(second, nothing)
    assert end(pool, third) < 0.5  # it has not begun: nothing to wait for
    assert (third.status, third.state().points, pool.ahead(fourth).ahead) == ("stopped", (), 2)
    end(pool, first)
    until(lambda: not fourth.going)
    assert (second.status, fourth.status) == ("finished", "finished")
    assert second.state().changes == ()
    assert pool.ahead(fourth).ahead == 0


def test_a_run_that_is_over_takes_no_commands(pool: Pool) -> None:
    job = submit(pool, SHORT)
    until(lambda: not job.going)
    before = job.state()
    for what in (Command("resume"), Command("stop"), Change(dropout=0.5)):
        pool.command(job, what)
    assert job.state() == before


def test_a_run_paused_for_too_long_gives_way_to_one_that_waits(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    job = going_on(pool)
    pool.command(job, Command("step"))
    until(lambda: job.status == "paused")
    monkeypatch.setattr(pool_module, "PAUSE_LIMIT", 0.2)
    time.sleep(0.4)
    assert job.status == "paused"  # nobody waits
    waiting = Job(SHORT)
    pool.submit(waiting)
    until(lambda: not job.going, seconds=2)
    assert (job.status, job.state().message) == ("stopped", pool_module.PAUSED_TOO_LONG)
    assert job.state().weights_step == job.state().points[-1].step
    until(lambda: not waiting.going)
    assert waiting.status == "finished"
    following = going_on(pool)
    end(pool, following)
    assert following.state().message == ""


def test_two_runs_at_once_share_the_cores(pair: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[int, Order]] = []
    send = pair._send

    def noting(worker: pool_module._Worker, order: Order) -> None:
        sent.append((worker.number, order))
        send(worker, order)

    def threads() -> dict[int, int]:
        """The threads that each worker was last told to use."""
        return {number: order.threads for number, order in sent if isinstance(order, Start | Share)}

    monkeypatch.setattr(pair, "_send", noting)
    monkeypatch.setattr(pair, "_cores", 7)
    first = going_on(pair)
    (number,) = threads()
    assert threads() == {number: 7}
    second = going_on(pair)
    other = next(worker.number for worker in pair._workers if worker.job is second)
    assert threads() == {number: 3, other: 3}
    third = Job(SHORT)
    pair.submit(third)
    assert pair.ahead(third).ahead == 1
    pair.command(first, Command("pause"))
    until(lambda: first.status == "paused")
    assert threads()[other] == 7
    pair.command(first, Command("resume"))
    until(lambda: first.status == "running")
    assert threads() == {number: 3, other: 3}
    end(pair, first)
    until(lambda: not third.going)
    assert threads()[other] == 7
    end(pair, second)


def test_one_of_two_workers_dies_and_the_other_run_goes_on(pair: Pool) -> None:
    first, second = going_on(pair), going_on(pair)
    os.kill(pid_of(pair, first), signal.SIGKILL)
    until(lambda: not first.going, seconds=2)
    step = second.state().points[-1].step
    until(lambda: second.state().points[-1].step > step)
    assert (first.status, second.status) == ("failed", "running")
    end(pair, second)
    until(lambda: pair.ready() == 2)  # a new one took its place


@pytest.mark.parametrize("value", ["0", "65", "-1", "two", "1.5", "²"])
def test_a_bad_number_of_workers_is_explained(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SIZE_VARIABLE, value)
    with pytest.raises(ValueError, match=rf"^EXPLAINER_WORKERS is '{value}'; set it to a number from 1 to 64\.$"):
        Pool()


@pytest.mark.parametrize(("value", "size"), [("3", 3), (" 64 ", 64), ("", None), ("  ", None)])
def test_the_number_of_workers_can_be_set(value: str, size: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SIZE_VARIABLE, value)
    assert process.size_setting() == size
    assert Pool()._size == size
    assert Pool(2)._size == 2


def test_close_ends_everything_and_says_so() -> None:
    pool = Pool(1, cores=1)
    pool.start()
    until(pool.ready)
    going, waiting = going_on(pool), Job(SHORT)
    pool.submit(waiting)
    pid = pid_of(pool, going)
    start = time.monotonic()
    pool.close()
    assert time.monotonic() - start < 1
    assert not alive(pid)
    for job in (going, waiting):
        assert (job.status, job.state().message) == ("stopped", "The server was shut down.")
    pool.close()  # a second time: nothing happens


def test_close_during_the_start_leaves_no_process_behind() -> None:
    pool = Pool(2, cores=1)
    pool.start()
    until(lambda: pool._workers)
    pids = [worker.process.pid for worker in pool._workers]
    pool.close()
    assert not any(alive(pid) for pid in pids)
    time.sleep(0.2)
    assert not pool._workers


def test_workers_end_with_a_server_that_is_killed() -> None:
    server = """
    import time
    from explainer.training.pool import Pool
    pool = Pool(1, cores=1)
    pool.start()
    while not pool.ready():
        time.sleep(0.01)
    print(pool._workers[0].process.pid, flush=True)
    time.sleep(60)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(server)], stdout=subprocess.PIPE, text=True
    ) as process_:
        assert process_.stdout is not None
        pid = int(process_.stdout.readline())
        assert alive(pid)
        process_.kill()
    until(lambda: not alive(pid), seconds=5)
