"""Who computes next: fair by visitor, one step at a time, and no longer than anybody waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from explainer.ui.frame import turns as module
from explainer.ui.frame.turns import PROBLEM, Follower, Piece, Turns

SECONDS = 120  # until something counts as hung


@pytest.fixture(autouse=True)
def one_step_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SLICE", 0.0)


class Steps:
    """Computations that note their steps, and take none before they are let go."""

    def __init__(self, places: int = 1) -> None:
        self.gone: set[str] = set()
        self.turns = Turns(places, lambda session: session in self.gone)
        self.gate = threading.Event()
        self.taken: list[str] = []

    def follow(self, name: str, visitor: str, steps: int = 3, what: str = "", session: str = "") -> Piece[int]:
        follower = Follower(session or name, visitor)
        return self.turns.follow(what or name, partial(self._produce, name, steps), follower)

    def hold(self) -> None:
        """Takes all places until the gate is open; nobody's."""
        started = threading.Barrier(self.turns.places + 1)

        def hold() -> Iterator[int]:
            started.wait(SECONDS)
            assert self.gate.wait(SECONDS)
            yield 0

        for number in range(self.turns.places):
            self.turns.follow(f"hold {number}", hold, Follower("holder", f"holder {number}"))
        started.wait(SECONDS)

    def _produce(self, name: str, steps: int) -> Iterator[int]:
        for step in range(steps):
            self.taken.append(name)
            yield step


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.002)


def test_computations_take_turns_and_all_come_to_their_end() -> None:
    steps = Steps()
    steps.hold()
    pieces = [steps.follow(name, name) for name in "abc"]
    steps.gate.set()
    until(lambda: all(piece.over for piece in pieces))
    assert steps.taken == list("abcabcabc")
    assert [(piece.latest, piece.finished, piece.problem) for piece in pieces] == [(2, True, "")] * 3


def test_a_visitors_second_computation_waits_behind_everybodys_first() -> None:
    steps = Steps()
    steps.hold()
    pieces = [steps.follow("a1", "a"), steps.follow("a2", "a"), steps.follow("a3", "a"), steps.follow("b", "b")]
    assert [steps.turns.ahead(piece) for piece in pieces] == [1, 2, 3, 4]  # so far nobody has had a turn
    steps.gate.set()
    until(lambda: all(piece.over for piece in pieces))
    assert steps.taken == ["a1", "b", "a2", "b", "a3", "b", "a1", "a2", "a3", "a1", "a2", "a3"]


def test_who_comes_last_has_a_turn_at_once_where_the_others_have_had_theirs() -> None:
    steps = Steps()
    old = [steps.follow(name, name, steps=100_000) for name in ("a", "b", "c")]
    until(lambda: all(piece.begun for piece in old))
    new = steps.follow("new", "d", steps=1)
    until(lambda: new.over)
    assert not any(piece.over for piece in old)
    steps.turns.close()
    until(lambda: all(piece.over for piece in old))


def test_two_places_are_not_both_one_visitors_while_another_waits() -> None:
    steps = Steps(places=2)
    steps.hold()
    pieces = [steps.follow(name, name[0], steps=50) for name in ("a1", "a2", "a3", "b1")]
    steps.gate.set()
    until(lambda: pieces[3].over)
    before = steps.taken[: len(steps.taken) - steps.taken[::-1].index("b1")]
    assert before.count("b1") == 50 <= sum(name != "b1" for name in before) <= 150  # b1 was never shut out
    until(lambda: all(piece.over for piece in pieces))


def test_how_many_make_room_before_it_begins() -> None:
    steps = Steps(places=2)
    steps.hold()
    pieces = [steps.follow(name, name) for name in "ab"]
    assert [steps.turns.ahead(piece) for piece in pieces] == [1, 2]
    steps.gate.set()
    until(lambda: all(piece.over for piece in pieces))
    assert [steps.turns.ahead(piece) for piece in pieces] == [0, 0]
    assert Turns(1, lambda _session: False).ahead(pieces[0]) == 0


def test_it_ends_within_one_step_when_nobody_follows_it_any_more() -> None:
    steps = Steps()
    closed = threading.Event()

    def forever() -> Iterator[None]:
        try:
            while True:
                yield None
        finally:
            closed.set()

    follower = Follower("s", "v")
    piece: Piece[int] = steps.turns.follow("forever", forever, follower)
    until(lambda: piece.turn > 3)
    steps.turns.leave(piece, follower)
    until(lambda: piece.over and closed.is_set())
    assert (piece.latest, piece.finished, piece.problem) == (None, False, "")


def test_what_waits_is_out_of_the_way_as_soon_as_it_is_left() -> None:
    steps = Steps()
    steps.hold()
    follower = Follower("s", "v")
    left = steps.turns.follow("left", partial(iter, [1]), follower)
    later = steps.follow("later", "w")
    assert steps.turns.ahead(later) == 2
    steps.turns.leave(left, follower)
    assert (left.over, left.begun, steps.turns.ahead(later)) == (True, False, 1)
    steps.gate.set()
    until(lambda: later.over)
    assert not left.begun


def test_it_ends_when_its_tabs_are_gone_also_before_it_has_begun() -> None:
    steps = Steps()
    steps.hold()
    begun, unbegun = steps.follow("begun", "a", 1_000_000), steps.follow("unbegun", "b", 1_000_000)
    steps.gone.add("unbegun")
    steps.gate.set()
    until(lambda: len(steps.taken) > 3 and unbegun.over)
    assert "unbegun" not in steps.taken
    steps.gone.add("begun")
    until(lambda: begun.over)
    assert begun.latest is not None and not begun.finished


def test_who_asks_for_the_same_waits_for_one_and_the_same_computation() -> None:
    steps = Steps()
    steps.hold()
    one, other = steps.follow("x", "a", what="same", session="1"), steps.follow("y", "b", what="same", session="2")
    assert one is other
    steps.gone.add("1")  # one of the two is left
    steps.gate.set()
    until(lambda: one.over)
    assert one.finished and steps.taken == ["x"] * 3
    again = steps.follow("z", "c", what="same")
    until(lambda: again.over)
    assert again is not one and steps.taken[3:] == ["z"] * 3


def test_what_fails_says_so_and_keeps_nobody(caplog: pytest.LogCaptureFixture) -> None:
    steps = Steps()

    def fail() -> Iterator[int]:
        yield 1
        raise ZeroDivisionError

    failed: Piece[int] = steps.turns.follow("fail", fail, Follower("s", "v"))
    until(lambda: failed.over)
    assert (failed.latest, failed.problem, failed.finished) == (1, PROBLEM, False)
    assert "ZeroDivisionError" in caplog.text
    after = steps.follow("after", "v")
    until(lambda: after.finished)


def test_nothing_new_is_no_news() -> None:
    steps = Steps()
    piece: Piece[int] = steps.turns.follow("some", lambda: iter([None, 1, None, None]), Follower("s", "v"))
    until(lambda: piece.finished)
    assert piece.latest == 1


def test_a_long_turn_ends_after_its_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SLICE", 1_000.0)
    piece: Piece[int] = Piece("x", lambda: iter(range(10)))
    clock = iter([0.0, *range(100, 100_000, 300)])
    monkeypatch.setattr(module.time, "monotonic", lambda: float(next(clock)))
    piece.go_on(module.SLICE, lambda: True)
    assert (piece.latest, piece.over) == (3, False)  # after 100, 400, 700 and 1,000 seconds
    piece.go_on(1_000_000.0, lambda: True)
    assert (piece.latest, piece.finished) == (9, True)


def test_at_the_end_nothing_is_begun_any_more() -> None:
    steps = Steps(places=2)
    steps.hold()
    pieces = [steps.follow(name, name) for name in "abc"]
    steps.turns.close()
    steps.gate.set()
    assert all(piece.over for piece in pieces) and not steps.taken


def test_every_turn_is_told_how_many_want_a_place() -> None:
    told: list[int] = []

    @contextmanager
    def limits(wanting: int) -> Iterator[None]:
        told.append(wanting)
        yield

    turns, gate = Turns(1, lambda _session: False, limits), threading.Event()
    first: Piece[int] = turns.follow("1", lambda: iter([int(gate.wait(SECONDS))]), Follower("a", "a"))
    until(lambda: first.begun)
    second: Piece[int] = turns.follow("2", lambda: iter([2, 2]), Follower("b", "b"))
    gate.set()
    until(lambda: first.over and second.over)
    assert told[:2] == [1, 2] and told[-1] == 1
