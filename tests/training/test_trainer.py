"""A trainer without a cluster: two threads, as Ray calls it."""

from __future__ import annotations

import os
import pickle
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from training_pools import ENDLESS, SHORT, until

from explainer.training import trainer as module
from explainer.training import worker
from explainer.training.messages import Change, Changed, Command, Ended, Event, Paused, Resumed, Start
from explainer.training.snapshot import Snapshot
from explainer.training.trainer import Trainer


@pytest.fixture(scope="module")
def trainer() -> Trainer:
    return Trainer()


def _events(trainer: Trainer, run: int, start: Start) -> list[Event]:
    return [pickle.loads(said) for said in trainer.train(run, start) if said]


def test_it_trains_one_run_after_the_other_and_says_where_it_is() -> None:
    trainer = Trainer()
    assert trainer.ready() == (socket.gethostname(), os.getpid())
    first, second = (_events(trainer, run, Start(SHORT, threads=1)) for run in (1, 2))
    for events in (first, second):
        assert events[-1] == Ended("finished")
        assert [event.point.step for event in events if isinstance(event, Snapshot)][-1] == 20
    assert [event.point.test_loss for event in first[:-1]] == [event.point.test_loss for event in second[:-1]]


def test_orders_reach_the_run_while_it_goes(trainer: Trainer) -> None:
    events: list[Event] = []
    with ThreadPoolExecutor(1) as other:
        going = other.submit(
            lambda: events.extend(pickle.loads(said) for said in trainer.train(1, Start(ENDLESS, 1)) if said)
        )
        for order in (Command("pause"), Change("dropout", 0.3), Command("resume"), Command("stop")):
            trainer.obey(1, order)
        going.result()
    kinds = [type(event) for event in events if not isinstance(event, Snapshot)]
    assert kinds == [Paused, Changed, Resumed, Ended]
    assert events[-1] == Ended("stopped")


def test_an_order_may_come_before_its_run_and_one_that_is_late_has_no_effect() -> None:
    trainer = Trainer()
    trainer.obey(1, Command("stop"))
    early = _events(trainer, 1, Start(ENDLESS, 1))
    assert early[-1] == Ended("stopped")
    trainer.obey(1, Command("stop"))
    assert _events(trainer, 2, Start(SHORT, 1))[-1] == Ended("finished")
    assert not trainer._exchanges


def test_it_gives_a_sign_of_life_while_a_run_reports_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BEAT", 0.05)
    trainer = Trainer()
    trainer.obey(1, Command("pause"))
    said = trainer.train(1, Start(ENDLESS, 1))
    until(lambda: next(said) == b"")
    trainer.obey(1, Command("stop"))
    assert pickle.loads([something for something in said if something][-1]) == Ended("stopped")


def test_what_ends_the_thread_that_trains_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def leave(*_: object) -> None:
        raise SystemExit(3)

    trainer = Trainer()
    monkeypatch.setattr(module, "BEAT", 0.05)
    monkeypatch.setattr(worker.Session, "run", leave)
    with pytest.raises(SystemExit):
        _events(trainer, 1, Start(SHORT, 1))
