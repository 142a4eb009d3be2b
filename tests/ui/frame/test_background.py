"""Work beside the pages, as a tab sees it: watched, stopped, replaced, begun anew."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from explainer.ui.frame import background as module
from explainer.ui.frame.background import Background, background, current, waits
from explainer.ui.frame.turns import PROBLEM, Turns


class Tabs:
    """Browser tabs, of which one runs the script at a time."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self._states: dict[str, dict[str, object]] = {}
        self.gone: set[str] = set()
        patch.setattr(module, "_turns", Turns(1, lambda session: session in self.gone))
        self.turn_to("first")

    def turn_to(self, session: str) -> None:
        self._patch.setattr(module.st, "session_state", self._states.setdefault(session, {}))
        self._patch.setattr(module, "session_id", lambda: session)
        self._patch.setattr(module, "visitor", lambda: session)


@pytest.fixture(autouse=True)
def tabs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tabs]:
    made = Tabs(monkeypatch)
    yield made
    module.close()


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def _forever() -> Iterator[float]:
    while True:
        yield time.monotonic()
        time.sleep(0.005)


def test_the_latest_value_and_the_end() -> None:
    go = threading.Event()

    def count() -> Iterator[int]:
        yield 1
        go.wait(30)
        yield 2

    work: Background[int] = background("count", 0, count)
    _until(lambda: work.latest == 1)
    assert not work.over
    assert current("count") is work
    go.set()
    _until(lambda: work.over)
    assert (work.latest, work.problem, work.waiting) == (2, "", 0)
    assert background("count", 0, count) is work  # it is not done again


def test_the_same_identity_is_the_same_work_and_another_one_takes_its_place_at_once() -> None:
    first: Background[float] = background("one", ("a", 1), _forever)
    assert background("one", ("a", 1), _forever) is first
    _until(lambda: first.latest is not None)
    second: Background[float] = background("one", ("a", 2), _forever)
    assert second is not first
    assert first.is_stopped and first.over
    _until(lambda: second.latest is not None)


def test_what_was_there_when_it_was_stopped_stays() -> None:
    work: Background[float] = background("stopped", 0, _forever)
    _until(lambda: work.latest is not None)
    work.stop()
    latest = work.latest
    assert work.over and latest is not None and not work.is_broken_off
    work.stop()
    time.sleep(0.05)
    assert work.latest == latest


def test_another_tab_that_asks_for_the_same_shares_it_and_goes_on_alone(tabs: Tabs) -> None:
    begun: list[int] = []

    def count() -> Iterator[float]:
        begun.append(1)
        yield from _forever()

    mine: Background[float] = background("shared", ("again", 1), count, what="the same")
    tabs.turn_to("second")
    other: Background[float] = background("shared", ("again", 2), count, what="the same")
    _until(lambda: other.latest is not None)
    mine.stop()
    before = other.latest
    _until(lambda: other.latest != before)
    assert mine.over and not other.over and begun == [1]
    other.stop()


def test_work_ends_when_its_tab_is_gone_and_begins_anew_when_it_is_back(tabs: Tabs) -> None:
    work: Background[float] = background("left", 0, _forever)
    _until(lambda: work.latest is not None)
    tabs.gone.add("first")
    _until(lambda: work.over)
    assert work.is_broken_off
    tabs.gone.clear()
    again: Background[float] = background("left", 0, _forever)
    assert again is not work
    _until(lambda: again.latest is not None)


def test_what_failed_is_not_tried_again() -> None:
    begun: list[int] = []

    def fail() -> Iterator[int]:
        begun.append(1)
        raise ZeroDivisionError
        yield 1

    work: Background[int] = background("fail", 0, fail)
    _until(lambda: work.over)
    assert (work.problem, work.is_broken_off) == (PROBLEM, False)
    assert background("fail", 0, fail) is work and begun == [1]


def test_how_many_come_first_is_said_in_good_english(tabs: Tabs) -> None:
    go, held = threading.Event(), threading.Event()

    def hold() -> Iterator[int]:
        held.set()
        yield int(go.wait(30))

    first: Background[int] = background("hold", 0, hold)
    assert held.wait(30)
    works: list[Background[int]] = []
    for name in ("second", "third"):
        tabs.turn_to(name)
        works.append(background("wait", name, lambda: iter([1])))
    said = [waits(work) for work in (first, *works)]
    assert [str(each or "") for each in said] == [
        *("", "Waiting for 1 other computation", "Waiting for 2 other computations")
    ]
    go.set()
    _until(lambda: all(work.over for work in works))
    assert [waits(work) for work in works] == [None, None]


def test_a_computation_alone_uses_all_cores_and_several_their_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(8)
    monkeypatch.setattr(module, "cores", lambda: 6)
    found = []
    for wanting in (1, 2, 4, 100):
        with module._share_of_cores(wanting):
            found.append(torch.get_num_threads())
    torch.set_num_threads(before)
    assert found == [6, 3, 1, 1]
