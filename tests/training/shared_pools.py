"""Engines of several servers and the host that they share, all in one process, for its tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from multiprocessing.connection import Listener

import numpy as np

from explainer.training.engine import Engine, Place
from explainer.training.job import Job
from explainer.training.messages import Change, Command
from explainer.training.shared import Host
from explainer.training.shared_engine import SharedEngine
from explainer.training.shared_messages import Address
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


def hosts() -> Iterator[Callable[[Engine], tuple[Host, Address]]]:
    """A function: ``hosting(engine)`` is a host of this process, and where it listens."""
    with ExitStack() as stack:

        def start(engine: Engine) -> tuple[Host, Address]:
            listener = stack.enter_context(Listener(("127.0.0.1", 0), backlog=16))
            host = Host(engine, KEY)
            host.listen(listener)
            stack.callback(host.closed.set)
            return host, listener.address

        yield start


def callers() -> Iterator[Callable[[Address], SharedEngine]]:
    """A function: ``calling(address)`` is a server's engine, closed at the end."""
    with ExitStack() as stack:

        def start(address: Address) -> SharedEngine:
            engine = SharedEngine(address, KEY)
            stack.callback(engine.close)
            return engine

        yield start


Hosting = Callable[[Engine], tuple[Host, Address]]
Calling = Callable[[Address], SharedEngine]


def submitted(engine: SharedEngine, job: Job) -> Job:
    """The run, which the engine has been given."""
    engine.submit(job)
    return job


def report(number_of_bytes: int) -> Snapshot:
    """A report with weights of so many bytes."""
    views = Views(np.zeros((1, 3, 3), np.float32), (), 0)
    return Snapshot(Point(1, 0.1, 1.0, 100.0, 0.1, 2.3, 0.1), views=views, weights=bytes(number_of_bytes))
