"""The tuner in simulated time: a function says how fast training goes with so many threads at that moment."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.training.threads import ThreadTuner

Rate = Callable[[int, float], float]  # digits a second, with a number of threads, at a time in seconds


class Simulation:
    """A run whose speed ``rate`` decides, with a tuner; notes for how long each number of threads was in use."""

    def __init__(self, rate: Rate, limit: int = 2, batch: int = 128) -> None:
        self._rate, self._batch, self.now = rate, batch, 0.0
        self.history: list[tuple[float, float, int]] = []  # start, length, threads of every step
        self.asked: list[int] = []
        self.tuner = ThreadTuner(limit, self.asked.append)

    def run(self, until: float) -> None:
        while self.now < until:
            seconds = self._batch / self._rate(self.asked[-1], self.now)
            self.history.append((self.now, seconds, self.asked[-1]))
            self.now += seconds
            self.tuner.after_step(self._batch, seconds)

    def share(self, threads: int, since: float = 0.0) -> float:
        """Of the time since ``since``, the part in which ``threads`` threads were used."""
        times = [(seconds, used) for start, seconds, used in self.history if start >= since]
        return sum(seconds for seconds, used in times if used == threads) / sum(seconds for seconds, _ in times)

    def digits_a_second(self, since: float) -> float:
        times = [seconds for start, seconds, _ in self.history if start >= since]
        return self._batch * len(times) / sum(times)


def alone(threads: int, _: float) -> float:
    return 8_000 * threads**0.7


def beside_another(threads: int, _: float) -> float:
    """Two threads that wait for each other on one free core: measured at 0.18 of their speed alone."""
    return {1: 5_000.0, 2: 2_300.0}[threads]


def test_it_starts_with_all_the_threads_there_are() -> None:
    simulation = Simulation(alone, limit=4)
    assert simulation.asked == [4]
    assert simulation.tuner.threads == 4


def test_a_single_thread_is_never_tried_against_anything() -> None:
    simulation = Simulation(alone, limit=1)
    simulation.run(60)
    assert simulation.asked == [1]


@pytest.mark.parametrize("speed", [0.01, 0.1, 1.0, 10.0], ids=lambda speed: f"speed {speed:g}")
def test_alone_it_keeps_both_threads_and_spends_little_time_on_trials(speed: float) -> None:
    """A step of 128 digits takes 0.001 s to 1 s here; a trial takes four steps or more."""
    simulation = Simulation(lambda threads, now: speed * alone(threads, now))
    length = max(300, 1_200 * 128 / (alone(2, 0) * speed))
    simulation.run(length)
    assert simulation.share(2) > 0.95
    assert simulation.share(1, since=length / 2) < 0.05


def test_alone_with_a_noisy_clock_it_still_keeps_both_threads() -> None:
    noise = random.Random(0)
    simulation = Simulation(lambda threads, now: alone(threads, now) * math.exp(noise.gauss(0, 0.15)))
    simulation.run(300)
    assert simulation.share(2) > 0.95


def test_it_falls_to_one_thread_where_two_disturb_each_other() -> None:
    simulation = Simulation(beside_another)
    simulation.run(10)
    assert simulation.tuner.threads == 1
    assert simulation.share(1, since=3) > 0.8
    simulation.run(300)
    assert simulation.share(1) > 0.95


def _phases(*ends: tuple[float, Rate]) -> Rate:
    return lambda threads, now: next(rate for end, rate in ends if now < end)(threads, now)


def test_it_falls_within_two_seconds_when_another_run_starts() -> None:
    simulation = Simulation(_phases((60, alone), (math.inf, beside_another)))
    simulation.run(62)
    assert simulation.tuner.threads == 1
    simulation.run(120)
    assert simulation.share(1, since=62) > 0.9


def test_it_comes_back_within_two_seconds_when_it_is_calm_again() -> None:
    simulation = Simulation(_phases((30, beside_another), (math.inf, alone)))
    simulation.run(32)
    assert simulation.tuner.threads == 2
    simulation.run(120)
    assert simulation.share(2, since=32) > 0.95


def test_it_comes_back_even_where_one_thread_is_not_disturbed_at_all() -> None:
    """The rate with one thread tells nothing about the other core: only a trial does."""

    def beside(threads: int, _: float) -> float:
        return {1: 8_000.0, 2: 2_000.0}[threads]

    simulation = Simulation(_phases((60, beside), (math.inf, alone)))
    simulation.run(60)
    assert simulation.tuner.threads in (1, 2)
    simulation.run(60 + 14)
    assert simulation.tuner.threads == 2


@pytest.mark.parametrize(("limit", "best"), [(4, 2), (8, 4), (8, 1), (16, 16), (6, 3), (5, 2)])
def test_it_finds_the_best_of_the_numbers_that_it_can_reach(limit: int, best: int) -> None:
    def rate(threads: int, _: float) -> float:
        return 8_000 * 2 ** -abs(math.log2(threads / best))

    simulation = Simulation(rate, limit)
    simulation.run(120)
    assert simulation.share(best, since=30) > 0.9


def test_new_limits_take_effect_at_once_and_the_same_limit_changes_nothing() -> None:
    simulation = Simulation(alone, limit=4)
    simulation.tuner.set_limit(2)
    assert simulation.asked == [4, 2]
    simulation.run(3)
    before = simulation.asked.copy()
    simulation.tuner.set_limit(2)
    assert simulation.asked == before
    simulation.tuner.set_limit(1)
    simulation.run(20)
    assert simulation.asked[len(before) :] == [1]
    simulation.tuner.set_limit(2)
    assert simulation.asked[-1] == 2


@settings(max_examples=60, deadline=None)
@given(
    limits=st.lists(st.integers(1, 9), min_size=1, max_size=4),
    rates=st.lists(st.floats(10, 1e6), min_size=20, max_size=400),
)
def test_it_never_leaves_the_range(limits: list[int], rates: list[float]) -> None:
    asked: list[int] = []
    tuner = ThreadTuner(limits[0], asked.append)
    for number, (limit, part) in enumerate(zip(limits, _parts(rates, len(limits)), strict=True)):
        tuner.set_limit(limit)
        start = len(asked) - (number == 0)
        for rate in part:
            tuner.after_step(128, 128 / rate)
            assert 1 <= tuner.threads <= limit
        assert all(1 <= threads <= limit for threads in asked[start + 1 :])


def _parts(values: list[float], count: int) -> Iterable[list[float]]:
    return (values[start::count] for start in range(count))
