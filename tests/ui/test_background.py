"""Work beside the pages: watched, queued, stopped, replaced."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from explainer.ui import background as module
from explainer.ui.background import PROBLEM, Background, background, current


@pytest.fixture(autouse=True)
def state(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """A session's state; one piece of work at a time."""
    session: dict[str, object] = {}
    monkeypatch.setattr(module.st, "session_state", session)
    return session


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_the_latest_value_and_the_end() -> None:
    go = threading.Event()

    def count() -> Iterator[int]:
        yield 1
        go.wait(10)
        yield 2

    work: Background[int] = background("count", 0, count)
    _until(lambda: work.latest == 1)
    assert not work.over
    assert current("count") is work
    go.set()
    _until(lambda: work.over)
    assert (work.latest, work.problem, work.waiting) == (2, "", 0)


def test_the_same_identity_is_the_same_work_and_another_one_stops_it() -> None:
    def forever() -> Iterator[float]:
        while True:
            yield time.monotonic()
            time.sleep(0.005)

    first: Background[float] = background("one", ("a", 1), forever)
    assert background("one", ("a", 1), forever) is first
    _until(lambda: first.latest is not None)
    second: Background[float] = background("one", ("a", 2), forever)
    assert second is not first
    _until(lambda: first.over)
    assert first.is_stopped
    second.stop()
    _until(lambda: second.over)


def test_who_comes_late_waits_for_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    go = threading.Event()

    def wait() -> Iterator[int]:
        yield 0
        go.wait(10)

    works: list[Background[int]] = [background(f"w{i}", 0, wait) for i in range(module._PLACES + 2)]
    assert [work.waiting for work in works] == [0] * module._PLACES + [1, 2]
    go.set()
    _until(lambda: all(work.over for work in works))
    assert all(work.waiting == 0 for work in works)


def test_what_fails_says_so_in_a_sentence(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> Iterator[int]:
        yield 1
        raise ZeroDivisionError

    work: Background[int] = background("fail", 0, fail)
    _until(lambda: work.over)
    assert (work.latest, work.problem) == (1, PROBLEM)
    assert "ZeroDivisionError" in caplog.text


def test_work_ends_when_its_tab_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    left = threading.Event()
    monkeypatch.setattr(module, "_has_left", lambda _session: left.is_set())

    def forever() -> Iterator[int]:
        while True:
            yield 0
            time.sleep(0.005)

    work: Background[int] = background("left", 0, forever)
    _until(lambda: work.latest == 0)
    left.set()
    _until(lambda: work.over)


def test_at_the_end_nothing_is_begun_any_more() -> None:
    go, begun = threading.Event(), list[int]()

    def wait(number: int) -> Iterator[int]:
        begun.append(number)
        yield number
        go.wait(10)
        yield number

    works: list[Background[int]] = [background(f"end{i}", 0, partial(wait, i)) for i in range(module._PLACES + 2)]
    _until(lambda: len(begun) == module._PLACES)
    module.close()
    go.set()
    _until(lambda: all(work.over for work in works))
    assert len(begun) == module._PLACES
