"""A process that trains one run at a time: ``python -m explainer.training.worker NUMBER ADDRESS``.

It connects to the server's listener (the key comes in the environment), imports torch and warms it up, and
then obeys. It ends when the connection does.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from dataclasses import replace
from multiprocessing.connection import Client, Connection
from time import perf_counter

import torch

from explainer.data.digits import DatasetError, Digits, load
from explainer.device import cores, device, memory
from explainer.networks.config import ImpossibleNetworkError
from explainer.networks.presets import PRESETS
from explainer.training.config import Recipe, RunConfig
from explainer.training.loop import Controls, train
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
from explainer.training.process import KEY_VARIABLE, servers_setting
from explainer.training.snapshot import Snapshot, Step
from explainer.training.threads import ThreadTuner

NICENESS = 2  # the pages come first: what they take is little, and a visitor waits for it
SERVER_MEMORY = 1_100_000_000  # bytes: measured with a hundred open tabs; 755 MB with none
GPU_MEMORY = 4_000_000_000  # bytes for each run
WORKER_MEMORY = 640_000_000  # bytes of a worker that trains, measured: up to 640 MB
MOST_PLACES = 8
STOP_WITHIN = 0.6  # seconds left for a last measurement when a run is stopped

_log = logging.getLogger(__name__)


def main(number: int, address: str) -> None:
    """Connects, warms up, and trains what it is told to until the server is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C ends the server, which ends its workers
    if hasattr(os, "nice"):  # not on Windows
        os.nice(NICENESS)
    with Client(address, authkey=bytes.fromhex(os.environ[KEY_VARIABLE])) as connection:
        try:
            connection.send(Hello(number))
            warm_up()
            connection.send(Ready(capacity()))
            while True:
                order = connection.recv()
                if isinstance(order, Start):
                    Session(connection, order).run()
        except (EOFError, ConnectionError):
            return


def capacity() -> int:
    """How many runs the machine is fit for at once, 1 to 8.

    One a core, or one for every 4 GB of the GPU's memory; and no more than fit beside the servers into the memory that
    the machine, or a container around it, really grants.
    """
    on_gpu = device().type == "cuda"
    places = torch.cuda.mem_get_info()[1] // GPU_MEMORY if on_gpu else cores()
    return max(1, min(places, (memory() - servers_setting() * SERVER_MEMORY) // WORKER_MEMORY, MOST_PLACES))


def warm_up() -> None:
    """Two steps of the smallest network: nothing is left to import or set up when a person presses Train."""
    mnist = load("mnist")
    few = replace(
        mnist,
        train_images=mnist.train_images[:64],
        train_labels=mnist.train_labels[:64],
        test_images=mnist.test_images[:64],
        test_labels=mnist.test_labels[:64],
    )
    config = RunConfig(PRESETS["First steps"], Recipe(batch_size=32, epochs=1))
    for _ in train(config, few):
        pass


class Session:
    """One run: the loop, and what the server asks of it while it goes."""

    def __init__(self, connection: Connection[Event, Order], start: Start) -> None:
        self._connection, self._config = connection, start.config
        self._controls = Controls()
        self._tuner = ThreadTuner(start.threads, torch.set_num_threads)
        self._steps = int(start.single_step)  # single steps still to be trained
        self._paused = self._pause_next = False
        self._stop_by: float | None = None
        self._step = 0
        self._saved = -1  # the step whose weights were sent last

    def run(self) -> None:
        """Trains to the end, or until told to stop, and says how it ended: the process lives on."""
        try:
            end = self._train(load(self._config.dataset))
        except (EOFError, ConnectionError):  # the server is gone
            raise
        except (ImpossibleNetworkError, DatasetError) as error:
            end = Ended("failed", str(error))
        except Exception as error:
            _log.exception("A run failed")
            end = Ended("failed", f"The run broke off: {(str(error) or repr(error)).splitlines()[0]}")
        self._connection.send(end)

    def _train(self, digits: Digits) -> Ended:
        diverged = False
        for item in train(self._config, digits, self._controls, device()):
            if isinstance(item, Snapshot):
                self._connection.send(item)
                diverged = item.divergence is not None
                if item.weights:
                    self._saved = self._step
                    self._paused |= self._pause_next and not self._steps
                    self._pause_next = False
            elif item.digits:
                self._after_step(item)
            self._obey_all()
            if self._stop_by and (self._saved == self._step or perf_counter() > self._stop_by):
                return Ended("stopped")
        return Ended("diverged" if diverged else "finished")

    def _after_step(self, step: Step) -> None:
        self._step += 1
        self._tuner.after_step(step.digits, step.seconds)
        if self._steps:
            self._steps -= 1
            # Pause once the effect of the last one has been measured
            self._pause_next = self._controls.measure_now = not self._steps

    def _obey_all(self) -> None:
        """Handles what has been asked; while the run is paused, waits for more."""
        paused = False
        while self._paused or self._connection.poll(0):
            if self._paused and not paused:
                paused = True
                self._connection.send(Paused(self._step))
            self._obey(self._connection.recv())
        if paused:
            self._connection.send(Resumed())

    def _obey(self, order: Order) -> None:
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

    def _change(self, change: Change) -> None:
        if change.learning_rate is not None:
            self._controls.learning_rate = change.learning_rate
        if change.dropout is not None:
            self._controls.dropout = change.dropout
        self._connection.send(Changed(self._step, change))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s worker %(process)d: %(message)s")
    main(int(sys.argv[1]), sys.argv[2])
