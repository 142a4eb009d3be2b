"""What a visitor has made in this app: runs and drawings, kept for as long as the visitor may come back."""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st
from streamlit.runtime import Runtime

from explainer.data.images import Picture
from explainer.training.config import RunConfig
from explainer.training.job import Job
from explainer.training.messages import Change, Command
from explainer.training.pool import Pool
from explainer.ui.visitor import session_id, visitor

MAX_RUNS = 12  # kept for each visitor; the oldest that is over makes room
MAX_WAITING = 3  # runs of one visitor in the queue
FORGET_AFTER = 3600.0  # seconds after the last session of a visitor ended
LOOK_EVERY = 5.0


@dataclass(eq=False)
class Run:
    """A run, and the name that its owner sees."""

    name: str
    job: Job


@dataclass(eq=False)
class Studio:
    """One visitor's runs, oldest first, the picture they uploaded last, and the sessions (tabs) that show them."""

    runs: list[Run] = field(default_factory=list)
    picture: Picture | None = None
    sessions: set[str] = field(default_factory=set)
    left: float | None = None  # when the last session was seen to be gone

    def add(self, name: str, config: RunConfig, single_step: bool = False) -> Run:
        """Submits a new run; the oldest run that is over makes room for it. Raises TooManyRunsError."""
        if sum(run.job.status == "waiting" for run in self.runs) >= MAX_WAITING:
            raise TooManyRunsError(f"{MAX_WAITING} of your runs are waiting already: stop one, or wait for its turn.")
        run = self.keep(name, Job(config, single_step))
        pool().submit(run.job)
        return run

    def keep(self, name: str, job: Job) -> Run:
        """Adds a run to the list under its name, or that with a number where it is taken; does not train it."""
        run = Run(self._unused(name), job)
        over = [old for old in self.runs if not old.job.going]
        if len(self.runs) >= MAX_RUNS and over:
            self.runs.remove(over[0])
        self.runs.append(run)
        return run

    def going(self) -> list[Run]:
        """The runs that are not over."""
        return [run for run in self.runs if run.job.going]

    def _unused(self, name: str) -> str:
        names = {run.name for run in self.runs}
        return next(
            candidate
            for candidate in (name, *(f"{name} ({number})" for number in range(2, MAX_RUNS + 2)))
            if candidate not in names
        )


class TooManyRunsError(RuntimeError):
    """The visitor has too many runs waiting; the message is a sentence for the visitor."""


_lock = threading.RLock()
_studios: dict[str, Studio] = {}
_pool: Pool | None = None


def studio() -> Studio:
    """The studio of the visitor whose script is running."""
    with _lock:
        mine = _studios.setdefault(visitor(), Studio())
        mine.sessions.add(session_id())
        mine.left = None
        return mine


def pool() -> Pool:
    """The workers of this server, started when first asked for."""
    global _pool  # noqa: PLW0603 - one pool a process is the point
    with _lock:
        if _pool is None:
            _pool = Pool()
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


def command(run: Run, what: Command | Change) -> None:
    """Passes on to the run's worker what its owner asks."""
    pool().command(run.job, what)


def _watch_sessions() -> None:
    while _pool is not None:
        time.sleep(LOOK_EVERY)
        if Runtime.exists():
            look_for_sessions(Runtime.instance().is_active_session, time.monotonic())


def look_for_sessions(is_active: Callable[[str], bool], now: float) -> None:
    """Stops the runs of visitors who have left, and forgets the visitors who have not come back.

    A visitor has left when none of their sessions has been connected for as long as Streamlit keeps a disconnected
    session (the option server.disconnectedSessionTTL, in seconds).
    """
    patience = float(st.get_option("server.disconnectedSessionTTL") or 120)
    with _lock:
        for token, mine in list(_studios.items()):
            mine.sessions = {session for session in mine.sessions if is_active(session)}
            if mine.sessions:
                mine.left = None
                continue
            mine.left = mine.left or now
            if now - mine.left > patience:
                for run in mine.going():
                    command(run, Command("stop"))
            if now - mine.left > FORGET_AFTER:
                del _studios[token]
