"""Garbage is searched for in quiet moments, and goes."""

from __future__ import annotations

import gc
import platform
import subprocess
import sys
import threading
import weakref

import pytest

from explainer.ui.frame import garbage
from explainer.ui.frame.garbage import AT_LEAST_EVERY, EVERY, QUIET, Collector


class Searches:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


def test_it_waits_for_a_quiet_moment() -> None:
    searches = Searches()
    collector = Collector(searches, now=0.0, used=0.0)
    assert not collector.look(EVERY - 1, used=0.0)  # too soon
    assert not collector.look(EVERY, used=1.0)  # a whole core was busy
    assert collector.look(EVERY + 1, used=1.0 + QUIET / 2)
    assert searches.count == 1
    assert not collector.look(EVERY + 2, used=1.0 + QUIET / 2)  # only just done


def test_without_a_quiet_moment_it_waits_no_longer_than_the_limit() -> None:
    searches = Searches()
    collector = Collector(searches, now=0.0, used=0.0)
    moments = [second for second in range(1, 2 * int(AT_LEAST_EVERY) + 1) if collector.look(second, used=float(second))]
    assert moments == [AT_LEAST_EVERY, 2 * AT_LEAST_EVERY]


class Ring:
    """Garbage that refers to itself: only a search finds it."""

    def __init__(self) -> None:
        self.itself = self


def test_rings_go_although_python_searches_no_whole_heap_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage, "EVERY", 0.0)
    monkeypatch.setattr(garbage, "QUIET", 1e9)
    monkeypatch.setattr(garbage, "LOOK_EVERY", 0.01)
    before, closed = gc.get_threshold(), threading.Event()
    thread = threading.Thread(target=garbage.collect_in_quiet_moments, args=[closed])
    thread.start()
    ring = Ring()
    gone, lives = threading.Event(), weakref.ref(ring)
    weakref.finalize(ring, gone.set)
    gc.collect(1)  # old by now: in the generation that Python is told not to search
    del ring
    assert gone.wait(30)
    assert lives() is None
    closed.set()
    thread.join()
    assert gc.get_threshold() == before


_FREED = """
import threading
from pathlib import Path

from explainer.ui.frame.garbage import collect

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

def work():
    blocks = [bytes([1]) * 60_000 for _ in range(3_000)]  # too small for pages of their own
    pinned.append(blocks[-1])  # what is freed below it cannot go back by itself

pinned = []
collect()
before = resident()
threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
freed = resident() - before
collect()
print(freed, resident() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other allocators keep less, or have no such call")
def test_what_threads_have_freed_goes_back_to_the_system() -> None:
    done = subprocess.run([sys.executable, "-c", _FREED], capture_output=True, text=True, check=True, timeout=300)
    kept, left = map(int, done.stdout.split())
    assert kept > 100_000_000
    assert left < kept / 10
