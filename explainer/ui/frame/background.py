"""Long work beside the pages, one piece for each visitor's tab and name: watched, queued, and stopped at any time.

Tabs that ask for the same share one computation. It goes on while its tabs are open, also where they show another page:
what it finds is there when their visitors come back, and for whoever asks next.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Generic, TypeVar

import streamlit as st
from streamlit.runtime import Runtime

from explainer.device import cores
from explainer.ui.frame.turns import Follower, Piece, Turns
from explainer.ui.frame.visitor import session_id, visitor
from explainer.words.book import Said

T = TypeVar("T")


def _has_left(session: str) -> bool:
    """Whether the tab is gone, so that nobody waits for its work."""
    return Runtime.exists() and not Runtime.instance().is_active_session(session)


def _share_of_cores(wanting: int) -> AbstractContextManager[None]:
    """One computation alone uses all cores; of several each uses its part."""
    from explainer.training.one_thread import threads  # noqa: PLC0415  the first page opens without torch

    return threads(max(1, cores() // wanting))


_turns = Turns(cores(), _has_left, _share_of_cores)


class Background(Generic[T]):
    """A piece of work as one tab sees it: a generator that runs to its end, or until it is told to stop.

    ``latest`` is what it yielded last, None before; ``problem`` a sentence for the visitor where it failed.
    """

    def __init__(self, identity: Hashable, piece: Piece[T], follower: Follower) -> None:
        self.identity, self.is_stopped = identity, False
        self._piece, self._follower = piece, follower
        self._at_stop: T | None = None

    @property
    def latest(self) -> T | None:
        """What it yielded last, before it was told to stop."""
        return self._at_stop if self.is_stopped else self._piece.latest

    @property
    def over(self) -> bool:
        """Whether ``latest`` will not change any more."""
        return self.is_stopped or self._piece.over

    @property
    def problem(self) -> str:
        """Why it failed, empty where it did not."""
        return "" if self.is_stopped else self._piece.problem

    @property
    def is_broken_off(self) -> bool:
        """Whether it ended because its tab was away."""
        return not self.is_stopped and self._piece.over and not self._piece.finished and not self._piece.problem

    @property
    def waiting(self) -> int:
        """How many computations make room before this one begins, 0 once it has begun."""
        return 0 if self.over else _turns.ahead(self._piece)

    def stop(self) -> None:
        """Ends the work for this tab; ``latest`` stays."""
        self._at_stop, self.is_stopped = self.latest, True
        _turns.leave(self._piece, self._follower)


def background(
    key: str, identity: Hashable, produce: Callable[[], Iterator[T | None]], what: Hashable = None
) -> Background[T]:
    """The work ``key`` of this tab: what is being done, or was, where ``identity`` is as before, else started anew.

    ``produce`` runs outside of the page's script, in other threads, and must not touch Streamlit. What it yields must
    not be changed afterwards; it yields None where there is nothing new, several times a second, since between two
    yields it can neither be stopped nor make room for others. No ``with`` that belongs to a thread, as torch's for
    gradients do, may surround a yield.

    ``identity`` says whether it is the same for this tab, ``what``, if it is given, whether it is for others, too:
    tabs that ask for the same under one key share it. Work of another ``identity`` under the same ``key`` is stopped,
    and work that broke off because the tab was away begins anew.
    """
    place = f"background.{key}"
    old: Background[T] | None = st.session_state.get(place)
    if old is not None and old.identity == identity and not old.is_broken_off:
        return old
    if old is not None:
        old.stop()
    follower = Follower(session_id(), visitor())
    piece = _turns.follow((key, identity if what is None else what), produce, follower)
    new = Background(identity, piece, follower)
    st.session_state[place] = new
    return new


def current(key: str) -> Background[Any] | None:
    """The work ``key`` of this tab, whatever its identity, or None where there was none."""
    found: Background[Any] | None = st.session_state.get(f"background.{key}")
    return found


def waits(work: Background[Any]) -> Said | None:
    """What a page says while the work has not begun, nothing afterwards."""
    return Said("frame.work.waits", count=work.waiting) if work.waiting else None


def close() -> None:
    """Stops all work, also what has not begun: the server ends."""
    _turns.close()
