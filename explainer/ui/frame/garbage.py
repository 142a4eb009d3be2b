"""When Python looks for garbage that refers to itself: rarely, and while nobody waits.

Such a search holds the interpreter lock, so everybody waits for it: a third of a second once torch and torchvision are
imported. Streamlit searches after every run of a script unless its option runner.postScriptGC is off (it is: see
.streamlit/config.toml). Here it is done beside the pages instead. What was there when the server was warm (modules,
classes, functions) is frozen first: it lives as long as the process, and is not searched again.
"""

from __future__ import annotations

import ctypes
import gc
import sys
import threading
import time
from collections.abc import Callable

EVERY = 30.0  # seconds between two searches, if a quiet moment comes
AT_LEAST_EVERY = 300.0  # and even without one
QUIET = 0.05  # of one core: what the server takes of it when no script runs and nothing is computed
LOOK_EVERY = 0.5  # seconds over which that is measured
_NEVER = 1_000_000_000  # searches of the middle generation, so that Python never begins a whole one by itself


class Collector:
    """Decides when to search: ``look`` is told the time and the CPU seconds that the process has used until then."""

    def __init__(self, collect: Callable[[], object], now: float, used: float) -> None:
        self._collect, self._last, self._now, self._used = collect, now, now, used

    def look(self, now: float, used: float) -> bool:
        """Collects if it is time; whether it did."""
        is_quiet = used - self._used <= QUIET * (now - self._now)
        self._now, self._used = now, used
        waited = now - self._last
        if waited < EVERY or not (is_quiet or waited >= AT_LEAST_EVERY):
            return False
        self._collect()
        self._last = now
        return True


def freeze() -> None:
    """Takes all that is there out of every later search. To be called once, when the server is warm."""
    gc.collect()
    gc.freeze()


def collect() -> None:
    """Searches the whole heap, and gives what is free in it back to the system.

    Scripts run in many threads, and glibc keeps what a thread has freed for that thread: after eight that had looked
    into SqueezeNet, two thirds of what the process had grown by. Giving it back takes a hundredth of a second.
    """
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None  # glibc's alone
    if trim is not None:
        trim(0)


def collect_in_quiet_moments(closed: threading.Event) -> None:
    """Searches the whole heap only as ``Collector`` decides, until ``closed``; then Python does so again by itself."""
    before = gc.get_threshold()
    gc.set_threshold(before[0], before[1], _NEVER)
    collector = Collector(collect, time.monotonic(), time.process_time())
    try:
        while not closed.wait(LOOK_EVERY):
            collector.look(time.monotonic(), time.process_time())
    finally:
        gc.set_threshold(*before)
