"""The process that trains for all servers of a computer: ``python -m explainer.training.shared``.

It owns the one pool of workers, or the way to the cluster that the environment names. Each server calls it, submits its
runs, and is told all that happens to them: its own records stay what its pages read. Where it listens, and the key that
servers prove themselves by, come in the environment.
"""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Listener, answer_challenge, deliver_challenge
from multiprocessing.context import AuthenticationError
from typing import Any

from explainer.training.chosen_engine import own_engine
from explainer.training.engine import Engine, Place
from explainer.training.job import AnyJob, Status
from explainer.training.line import Line
from explainer.training.messages import Changed, Command
from explainer.training.pool import Pool
from explainer.training.shared_messages import (
    ADDRESS_VARIABLE,
    Asked,
    Became,
    Order,
    Places,
    Submit,
    Told,
    Took,
    meeting_place,
)
from explainer.training.snapshot import AnySnapshot

PLACES_EVERY = 0.5  # seconds
BACKLOG = 16  # servers that call at the same moment

_log = logging.getLogger(__name__)


class _Guest:
    """A server that has called, and its runs that are not over."""

    def __init__(self, connection: Connection[Any, Any]) -> None:
        self.line: Line[Told, Asked] = Line(connection)
        self.jobs: dict[int, AnyJob] = {}
        self._told: dict[int, Place] = {}
        self._lock = threading.Lock()  # what was told last must be what was sent last

    def tell_places(self, engine: Engine) -> None:
        """Says where its runs stand, of those that stand elsewhere than it was told; forgets those that are over."""
        with self._lock:
            self.jobs = {number: job for number, job in self.jobs.items() if job.going}
            places = {number: engine.ahead(job) for number, job in self.jobs.items()}
            fresh = {number: place for number, place in places.items() if self._told.get(number) != place}
            self._told = places
            if fresh:
                self.line.send(Places(fresh))

    def add(self, number: int, job: AnyJob) -> None:
        """Takes a run on."""
        with self._lock:
            self.jobs = {**self.jobs, number: job}


class _PassedOn(AnyJob):
    """A run's record that passes on to the server whose run it is all that the pool writes into it."""

    def __init__(self, submit: Submit, line: Line[Told, Asked]) -> None:
        super().__init__(submit.config, submit.single_step, owner=submit.owner)
        self._number, self._line = submit.number, line

    def become(self, status: Status, message: str = "") -> None:
        super().become(status, message)
        self._line.send(Became(self._number, status, message))

    def take(self, report: AnySnapshot | Changed) -> None:
        super().take(report)
        self._line.send(Took(self._number, report))


@dataclass(eq=False)
class Host:
    """Takes the calls of servers and trains their runs in ``engine``; each server has a thread of its own."""

    engine: Engine
    key: bytes
    guests: list[_Guest] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)

    def listen(self, listener: Listener) -> None:
        """Takes calls until the listener is closed; returns at once."""
        _thread(self._accept, listener)
        _thread(self._tell_places)

    def close(self) -> None:
        """Ends all runs and what trains them."""
        self.closed.set()
        self.engine.close()
        for guest in list(self.guests):
            guest.line.close()

    def _accept(self, listener: Listener) -> None:
        while not self.closed.is_set():
            try:
                connection = listener.accept()
            except OSError:  # it is closed, or the caller has just died
                self.closed.wait(0.05)
            else:
                _thread(self._receive, connection)

    def _receive(self, connection: Connection[Any, Any]) -> None:
        """Lets in who has the key: in the caller's own thread, so that a silent one keeps nobody waiting."""
        try:
            deliver_challenge(connection, self.key)
            answer_challenge(connection, self.key)
        except (AuthenticationError, EOFError, OSError):
            connection.close()
            return
        guest = _Guest(connection)
        self.guests.append(guest)
        try:
            for asked in guest.line.messages():
                self._obey(guest, asked)
        finally:
            self.guests.remove(guest)
            self._end_runs(guest)

    def _obey(self, guest: _Guest, asked: Asked) -> None:
        match asked:
            case Submit(number):
                job = _PassedOn(asked, guest.line)
                guest.add(number, job)
                self.engine.submit(job)
                guest.tell_places(self.engine)
            case Order(number, what) if number in guest.jobs:
                self.engine.command(guest.jobs[number], what)

    def _end_runs(self, guest: _Guest) -> None:
        """Nobody can see the runs of a server that is gone."""
        going = [job for job in guest.jobs.values() if job.going]
        if going and not self.closed.is_set():
            _log.info("A server is gone, and its %d runs are stopped", len(going))
        for job in going:
            self.engine.command(job, Command("stop"))

    def _tell_places(self) -> None:
        while not self.closed.wait(PLACES_EVERY):
            for guest in list(self.guests):
                guest.tell_places(self.engine)


def _thread(target: Callable[..., None], *arguments: object) -> None:
    threading.Thread(target=target, args=arguments, daemon=True).start()


def main() -> int:
    """Trains for all servers until it is told to end by a signal; the exit code."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    try:
        place, engine = meeting_place(), own_engine()
        if place is None:
            raise ValueError(f"{ADDRESS_VARIABLE} is not set; python -m explainer.serve sets it.")
    except ValueError as error:
        _log.error("%s", error)
        return 2
    address, key = place
    try:
        listener = Listener(address, backlog=BACKLOG)
    except OSError as error:
        _log.error("Servers cannot be heard at %s:%d: %s", *address, error.strerror)
        return 1
    with listener:
        host = Host(engine, key)
        if isinstance(engine, Pool):  # a cluster is there already
            engine.start()
        host.listen(listener)
        ended.wait()
        host.close()
    return 0


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s pool %(process)d: %(message)s")
    sys.exit(main())
