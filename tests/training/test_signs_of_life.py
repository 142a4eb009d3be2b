"""When a worker is given up: in simulated time, with made-up processor times."""

from __future__ import annotations

import os

from explainer.training.signs_of_life import BUSY, LONGEST_LOOK, STARTING_STILL, SignsOfLife, Verdict, computed

EVERY = 0.25  # seconds between two looks


def _verdicts(life: SignsOfLife, seconds: float, ready: bool = True) -> list[tuple[float, Verdict]]:
    """What is said, and after how many seconds."""
    looks = [(EVERY * number, life.look(EVERY, ready)) for number in range(1, round(seconds / EVERY) + 1)]
    return [(moment, verdict) for moment, verdict in looks if verdict != "well"]


def test_a_worker_that_stands_still_is_asked_once_and_given_up_within_ten_seconds() -> None:
    said = _verdicts(SignsOfLife(lambda: 7.0), 10)
    assert said[0] == (2.0, "ask")
    assert [verdict for _, verdict in said].count("ask") == 1
    assert (said[1][1], said[1][0] < 8) == ("gone", True)


def test_a_worker_that_answers_is_well_however_long_it_does_nothing() -> None:
    life = SignsOfLife(lambda: 7.0)
    for _ in range(100):
        assert _verdicts(life, 3) == [(2.0, "ask")]
        life.heard()


def test_a_worker_that_computes_may_be_silent_for_many_minutes_but_not_for_ever() -> None:
    used = iter(float(number) for number in range(10**6))
    life = SignsOfLife(lambda: next(used))
    assert _verdicts(life, BUSY - 1) == [(2.0, "ask")]
    assert next(verdict for _, verdict in _verdicts(life, 2)) == "gone"


def test_a_worker_that_starts_is_not_asked_and_has_longer() -> None:
    life = SignsOfLife(lambda: 0.0)
    assert _verdicts(life, STARTING_STILL, ready=False) == []
    assert {verdict for _, verdict in _verdicts(life, 5, ready=False)} == {"gone"}


def test_a_worker_that_still_imports_is_never_too_late() -> None:
    used = iter(range(10**6))
    assert _verdicts(SignsOfLife(lambda: next(used) // 20), 600, ready=False) == []  # a tick every five seconds


def test_where_processor_times_are_not_known_nobody_stands_still() -> None:
    assert _verdicts(SignsOfLife(lambda: None), 300) == [(2.0, "ask")]


def test_time_in_which_the_server_itself_stood_still_does_not_count() -> None:
    life = SignsOfLife(lambda: 7.0)
    assert [life.look(3600.0, ready=True) for _ in range(round(1.5 / LONGEST_LOOK))] == ["well"] * 3


def test_the_processor_time_of_a_process_grows_and_that_of_none_is_unknown() -> None:
    before = computed(os.getpid())
    assert before is not None
    while (computed(os.getpid()) or 0) <= before:
        sum(range(100_000))
    assert computed(2**22 + 1) is None
