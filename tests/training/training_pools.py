"""Runs in worker processes for the tests of the pool, each of about a second."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

from explainer.networks.config import NetworkConfig
from explainer.training.config import Recipe, RunConfig
from explainer.training.job import Job
from explainer.training.messages import Command
from explainer.training.pool import Pool

SOFTMAX = NetworkConfig(())
SHORT = RunConfig(SOFTMAX, Recipe("sgd", 0.1, batch_size=64, epochs=2), subset=640, seed=1)
ENDLESS = RunConfig(NetworkConfig((), dropout=0.1), Recipe("sgd", 0.01, batch_size=32, epochs=100_000), subset=3_000)
PATIENCE = 200.0  # seconds: far more than anything here takes, even on a busy machine


def until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Waits until ``condition`` holds; fails after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def started(size: int) -> Iterator[Pool]:
    """A pool of ``size`` workers that are ready; at the end it is closed, and no process is left."""
    pool = Pool(size, cores=size)
    pool.start()
    until(lambda: pool.ready() == size)
    yield pool
    until(lambda: pool._workers)  # another may be about to take the place of one that was killed
    pids = [worker.process.pid for worker in pool._workers]
    pool.close()
    assert pids
    assert not any(alive(pid) for pid in pids)


def alive(pid: int) -> bool:
    """Whether there is a process ``pid``."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def submit(pool: Pool, config: RunConfig) -> Job:
    """A run that has a worker."""
    until(pool.ready)
    job = Job(config)
    pool.submit(job)
    return job


def going_on(pool: Pool, config: RunConfig = ENDLESS) -> Job:
    """A run that trains until told otherwise."""
    job = submit(pool, config)
    until(lambda: len(job.state().points) > 1)
    assert job.status == "running"
    return job


def end(pool: Pool, job: Job) -> float:
    """Stops ``job``; seconds that took."""
    start = time.monotonic()
    pool.command(job, Command("stop"))
    until(lambda: not job.going)
    return time.monotonic() - start


def pid_of(pool: Pool, job: Job) -> int:
    """The process that trains ``job``."""
    return next(worker.process.pid for worker in pool._workers if job in worker.runs.values())
