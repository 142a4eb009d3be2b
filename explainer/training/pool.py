"""A bounded pool of worker processes that train, and the queue before it."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Client, Connection, Listener
from multiprocessing.context import AuthenticationError
from subprocess import Popen, TimeoutExpired

from explainer.device import cores as machine_cores
from explainer.training import process
from explainer.training.engine import Place
from explainer.training.job import Job, Status
from explainer.training.messages import (
    Change,
    Changed,
    Command,
    Ended,
    Event,
    Hello,
    Order,
    Paused,
    Ready,
    Resumed,
    Share,
    Start,
)
from explainer.training.snapshot import Snapshot

STOP_WITHIN = 1.0  # seconds after which a worker that does not stop is ended
PAUSE_LIMIT = 600.0  # seconds that a paused run may keep its worker while others wait
START_WITHIN = 90.0  # seconds for a worker to import torch and connect
FAILED_STARTS = 3  # workers in a row that are never ready: then something is wrong with the machine
MAX_THREADS = 16
LOOK_EVERY = 0.05  # seconds

PAUSED_TOO_LONG = "This run was paused for a long time while others waited, so it was stopped."
NO_WORKER = "No training process could be started on this computer; the server's log says why."
GONE = (
    "The process that trained this run ended unexpectedly (code {}). What it had reported until then is kept; "
    "press Train to start again."
)

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class _Worker:
    """A process, the connection to it once it has called, and the run it has.

    ``stop_by`` is when it is ended if it has not stopped its run, and ``reason`` what the run's page then says.
    """

    number: int
    process: Popen[bytes]
    started: float = field(default_factory=time.monotonic)
    connection: Connection[Order, Event] | None = None
    ready: bool = False
    job: Job | None = None
    stop_by: float | None = None
    reason: str = ""
    paused_since: float | None = None


class Pool:
    """Worker processes, at most one a run, and the runs that wait for one.

    ``size`` bounds the workers; None takes ``EXPLAINER_WORKERS`` or, without that, what the first worker finds
    the machine fit for: one a core, or by a GPU's memory. ``cores`` are shared out among the runs that are going.
    All methods may be called from any thread, and none waits for a worker: each connection has a thread that
    reads it, so that a worker that hangs in the middle of a message holds up nobody else.
    """

    def __init__(self, size: int | None = None, cores: int | None = None) -> None:
        self._size = size or process.size_setting()
        self._cores = cores or machine_cores()
        self._lock = threading.RLock()
        self._workers: list[_Worker] = []
        self._queue: deque[Job] = deque()
        self._key = secrets.token_bytes(16)
        self._listener: Listener | None = None
        self._closed = threading.Event()
        self._capacity = 1  # until the first worker knows the machine
        self._failed_starts = 0
        self._next_number = 0

    def start(self) -> None:
        """Starts the workers, once; later calls do nothing. Returns before they are ready."""
        with self._lock:
            if self._listener is None:
                self._listener, self._closed = Listener(authkey=self._key), threading.Event()
                self._thread(self._accept, self._listener, self._closed)
                self._thread(self._keep_house, self._closed)

    def close(self) -> None:
        """Ends all workers; runs that are going stop with a sentence."""
        with self._lock:
            listener, self._listener = self._listener, None
            address = listener.address if listener else ""
            self._closed.set()
            for job in [*self._queue, *(worker.job for worker in self._workers if worker.job)]:
                job.become("stopped", "The server was shut down.")
            self._queue.clear()
            for worker in self._workers:
                worker.process.kill()
            for worker in self._workers:
                worker.process.wait()
            self._workers.clear()
        if listener:
            with suppress(OSError):  # closed already
                Client(address).close()  # wakes the thread that accepts, which then closes it

    def submit(self, job: Job) -> None:
        """Puts a run at the end of the queue; it starts as soon as a worker is free."""
        self.start()
        with self._lock:
            self._failed_starts = min(self._failed_starts, FAILED_STARTS - 1)  # a new run is worth another try
            self._queue.append(job)
            self._dispatch()

    def ahead(self, job: Job) -> Place:
        """How many runs must end before this one starts, at most; none for a run that has a worker."""
        with self._lock:
            return Place(self._queue.index(job) + 1 if job in self._queue else 0)

    def ready(self) -> int:
        """How many workers wait for a run."""
        with self._lock:
            return sum(worker.ready and worker.job is None for worker in self._workers)

    def command(self, job: Job, what: Command | Change) -> None:
        """Passes on what a person asks; for a run that still waits or is over, only "stop" has an effect."""
        with self._lock:
            stop = isinstance(what, Command) and what.what == "stop"
            if stop and job in self._queue:
                self._queue.remove(job)
                job.become("stopped")
            worker = next((worker for worker in self._workers if worker.job is job), None)
            if worker and stop:
                self._stop(worker)
            elif worker:
                self._send(worker, what)

    def _thread(self, target: Callable[..., None], *arguments: object) -> None:
        threading.Thread(target=target, args=arguments, daemon=True).start()

    def _accept(self, listener: Listener, closed: threading.Event) -> None:
        """Takes the calls of workers."""
        with listener:
            while not closed.is_set():
                try:
                    connection = listener.accept()
                    hello = connection.recv()
                except (AuthenticationError, EOFError, OSError):
                    closed.wait(LOOK_EVERY)  # none of our workers, or one that has just died
                else:
                    self._introduce(hello, connection)

    def _introduce(self, hello: Hello, connection: Connection[Order, Event]) -> None:
        with self._lock:
            for worker in self._workers:
                if worker.number == hello.number:
                    worker.connection = connection
                    self._thread(self._read, worker, connection)
                    return
        connection.close()

    def _read(self, worker: _Worker, connection: Connection[Order, Event]) -> None:
        """Handles what ``worker`` says, to the last word of a dead one."""
        try:
            while True:
                event = connection.recv()
                with self._lock:
                    self._handle(worker, event)
        except (EOFError, OSError):
            with suppress(TimeoutExpired):
                worker.process.wait(1)  # for the code that it ends with
            with self._lock:
                self._bury(worker)
                connection.close()

    def _keep_house(self, closed: threading.Event) -> None:
        while not closed.wait(LOOK_EVERY):
            with self._lock:
                if not closed.is_set():
                    for worker in list(self._workers):
                        self._look_after(worker, time.monotonic())
                    self._hire()
                    self._dispatch()

    def _look_after(self, worker: _Worker, now: float) -> None:
        dead = worker.process.poll() is not None and worker.connection is None
        late = not worker.ready and now - worker.started > START_WITHIN
        if dead or late or (worker.stop_by and now > worker.stop_by):
            self._bury(worker)
        elif worker.paused_since and now - worker.paused_since > PAUSE_LIMIT and self._queue:
            worker.reason = PAUSED_TOO_LONG
            self._stop(worker)

    def _hire(self) -> None:
        """Starts workers up to the bound, one at a time, so that start-up leaves the page a share of the cores."""
        if self._failed_starts >= FAILED_STARTS:
            while self._queue and not self._workers:
                self._queue.popleft().become("failed", NO_WORKER)
        elif all(worker.ready for worker in self._workers) and len(self._workers) < (self._size or self._capacity):
            self._next_number += 1
            address = str(self._listener.address) if self._listener else ""
            try:
                started = process.spawn(self._next_number, address, self._key)
            except OSError:
                _log.exception("No process could be started")
                self._failed_starts += 1
            else:
                self._workers.append(_Worker(self._next_number, started))

    def _handle(self, worker: _Worker, event: Event) -> None:
        match event:
            case Ready(capacity):
                worker.ready, self._failed_starts, self._capacity = True, 0, capacity
                self._dispatch()
            case Snapshot() | Changed():
                if worker.job:
                    worker.job.take(event)
            case Paused():
                worker.paused_since = time.monotonic()
                self._become(worker, "paused")
                self._share()
            case Resumed():
                worker.paused_since = None
                self._become(worker, "running")
                self._share()
            case Ended(outcome, message):
                self._become(worker, outcome, message or worker.reason)
                worker.job = worker.stop_by = worker.paused_since = None
                worker.reason = ""
                self._share()
                self._dispatch()

    def _dispatch(self) -> None:
        for worker in self._workers:
            if worker.ready and worker.job is None and self._queue:
                worker.job = self._queue.popleft()
                worker.job.become("running")
                self._send(worker, Start(worker.job.config, self._threads(), worker.job.single_step))
                self._share()

    def _threads(self) -> int:
        """Cores for each run that is going, at least one."""
        going = sum(worker.job is not None and worker.paused_since is None for worker in self._workers)
        return max(1, min(self._cores // max(going, 1), MAX_THREADS))

    def _share(self) -> None:
        for worker in self._workers:
            if worker.job:
                self._send(worker, Share(self._threads()))

    def _stop(self, worker: _Worker) -> None:
        """Asks for the end of the run, and notes by when it must have come; asked again, that stays."""
        if worker.stop_by is None:
            worker.stop_by = time.monotonic() + STOP_WITHIN
            self._send(worker, Command("stop"))

    def _send(self, worker: _Worker, order: Order) -> None:
        try:
            if worker.connection:
                worker.connection.send(order)
        except OSError:
            _log.info("Worker %d is gone", worker.number)  # the thread that reads buries it

    def _bury(self, worker: _Worker) -> None:
        """Ends a worker that died, hangs, or was not ready in time, and says so on its run's page."""
        if worker not in self._workers:
            return
        self._workers.remove(worker)
        worker.process.kill()
        code = worker.process.wait()
        if not worker.ready:
            _log.error("Worker %d was never ready (code %s)", worker.number, code)
            self._failed_starts += 1
        if worker.job and worker.stop_by:
            worker.job.become("stopped", worker.reason)
        elif worker.job:
            _log.error("Worker %d ended with code %s in the middle of a run", worker.number, code)
            worker.job.become("failed", GONE.format(code))
        self._share()

    def _become(self, worker: _Worker, status: Status, message: str = "") -> None:
        if worker.job:
            worker.job.become(status, message)
