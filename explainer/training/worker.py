"""What a worker process does with one run: the loop, and what the server asks of it while it goes."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from multiprocessing.connection import Connection
from time import perf_counter
from typing import Literal

import torch

from explainer.data.digits import DatasetError
from explainer.device import cores, device, memory
from explainer.networks.config import ImpossibleNetworkError
from explainer.training.configuration import Controls
from explainer.training.messages import Change, Changed, Command, Ended, Event, Order, Paused, Resumed, Share, Start
from explainer.training.process import servers_setting
from explainer.training.snapshot import AnySnapshot, Snapshot, Step
from explainer.training.threads import ThreadTuner

SERVER_MEMORY = 1_100_000_000  # bytes: measured with a hundred open tabs; 755 MB with none
GPU_MEMORY = 4_000_000_000  # bytes for each run
WORKER_MEMORY = 640_000_000  # bytes of a worker that trains, measured: up to 640 MB
MOST_PLACES = 8
STOP_WITHIN = 0.6  # seconds left for a last measurement when a run is stopped

_log = logging.getLogger(__name__)


def capacity() -> int:
    """How many runs the machine is fit for at once, 1 to 8.

    One a core, or one for every 4 GB of the GPU's memory; and no more than fit beside the servers into the memory that
    the machine, or a container around it, really grants.
    """
    on_gpu = device().type == "cuda"
    places = torch.cuda.mem_get_info()[1] // GPU_MEMORY if on_gpu else cores()
    return max(1, min(places, (memory() - servers_setting() * SERVER_MEMORY) // WORKER_MEMORY, MOST_PLACES))


class Session:
    """One run: the loop, and what the server asks of it while it goes.

    ``advance`` and ``obey`` are for who has several runs and lets them take turns; ``run`` is for who has one.
    """

    def __init__(self, connection: Connection[Event, Order], start: Start) -> None:
        self._connection, self._config = connection, start.config
        self._controls = Controls()
        self._tuner = ThreadTuner(start.threads, torch.set_num_threads)
        self._steps = int(start.single_step)  # single steps still to be trained
        self._paused = self._pause_next = self._said_paused = False
        self._stop_by: float | None = None
        self._step = 0
        self._saved = -1  # the step whose weights were sent last
        self._outcome: Literal["finished", "diverged"] = "finished"  # unless it is stopped
        self._items: Iterator[AnySnapshot | Step] | None = None
        self._random: list[torch.Tensor] = []
        self.over = False

    def run(self) -> None:
        """Trains to the end, or until told to stop, and says how it ended: the process lives on."""
        while not self.over:
            self.advance()
            while not self.over and (self._paused or self._connection.poll(0)):
                self.obey(self._connection.recv())

    @property
    def paused(self) -> bool:
        """Whether it waits for an order."""
        return self._paused

    @property
    def urgent(self) -> bool:
        """Whether it must do something at once, whoever's turn it is: end, or train a single step."""
        return self._stop_by is not None or self._steps > 0 or self._pause_next

    def leave(self) -> None:
        """Another run goes on in this process: keeps the random numbers as they stand in this one."""
        self._random = [torch.get_rng_state()]
        if device().type == "cuda":
            self._random.append(torch.cuda.get_rng_state(device()))

    def enter(self) -> None:
        """Goes on after ``leave``, with the same random numbers as if nothing had been between."""
        torch.set_num_threads(self._tuner.threads)
        for state, put_back in zip(self._random, (torch.set_rng_state, _set_cuda_state), strict=False):
            put_back(state)

    def advance(self) -> None:
        """Trains a step, or measures a chunk of the test, and tells what there is to tell."""
        try:
            item = self._next()
        except (ImpossibleNetworkError, DatasetError) as error:
            self._end(Ended("failed", str(error)))
        except Exception as error:
            _log.exception("A run failed")
            self._end(Ended("failed", f"The run broke off: {(str(error) or repr(error)).splitlines()[0]}"))
        else:
            if item is None:
                self._end(Ended(self._outcome))
                return
            self._take(item)
            self._say_whether_paused()
            self._end_if_stopped()

    def obey(self, order: Order) -> None:
        """Does what the server asks, or notes it for the next step."""
        match order:
            case Command("pause"):
                self._paused, self._steps = True, 0
            case Command("resume"):
                self._paused = self._pause_next = False
                self._steps = 0
            case Command("step"):
                self._paused = False
                self._steps += 1
            case Command("stop"):
                self._paused, self._controls.measure_now = False, True
                self._stop_by = perf_counter() + STOP_WITHIN
            case Change():
                self._change(order)
            case Share(threads):
                self._tuner.set_limit(threads)
        self._say_whether_paused()
        self._end_if_stopped()

    def _next(self) -> AnySnapshot | Step | None:
        if self._items is None:
            self._items = self._config.snapshots(self._controls, device())
        return next(self._items, None)

    def _take(self, item: AnySnapshot | Step) -> None:
        if isinstance(item, Snapshot):
            self._connection.send(item)
            self._outcome = "diverged" if item.divergence else "finished"
            if item.weights:
                self._saved = self._step
                self._paused |= self._pause_next and not self._steps
                self._pause_next = False
        elif item.examples:
            self._after_step(item)

    def _after_step(self, step: Step) -> None:
        self._step += 1
        self._tuner.after_step(step.examples, step.seconds)
        if self._steps:
            self._steps -= 1
            # Pause once the effect of the last one has been measured
            self._pause_next = self._controls.measure_now = not self._steps

    def _say_whether_paused(self) -> None:
        if self._paused != self._said_paused:
            self._said_paused = self._paused
            self._connection.send(Paused(self._step) if self._paused else Resumed())

    def _end_if_stopped(self) -> None:
        if self._stop_by and (self._saved == self._step or perf_counter() > self._stop_by):
            self._end(Ended("stopped"))

    def _end(self, end: Ended) -> None:
        if not self.over:
            self.over = True
            self._connection.send(end)

    def _change(self, change: Change) -> None:
        self._controls.changed[change.what] = change.value
        self._connection.send(Changed(self._step, change))


def _set_cuda_state(state: torch.Tensor) -> None:
    torch.cuda.set_rng_state(state, device())
