"""Long work beside the pages, one piece for each visitor's tab and name: watched, queued, and stopped at any time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Generic, TypeVar, cast

import streamlit as st
from streamlit.runtime import Runtime

from explainer.device import cores
from explainer.ui.visitor import session_id

T = TypeVar("T")

PROBLEM = "Something went wrong in this computation. Change a setting to start it again."
_LOG = logging.getLogger(__name__)
_PLACES = max(1, cores() // 2)  # each piece of work uses more than one core where it can

_executor = ThreadPoolExecutor(_PLACES, thread_name_prefix="background")
_queue: list[Background[Any]] = []  # all that are not over, oldest first
_lock = threading.Lock()


class Background(Generic[T]):
    """A piece of work: a generator that a thread runs to its end, or until it is told to stop.

    ``latest`` is what it yielded last, None before; ``problem`` a sentence for the visitor where it failed.
    """

    def __init__(self, identity: Hashable, produce: Callable[[], Iterator[T]], session: str) -> None:
        self.identity, self.latest, self.over, self.problem = identity, cast("T | None", None), False, ""
        self._produce, self._session = produce, session
        self._stopped = threading.Event()

    @property
    def waiting(self) -> int:
        """How many pieces of work are to be done before this one begins, 0 once it has begun."""
        with _lock:
            return max(0, _queue.index(self) + 1 - _PLACES) if self in _queue else 0

    @property
    def is_stopped(self) -> bool:
        """Whether it was told to stop."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """Ends the work after what it is computing now; ``latest`` stays."""
        self._stopped.set()

    def run(self) -> None:
        """What the thread does."""
        try:
            for made in () if self._stopped.is_set() else self._produce():
                self.latest = made
                if self._stopped.is_set() or _has_left(self._session):
                    break
        except Exception:
            _LOG.exception("Work in the background failed")
            self.problem = PROBLEM
        finally:
            self.over = True
            with _lock:
                _queue.remove(self)


def background(key: str, identity: Hashable, produce: Callable[[], Iterator[T]]) -> Background[T]:
    """The work ``key`` of this tab: what is being done, or was, where ``identity`` is as before, else started anew.

    ``produce`` runs outside of the page's script, in another thread, and must not touch Streamlit. What it yields must
    not be changed afterwards. Work of another ``identity`` under the same ``key`` is stopped.
    """
    place = f"background.{key}"
    old: Background[T] | None = st.session_state.get(place)
    if old is not None and old.identity == identity:
        return old
    if old is not None:
        old.stop()
    new = Background(identity, produce, session_id())
    with _lock:
        _queue.append(new)
    st.session_state[place] = new
    _executor.submit(new.run)
    return new


def current(key: str) -> Background[Any] | None:
    """The work ``key`` of this tab, whatever its identity, or None where there was none."""
    found: Background[Any] | None = st.session_state.get(f"background.{key}")
    return found


def close() -> None:
    """Stops all work, also what has not begun: the server ends."""
    with _lock:
        for work in _queue:
            work.stop()


def _has_left(session: str) -> bool:
    """Whether the tab is gone, so that nobody waits for its work."""
    return Runtime.exists() and not Runtime.instance().is_active_session(session)
