"""A bounded pool of worker processes that train, and the fair queue before it."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from weakref import WeakSet

from explainer.device import cores as machine_cores
from explainer.training import process
from explainer.training.crew import Worker
from explainer.training.engine import Place
from explainer.training.fair_queue import SHARE, FairQueue
from explainer.training.job import AnyJob
from explainer.training.messages import (
    Change,
    Changed,
    Command,
    Ended,
    Event,
    From,
    FromWorker,
    Paused,
    Ready,
    Resumed,
    Share,
)
from explainer.training.pace import Pace
from explainer.training.snapshot import Snapshot
from explainer.training.staff import FAILED_STARTS, Staff

STOP_WITHIN = 1.0  # seconds after which a run that does not stop is given up
ALONE_WITHIN = 30.0  # seconds more for its worker, where that has other runs in its memory
MAX_THREADS = 16
MAX_PAUSED = 12  # runs of one worker: each keeps its memory
FORECAST_FOR = 0.5  # seconds that a forecast of the queue is good for

PAUSED_TOO_MANY = "Too many runs are paused on this server, so the oldest was stopped. Its last weights are kept."
NO_WORKER = "No training process could be started on this computer; the server's log says why."
KEPT = "What it had reported until then is kept; press Train to start again."
GONE = "The process that trained this run ended unexpectedly (code {}). " + KEPT
FROZEN = "The process that trained this run stopped responding, so it was ended. " + KEPT

_log = logging.getLogger(__name__)


class Pool:
    """Worker processes, and the runs that take turns in them.

    ``size`` bounds the workers; None takes ``EXPLAINER_WORKERS`` or, without that, what the first worker finds
    the machine fit for: one a core, or by a GPU's memory, as far as memory goes. ``cores`` are shared out among the
    runs that are going. All methods may be called from any thread, and none waits for a worker.
    """

    def __init__(self, size: int | None = None, cores: int | None = None) -> None:
        self._cores = cores or machine_cores()
        self._lock = threading.RLock()
        self._queue = FairQueue[AnyJob]()
        self._pace = Pace()
        self._begun_anew: WeakSet[AnyJob] = WeakSet()
        self._forecast: dict[AnyJob, Place] | None = None
        self._forecast_until = 0.0
        self._staff = Staff(size or process.size_setting(), self._lock, self)
        self._workers = self._staff.workers

    def start(self) -> None:
        """Starts the workers, once; later calls do nothing. Returns before they are ready.

        Raises OSError where the server can listen nowhere.
        """
        self._staff.start()

    def close(self) -> None:
        """Ends all workers; runs that are going stop with a sentence."""
        with self._lock:
            for job in self._jobs():
                job.become("stopped", "The server was shut down.")
            self._queue.clear()
            self._staff.close()

    def submit(self, job: AnyJob) -> None:
        """Puts a run into the queue; it starts as soon as a worker is free for it."""
        try:
            self.start()
        except OSError:
            _log.exception("The server cannot listen for its workers")
            job.become("failed", NO_WORKER)
            return
        with self._lock:
            self._staff.failed_starts = min(
                self._staff.failed_starts, FAILED_STARTS - 1
            )  # a new run is worth another try
            self._queue.submit(job, job.owner, self._pace.expected(job.config) <= SHARE)
            self.dispatch()

    def ahead(self, job: AnyJob) -> Place:
        """How many runs come before one that waits, and in how many seconds it has its turn, as things stand."""
        with self._lock:
            others_wait = self._queue.others_wait(job.owner)
            if not self._queue.waits(job):
                return Place(others_wait=others_wait)
            now = time.monotonic()
            if self._forecast is None or job not in self._forecast or now > self._forecast_until:
                self._forecast, self._forecast_until = self._foresee(now), now + FORECAST_FOR
            place = self._forecast.get(job, Place(len(self._forecast) + 1))
            return replace(place, others_wait=others_wait)

    def ready(self) -> int:
        """How many workers wait for a run."""
        with self._lock:
            return sum(worker.ready and self._queue.going(worker.number) is None for worker in self._workers)

    def command(self, job: AnyJob, what: Command | Change) -> None:
        """Passes on what a person asks; for a run that has not begun or is over, only "stop" has an effect."""
        with self._lock:
            worker = self._worker_of(job)
            stop = isinstance(what, Command) and what.what == "stop"
            if worker and stop:
                self._stop(worker, job)
            elif worker:
                worker.tell(job, what)
            elif stop and self._queue.waits(job):
                self._queue.remove(job)
                job.become("stopped")
                self._forecast = None

    def _jobs(self) -> list[AnyJob]:
        """All runs that are not over."""
        return list(
            dict.fromkeys([*self._queue.runs(), *(job for each in self._workers for job in each.runs.values())])
        )

    def _worker_of(self, job: AnyJob) -> Worker | None:
        return next((worker for worker in self._workers if job in worker.runs.values()), None)

    def _foresee(self, now: float) -> dict[AnyJob, Place]:
        places = [worker.number for worker in self._workers if worker.ready]
        soon = range(-self._staff.bound, 0)  # numbers of no worker: those that start
        return self._queue.forecast(places or soon, lambda job: self._pace.left(job, self._queue.spent(job, now)), now)

    def look_after(self, worker: Worker, now: float) -> None:
        """Gives up runs that do not stop; others in the same worker are spared for as long as can be."""
        late = [job for job, by in worker.stop_by.items() if now > by]
        if any(now > worker.stop_by[job] + ALONE_WITHIN for job in late) or (late and len(worker.runs) == 1):
            self._staff.bury(worker)
        for job in late:
            job.become("stopped", worker.last_words[job])

    def despair(self) -> None:
        """No worker can be started, so that no run can be trained."""
        for job in self._queue.runs():
            self._queue.remove(job)
            job.become("failed", NO_WORKER)

    def hear(self, worker: Worker, event: FromWorker) -> None:
        """Notes what a worker says."""
        match event:
            case Ready():
                self.dispatch()
            case From(run, what) if run in worker.runs:
                self._take(worker, run, worker.runs[run], what)

    def _take(self, worker: Worker, run: int, job: AnyJob, event: Event) -> None:
        """Notes what a run tells."""
        match event:
            case Snapshot() | Changed():
                job.take(event)
                return
            case Paused():
                self._queue.pause(job, time.monotonic())
                job.become("paused")
                self._end_a_paused_run(worker)
            case Resumed():
                self._queue.wake(job)
                job.become("waiting")
            case Ended(outcome, message):
                worker.over(run)
                self._pace.learn(job, self._queue.spent(job, time.monotonic()))
                self._queue.remove(job)
                job.become(outcome, message or worker.last_words.pop(job, ""))
        self.dispatch()
        self._share()

    def _end_a_paused_run(self, worker: Worker) -> None:
        paused = [job for job in worker.runs.values() if job.status == "paused" and job not in worker.stop_by]
        if len(paused) > MAX_PAUSED:
            self._stop(worker, paused[0], PAUSED_TOO_MANY)

    def dispatch(self) -> None:
        """Gives every place to the run whose turn it is."""
        now = time.monotonic()
        for worker in self._workers:
            if not worker.ready:
                continue
            if self._queue.going(worker.number) is None:
                following = self._queue.take(worker.number, now)
            else:
                aside, following = self._queue.rotate(worker.number, now) or (None, None)
                if aside:
                    aside.become("waiting")
            if following:
                self._give_turn(worker, following)

    def _give_turn(self, worker: Worker, job: AnyJob) -> None:
        self._forecast = None
        job.become("running")
        if job in worker.runs.values():
            worker.go_on(job)
        else:
            worker.begin(job, self._threads())
        self._share()

    def _threads(self) -> int:
        """Cores for each run that is going, at least one."""
        going = sum(self._queue.going(worker.number) is not None for worker in self._workers)
        return max(1, min(self._cores // max(going, 1), MAX_THREADS))

    def _share(self) -> None:
        for worker in self._workers:
            job = self._queue.going(worker.number)
            if job and job in worker.runs.values():
                worker.tell(job, Share(self._threads()))

    def _stop(self, worker: Worker, job: AnyJob, last_words: str = "") -> None:
        worker.stop(job, time.monotonic() + STOP_WITHIN, last_words)
        if self._queue.going(worker.number) is not job:
            self._queue.remove(job)  # it ends without a turn

    def lose(self, worker: Worker, code: int, frozen: bool) -> None:
        """Says on the pages of its runs that a worker is gone."""
        for job in worker.runs.values():
            if job in worker.stop_by:
                job.become("stopped", worker.last_words[job])
            elif not job.wait_for_report(0) and job not in self._begun_anew:
                self._begun_anew.add(job)  # nothing is lost but a moment; once only, as it may be the run's own fault
                job.become("waiting")
                self._queue.restart(job)
                continue
            else:
                _log.error("Worker %d ended with code %s in the middle of a run", worker.number, code)
                job.become("failed", FROZEN if frozen else GONE.format(code))
            self._queue.remove(job)
        self._share()
