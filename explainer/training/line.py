"""A connection on which nobody waits: what is sent is written by a thread of its own."""

from __future__ import annotations

import logging
import os
import pickle
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

MOST_UNREAD = 256_000_000  # bytes that wait for an end that does not read; beyond that it is taken for dead

Sent = TypeVar("Sent")
Heard = TypeVar("Heard")

_log = logging.getLogger(__name__)


class Line(Generic[Sent, Heard]):
    """Two processes' connection, once they have proved themselves to each other.

    ``send`` may be called from any thread and under any lock; ``messages`` must be read by one thread until it ends,
    and then closes the connection.
    """

    def __init__(self, connection: Connection[Any, Any]) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._unsent: SimpleQueue[bytes | None] = SimpleQueue()
        self._unread = 0  # bytes in _unsent
        self._is_open = True
        self._writer = threading.Thread(target=self._write, daemon=True, name="line")
        self._writer.start()

    def send(self, message: Sent) -> None:
        """Puts a message behind those that are to be written; where the line is closed nothing happens."""
        data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        with self._lock:
            if not self._is_open:
                return
            self._unread += len(data)
            too_much = self._unread > MOST_UNREAD
            self._unsent.put(data)
        if too_much:
            _log.error("The other end does not read: %d bytes wait for it, so it is given up", self._unread)
            self.close()

    def messages(self) -> Iterator[Heard]:
        """What the other end says, until it is gone or the line is closed."""
        try:
            while True:
                yield self._connection.recv()
        except (EOFError, OSError):
            return
        finally:
            self.close()
            self._writer.join()
            self._connection.close()

    def close(self) -> None:
        """Ends both directions; what has not been written is lost."""
        with self._lock:
            if not self._is_open:
                return
            self._is_open = False
            self._unsent.put(None)
            # To close the file would wake no thread that reads from it or writes to it, but this does.
            with socket.socket(fileno=os.dup(self._connection.fileno())) as end, suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _write(self) -> None:
        with suppress(OSError):  # the other end is gone, which the thread that reads sees too
            while (data := self._unsent.get()) is not None:
                self._connection.send_bytes(data)
                with self._lock:
                    self._unread -= len(data)
