"""The queue before the workers, the cores that runs share, and how a pool starts and ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator

import pytest
import torch
from training_pools import ENDLESS, SHORT, alive, end, going_on, pid_of, submit, until

from explainer.networks.config import NetworkConfig
from explainer.networks.weights import from_bytes
from explainer.training import crew, process
from explainer.training import pool as pool_module
from explainer.training.config import Recipe, RunConfig
from explainer.training.job import Job
from explainer.training.messages import Change, Command, Share, Start, To, ToWorker
from explainer.training.pool import Pool
from explainer.training.process import SIZE_VARIABLE

pytestmark = pytest.mark.processes


def test_runs_wait_in_their_order(pool: Pool) -> None:
    first = going_on(pool)
    second, third, fourth = Job(SHORT), Job(ENDLESS), Job(SHORT)
    for job in (second, third, fourth):
        pool.submit(job)
    assert [pool.ahead(job).ahead for job in (first, second, third, fourth)] == [0, 1, 2, 3]
    assert [job.status for job in (second, third, fourth)] == ["waiting"] * 3
    for nothing in (Command("pause"), Command("step"), Change("learning_rate", 1.0)):
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
    for what in (Command("resume"), Command("stop"), Change("dropout", 0.5)):
        pool.command(job, what)
    assert job.state() == before


def test_a_paused_run_gives_its_place_to_one_that_waits_and_goes_on_when_it_is_resumed(pool: Pool) -> None:
    job = going_on(pool)
    pool.command(job, Command("step"))
    until(lambda: job.status == "paused")
    step = job.state().points[-1].step
    short = Job(SHORT)
    pool.submit(short)
    until(lambda: not short.going)
    assert (short.status, job.status) == ("finished", "paused")
    other = going_on(pool)
    pool.command(job, Command("step"))  # at once, without a turn
    until(lambda: job.state().points[-1].step == step + 1 and job.status == "paused")
    pool.command(job, Command("resume"))
    until(lambda: job.status == "waiting")
    assert pool.ahead(job).ahead == 1
    end(pool, other)
    until(lambda: job.state().points[-1].step > step + 2)
    assert job.status == "running"
    end(pool, job)


def test_a_long_run_makes_room_and_goes_on_with_the_same_numbers(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dropout and augmentation draw random numbers in every step."""
    recipe = Recipe("sgd", 0.05, batch_size=64, epochs=12, shift=2, rotate=10.0)
    config = RunConfig(NetworkConfig((), hidden=(16,), dropout=0.3), recipe, subset=3_000, seed=4)
    alone = submit(pool, config)
    until(lambda: not alone.going)
    monkeypatch.setattr(pool._queue, "share", 0.05)
    interrupted, other = submit(pool, config), Job(ENDLESS)
    pid = pid_of(pool, interrupted)
    pool.submit(other)  # never over: the two take turns until the first is
    until(lambda: interrupted.status == "waiting")
    until(lambda: not interrupted.going)
    end(pool, other)
    assert [worker.process.pid for worker in pool._workers] == [pid]
    first, second = alone.state(), interrupted.state()
    assert second.status == "finished"
    assert [(point.step, point.train_loss, point.test_loss) for point in first.points] == [
        (point.step, point.train_loss, point.test_loss) for point in second.points
    ]
    assert first.weights is not None
    assert second.weights is not None
    ours, expected = (from_bytes(state.weights)[1].state_dict() for state in (second, first))  # type: ignore[arg-type]
    assert all(torch.equal(ours[name], value) for name, value in expected.items())


@pytest.fixture
def aside(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Job, Job]]:
    """A run that is set aside, and the one that has its place and keeps it."""
    first = going_on(pool)
    monkeypatch.setattr(pool._queue, "share", 0.0)
    second = Job(ENDLESS)
    pool.submit(second)
    until(lambda: second.status == "running")
    monkeypatch.setattr(pool._queue, "share", 1000.0)
    until(lambda: first.status == "waiting" and second.state().points)
    yield first, second
    for job in (first, second):
        end(pool, job)


def test_a_run_that_is_set_aside_keeps_what_it_has_reported_and_waits(pool: Pool, aside: tuple[Job, Job]) -> None:
    first, second = aside
    assert (first.status, first.held, second.status) == ("waiting", True, "running")
    assert pool.ahead(first).ahead == 1
    assert pool.ahead(second).ahead == 0
    time.sleep(0.2)  # what it had still sent has come
    points = len(first.state().points)
    before = len(second.state().points)
    until(lambda: len(second.state().points) > before + 1)
    assert len(first.state().points) == points > 1


def test_a_run_that_is_set_aside_stops_at_once_with_its_last_weights(pool: Pool, aside: tuple[Job, Job]) -> None:
    first, second = aside
    assert end(pool, first) < 2.0
    state = first.state()
    assert (state.status, state.message) == ("stopped", "")
    assert state.weights_step == state.points[-1].step > 0
    before = len(second.state().points)
    until(lambda: len(second.state().points) > before + 1)
    assert second.status == "running"


def test_a_run_that_is_set_aside_is_paused_stepped_changed_and_resumed(pool: Pool, aside: tuple[Job, Job]) -> None:
    first, second = aside
    pool.command(first, Command("pause"))
    until(lambda: first.status == "paused")
    pool.command(first, Change("learning_rate", 0.002))
    until(lambda: first.state().changes)
    step = first.state().changes[0].step
    pool.command(first, Command("step"))
    until(lambda: first.state().points[-1].step == step + 1 and first.status == "paused")
    assert first.state().points[-1].learning_rate == 0.002
    assert first.state().weights_step == step + 1
    pool.command(first, Command("resume"))
    until(lambda: first.status == "waiting")
    assert second.status == "running"
    pool.command(second, Command("pause"))
    until(lambda: first.status == "running")


def test_the_worker_of_a_run_that_is_set_aside_dies_and_both_say_so(pool: Pool, aside: tuple[Job, Job]) -> None:
    first, second = aside
    points = first.state().points
    os.kill(pid_of(pool, second), signal.SIGKILL)
    until(lambda: not first.going and not second.going, seconds=5)
    assert [job.status for job in aside] == ["failed", "failed"]
    assert first.state().points == points
    assert first.state().message == pool_module.GONE.format(-9)
    until(pool.ready)


def test_too_many_paused_runs_end_the_oldest_with_a_sentence(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "MAX_PAUSED", 2)
    jobs = []
    for _ in range(3):
        jobs.append(going_on(pool))
        pool.command(jobs[-1], Command("pause"))
        until(lambda: jobs[-1].status == "paused")
    until(lambda: not jobs[0].going)
    assert (jobs[0].status, jobs[0].state().message) == ("stopped", pool_module.PAUSED_TOO_MANY)
    assert jobs[0].state().weights_step == jobs[0].state().points[-1].step
    assert [job.status for job in jobs[1:]] == ["paused", "paused"]
    for job in jobs[1:]:
        end(pool, job)


def test_one_visitors_second_run_waits_behind_everybodys_first(pool: Pool) -> None:
    going = going_on(pool)
    jobs = {name: Job(SHORT, owner=name.split()[0]) for name in ("ann 1", "ann 2", "bob 1", "bob 2", "cy 1")}
    for job in jobs.values():
        pool.submit(job)
    order = ["ann 1", "bob 1", "cy 1", "ann 2", "bob 2"]
    assert [pool.ahead(jobs[name]).ahead for name in order] == [1, 2, 3, 4, 5]
    times = [pool.ahead(jobs[name]).seconds for name in order]
    assert times == sorted(times, key=lambda seconds: seconds or 0)
    end(pool, going)
    ended: list[str] = []

    def all_over() -> bool:
        ended.extend(name for name in order if name not in ended and not jobs[name].going)
        return len(ended) == len(order)

    until(all_over)
    assert ended == order


def test_two_runs_at_once_share_the_cores(pair: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[int, ToWorker]] = []
    say = crew.Worker.say

    def noting(worker: crew.Worker, order: ToWorker) -> None:
        sent.append((worker.number, order))
        say(worker, order)

    def threads() -> dict[int, int]:
        """The threads that each worker was last told to use."""
        orders = [(number, each.order) for number, each in sent if isinstance(each, To)]
        return {number: order.threads for number, order in orders if isinstance(order, Start | Share)}

    monkeypatch.setattr(crew.Worker, "say", noting)
    monkeypatch.setattr(pair, "_cores", 7)
    first = going_on(pair)
    (number,) = threads()
    assert threads() == {number: 7}
    second = going_on(pair)
    other = next(worker.number for worker in pair._workers if second in worker.runs.values())
    assert threads() == {number: 3, other: 3}
    third = Job(SHORT)
    pair.submit(third)
    assert pair.ahead(third).ahead == 1
    end(pair, first)
    until(lambda: not third.going)
    until(lambda: threads()[other] == 7)
    pair.command(second, Command("pause"))
    until(lambda: second.status == "paused")
    first = going_on(pair)
    assert threads()[next(worker.number for worker in pair._workers if first in worker.runs.values())] == 7
    end(pair, first)
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
    assert Pool()._staff.size == size
    assert Pool(2)._staff.size == 2


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
    until(lambda: not alive(pid), seconds=60)
