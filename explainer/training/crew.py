"""A worker process as the server sees it: its connection, the runs that it has begun, and whether it is well."""

from __future__ import annotations

import itertools
import logging
import queue
import threading
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from subprocess import Popen

from explainer.training.job import AnyJob
from explainer.training.messages import Command, FromWorker, Order, Start, To, ToWorker, Turn
from explainer.training.signs_of_life import SignsOfLife, computed

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class Worker:
    """Worker ``number``; ``runs`` are those in its memory, by the number that both sides call them.

    ``stop_by`` is when the runs that were asked to stop must have done so.
    """

    number: int
    process: Popen[bytes]
    ready: bool = False
    runs: dict[int, AnyJob] = field(default_factory=dict)
    stop_by: dict[AnyJob, float] = field(default_factory=dict)
    last_words: dict[AnyJob, str] = field(default_factory=dict)  # what the page of a run says once it has stopped

    def __post_init__(self) -> None:
        self.life = SignsOfLife(lambda: computed(self.process.pid))
        self._orders: queue.SimpleQueue[ToWorker | None] = queue.SimpleQueue()
        self._numbers = itertools.count(1)
        self._writer: threading.Thread | None = None
        self.connected = False

    def connect(self, connection: Connection[ToWorker, FromWorker]) -> None:
        """The worker has called. What it is told is written by a thread of its own: it may be slow to read, or hang."""
        self.connected = True
        self._writer = threading.Thread(target=self._write, args=[connection], daemon=True, name="tell worker")
        self._writer.start()

    def disconnect(self) -> None:
        """Ends that thread once the process is gone; returns when nothing more is written."""
        self._orders.put(None)
        if self._writer:
            self._writer.join()

    def say(self, order: ToWorker) -> None:
        """Tells the worker something, without waiting."""
        self._orders.put(order)

    def tell(self, job: AnyJob, order: Order) -> None:
        """Tells it something about one of its runs."""
        self.say(To(self._number_of(job), order))

    def begin(self, job: AnyJob, threads: int) -> None:
        """Gives it a run, which goes at once."""
        number = next(self._numbers)
        self.runs[number] = job
        self.say(To(number, Start(job.config, threads, job.single_step)))

    def go_on(self, job: AnyJob) -> None:
        """Gives the turn back to a run that was set aside."""
        self.say(Turn(self._number_of(job)))

    def stop(self, job: AnyJob, by: float, last_words: str = "") -> None:
        """Asks for the end of the run, and notes by when it must have come; asked again, that stays."""
        if job not in self.stop_by:
            self.stop_by[job], self.last_words[job] = by, last_words
            self.tell(job, Command("stop"))

    def over(self, run: int) -> AnyJob | None:
        """The run ``run`` is over, and in its memory no more."""
        job = self.runs.pop(run, None)
        if job:
            self.stop_by.pop(job, None)
        return job

    def end(self) -> int:
        """Ends the process; the code that it ends with."""
        self.process.kill()
        return self.process.wait()

    def _number_of(self, job: AnyJob) -> int:
        return next(number for number, mine in self.runs.items() if mine is job)

    def _write(self, connection: Connection[ToWorker, FromWorker]) -> None:
        try:
            while (order := self._orders.get()) is not None:
                connection.send(order)
        except OSError:
            _log.info("Worker %d is gone", self.number)  # the thread that reads buries it
