"""A record that stays small however long it goes on: the first of what is added, and every n-th after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic

from typing_extensions import TypeVar

T = TypeVar("T")


class Thinned(Generic[T]):
    """The first and every n-th; ``n`` doubles whenever there are more than ``most``, or they take too many bytes.

    ``size`` tells the bytes of one; ``most_bytes`` bounds those of all, but the first stays always.
    """

    def __init__(self, most: int, most_bytes: int, size: Callable[[T], int]) -> None:
        self._kept: list[T] = []
        self._most, self._most_bytes, self._size_of = most, most_bytes, size
        self._stride, self._count = 1, 0

    @property
    def kept(self) -> tuple[T, ...]:
        """In the order in which they were added."""
        return tuple(self._kept)

    @property
    def size(self) -> int:
        """Bytes of all of them."""
        return sum(map(self._size_of, self._kept))

    def add(self, make: Callable[[], T]) -> None:
        """Takes the next one, made only if it is kept."""
        if self._count % self._stride == 0:
            self._kept.append(make())
        self._count += 1
        while len(self._kept) > 1 and (len(self._kept) > self._most or self.size > self._most_bytes):
            self._kept, self._stride = self._kept[::2], 2 * self._stride
