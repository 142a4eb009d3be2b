"""What was computed once is kept for all visitors of this server, the latest longest."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Lru(Generic[T]):
    """Values by their keys, as many as ``most`` allows; the one not asked for longest goes first. For all threads.

    ``size`` says how much of ``most`` a value takes: each is one without it. The latest stays, however large.
    """

    def __init__(self, most: int, size: Callable[[T], int] | None = None) -> None:
        self.most, self._size, self._taken = most, size or (lambda _: 1), 0
        self._values, self._lock = OrderedDict[Hashable, T](), threading.Lock()

    def get(self, key: Hashable) -> T | None:
        """The value of ``key``, or None."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key]

    def put(self, key: Hashable, value: T) -> None:
        """Keeps ``value``, which must not be changed afterwards."""
        with self._lock:
            if key in self._values:
                self._taken -= self._size(self._values.pop(key))
            self._values[key] = value
            self._taken += self._size(value)
            while self._taken > self.most and len(self._values) > 1:
                self._taken -= self._size(self._values.popitem(last=False)[1])
