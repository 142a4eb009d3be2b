"""An engine that trains in the pool of workers that all servers of a computer share."""

from __future__ import annotations

import itertools
import logging
import threading
import time
from dataclasses import dataclass
from multiprocessing.connection import Client
from multiprocessing.context import AuthenticationError
from typing import Literal

from explainer.training.engine import FIRST, Place
from explainer.training.job import AnyJob
from explainer.training.line import Line
from explainer.training.messages import Change, Command
from explainer.training.shared_messages import Address, Asked, Became, Order, Places, Submit, Told, Took

RETRY_AFTER = 0.3  # seconds between two calls to a pool that does not answer
PATIENCE = 60.0  # seconds without a pool after which runs that wait for it are given up

GONE = (
    "The process that trains all runs ended unexpectedly. What this run had reported until then is kept; press Train "
    "to start again."
)
NOT_FOUND = "The process that trains all runs does not answer; the server's log says why. Press Train to try again."
CLOSED = "The server was shut down."

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class _Run:
    """A run of this server that is not over, and what is known of it beyond its record."""

    number: int
    job: AnyJob
    place: Place = FIRST
    is_stopping: bool = False


class SharedEngine:
    """The client of ``explainer.training.shared``, which it calls again whenever the connection is lost.

    What waited then is submitted again, what ran is over, and says so. No method waits for the other process.
    """

    def __init__(self, address: Address, key: bytes) -> None:
        self._address, self._key = address, key
        self._lock = threading.Lock()
        self._runs: dict[AnyJob, _Run] = {}
        self._by_number: dict[int, _Run] = {}
        self._numbers = itertools.count(1)
        self._line: Line[Asked, Told] | None = None
        self._closed = threading.Event()
        threading.Thread(target=self._keep_calling, daemon=True, name="shared pool").start()

    def submit(self, job: AnyJob) -> None:
        """Passes the run on, as soon as there is a pool to take it."""
        with self._lock:
            run = _Run(next(self._numbers), job)
            self._runs[job] = self._by_number[run.number] = run
            if self._line:
                self._line.send(_submit(run))

    def command(self, job: AnyJob, what: Command | Change) -> None:
        """Passes on what a person asks; for a run that still waits or is over, only "stop" has an effect."""
        with self._lock:
            run = self._runs.get(job)
            if run is None:
                return
            run.is_stopping |= what == Command("stop")
            if self._line:
                self._line.send(Order(run.number, what))
            elif run.is_stopping:
                self._end(run, "stopped")

    def ahead(self, job: AnyJob) -> Place:
        """Where the run stood in the queue when the pool last said so, which it does twice a second."""
        with self._lock:
            run = self._runs.get(job)
            return run.place if run else FIRST

    def close(self) -> None:
        """Ends this server's runs with a sentence; those of other servers go on."""
        with self._lock:
            self._closed.set()
            for run in list(self._runs.values()):
                self._end(run, "stopped", CLOSED)
            if self._line:
                self._line.close()

    def _keep_calling(self) -> None:
        since = time.monotonic()
        while not self._closed.is_set():
            line = self._call()
            if line:
                self._listen(line)
                since = time.monotonic()
            elif time.monotonic() - since > PATIENCE:
                self._give_up()
            self._closed.wait(RETRY_AFTER)

    def _call(self) -> Line[Asked, Told] | None:
        try:
            return Line(Client(self._address, authkey=self._key))
        except AuthenticationError:
            _log.error("Who listens at %s:%d is not the pool of this server", *self._address)
        except (EOFError, OSError):
            pass  # it is starting, or has just ended
        return None

    def _listen(self, line: Line[Asked, Told]) -> None:
        """Submits what waits, and writes down what happens, until the connection is lost."""
        with self._lock:
            if self._closed.is_set():
                line.close()
            self._line = line
            for run in self._runs.values():
                line.send(_submit(run))
        for told in line.messages():
            with self._lock:
                self._write_down(told)
        with self._lock:
            self._line = None
            self._lose()

    def _write_down(self, told: Told) -> None:
        match told:
            case Became(number, status, message) if number in self._by_number:
                run = self._by_number[number]
                run.job.become(status, message)
                if not run.job.going:
                    self._forget(run)
            case Took(number, report) if number in self._by_number:
                self._by_number[number].job.take(report)
            case Places(by_number):
                for number, place in by_number.items():
                    if number in self._by_number:
                        self._by_number[number].place = place

    def _lose(self) -> None:
        """The pool is gone: with it all that ran, but not what had not begun."""
        for run in list(self._runs.values()):
            run.place = FIRST
            if run.is_stopping:
                self._end(run, "stopped")
            elif run.job.status != "waiting" or run.job.state().points:
                self._end(run, "failed", GONE)

    def _give_up(self) -> None:
        with self._lock:
            for run in list(self._runs.values()):
                self._end(run, "failed", NOT_FOUND)

    def _end(self, run: _Run, status: Literal["stopped", "failed"], message: str = "") -> None:
        run.job.become(status, message)
        self._forget(run)

    def _forget(self, run: _Run) -> None:
        del self._runs[run.job], self._by_number[run.number]


def _submit(run: _Run) -> Submit:
    return Submit(run.number, run.job.config, run.job.single_step, run.job.owner)
