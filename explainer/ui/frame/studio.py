"""What a visitor has made in this app: runs and drawings, kept for as long as the visitor may come back."""

from __future__ import annotations

import atexit
import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, cast

from streamlit.runtime import Runtime
from typing_extensions import TypeVar

from explainer.data.images import Picture
from explainer.memory import bounds
from explainer.tasks.transfer.config import TransferConfig
from explainer.training.chosen_engine import chosen_engine
from explainer.training.config import RunConfig
from explainer.training.engine import Engine
from explainer.training.job import AnyJob, ConfigT, Job
from explainer.training.messages import Change, Command
from explainer.training.search.conductor import conduct
from explainer.training.search.search import Search, SearchConfig
from explainer.ui.frame.room import make_room
from explainer.ui.frame.visitor import session_id, visitor
from explainer.words.book import Said, SaidError

MAX_RUNS = 12  # kept for each visitor; the oldest that is over makes room
MAX_WAITING = 3  # runs of one visitor in the queue
MAX_SEARCHES = 2  # kept for each visitor, of which one may go
AWAY_VARIABLE = "EXPLAINER_AWAY"
AWAY = 15.0  # minutes after the last session of a visitor ended, for their runs: a closed laptop may come back
END_WHERE_OTHERS_WAIT = 120.0  # seconds, where that is sooner
FORGET_AFTER = 3600.0  # seconds, for all that they made
LOOK_EVERY = 5.0

NOT_KEPT, NOT_KEPT_NOR_LOADED = Said("runs.not_kept"), Said("runs.not_kept_nor_loaded")
JobT = TypeVar("JobT", bound=AnyJob, default=Job)


@dataclass(eq=False)
class Run(Generic[JobT]):
    """A run, and the name that its owner sees; ``key`` is its own among all of the owner's.

    ``seen`` is when a page showed it last, by the monotonic clock; ``why_ended`` a sentence where we ended it.
    """

    name: str
    job: JobT
    seen: float = field(default_factory=time.monotonic)
    why_ended: Said | None = None
    key: str = ""

    @property
    def not_kept(self) -> Said | None:
        """A sentence where its weights were let go of, else nothing."""
        if not self.job.state().is_emptied:
            return None
        return NOT_KEPT if isinstance(self.job.config, RunConfig | TransferConfig) else NOT_KEPT_NOR_LOADED

    def look(self) -> Run[JobT]:
        """Notes that a page shows it now, and returns it: what is looked at is kept longest."""
        self.seen = time.monotonic()
        return self


AnyRun = Run[AnyJob]


@dataclass(frozen=True, eq=False)
class Brought:
    """A picture that was uploaded, and the session (tab) that brought it."""

    picture: Picture
    session: str

    def size(self) -> int:
        """Bytes of its pixels."""
        return self.picture.rgb.nbytes + self.picture.grey.nbytes


class Sized(Protocol):
    """What a page keeps for a visitor: it knows the bytes that it takes."""

    def size(self) -> int:
        """Bytes of all that is in it."""


SizedT = TypeVar("SizedT", bound=Sized, default=Sized)


@dataclass(eq=False)
class Studio:
    """One visitor's runs and searches, oldest first, the picture they uploaded last, and the sessions that show them.

    ``runs`` is replaced and never changed, so that a page may walk it while another thread makes room. ``collections``
    are pictures that pages keep for the visitor, by the names of the pages. ``removed`` counts the runs that are no
    longer kept. ``seen`` is when a script asked for it last, ``left`` when the last session was seen to be gone.
    """

    owner: str = ""
    runs: tuple[AnyRun, ...] = ()
    searches: tuple[Search, ...] = ()
    brought: Brought | None = None
    collections: dict[str, Sized] = field(default_factory=dict)
    sessions: set[str] = field(default_factory=set)
    removed: int = 0
    seen: float = 0.0
    left: float | None = None

    def of(self, kind: type[ConfigT]) -> tuple[Run[Job[ConfigT, Any, Any, Any]], ...]:
        """The runs whose configuration is of this kind, oldest first."""
        return tuple(run for run in self.runs if isinstance(run.job.config, kind))

    def add(self, name: str, config: ConfigT, single_step: bool = False) -> Run[Job[ConfigT, Any, Any, Any]]:
        """Submits a new run; the oldest run that is over makes room for it. Raises TooManyRunsError."""
        if sum(run.job.status == "waiting" for run in self.runs) >= MAX_WAITING:
            raise TooManyRunsError(Said("runs.too_many", count=MAX_WAITING))
        run = self.keep(name, Job(config, single_step, owner=self.owner))
        pool().submit(run.job)
        return run

    def keep(self, name: str, job: JobT) -> Run[JobT]:
        """Adds a run to the list under its name, or that with a number where it is taken; does not train it."""
        with _lock:
            run = Run(self._unused(name), job, key=f"run-{self.removed + len(self.runs) + 1}")
            if len(self.runs) >= MAX_RUNS and (over := self.over()):
                self.remove(min(over, key=lambda old: old.seen))
            self.runs = (*self.runs, cast("AnyRun", run))
            make_room(list(_studios.values()), bounds(), time.monotonic())
        return run

    def search(self, config: SearchConfig) -> Search:
        """Begins a search in the place of one that goes; the oldest ones are no longer kept."""
        for old in self.searches:
            old.stop()
        new = Search(config, self.owner, pool().submit, pool().command)
        self.searches = (*self.searches, new)[-MAX_SEARCHES:]
        conduct(new)
        return new

    def over(self) -> list[AnyRun]:
        """The runs that are over."""
        return [run for run in self.runs if not run.job.going]

    def remove(self, run: AnyRun) -> int:
        """Keeps the run no longer; the bytes that it took."""
        self.runs = tuple(one for one in self.runs if one is not run)
        self.removed += 1
        return run.job.size()

    def forget_pictures(self) -> int:
        """Keeps no picture any longer; the bytes that it took."""
        before = self._pictures()
        self.brought, self.collections = None, {}
        return before

    def collection(self, page: str, kind: type[SizedT]) -> SizedT:
        """What a page keeps for the visitor: one of its kind, empty at first."""
        return cast("SizedT", self.collections.setdefault(page, kind()))

    def size(self) -> int:
        """Bytes of all that is kept for the visitor."""
        runs = sum(run.job.size() for run in self.runs)
        return runs + sum(search.size() for search in self.searches) + self._pictures()

    def _pictures(self) -> int:
        return sum(each.size() for each in (self.brought, *self.collections.values()) if each is not None)

    def counts(self) -> dict[str, int]:
        """``runs``; ``saved``: those whose files the page "Train a CNN" reads; ``searches``; ``pictures``, 0 or 1."""
        kept = {"runs": self.runs, "saved": self.of(RunConfig), "searches": self.searches}
        return {name: len(each) for name, each in kept.items()} | {"pictures": int(self._pictures() > 0)}

    def going(self) -> list[AnyRun]:
        """The runs that are not over."""
        return [run for run in self.runs if run.job.going]

    def _unused(self, name: str) -> str:
        names = {run.name for run in self.runs}
        return next(
            candidate
            for candidate in (name, *(f"{name} ({number})" for number in range(2, MAX_RUNS + 2)))
            if candidate not in names
        )


class TooManyRunsError(SaidError, RuntimeError):
    """The visitor has too many runs waiting; the message is a sentence for the visitor."""


_lock = threading.RLock()
_studios: dict[str, Studio] = {}
_pool: Engine | None = None


def studio() -> Studio:
    """The studio of the visitor whose script is running."""
    with _lock:
        who = visitor()
        mine = _studios.setdefault(who, Studio(who))
        mine.sessions.add(session_id())
        mine.seen, mine.left = time.monotonic(), None
        return mine


def counts() -> dict[str, int]:
    """How much the visitor whose script is running has; who has nothing is not noted by asking."""
    with _lock:
        mine = _studios.get(visitor())
    return (mine or Studio()).counts()


def pool() -> Engine:
    """What trains the runs of this server's visitors, made when first asked for.

    Raises ValueError with a sentence where the environment asks for what is not there.
    """
    global _pool  # noqa: PLW0603 - one pool a process is the point
    with _lock:
        if _pool is None:
            _pool = chosen_engine()
            atexit.register(_pool.close)
            threading.Thread(target=_watch_sessions, daemon=True, name="sessions").start()
        return _pool


def close() -> None:
    """Ends the workers."""
    global _pool  # noqa: PLW0603
    with _lock:
        if _pool is not None:
            atexit.unregister(_pool.close)
            _pool.close()
            _pool = None


def command(run: AnyRun, what: Command | Change) -> None:
    """Passes on to the run's worker what its owner asks."""
    pool().command(run.job, what)


def _watch_sessions() -> None:
    while _pool is not None:
        time.sleep(LOOK_EVERY)
        if Runtime.exists():
            look_for_sessions(Runtime.instance().is_active_session, time.monotonic())


def away_limit() -> float:
    """Minutes that runs go on without their visitor: EXPLAINER_AWAY, or its default.

    Raises ValueError with a sentence where the setting is not a number of minutes.
    """
    value = os.environ.get(AWAY_VARIABLE, "").strip()
    if not re.fullmatch(r"([0-9]{1,4}([.][0-9]+)?)?", value):
        raise ValueError(f"{AWAY_VARIABLE} is {value!r}; set it to a number of minutes.")
    return float(value or AWAY)


def look_for_sessions(is_active: Callable[[str], bool], now: float) -> None:
    """Ends the runs of visitors who have left, forgets those who have not come back, and makes room.

    A visitor has left when none of their sessions is connected. Their runs go on for ``away_limit`` minutes, or
    ``END_WHERE_OTHERS_WAIT`` seconds while a run of somebody else waits for a place.
    """
    with _lock:
        for token, mine in list(_studios.items()):
            mine.sessions = {session for session in mine.sessions if is_active(session)}
            mine.left = None if mine.sessions else mine.left or now
            if mine.left is not None:
                _end_runs(mine, now - mine.left)
                if now - mine.left > FORGET_AFTER:
                    del _studios[token]
        make_room(list(_studios.values()), bounds(), now)


def left(minutes: float, others_wait: bool = False) -> Said:
    """Why a run was ended whose visitor had been away for so long."""
    return Said("runs.left_while_others_waited" if others_wait else "runs.left", minutes=minutes)


def _end_runs(mine: Studio, away: float) -> None:
    """Ends what goes on for a visitor who is away for so many seconds, if that is long enough, and notes why."""
    searches = [search for search in mine.searches if search.going]
    jobs = [run.job for run in mine.going()] + [trial.job for search in searches for trial in search.trials]
    others_wait = any(pool().ahead(job).others_wait for job in jobs if job.going)
    most = 60 * away_limit()
    if others_wait:
        most = min(most, END_WHERE_OTHERS_WAIT)
    if away > most:
        for run in mine.going():
            run.why_ended = left(most / 60, others_wait)
            command(run, Command("stop"))
        for search in searches:
            search.stop(left(most / 60, others_wait))
