"""What was computed once is kept for all visitors of this server, the latest longest."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from cachetools import LRUCache

T = TypeVar("T")


def latest(most: int, size: Callable[[T], int]) -> LRUCache[Hashable, T]:
    """A cache for ``cachetools.cached`` of values of ``most`` in ``size`` together, of which the latest always stays.

    The one not asked for longest goes first. One that is larger than ``most`` stays alone.
    """
    return LRUCache(most, getsizeof=lambda value: min(size(value), most))


class Lru(Generic[T]):
    """Values by their keys, as many as ``most`` allows; the one not asked for longest goes first. For all threads.

    ``size`` says how much of ``most`` a value takes: each is one without it. The latest stays, however large.
    """

    def __init__(self, most: int, size: Callable[[T], int] = lambda _: 1) -> None:
        self.most, self._values, self._lock = most, latest(most, size), threading.Lock()

    @property
    def taken(self) -> int:
        """How much of ``most`` is taken."""
        return int(self._values.currsize)

    def get(self, key: Hashable) -> T | None:
        """The value of ``key``, or None."""
        with self._lock:
            return self._values.get(key)

    def put(self, key: Hashable, value: T) -> None:
        """Keeps ``value``, which must not be changed afterwards."""
        with self._lock:
            self._values[key] = value

    def get_or_put(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of ``key``, made and kept where there is none; two threads that ask at once may both make it."""
        known = self.get(key)
        if known is None:
            known = make()
            self.put(key, known)
        return known
