"""The worker processes of a pool: started one after the other, watched, and replaced when they are gone."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Client, Connection
from multiprocessing.context import AuthenticationError
from subprocess import TimeoutExpired
from typing import Protocol

from explainer.training import process
from explainer.training.address import Door, open_door
from explainer.training.crew import Worker
from explainer.training.messages import Ask, FromWorker, Hello, Ready, ToWorker

FAILED_STARTS = 3  # workers in a row that are never ready: then something is wrong with the machine
CLOSED_WITHIN = 2.0  # seconds for the door to be closed
LOOK_EVERY = 0.05  # seconds

_log = logging.getLogger(__name__)


class Employer(Protocol):
    """Who has work for them; called with the lock held."""

    def hear(self, worker: Worker, event: FromWorker) -> None:
        """What a worker says."""

    def look_after(self, worker: Worker, now: float) -> None:
        """A few times a second."""

    def dispatch(self) -> None:
        """A few times a second, and when a worker is ready."""

    def lose(self, worker: Worker, code: int, frozen: bool) -> None:
        """The worker is gone, with its exit code: because it died, or because it did nothing any more."""

    def despair(self) -> None:
        """No worker can be started."""


class Staff:
    """Worker processes up to a bound: ``size``, or what the first of them finds the machine fit for.

    Each connection has a thread that reads it and one that writes, so that a worker that hangs holds up nobody else.
    ``lock`` guards all of it, and what the employer has.
    """

    def __init__(self, size: int | None, lock: threading.RLock, employer: Employer) -> None:
        self.size = size
        self.workers: list[Worker] = []
        self.door: Door | None = None
        self._accepting: threading.Thread | None = None
        self.failed_starts = 0
        self._lock, self._employer = lock, employer
        self._key = secrets.token_bytes(16)
        self._closed = threading.Event()
        self._capacity = 1  # until the first worker knows the machine
        self._next_number = 0

    @property
    def bound(self) -> int:
        """How many workers there are to be."""
        return self.size or self._capacity

    def start(self) -> None:
        """Starts the workers, once; later calls do nothing. Raises OSError where the server can listen nowhere."""
        with self._lock:
            if self.door is None:
                self.door, self._closed = open_door(self._key), threading.Event()
                self._accepting = self._thread(self._accept, self.door, self._closed)
                self._thread(self._keep_house, self._closed)

    def close(self) -> None:
        """Ends all workers."""
        with self._lock:
            door, self.door = self.door, None
            self._closed.set()
            for worker in self.workers:
                worker.process.kill()
            for worker in self.workers:
                worker.process.wait()
            self.workers.clear()
        if door:
            with suppress(OSError):  # closed already
                Client(door.address).close()  # wakes the thread that accepts, which then closes it
            if self._accepting:
                self._accepting.join(CLOSED_WITHIN)  # a process that ends sooner would leave its folder behind

    def bury(self, worker: Worker, frozen: bool = False) -> None:
        """Ends a worker that died, hangs, or was not ready in time."""
        if worker not in self.workers:
            return
        self.workers.remove(worker)
        code = worker.end()
        if not worker.ready:
            _log.error("Worker %d was never ready (code %s)", worker.number, code)
            self.failed_starts += 1
        self._employer.lose(worker, code, frozen)

    def _thread(self, target: Callable[..., None], *arguments: object) -> threading.Thread:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        thread.start()
        return thread

    def _accept(self, door: Door, closed: threading.Event) -> None:
        """Takes the calls of workers."""
        try:
            while not closed.is_set():
                try:
                    connection = door.listener.accept()
                    hello = connection.recv()
                except (AuthenticationError, EOFError, OSError):
                    closed.wait(LOOK_EVERY)  # none of our workers, or one that has just died
                else:
                    self._introduce(hello, connection)
        finally:
            door.close()

    def _introduce(self, hello: Hello, connection: Connection[ToWorker, FromWorker]) -> None:
        with self._lock:
            for worker in self.workers:
                if worker.number == hello.number:
                    worker.connect(connection)
                    self._thread(self._read, worker, connection)
                    return
        connection.close()

    def _read(self, worker: Worker, connection: Connection[ToWorker, FromWorker]) -> None:
        """Handles what ``worker`` says, to the last word of a dead one."""
        try:
            while True:
                event = connection.recv()
                with self._lock:
                    self._hear(worker, event)
        except (EOFError, OSError):
            with suppress(TimeoutExpired):
                worker.process.wait(1)  # for the code that it ends with
            with self._lock:
                self.bury(worker)
            worker.disconnect()
            connection.close()

    def _keep_house(self, closed: threading.Event) -> None:
        before = time.monotonic()
        while not closed.wait(LOOK_EVERY):
            with self._lock:
                now = time.monotonic()
                if not closed.is_set():
                    for worker in list(self.workers):
                        self._look_after(worker, now, now - before)
                    self._hire()
                    self._employer.dispatch()
                before = now

    def _look_after(self, worker: Worker, now: float, passed: float) -> None:
        verdict = worker.life.look(passed, worker.ready)
        if verdict == "ask":
            worker.say(Ask())
        if verdict == "gone":
            _log.error("Worker %d does nothing any more", worker.number)
            self.bury(worker, frozen=True)
        elif worker.process.poll() is not None and not worker.connected:
            self.bury(worker)
        else:
            self._employer.look_after(worker, now)

    def _hire(self) -> None:
        """Starts workers up to the bound, one at a time, so that start-up leaves the page a share of the cores."""
        if self.failed_starts >= FAILED_STARTS:
            if not self.workers:
                self._employer.despair()
        elif all(worker.ready for worker in self.workers) and len(self.workers) < self.bound:
            self._next_number += 1
            try:
                started = process.spawn(self._next_number, self.door.address if self.door else "", self._key)
            except OSError:
                _log.exception("No process could be started")
                self.failed_starts += 1
            else:
                self.workers.append(Worker(self._next_number, started))

    def _hear(self, worker: Worker, event: FromWorker) -> None:
        worker.life.heard()
        if isinstance(event, Ready):
            worker.ready, self.failed_starts, self._capacity = True, 0, event.capacity
        self._employer.hear(worker, event)
