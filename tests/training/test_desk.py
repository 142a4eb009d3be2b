"""Several runs in one worker's memory, without a process: who trains, who obeys, and that nobody notices the others."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import pytest
import torch
from training_runs import excerpt, parameters_of

from explainer.data.digits import Digits
from explainer.networks.config import Block, NetworkConfig
from explainer.training import worker
from explainer.training.config import Recipe, RunConfig
from explainer.training.desk import Desk
from explainer.training.messages import (
    Ask,
    Change,
    Changed,
    Command,
    Ended,
    Event,
    From,
    FromWorker,
    Here,
    Order,
    Paused,
    Resumed,
    Share,
    Start,
    To,
    ToWorker,
    Turn,
)
from explainer.training.snapshot import Snapshot

# Dropout takes its random numbers from torch's only generator, augmentation and the order from their own
CONFIG = RunConfig(
    NetworkConfig((Block(3, 5, 2),), hidden=(12,), dropout=0.4),
    Recipe("sgd", 0.1, batch_size=16, epochs=2, shift=2, rotate=10.0),
    seed=5,
)  # 12 steps


class Wire:
    """A connection kept in memory."""

    def __init__(self) -> None:
        self.orders, self.told = deque[ToWorker](), list[FromWorker]()

    def poll(self, _: float) -> bool:
        return bool(self.orders)

    def recv(self) -> ToWorker:
        if not self.orders:
            raise EOFError
        return self.orders.popleft()

    def send(self, event: FromWorker) -> None:
        self.told.append(event)

    def of(self, run: int) -> list[Event]:
        return [each.event for each in self.told if isinstance(each, From) and each.run == run]

    def steps(self, run: int) -> list[int]:
        return [event.point.step for event in self.of(run) if isinstance(event, Snapshot)]


@pytest.fixture(autouse=True)
def few_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    digits: Digits = excerpt(train=96, test=40)
    monkeypatch.setattr("explainer.data.digits.load", lambda _: digits)


class Seat:
    """A desk and its wire."""

    def __init__(self) -> None:
        self.wire = Wire()
        self.desk = Desk(self.wire)  # type: ignore[arg-type]

    def give(self, *orders: ToWorker) -> None:
        """Orders that it obeys at once."""
        self.wire.orders.extend(orders)
        while self.wire.orders:
            self.desk.look()

    def tell(self, run: int, *orders: Order) -> None:
        self.give(*(To(run, order) for order in orders))

    def look(self, times: int) -> None:
        for _ in range(times):
            self.desk.look()

    def work(self) -> None:
        """Until it waits in vain."""
        with pytest.raises(EOFError):
            self.desk.work()


def _ends(seat: Seat, run: int) -> list[Ended]:
    return [event for event in seat.wire.of(run) if isinstance(event, Ended)]


def _numbers(seat: Seat, run: int) -> list[object]:
    """What a run reported that does not depend on the clock."""
    timeless = {"seconds": 0.0, "examples_per_second": 0.0}
    snapshots = [event for event in seat.wire.of(run) if isinstance(event, Snapshot)]
    return [(replace(each.point, **timeless), parameters_of(each).tolist()) for each in snapshots]


def test_one_run_trains_to_its_end() -> None:
    seat = Seat()
    seat.tell(1, Start(CONFIG, 1))
    seat.work()
    assert seat.wire.steps(1) == [0, 12]
    assert _ends(seat, 1) == [Ended("finished")]


@pytest.mark.parametrize("looks", [1, 2, 4, 7])
def test_runs_that_take_turns_have_the_numbers_that_they_have_alone(looks: int) -> None:
    alone = Seat()
    other = replace(CONFIG, seed=6, network=replace(CONFIG.network, dropout=0.2))
    for run, config in enumerate((CONFIG, other), 1):
        alone.tell(run, Start(config, 1))
        alone.work()
    together = Seat()
    together.tell(1, Start(CONFIG, 1))
    together.look(looks)
    together.tell(2, Start(other, 1))
    while not all(_ends(together, run) for run in (1, 2)):
        for run in (1, 2):
            together.give(Turn(run))
            for _ in range(looks):
                if not _ends(together, run):
                    together.look(1)
    for run in (1, 2):
        assert _numbers(together, run) == _numbers(alone, run)
        assert together.wire.steps(run)[-1] == 12


def test_only_the_run_whose_turn_it_is_trains() -> None:
    seat = Seat()
    seat.tell(1, Start(CONFIG, 1))
    seat.look(5)
    before = seat.wire.of(1)
    seat.tell(2, Start(CONFIG, 1))
    seat.work()
    assert _ends(seat, 2) == [Ended("finished")]
    assert seat.wire.of(1) == before
    seat.give(Turn(1))
    seat.work()
    assert _ends(seat, 1) == [Ended("finished")]


def test_a_run_set_aside_obeys_without_a_turn() -> None:
    seat = Seat()
    seat.tell(1, Start(CONFIG, 1))
    seat.look(5)  # two chunks and a report of the untrained network, then two steps
    seat.tell(2, Start(CONFIG, 1))
    seat.tell(1, Command("pause"), Change("dropout", 0.1), Command("step"))
    seat.look(20)
    assert [type(event) for event in seat.wire.of(1)[1:]] == [Paused, Changed, Resumed, Snapshot, Paused]
    paused = seat.wire.steps(1)[-1]
    seat.tell(1, Command("resume"), Command("stop"))
    seat.look(1)
    assert _ends(seat, 1) == [Ended("stopped")]
    assert seat.wire.steps(1)[-1] == paused
    seat.work()
    assert _ends(seat, 2) == [Ended("finished")]


def test_stop_ends_a_run_set_aside_before_the_other_goes_on_and_keeps_its_weights() -> None:
    seat = Seat()
    seat.tell(1, Start(CONFIG, 1))
    seat.look(5)
    seat.tell(2, Start(CONFIG, 1))
    seat.tell(1, Command("stop"))
    while not _ends(seat, 1):
        seat.look(1)
    assert seat.wire.steps(2) == []
    last = seat.wire.of(1)[-2]
    assert isinstance(last, Snapshot)
    assert last.weights is not None
    assert last.point.step > 0


def test_threads_are_those_of_the_run_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[int] = []
    monkeypatch.setattr(worker.torch, "set_num_threads", threads.append)
    seat = Seat()
    seat.tell(1, Start(CONFIG, 1), Share(3))
    seat.look(1)
    seat.tell(2, Start(CONFIG, 2))
    seat.look(1)
    assert threads[-1] == 2
    seat.give(Turn(1))
    seat.look(1)
    assert threads[-1] == 3


def test_it_answers_and_overlooks_what_is_for_a_run_that_is_over() -> None:
    seat = Seat()
    seat.give(Ask(), Turn(7), To(7, Command("stop")))
    assert seat.wire.told == [Here()]
    seat.work()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
def test_a_gpus_random_numbers_are_kept_as_well() -> None:
    session = worker.Session(Wire(), Start(CONFIG, 1))  # type: ignore[arg-type]
    torch.cuda.manual_seed(1)
    session.leave()
    expected = torch.rand(5, device="cuda")
    torch.rand(100, device="cuda")
    session.enter()
    assert torch.equal(torch.rand(5, device="cuda"), expected)
