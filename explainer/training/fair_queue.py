"""Who trains next: visitors take turns, and a long run makes room for those that wait.

The rule: everybody's first run comes before anybody's second, and among equals who came first. A run that has had its
share of time while others wait is set aside, and goes on after them. A pure data structure: it knows runs by identity
and times as it is told them.
"""

from __future__ import annotations

import copy
import heapq
import itertools
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from explainer.training.engine import Place

SHARE = 30.0  # seconds that a run may train before it makes room for those that wait

# Runs that one place keeps in memory, begun and neither over nor paused: each has its network, its optimizer's state
# and its gradients, so that their number must be bounded. One seat more is for runs that are expected to be over within
# their share: long runs, however many, never keep short ones from beginning.
SEATS = 4

Run = TypeVar("Run", bound=Hashable)


@dataclass(eq=False)
class _Entry(Generic[Run]):
    """A run in the queue; ``place`` is where it has begun, ``queued`` and ``turn`` order those of the second rank."""

    run: Run
    owner: str
    short: bool
    number: int  # in the order in which runs were submitted
    turn: int
    queued: int
    state: Literal["waits", "goes", "paused"] = "waits"
    place: Hashable | None = None
    since: float = 0.0  # when it was given its place
    spent: float = 0.0  # seconds that it had a place before that


class FairQueue(Generic[Run]):
    """Runs that wait, those that have a place, and those that are paused; places are named by whoever gives them.

    ``share`` is in seconds; where runs cannot be set aside it is infinite, and each keeps its place to the end.
    """

    def __init__(self, share: float = SHARE) -> None:
        self.share = share
        self._entries: dict[Run, _Entry[Run]] = {}
        self._numbers = itertools.count()
        self._turn = 0  # of the last run of the second rank that was given a place

    def submit(self, run: Run, owner: str = "", short: bool = True) -> None:
        """Takes a run of ``owner``, ``short`` where it is expected to be over within its share."""
        before = sum(entry.owner == owner for entry in self._entries.values())
        number = next(self._numbers)
        self._entries[run] = _Entry(run, owner, short, number, self._turn + max(before, 1), number)

    def take(self, place: Hashable, now: float) -> Run | None:
        """Gives ``place``, where no run is going, to the run whose turn it is; None where none may have it."""
        rank = self._ranks()
        best = min(self._candidates(place), key=rank, default=None)
        if best is None:
            return None
        if rank(best)[0]:
            self._turn = max(self._turn, best.turn)
        best.state, best.place, best.since = "goes", place, now
        return best.run

    def rotate(self, place: Hashable, now: float) -> tuple[Run, Run] | None:
        """Sets the run that has ``place`` aside once it has had its share and another may have the place.

        Returns the one that is set aside and the one that goes on, or None where nothing changes.
        """
        entry = self._at(place)
        if entry is None or now - entry.since < self.share or not any(self._candidates(place)):
            return None
        self._leave(entry, now)
        self._wait(entry)
        following = self.take(place, now)
        assert following is not None  # it could be the same one
        return None if following == entry.run else (entry.run, following)

    def pause(self, run: Run, now: float) -> None:
        """The run gives up its place, and waits for nothing until it is woken."""
        if entry := self._entries.get(run):
            self._leave(entry, now)
            entry.state = "paused"

    def wake(self, run: Run) -> None:
        """A run that was paused waits for its place again."""
        entry = self._entries.get(run)
        if entry and entry.state == "paused":
            self._wait(entry)

    def restart(self, run: Run) -> None:
        """A run whose place is gone waits where it stood before it began."""
        entry = self._entries[run]
        entry.state, entry.place, entry.spent = "waits", None, 0.0

    def remove(self, run: Run) -> None:
        """The run is over, or wanted no more; the owner's next is now their first, behind the firsts that wait."""
        gone = self._entries.pop(run, None)
        heir = next((each for each in self._entries.values() if gone and each.owner == gone.owner), None)
        if gone and heir and heir.number > gone.number and heir.place is None:
            heir.queued = next(self._numbers)

    def clear(self) -> None:
        """Forgets all runs."""
        self._entries.clear()

    def going(self, place: Hashable) -> Run | None:
        """The run that has ``place``."""
        entry = self._at(place)
        return entry.run if entry else None

    def waits(self, run: Run) -> bool:
        """Whether the run waits for a place, for the first time or again."""
        return run in self._entries and self._entries[run].state == "waits"

    def others_wait(self, owner: str) -> bool:
        """Whether a run of another owner waits."""
        return any(each.state == "waits" and each.owner != owner for each in self._entries.values())

    def runs(self) -> list[Run]:
        """All runs, in the order in which they were submitted."""
        return list(self._entries)

    def spent(self, run: Run, now: float) -> float:
        """Seconds that the run has had a place."""
        entry = self._entries.get(run)
        return 0.0 if entry is None else entry.spent + (now - entry.since if entry.state == "goes" else 0.0)

    def forecast(self, places: Iterable[Hashable], left: Callable[[Run], float], now: float) -> dict[Run, Place]:
        """Where every run stands that waits: the queue played to the point where each has a place.

        ``left`` tells the seconds in a place that a run still needs. A run that comes first where all places are
        taken has one run ahead of it: that which makes room.
        """
        return _Future(self, places, left, now).places()

    def _at(self, place: Hashable) -> _Entry[Run] | None:
        return next((each for each in self._entries.values() if each.state == "goes" and each.place == place), None)

    def _candidates(self, place: Hashable) -> Iterator[_Entry[Run]]:
        """Runs that wait and may have ``place``: what is in the memory of one cannot go on in another."""
        seated = sum(each.place == place and each.state != "paused" for each in self._entries.values())
        for each in self._entries.values():
            free = seated < SEATS + each.short if each.place is None else each.place == place
            if each.state == "waits" and free:
                yield each

    def _ranks(self) -> Callable[[_Entry[Run]], tuple[int, int, int]]:
        """First: owners' first runs that have not begun, as they came; then all others, in turns that go round."""
        firsts: dict[str, int] = {}
        for each in self._entries.values():  # in the order of their numbers
            firsts.setdefault(each.owner, each.number)

        def rank(entry: _Entry[Run]) -> tuple[int, int, int]:
            if entry.place is None and firsts[entry.owner] == entry.number:
                return 0, 0, entry.queued
            return 1, entry.turn, entry.queued

        return rank

    def _leave(self, entry: _Entry[Run], now: float) -> None:
        if entry.state == "goes":
            entry.spent += now - entry.since

    def _wait(self, entry: _Entry[Run]) -> None:
        """Behind all that wait now, in the next turn."""
        entry.state, entry.turn, entry.queued = "waits", self._turn + 1, next(self._numbers)


class _Future(Generic[Run]):
    """A copy of the queue, played forward in simulated time."""

    def __init__(
        self, queue: FairQueue[Run], places: Iterable[Hashable], left: Callable[[Run], float], now: float
    ) -> None:
        self._queue, self._places, self._now = copy.copy(queue), list(places), now
        self._queue._entries = {run: copy.copy(entry) for run, entry in queue._entries.items()}
        self._queue._numbers = itertools.count(max((each.queued for each in queue._entries.values()), default=0) + 1)
        self._ends = {run: queue.spent(run, now) + max(left(run), 0.0) for run in queue._entries}  # in seconds spent
        self._waiting = {run for run in queue._entries if queue.waits(run)}

    def places(self) -> dict[Run, Place]:
        """Where each run stands that waits and will have a place."""
        full = all(self._queue.going(place) is not None for place in self._places)
        known: dict[Run, Place] = {}
        moments = [(self._next(place, self._now), number) for number, place in enumerate(self._places)]
        heapq.heapify(moments)
        for _ in range(10 * (len(self._ends) + len(moments))):  # enough for all that wait to have had a turn
            if not moments or len(known) == len(self._waiting):
                break
            moment, number = heapq.heappop(moments)
            run = self._change(self._places[number], moment)
            if run in self._waiting:
                known.setdefault(run, Place(len(known) + full, moment - self._now))
            if run is not None:
                heapq.heappush(moments, (self._next(self._places[number], moment), number))
        return known

    def _next(self, place: Hashable, moment: float) -> float:
        """When something happens at ``place``: its run is over or has had its share; at once where it has none."""
        entry = self._queue._at(place)
        if entry is None:
            return moment
        return max(moment, min(entry.since + self._ends[entry.run] - entry.spent, entry.since + self._queue.share))

    def _change(self, place: Hashable, moment: float) -> Run | None:
        """The run that has ``place`` from ``moment`` on."""
        entry = self._queue._at(place)
        if entry and self._queue.spent(entry.run, moment) >= self._ends[entry.run] - 1e-6:
            self._queue.remove(entry.run)
            entry = None
        if entry is None:
            return self._queue.take(place, moment)
        if self._queue.rotate(place, moment) is None and moment - entry.since >= self._queue.share:
            entry.spent, entry.since = entry.spent + moment - entry.since, moment  # alone: it goes on
        return self._queue.going(place)
