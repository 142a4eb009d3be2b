"""Moves the searches of all visitors on, in one thread that is there while one of them goes."""

from __future__ import annotations

import logging
import threading
import time

from explainer.training.search.search import Search
from explainer.words.book import Said

EVERY = 0.1  # seconds

_log = logging.getLogger(__name__)
_lock = threading.Lock()
_going: list[Search] = []


def conduct(search: Search) -> None:
    """Begins a search, and moves it on until it is over."""
    with _lock:
        _going.append(search)
        if len(_going) == 1:
            threading.Thread(target=_move_on, daemon=True, name="searches").start()


def _move_on() -> None:
    while True:
        with _lock:
            searches = list(_going)
        over = [search for search in searches if not _advanced(search)]
        with _lock:
            _going[:] = [search for search in _going if search not in over]
            if not _going:
                return
        time.sleep(EVERY)


def _advanced(search: Search) -> bool:
    """Whether the search goes on. One that breaks ends alone, and the log says why."""
    try:
        search.advance()
    except Exception:
        _log.exception("A search ended in an error")
        search.stop(Said("hyperparameters.broken"))
        return False
    return search.going
