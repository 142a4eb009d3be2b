"""Long work beside the pages: watched, kept for all, and begun anew where it broke off."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
import streamlit as st

from explainer.lru import Lru
from explainer.ui.frame import background as backgrounds
from explainer.ui.frame.long_work import long_work
from explainer.ui.frame.turns import PROBLEM, Turns


@pytest.fixture(autouse=True)
def a_tab(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", state)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_what_is_whole_is_kept_and_needs_no_work() -> None:
    kept, gate = Lru[int](4), threading.Event()

    def produce() -> Iterator[int]:
        yield 1
        gate.wait(30)
        yield 2

    def ask() -> tuple[int | None, object]:
        return long_work("a", "identity", produce, lambda made: made == 2, kept)

    assert ask()[1] is not None
    until(lambda: ask()[0] == 1)
    assert kept.get("identity") is None
    gate.set()
    until(lambda: ask() == (2, None))
    assert kept.get("identity") == 2


def test_work_that_broke_off_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, begun = Lru[int](4), list[int]()
    away = iter([False, True])  # there at its begin, away after the first step, then back
    monkeypatch.setattr(backgrounds, "_turns", Turns(1, lambda _session: next(away, False)))

    def produce() -> Iterator[int]:
        begun.append(1)
        yield from range(3)

    def ask() -> int | None:
        return long_work("b", "identity", produce, lambda made: made == 2, kept)[0]

    until(lambda: ask() == 2)
    assert len(begun) == 2


def test_work_that_failed_is_told_and_not_tried_again() -> None:
    begun = list[int]()

    def produce() -> Iterator[int]:
        begun.append(1)
        raise ArithmeticError
        yield 1

    def problem() -> str:
        work = long_work("c", "identity", produce, bool, Lru[int](4))[1]
        return work.problem if work else ""

    until(lambda: problem() == PROBLEM)
    assert problem() == PROBLEM and len(begun) == 1
