"""A worker process: ``python -m explainer.training.serve NUMBER ADDRESS``.

It connects to the server's listener (the key comes in the environment), imports torch and warms it up, and
then obeys. It ends when the connection does.
"""

from __future__ import annotations

import importlib
import logging
import os
import signal
import sys
import threading
from multiprocessing.connection import Client, Connection

from explainer.device import give_way
from explainer.training.messages import FromWorker, Hello, Ready, ToWorker
from explainer.training.process import KEY_VARIABLE

NICENESS = 5  # the pages come first: what they take is little, and a visitor waits for it
GENTLY = 5  # niceness while it imports: the pages come first, but somebody may wait for it


def main(number: int, address: str) -> None:
    """Connects, warms up, and trains what it is told to until the server is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C ends the server, which ends its workers
    connection: Connection[FromWorker, ToWorker]
    with Client(address, authkey=bytes.fromhex(os.environ[KEY_VARIABLE])) as connection:
        try:
            connection.send(Hello(number))
            _import_gently("explainer.training.desk")
            if hasattr(os, "nice"):  # not on Windows
                os.nice(NICENESS)
            _work(connection)
        except (EOFError, ConnectionError):
            return


def _work(connection: Connection[FromWorker, ToWorker]) -> None:
    from explainer.training.desk import Desk  # noqa: PLC0415  they import torch, gently
    from explainer.training.warming import warm_up  # noqa: PLC0415
    from explainer.training.worker import capacity  # noqa: PLC0415

    warm_up()
    connection.send(Ready(capacity()))
    Desk(connection).work()


def _import_gently(module: str) -> None:
    """Imports in a thread of its own: on Linux niceness belongs to the thread, and cannot be taken back."""

    def work() -> None:
        give_way(GENTLY)
        importlib.import_module(module)

    importing = threading.Thread(target=work)
    importing.start()
    importing.join()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s worker %(process)d: %(message)s")
    main(int(sys.argv[1]), sys.argv[2])
