"""How soon a page asks again for news of its runs."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from explainer.networks.presets import PRESETS
from explainer.training.config import RunConfig
from explainer.training.engine import Place
from explainer.training.job import Job
from explainer.ui.frame.studio import Run
from pages.training.train import watch

CONFIG = RunConfig(PRESETS["fast"])


@dataclass
class Queue:
    """An engine that knows when each run has its turn."""

    seconds: dict[Job, float | None] = field(default_factory=dict)

    def ahead(self, job: Job) -> Place:
        return Place(1, self.seconds[job])


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    found = Queue()
    monkeypatch.setattr(watch, "pool", lambda: found)
    return found


def waiting(queue: Queue, *seconds: float | None) -> list[Run]:
    runs = [Run(f"run {number}", Job(CONFIG)) for number in range(len(seconds))]
    queue.seconds = {run.job: each for run, each in zip(runs, seconds, strict=True)}
    return runs


@pytest.mark.parametrize(
    ("seconds", "again"),
    [([0.0], 0.0), ([None], 0.0), ([4.0], 0.0), ([20.0], 2.0), ([100.0], 3.0), ([100.0, 8.0], 0.8)],
)
def test_who_waits_for_long_asks_less_often(queue: Queue, seconds: list[float | None], again: float) -> None:
    assert watch._look_again(waiting(queue, *seconds)) == pytest.approx(again)


def test_while_one_run_trains_the_page_follows_it(queue: Queue) -> None:
    runs = waiting(queue, 100.0, 100.0)
    runs[1].job.become("running")
    assert watch._look_again(runs) == 0.0
    assert watch._look_again([]) == 0.0
