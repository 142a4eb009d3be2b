"""Computations in short steps, so that one that takes long may be watched, make room for others, and be ended.

A generator yields how much is done, 0 to 1, before each step but the first; its result is what it returns. It may go on
in another thread, so that no mode of torch's may be set around a yield.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
X = TypeVar("X")
Y = TypeVar("Y")
Steps = Generator[float, None, T]


@dataclass(frozen=True, eq=False)
class SoFar(Generic[T]):
    """What is ``found`` of something larger, of which the ``share`` is done, 0 to 1."""

    found: T
    share: float


def whole(steps: Generator[object, None, T]) -> T:
    """The result of all steps, one after the other."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result


def saying(steps: Generator[X, None, T], say: Callable[[X], Y]) -> Generator[Y, None, T]:
    """The same steps, yielding what ``say`` makes of what they yield, how much is done as a rule."""
    while True:
        try:
            done = next(steps)
        except StopIteration as end:
            result: T = end.value
            return result
        yield say(done)


def part(steps: Steps[T], number: int, count: int) -> Steps[T]:
    """The same steps as part ``number``, from 0, of ``count`` equal parts of something larger."""
    return saying(steps, lambda done: (number + done) / count)


def beside(steps: Steps[T], found: Y) -> Generator[SoFar[Y], None, T]:
    """The same steps, yielding what was ``found`` before beside how much is done."""
    return saying(steps, lambda done: SoFar(found, done))
