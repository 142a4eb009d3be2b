"""Runs on a Ray cluster: trainers on its nodes, at most one a run, and the runs that wait for one."""

from __future__ import annotations

import logging
import math
import pickle
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from queue import Empty, SimpleQueue
from types import ModuleType
from typing import Any

from explainer.training.cluster_settings import ClusterSettings, actor_options, connect, places
from explainer.training.engine import Place
from explainer.training.fair_queue import FairQueue
from explainer.training.job import AnyJob
from explainer.training.messages import Change, Changed, Command, Ended, Event, Paused, Resumed, Start
from explainer.training.pace import Pace
from explainer.training.snapshot import Snapshot
from explainer.training.trainer import Trainer

STOP_WITHIN = 2.0  # seconds after which a trainer that does not stop is ended: a cluster's network lies between
SILENT = 10.0  # seconds without a word, beside BEAT, after which a trainer is given up
PAUSE_LIMIT = 600.0  # seconds that a paused run may keep its trainer while others wait
START_WITHIN = 300.0  # seconds for the cluster to find room for the first trainer; it may have to start a node
FAILED_STARTS = 3  # trainers in a row that are never ready: then something is wrong with the nodes
TRIES = 3  # times that a run is begun, where its trainer was gone before the run had reported anything
LOOK_EVERY = 0.1  # seconds
COUNT_EVERY = 2.0  # seconds between two looks at the cluster's size

PAUSED_TOO_LONG = "This run was paused for a long time while others waited, so it was stopped."
NO_TRAINER = "No training process could be started on the cluster; the server's log says why."
SHUT_DOWN = "The server was shut down."
GONE = (
    "The computer or the process that trained this run is gone. What it had reported until then is kept; press Train "
    "to start again."
)

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class _Trainer:
    """An actor, and the run it has: ``run`` is that run's number, ``streams`` what is still to be read.

    ``where`` is its node and the number of its process, once it is ready. ``stop_by`` is when it is ended if it has not
    stopped its run, and ``reason`` what the run's page then says.
    """

    actor: Any
    streams: SimpleQueue[Iterator[Any]] = field(default_factory=SimpleQueue)
    where: tuple[str, int] | None = None
    run: int = 0
    job: AnyJob | None = None
    heard: float = 0.0
    stop_by: float | None = None
    reason: str = ""
    paused_since: float | None = None


class Cluster:
    """Trains runs on a Ray cluster; the engine for many computers.

    Trainers are started once and train one run after the other, because importing torch takes longer than a short
    run. Nothing here waits for the cluster while it holds the lock.
    """

    def __init__(self, settings: ClusterSettings) -> None:
        """Joins the cluster, and begins to start trainers. Raises ValueError with a sentence where it cannot join."""
        self._settings = settings
        self._ray: ModuleType = connect(settings)
        self._lock = threading.RLock()
        self._trainers: list[_Trainer] = []
        self._queue = FairQueue[AnyJob](share=math.inf)  # a run cannot be set aside in a trainer
        self._pace = Pace()
        self._tries: dict[AnyJob, int] = {}
        self._closed = threading.Event()
        self._failed_starts = 0
        self._in_vain_since: float | None = None
        self._thread(self._keep_house)
        self._thread(self._hire)

    def close(self) -> None:
        """Ends all trainers, and leaves the cluster; runs that are going stop with a sentence."""
        with self._lock:
            if self._closed.is_set():
                return
            self._closed.set()
            for job in self._queue.runs():
                job.become("stopped", SHUT_DOWN)
            self._queue.clear()
            self._trainers.clear()
        self._ray.shutdown()  # ends the actors of this process

    def submit(self, job: AnyJob) -> None:
        """Puts a run into the queue; it starts when a trainer is free and its owner's turn has come."""
        with self._lock:
            self._failed_starts = min(self._failed_starts, FAILED_STARTS - 1)  # a new run is worth another try
            self._queue.submit(job, job.owner)
            self._dispatch()

    def ahead(self, job: AnyJob) -> Place:
        """How many runs come before this one, and in how many seconds its turn is, as it looks now."""
        with self._lock:
            others_wait = self._queue.others_wait(job.owner)
            if not self._queue.waits(job):
                return Place(is_shared=False, others_wait=others_wait)
            places, now = [trainer for trainer in self._trainers if trainer.where], time.monotonic()
            known = self._queue.forecast(places, lambda run: self._pace.left(run, self._queue.spent(run, now)), now)
            place = known.get(job, Place(len(self._queue.runs()) - 1))
            return replace(place, is_shared=False, others_wait=others_wait)

    def ready(self) -> int:
        """How many trainers wait for a run."""
        with self._lock:
            return sum(trainer.where is not None and trainer.job is None for trainer in self._trainers)

    def command(self, job: AnyJob, what: Command | Change) -> None:
        """Passes on what a person asks; for a run that still waits or is over, only "stop" has an effect."""
        with self._lock:
            stop = isinstance(what, Command) and what.what == "stop"
            if stop and self._queue.waits(job):
                self._leave(job)
                job.become("stopped")
            trainer = next((trainer for trainer in self._trainers if trainer.job is job), None)
            if trainer and stop:
                self._stop(trainer)
            elif trainer:
                trainer.actor.obey.remote(trainer.run, what)

    def _thread(self, target: Callable[..., None], *arguments: object) -> None:
        threading.Thread(target=target, args=arguments, daemon=True, name="cluster").start()

    def _hire(self) -> None:
        """Starts as many trainers as the cluster has places, also when it grows, and again those that are gone."""
        actor = self._ray.remote(Trainer)
        while not self._closed.wait(COUNT_EVERY if self._trainers else LOOK_EVERY):
            try:
                resources = self._ray.cluster_resources()
                options = actor_options(self._settings, resources.get("GPU", 0.0))
                for _ in range(self._vacant(places(self._settings, resources))):
                    self._welcome(_Trainer(actor.options(**options).remote()))
            except (self._ray.exceptions.RayError, SystemExit):
                if not self._closed.is_set():
                    _log.exception("The cluster does not say what it has")

    def _vacant(self, wanted: int) -> int:
        with self._lock:
            return 0 if self._failed_starts >= FAILED_STARTS or self._closed.is_set() else wanted - len(self._trainers)

    def _welcome(self, trainer: _Trainer) -> None:
        with self._lock:
            if not self._closed.is_set():
                self._trainers.append(trainer)
                self._thread(self._attend, trainer)

    def _attend(self, trainer: _Trainer) -> None:
        """Follows a trainer to its end: waits until it is ready, and then reads what its runs report."""
        try:
            where = self._ray.get(trainer.actor.ready.remote())
            with self._lock:
                trainer.where, self._failed_starts = where, 0
                self._dispatch()
            while not self._closed.is_set():
                self._listen(trainer)
        except (Exception, SystemExit) as error:  # whatever it is, its run must not wait; Ray exits where it was left
            with self._lock:
                self._bury(trainer, error)

    def _listen(self, trainer: _Trainer) -> None:
        """Reads one run to its end, or, where there is none, sees whether the trainer is still there."""
        try:
            stream = trainer.streams.get(timeout=SILENT / 2)
        except Empty:
            self._ray.get(trainer.actor.ready.remote(), timeout=SILENT)
            return
        for reference in stream:
            said = self._ray.get(reference)
            with self._lock:
                trainer.heard = time.monotonic()
                if said:
                    self._handle(trainer, pickle.loads(said))

    def _keep_house(self) -> None:
        while not self._closed.wait(LOOK_EVERY):
            with self._lock:
                now = time.monotonic()
                for trainer in list(self._trainers):
                    self._look_after(trainer, now)
                self._look_at_queue(now)

    def _look_after(self, trainer: _Trainer, now: float) -> None:
        silent = trainer.job is not None and now - trainer.heard > SILENT
        if silent or (trainer.stop_by and now > trainer.stop_by):
            self._bury(trainer, "It is silent" if silent else "It does not stop")
        elif trainer.paused_since and now - trainer.paused_since > PAUSE_LIMIT and self._waiting():
            trainer.reason = PAUSED_TOO_LONG
            self._stop(trainer)

    def _look_at_queue(self, now: float) -> None:
        """Says so where nothing will train the runs that wait."""
        waiting = self._waiting()
        if not waiting or any(trainer.where for trainer in self._trainers):
            self._in_vain_since = None
            return
        self._in_vain_since = self._in_vain_since or now
        broken = self._failed_starts >= FAILED_STARTS and not self._trainers
        if broken or now - self._in_vain_since > START_WITHIN:
            for job in waiting:
                job.become("failed", NO_TRAINER)
                self._leave(job)

    def _handle(self, trainer: _Trainer, event: Event) -> None:
        if trainer.job is None:
            return
        match event:
            case Snapshot() | Changed():
                trainer.job.take(event)
            case Paused():
                trainer.paused_since = time.monotonic()
                trainer.job.become("paused")
            case Resumed():
                trainer.paused_since = None
                trainer.job.become("running")
            case Ended(outcome, message):
                trainer.job.become(outcome, message or trainer.reason)
                self._pace.learn(trainer.job, self._queue.spent(trainer.job, time.monotonic()))
                self._leave(trainer.job)
                trainer.job = trainer.stop_by = trainer.paused_since = None
                trainer.reason = ""
                self._dispatch()

    def _dispatch(self) -> None:
        for trainer in self._trainers:
            free = trainer.where is not None and trainer.job is None
            if free and (job := self._queue.take(trainer, time.monotonic())):
                trainer.job, trainer.run, trainer.heard = job, trainer.run + 1, time.monotonic()
                self._tries[job] = self._tries.get(job, 0) + 1
                job.become("running")
                start = Start(job.config, self._settings.cpus, job.single_step)
                trainer.streams.put(trainer.actor.train.options(num_returns="streaming").remote(trainer.run, start))

    def _kill(self, trainer: _Trainer) -> None:
        with suppress(self._ray.exceptions.RayError, SystemExit):  # the cluster has been left
            self._ray.kill(trainer.actor)

    def _waiting(self) -> list[AnyJob]:
        return [job for job in self._queue.runs() if self._queue.waits(job)]

    def _leave(self, job: AnyJob) -> None:
        """The run is over."""
        self._queue.remove(job)
        self._tries.pop(job, None)

    def _stop(self, trainer: _Trainer) -> None:
        """Asks for the end of the run, and notes by when it must have come; asked again, that stays."""
        if trainer.stop_by is None:
            trainer.stop_by = time.monotonic() + STOP_WITHIN
            trainer.actor.obey.remote(trainer.run, Command("stop"))

    def _bury(self, trainer: _Trainer, why: object) -> None:
        """Ends a trainer that is gone, silent or never came to be ready; says so on its run's page, or begins again."""
        if trainer not in self._trainers:
            return
        self._trainers.remove(trainer)
        self._thread(self._kill, trainer)
        if not trainer.where:
            self._failed_starts += 1
        job = trainer.job
        if job and trainer.stop_by:
            job.become("stopped", trainer.reason)
            self._leave(job)
        elif job and not job.state().points and self._tries[job] < TRIES:
            job.become("waiting")
            self._queue.restart(job)
        elif job:
            job.become("failed", GONE)
            self._leave(job)
        if not (job and trainer.stop_by):
            node = "{}, process {}".format(*trainer.where) if trainer.where else "not ready yet"
            _log.error("A trainer on the cluster (%s) is given up: %s", node, why)
        self._dispatch()
