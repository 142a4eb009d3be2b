"""Long computations that take turns on a few threads, so that nobody waits for the end of another's.

A computation is a generator. It has a place for a slice of time, and then makes room between two of its steps for
another. Places go round by visitor: one with several computations gets no more than one with a single one, and who has
had no turn yet comes first. Visitors who ask for the same computation wait for one and the same.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Generator, Hashable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from explainer.device import give_way

T = TypeVar("T")

NICENESS = 10  # the pages come first: what they take of a core is little, and a visitor waits for it
SLICE = 0.25  # seconds of a turn; the step that goes on then is done first
PROBLEM = "Something went wrong in this computation. Change a setting to start it again."
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Follower:
    """One who waits for a computation: a ``session``, which is a browser tab, of a ``visitor``."""

    session: str
    visitor: str


class Piece(Generic[T]):
    """A computation, and who follows it.

    ``latest`` is what it yielded last that is not None, ``problem`` a sentence for the visitor where it failed. Once it
    is ``over`` it is ``finished``, has failed, or nobody followed it any more.
    """

    def __init__(self, what: Hashable, produce: Callable[[], Iterator[T | None]]) -> None:
        self.what, self.latest = what, cast("T | None", None)
        self.over = self.finished = self.begun = False
        self.problem = ""
        self.followers: set[Follower] = set()
        self.turn = 0  # when it was last given a place; 0 before the first time
        self._produce, self._steps = produce, cast("Iterator[T | None] | None", None)

    def go_on(self, seconds: float, is_wanted: Callable[[], bool]) -> None:
        """Computes for so long, or to the end. Between two steps it ends for good where it ``is_wanted`` no more."""
        self.begun = True
        end = time.monotonic() + seconds
        try:
            while is_wanted():
                self._steps = self._steps or self._produce()
                made = next(self._steps)
                self.latest = self.latest if made is None else made
                if time.monotonic() >= end:
                    return
            self.end()
        except StopIteration:
            self.finished = self.over = True
        except Exception:
            _LOG.exception("Work in the background failed")
            self.problem, self.over = PROBLEM, True

    def end(self) -> None:
        """Ends it where it stands, which must be between two steps."""
        if isinstance(self._steps, Generator):
            self._steps.close()
        self.over = True


class Turns:
    """Gives ``places`` threads to the computations that are followed.

    ``has_left`` tells whether a session is gone. ``limits`` is entered around every turn, with the number of
    computations that want a place: it may keep them from disturbing each other.
    """

    def __init__(
        self,
        places: int,
        has_left: Callable[[str], bool],
        limits: Callable[[int], AbstractContextManager[object]] = lambda _wanting: nullcontext(),
    ) -> None:
        self.places = places
        self._has_left, self._limits = has_left, limits
        self._threads = ThreadPoolExecutor(places, "background", give_way, (NICENESS,))
        self._lock = threading.Lock()
        self._waiting: list[Piece[Any]] = []
        self._running: set[Piece[Any]] = set()
        self._count = 0  # of turns
        self._served: dict[str, int] = {}  # the last turn of each visitor

    def follow(self, what: Hashable, produce: Callable[[], Iterator[T | None]], follower: Follower) -> Piece[T]:
        """The computation ``what``, begun by ``produce`` where nobody follows it yet."""
        with self._lock:
            known = next(
                (each for each in (*self._waiting, *self._running) if each.what == what and each.followers), None
            )
            piece: Piece[T] = known or Piece(what, produce)
            piece.followers.add(follower)
            if known is None:
                self._waiting.append(piece)
        if known is None:
            self._threads.submit(self._take_turn)
        return piece

    def leave(self, piece: Piece[Any], follower: Follower) -> None:
        """Without followers the computation ends: at once, or after the step that goes on."""
        with self._lock:
            piece.followers.discard(follower)
            if not piece.followers and piece in self._waiting:
                self._waiting.remove(piece)
                piece.end()

    def ahead(self, piece: Piece[Any]) -> int:
        """How many other computations make room before this one begins: 0 once it has begun."""
        with self._lock:
            if piece.begun or piece not in self._waiting:
                return 0
            order = sorted(self._waiting, key=self._rank)
            return max(0, order.index(piece) + 1 - (self.places - len(self._running)))

    def close(self) -> None:
        """Ends all computations, also those that have not begun."""
        with self._lock:
            for piece in (*self._waiting, *self._running):
                piece.followers.clear()
            for piece in self._waiting:
                piece.end()
            self._waiting.clear()

    def _rank(self, piece: Piece[Any]) -> tuple[int, int, int]:
        """The lowest is next: whose visitor has the fewest places, and then has waited longest."""
        held = [each.visitor for running in self._running for each in running.followers]
        visitors = {follower.visitor for follower in piece.followers}
        places, served = min(
            ((held.count(visitor), self._served.get(visitor, 0)) for visitor in visitors), default=(0, 0)
        )
        return places, served, piece.turn

    def _take_turn(self) -> None:
        """What a thread does: there is one such task for every computation that waits."""
        with self._lock:
            if not self._waiting:
                return
            piece = min(self._waiting, key=self._rank)
            self._waiting.remove(piece)
            self._running.add(piece)
            self._count += 1
            piece.turn = self._count
            self._served.update(dict.fromkeys((each.visitor for each in piece.followers), self._count))
            wanting = len(self._waiting) + len(self._running)
        with self._limits(wanting):
            piece.go_on(SLICE, lambda: self._is_wanted(piece))
        with self._lock:
            self._running.remove(piece)
            if not piece.over:
                self._waiting.append(piece)
            elif not (self._waiting or self._running):
                self._served.clear()
        if not piece.over:
            self._threads.submit(self._take_turn)

    def _is_wanted(self, piece: Piece[Any]) -> bool:
        """Whether anybody who follows it is still there."""
        with self._lock:
            followers = tuple(piece.followers)
        gone = {follower for follower in followers if self._has_left(follower.session)}
        with self._lock:
            piece.followers -= gone
            return bool(piece.followers)
