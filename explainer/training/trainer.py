"""What trains on a node of a cluster: an actor that is warm, trains one run after the other, and obeys meanwhile."""

from __future__ import annotations

import os
import pickle
import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from threading import Lock
from typing import cast

from explainer.training.messages import Ended, Event, Order, Start

BEAT = 2.0  # seconds of silence after which a trainer says that it is still there


class Exchange:
    """The connection that a Session has to the engine, without a wire: what is asked, and what is reported."""

    def __init__(self) -> None:
        self.orders: SimpleQueue[Order] = SimpleQueue()
        self.events: SimpleQueue[Event] = SimpleQueue()

    def send(self, event: Event) -> None:
        """Reports."""
        self.events.put(event)

    def poll(self, _: float = 0.0) -> bool:
        """Whether an order is there."""
        return not self.orders.empty()

    def recv(self) -> Order:
        """The next order; waits for it."""
        return self.orders.get()


class Trainer:
    """Trains runs, one at a time. Its methods are called from two threads: one that trains, and one for orders.

    Runs have numbers that grow, so that an order finds its run, also when it overtakes the run's beginning.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "training")  # one for all runs: torch keeps its own threads by caller
        self._lock = Lock()
        self._exchanges: dict[int, Exchange] = {}
        self._over = 0  # the number of the last run that has ended
        self._thread.submit(_warm_up).result()

    def ready(self) -> tuple[str, int]:
        """The node's name and the process's number, once nothing is left to import; later a sign of life."""
        return socket.gethostname(), os.getpid()

    def train(self, run: int, start: Start) -> Iterator[bytes]:
        """The events of ``run`` up to its end, pickled; nothing (b"") where there was none for a while.

        Pickled, because arrays that Ray hands over itself lie in the node's shared memory for as long as a run's
        record keeps them.
        """
        exchange = self._exchange(run)
        assert exchange is not None, "the numbers of runs grow"
        session = self._thread.submit(_train, exchange, start)
        try:
            yield from _events(exchange, session)
        finally:
            with self._lock:
                self._over = run
                self._exchanges = {number: later for number, later in self._exchanges.items() if number > run}

    def obey(self, run: int, order: Order) -> None:
        """Passes ``order`` on to ``run``; to a run that is over, nothing."""
        exchange = self._exchange(run)
        if exchange is not None:
            exchange.orders.put(order)

    def _exchange(self, run: int) -> Exchange | None:
        with self._lock:
            return None if run <= self._over else self._exchanges.setdefault(run, Exchange())


# The server knows this class without torch, and only a node imports it.
def _warm_up() -> None:
    from explainer.training.warming import warm_up  # noqa: PLC0415

    warm_up()


def _train(exchange: Exchange, start: Start) -> None:
    from explainer.training.worker import Session  # noqa: PLC0415

    Session(cast("Connection[Event, Order]", exchange), start).run()


def _events(exchange: Exchange, session: Future[None]) -> Iterator[bytes]:
    """Pickled events, the run's end the last; raises what ended ``session`` without one."""
    event: Event | None = None
    while not isinstance(event, Ended) and not (session.done() and exchange.events.empty()):
        try:
            event = exchange.events.get(timeout=BEAT)
            yield pickle.dumps(event)
        except Empty:
            yield b""
    session.result()
