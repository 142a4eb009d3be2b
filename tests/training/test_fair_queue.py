"""Who trains next: the order in which places are given, and that it is the order which was forecast."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.training.engine import Place
from explainer.training.fair_queue import SEATS, SHARE, FairQueue


@dataclass
class Simulation:
    """Places of a queue in simulated time; every run is a name and the seconds that it needs."""

    places: list[str]
    needs: dict[str, float] = field(default_factory=dict)
    now: float = 0.0
    begun: list[tuple[str, float]] = field(default_factory=list)  # each run's places, and when it was given them
    ended: dict[str, float] = field(default_factory=dict)
    queue: FairQueue[str] = field(default_factory=FairQueue)

    def submit(self, run: str, owner: str, seconds: float) -> None:
        self.needs[run] = seconds
        self.queue.submit(run, owner, short=seconds <= SHARE)

    def play(self, until: float) -> None:
        """To the end of all runs, at most until that moment, looking every second."""
        while self.now < until and self.queue.runs():
            for place in self.places:
                self._look(place)
            self.now += 1

    def _look(self, place: str) -> None:
        run = self.queue.going(place)
        if run and self.queue.spent(run, self.now) >= self.needs[run]:
            self.queue.remove(run)
            self.ended[run] = self.now
            run = None
        if run is None:
            following = self.queue.take(place, self.now)
        else:
            following = (self.queue.rotate(place, self.now) or (None, None))[1]
        if following:
            self.begun.append((following, self.now))

    def order(self) -> list[str]:
        return [run for run, _ in self.begun]

    def forecast(self) -> dict[str, Place]:
        return self.queue.forecast(self.places, lambda run: self.needs[run] - self.queue.spent(run, self.now), self.now)


def test_equals_are_served_as_they_came() -> None:
    class_ = Simulation(["a"])
    for number in range(5):
        class_.submit(f"run {number}", f"visitor {number}", 3)
    class_.play(100)
    assert class_.order() == [f"run {number}" for number in range(5)]


def test_runs_of_nobody_in_particular_are_served_as_they_came() -> None:
    class_ = Simulation(["a"])
    for number in range(5):
        class_.submit(f"run {number}", "", 3)
    class_.play(100)
    assert class_.order() == [f"run {number}" for number in range(5)]


def test_a_second_run_waits_behind_everybodys_first() -> None:
    class_ = Simulation(["a"])
    for run in ("ann 1", "ann 2", "ann 3", "bob 1", "bob 2", "cy 1"):
        class_.submit(run, run.split()[0], 5)
    class_.play(2)
    class_.submit("dee 1", "dee", 5)  # later than all, but her first
    class_.play(100)
    assert class_.order() == ["ann 1", "bob 1", "cy 1", "dee 1", "ann 2", "bob 2", "ann 3"]


def test_a_run_that_is_going_counts_and_one_that_is_over_does_not() -> None:
    class_ = Simulation(["a", "b"])
    class_.submit("ann 1", "ann", 25)
    class_.submit("bob 1", "bob", 5)
    class_.play(1)
    class_.submit("ann 2", "ann", 5)
    class_.submit("bob 2", "bob", 5)
    class_.submit("cy 1", "cy", 5)
    class_.play(100)
    # when Bob's first run is over his second is his first, but behind Cy's, which has waited as a first for longer
    assert class_.order() == ["ann 1", "bob 1", "cy 1", "bob 2", "ann 2"]


def test_a_long_run_makes_room_and_goes_on() -> None:
    class_ = Simulation(["a"])
    class_.submit("long", "ann", 100)
    class_.play(60)
    assert class_.order() == ["long"]  # nobody waits
    class_.submit("short", "bob", 4)
    class_.play(61)
    assert class_.order() == ["long", "short"]  # it had had its share
    class_.play(200)
    assert class_.order() == ["long", "short", "long"]
    assert class_.ended == {"short": 64, "long": 104}


def test_a_run_has_its_share_before_it_makes_room() -> None:
    class_ = Simulation(["a"])
    class_.submit("long", "ann", 100)
    class_.submit("short", "bob", 4)
    class_.play(300)
    assert class_.begun == [("long", 0), ("short", SHARE), ("long", SHARE + 4)]


def test_long_runs_take_turns_and_a_newcomer_has_the_first_place_that_is_free() -> None:
    class_ = Simulation(["a"])
    for name in ("ann", "bob", "cy"):
        class_.submit(name, name, 90)
    class_.play(3 * SHARE + 1)
    assert class_.order() == ["ann", "bob", "cy", "ann"]
    class_.submit("dee", "dee", 90)
    class_.play(1000)
    assert class_.order()[4:] == ["dee", "bob", "cy", "ann", "dee", "bob", "cy", "dee"]


def test_a_visitors_own_short_runs_are_not_stuck_behind_their_long_one() -> None:
    class_ = Simulation(["a"])
    class_.submit("long", "ann", 1800)
    class_.submit("other", "bob", 1800)
    for number in (2, 3, 4):
        class_.submit(f"short {number}", "ann", 3)
    class_.play(10 * SHARE)
    assert class_.ended.keys() == {"short 2", "short 3", "short 4"}


def test_a_paused_run_gives_up_its_place_and_comes_back_behind_those_that_wait() -> None:
    class_ = Simulation(["a"])
    class_.submit("ann", "ann", 10)
    class_.submit("bob", "bob", 10)
    class_.play(2)
    class_.queue.pause("ann", class_.now)
    class_.play(4)
    class_.queue.wake("ann")
    assert class_.queue.waits("ann")
    class_.play(100)
    assert class_.order() == ["ann", "bob", "ann"]
    assert class_.ended == {"bob": 12, "ann": 20}


def test_a_place_keeps_only_so_many_long_runs_but_short_ones_always_begin() -> None:
    class_ = Simulation(["a"])
    for number in range(SEATS + 2):
        class_.submit(f"long {number}", f"visitor {number}", 500)
    class_.play(SEATS * SHARE + 5)
    assert class_.order() == [*(f"long {number}" for number in range(SEATS)), "long 0"]
    class_.submit("short", "late", 5)
    class_.play(5 * SHARE + 8)
    assert "short" in class_.ended
    class_.play(1e5)
    assert len(class_.ended) == SEATS + 3


def test_a_run_goes_on_where_its_memory_is() -> None:
    class_ = Simulation(["a"])
    class_.submit("ann", "ann", 100)
    class_.submit("bob", "bob", 100)
    class_.play(SHARE + 2)
    assert class_.order() == ["ann", "bob"]
    assert class_.queue.take("b", class_.now) is None
    class_.queue.restart("ann")  # but where that is gone, it begins anew anywhere
    assert class_.queue.take("b", class_.now) == "ann"


def test_others_wait_while_a_run_of_another_owner_does() -> None:
    class_ = Simulation(["a"])
    for run, owner in (("first", "ada"), ("second", "ada"), ("third", "bob")):
        class_.submit(run, owner, 3)
    class_.play(1)
    assert class_.queue.others_wait("ada")
    class_.queue.remove("third")
    assert not class_.queue.others_wait("ada")
    assert class_.queue.others_wait("bob")


def test_a_run_that_is_over_is_forgotten() -> None:
    queue = FairQueue[str]()
    queue.submit("run")
    queue.remove("run")
    queue.remove("run")
    assert queue.take("a", 0) is None
    assert (queue.runs(), queue.spent("run", 5), queue.waits("run")) == ([], 0.0, False)


def test_the_first_in_line_has_one_run_ahead_where_all_places_are_taken_and_none_before_any_is() -> None:
    class_ = Simulation(["a"])
    for name in ("ann", "bob", "cy"):
        class_.submit(name, name, 10)
    assert class_.forecast() == {"ann": Place(0, 0), "bob": Place(1, 10), "cy": Place(2, 20)}
    class_.play(4)
    assert class_.forecast() == {"bob": Place(1, 6), "cy": Place(2, 16)}


RUNS = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from([2, 5, 11, 45, 200])), min_size=1, max_size=14)


@settings(max_examples=150, deadline=None)
@given(runs=RUNS, places=st.integers(1, 3), paused=st.sets(st.integers(0, 13), max_size=2), look=st.integers(1, 90))
def test_the_order_and_the_times_are_those_that_were_forecast(
    runs: list[tuple[str, int]], places: int, paused: set[int], look: int
) -> None:
    class_ = Simulation([f"place {number}" for number in range(places)])
    for number, (owner, seconds) in enumerate(runs):
        class_.submit(f"run {number}", owner, seconds)
    class_.play(look)
    for number in paused & {int(run.split()[1]) for run in class_.queue.runs()}:
        class_.queue.pause(f"run {number}", class_.now)
    waiting = [run for run in class_.queue.runs() if class_.queue.waits(run)]
    forecast, before = class_.forecast(), len(class_.begun)
    class_.play(1e5 if not paused else look + 3000)
    given_: dict[str, float] = {}
    for run, moment in class_.begun[before:]:
        if run in waiting:
            given_.setdefault(run, moment)
    assert list(forecast) == list(given_)
    for number, (run, moment) in enumerate(given_.items()):
        assert forecast[run].ahead - min(place.ahead for place in forecast.values()) == number
        assert forecast[run].seconds == pytest.approx(moment - look, abs=len(runs) + 2)  # it looks once a second


@settings(max_examples=100, deadline=None)
@given(runs=RUNS, places=st.integers(1, 3))
def test_all_are_served_and_nobodys_second_before_a_first_that_waits(runs: list[tuple[str, int]], places: int) -> None:
    class_ = Simulation([f"place {number}" for number in range(places)])
    for number, (owner, seconds) in enumerate(runs):
        class_.submit(f"run {number}", owner, seconds)
    class_.play(1e5)
    assert len(class_.ended) == len(runs)
    starts = dict(reversed(class_.begun))
    owners = [owner for owner, _ in runs]
    firsts = [f"run {owners.index(owner)}" for owner in set(owners)]
    seconds = [f"run {number}" for number, owner in enumerate(owners) if owners.index(owner) != number]
    for second in seconds:
        assert all(starts[first] <= starts[second] for first in firsts if class_.needs[first] <= SHARE)


def test_with_an_infinite_share_nobody_makes_room_and_the_forecast_knows_it() -> None:
    simulation = Simulation(["only"], queue=FairQueue(share=math.inf))
    simulation.submit("long", "me", 100_000.0)
    simulation.play(1)
    for run, owner in (("mine", "me"), ("mine too", "me"), ("yours", "you")):
        simulation.submit(run, owner, 5.0)
    known = simulation.queue.forecast(["only"], lambda run: simulation.needs[run], simulation.now)
    assert {run: place.ahead for run, place in known.items()} == {"yours": 1, "mine": 2, "mine too": 3}
    simulation.needs["long"] = 200.0
    simulation.play(1_000)
    assert [run for run, _ in simulation.begun] == ["long", "yours", "mine", "mine too"]
