"""A worker's session without a process: commands that arrive at chosen moments, on a connection kept in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from training_runs import excerpt

from explainer.data.digits import Digits
from explainer.networks.config import NetworkConfig
from explainer.training import worker
from explainer.training.config import Recipe, RunConfig
from explainer.training.configuration import Configuration, Controls
from explainer.training.job import Job, State
from explainer.training.messages import Change, Changed, Command, Ended, Event, Order, Paused, Resumed, Share, Start
from explainer.training.process import SERVERS_VARIABLE
from explainer.training.snapshot import AnySnapshot, Divergence, Moment, Snapshot, Step

CONFIG = RunConfig(NetworkConfig(()), Recipe("sgd", 0.1, batch_size=16, epochs=2))  # 12 steps
MEASURED = 3  # looks at the connection until the untrained network is measured
WHEN_PAUSED = 10**6  # no look comes so late: only a run that is paused waits for such an order


class Script:
    """A connection that hands out ``orders`` at given looks at it, and ends the test when it is waited on in vain."""

    def __init__(self, *orders: tuple[int, Order]) -> None:
        self.sent: list[Event] = []
        self._orders, self._due, self._looks = deque(orders), deque[Order](), 0

    def poll(self, _: float) -> bool:
        self._looks += 1
        while self._orders and self._orders[0][0] <= self._looks:
            self._due.append(self._orders.popleft()[1])
        return bool(self._due)

    def recv(self) -> Order:
        if not self._due:
            if not self._orders:
                raise EOFError
            self._due.append(self._orders.popleft()[1])
        return self._due.popleft()

    def send(self, event: Event) -> None:
        self.sent.append(event)

    def steps(self, kind: type) -> list[int]:
        """The steps that events of this kind tell."""
        return [
            event.point.step if isinstance(event, Snapshot) else event.step
            for event in self.sent
            if isinstance(event, kind)
        ]  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def few_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    digits: Digits = excerpt(train=96, test=40)
    monkeypatch.setattr("explainer.data.digits.load", lambda _: digits)


@dataclass(frozen=True)
class Picture:
    """What a run of another task shows: one number."""

    value: float
    size: int = 8

    def frame(self) -> NDArray[np.float64]:
        return np.array([self.value])


@dataclass(frozen=True)
class Counting:
    """Another task: in each step it adds ``by`` to a sum, shows it, and counts as broken what exceeds ``most``."""

    steps: int
    by: float = 1.0
    most: float = 100.0

    def rough_seconds(self) -> float:
        return 0.001 * self.steps

    def snapshots(self, controls: Controls, _: torch.device) -> Iterator[AnySnapshot | Step]:
        total = 0.0
        for step in range(1, self.steps + 1):
            total += controls.changed.get("by", self.by)
            yield Step(examples=1, seconds=0.001)
            broken = Divergence(step, "sum", "loss") if total > self.most else None
            asked, controls.measure_now = controls.measure_now, False
            weights = str(total).encode() if asked or step == self.steps else None
            yield Snapshot(Moment(step, step / 10, 0.0, 1.0, 0.0), Picture(total), weights=weights, divergence=broken)
            if broken:
                return


def _run(*orders: tuple[int, Order], config: Configuration = CONFIG, single_step: bool = False) -> Script:
    script = Script(*orders)
    worker.Session(script, Start(config, 1, single_step)).run()  # type: ignore[arg-type]
    return script


def test_without_orders_it_trains_to_the_end() -> None:
    script = _run()
    assert script.sent[-1] == Ended("finished")
    assert script.steps(Snapshot) == [0, 12]


def test_a_pause_comes_after_the_present_step_and_ends_with_resume() -> None:
    script = _run((MEASURED + 3, Command("pause")), (WHEN_PAUSED, Command("resume")))
    assert script.steps(Paused) == [3]
    assert [type(event) for event in script.sent] == [Snapshot, Paused, Resumed, Snapshot, Ended]
    assert script.steps(Snapshot) == [0, 12]


def test_a_step_trains_one_batch_measures_and_pauses() -> None:
    script = _run((MEASURED + 3, Command("pause")), (WHEN_PAUSED, Command("step")), (WHEN_PAUSED, Command("resume")))
    assert script.steps(Paused) == [3, 4]
    assert script.steps(Snapshot) == [0, 4, 12]


def test_a_step_asked_for_while_running_pauses_after_the_next_batch() -> None:
    assert _run((MEASURED + 3, Command("step")), (WHEN_PAUSED, Command("resume"))).steps(Paused) == [4]


def test_three_steps_at_once_are_three_steps() -> None:
    pause = (MEASURED + 3, Command("pause"))
    script = _run(pause, *[(0, Command("step"))] * 3, (WHEN_PAUSED, Command("resume")))
    assert script.steps(Paused) == [3, 6]


@pytest.mark.parametrize("look", range(1, 14))
def test_resume_at_any_moment_after_a_step_goes_on_to_the_end(look: int) -> None:
    script = _run((1, Command("step")), (look, Command("resume")))
    assert script.sent[-1] == Ended("finished")


@pytest.mark.parametrize("look", range(1, 14))
def test_a_second_step_at_any_moment_after_the_first_is_trained_too(look: int) -> None:
    script = _run((1, Command("step")), (look, Command("step")), (WHEN_PAUSED, Command("resume")))
    assert script.sent[-1] == Ended("finished")
    assert script.steps(Paused)[-1] == 2


@pytest.mark.parametrize("look", range(1, 14))
def test_stop_at_any_moment_ends_with_the_weights_of_the_last_step(look: int) -> None:
    script = _run((look, Command("stop")))
    assert script.sent[-1] == Ended("stopped")
    last = script.sent[-2]
    assert isinstance(last, Snapshot)
    assert last.weights is not None
    assert last.point.step == max(0, look - MEASURED)


@pytest.mark.parametrize("after", [(), (Command("step"),)])
def test_stop_while_paused_trains_no_further(after: tuple[Command, ...]) -> None:
    orders = [
        (MEASURED + 3, Command("pause")),
        *((WHEN_PAUSED, order) for order in after),
        (WHEN_PAUSED, Command("stop")),
    ]
    script = _run(*orders)
    assert script.sent[-1] == Ended("stopped")
    assert script.steps(Snapshot) == [0, 3 + len(after)]


def test_stop_does_not_wait_for_a_measurement_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "STOP_WITHIN", -1.0)
    script = _run((MEASURED + 3, Command("stop")))
    assert script.sent[-1] == Ended("stopped")
    assert script.steps(Snapshot) == [0]


def test_a_single_step_to_begin_with() -> None:
    script = _run((WHEN_PAUSED, Command("resume")), single_step=True)
    assert script.steps(Paused) == [1]
    assert script.steps(Snapshot) == [0, 1, 12]


def test_changes_are_reported_with_the_step_that_they_follow() -> None:
    faster, dropped = Change("learning_rate", 0.5), Change("dropout", 0.3)
    script = _run((MEASURED + 3, faster), (MEASURED + 6, dropped), (MEASURED + 8, Command("stop")))
    assert [event for event in script.sent if isinstance(event, Changed)] == [Changed(3, faster), Changed(5, dropped)]
    last = script.sent[-2]
    assert isinstance(last, Snapshot)
    assert last.point.learning_rate == 0.5


def test_the_share_of_the_cores_reaches_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[int] = []
    monkeypatch.setattr(worker.torch, "set_num_threads", threads.append)
    _run((MEASURED + 3, Share(5)))
    assert threads == [1, 5]


def test_a_server_that_is_gone_ends_the_session() -> None:
    with pytest.raises(EOFError):
        _run((MEASURED + 3, Command("pause")))


def test_whatever_a_run_raises_becomes_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    for error in (KeyError("lost"), ZeroDivisionError("by zero\nand more"), MemoryError()):

        def fail(*_: Any, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr("explainer.training.loop.train", fail)
        (end,) = _run().sent
        assert isinstance(end, Ended)
        assert end.outcome == "failed"
        assert end.message == f"The run broke off: {(str(error) or repr(error)).splitlines()[0]}"


def test_a_diverging_run_says_so() -> None:
    script = _run(config=replace(CONFIG, recipe=replace(CONFIG.recipe, learning_rate=1e38)))
    assert script.sent[-1] == Ended("diverged")


@pytest.mark.parametrize(
    ("cores", "gigabytes", "expected"),
    [(1, 64, 1), (2, 64, 2), (64, 64, 8), (2, 2.7, 2), (4, 2.7, 2), (4, 2.0, 1), (4, 0.5, 1), (8, 5.0, 6)],
)
def test_capacity_is_a_run_a_core_and_what_fits_into_memory(
    cores: int, gigabytes: float, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLAINER_DEVICE", "cpu")
    monkeypatch.setattr(worker, "cores", lambda: cores)
    monkeypatch.setattr(worker, "memory", lambda: int(gigabytes * 1e9))
    assert worker.capacity() == expected


def test_several_servers_leave_less_memory_for_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "memory", lambda: 4_000_000_000)
    monkeypatch.setattr(worker, "cores", lambda: 8)
    monkeypatch.setenv("EXPLAINER_DEVICE", "cpu")
    monkeypatch.delenv(SERVERS_VARIABLE, raising=False)
    assert worker.capacity() == 4
    monkeypatch.setenv(SERVERS_VARIABLE, "2")
    assert worker.capacity() == 2
    monkeypatch.setenv(SERVERS_VARIABLE, "none")
    assert worker.capacity() == 4


def _seen(script: Script) -> list[float]:
    """The sums that a run of ``Counting`` showed, as its record has them."""
    job = Job(Counting(4), state=State[Moment, Picture, Picture]())
    for event in script.sent:
        if isinstance(event, Snapshot | Changed):
            job.take(event)
    state = job.state()
    assert job.size() >= 8 * (1 + len(state.film))
    assert [frame.step for frame in state.film] == [point.step for point in state.points]
    return [float(frame.picture[0]) for frame in state.film]


def test_a_run_of_another_task_is_trained_paused_stepped_changed_and_stopped_alike() -> None:
    assert _seen(_run(config=Counting(4))) == [1, 2, 3, 4]
    changed = _run((4, Change("by", 10.0)), config=Counting(4))
    assert _seen(changed) == [1, 2, 12, 22]
    assert changed.steps(Changed) == [2]
    stepped = _run((WHEN_PAUSED, Command("step")), (WHEN_PAUSED, Command("stop")), config=Counting(9), single_step=True)
    assert stepped.steps(Paused) == [1, 2]
    assert stepped.sent[-1] == Ended("stopped")
    assert _run(config=Counting(9, by=40.0)).sent[-1] == Ended("diverged")
