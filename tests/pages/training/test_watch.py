"""Whether a page asks again for news of its runs, and how soon."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import streamlit

from explainer.networks.presets import PRESETS
from explainer.training.config import RunConfig
from explainer.training.engine import Place
from explainer.training.job import GOING, Job, State, Status
from explainer.ui.frame.studio import Run
from pages.training.train import draw, watch

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


@pytest.fixture
def watched(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Draws the page of a run that ends while its ``component`` is drawn, and returns what the feed was told."""

    def draw(buttons: Status, state: Status = "running", component: str = "") -> dict[str, Any]:
        run = Run("mine", Job(CONFIG, state=State(state)))
        queue.seconds, told = {run.job: None}, {}
        mine = SimpleNamespace(of=lambda _: (run,), going=lambda: [run] if run.job.going else [])
        monkeypatch.setattr(watch, "studio", lambda: mine)
        monkeypatch.setattr(watch, "st", SimpleNamespace(session_state={watch.DRAWN: buttons}))
        monkeypatch.setattr(watch, "choose_moment", lambda *_: None)
        for name in ("live_text", "training_curves", "tiles"):
            ends = (lambda *_, **__: run.job.become("stopped")) if name == component else (lambda *_, **__: None)
            monkeypatch.setattr(watch, name, ends)
        monkeypatch.setattr(watch, "feed", lambda *_, going: told.update(going=going))
        watch.watch(run)
        assert run.job.status == ("stopped" if component else state)
        return told

    return draw


@pytest.mark.parametrize("component", ["live_text", "training_curves", "tiles"])
def test_a_run_that_ends_while_its_page_is_drawn_is_asked_after(watched: Callable, component: str) -> None:
    assert watched("running", component=component) == {"going": True}


@pytest.mark.parametrize("buttons", sorted(GOING))
def test_a_run_that_ended_after_its_buttons_were_drawn_is_asked_after(watched: Callable, buttons: Status) -> None:
    assert watched(buttons, "stopped") == {"going": True}


def test_after_a_run_that_is_over_nobody_asks(watched: Callable) -> None:
    assert watched("stopped", "stopped") == {"going": False}


@pytest.mark.parametrize(
    ("status", "says"),
    [("waiting", "Waiting for a free place"), ("running", "Starting"), ("failed", "failed"), ("stopped", "stopped")],
)
def test_a_run_without_a_report_says_what_it_does(status: Status, says: str) -> None:
    line = watch.progress(Job(CONFIG), State(status), "en")
    assert (list(line.parts), line.share) == ([says], 0.0)


@pytest.mark.parametrize(
    ("status", "said"), [("waiting", "Your run waits"), ("running", "Your run waits"), ("stopped", "Press Train")]
)
def test_who_waits_is_not_told_to_press_train(status: Status, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run, told = Run("run", Job(CONFIG)), list[str]()
    run.job.become(status)
    monkeypatch.setattr(streamlit, "info", told.append)
    draw._reading(run, np.zeros((28, 28), np.uint8))
    assert told[0].replace("\\", "").startswith(said)
