"""The buttons of a run say what it does after they were pressed, not before."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from explainer.training.engine import FIRST, Place
from explainer.training.job import Job
from explainer.training.messages import Change, Command
from explainer.ui.frame import studio


class Waiting:
    """An engine whose places are all taken."""

    def submit(self, job: Job) -> None:
        pass

    def command(self, job: Job, what: Command | Change) -> None:
        if what == Command("stop"):
            job.become("stopped")

    def ahead(self, job: Job) -> Place:
        return FIRST


def page() -> None:
    from explainer.networks.presets import PRESETS
    from explainer.training.config import RunConfig
    from pages.training.train import actions

    actions.buttons(RunConfig(PRESETS["first-steps"]))


def test_a_run_that_waited_cannot_be_stopped_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studio, "pool", Waiting)
    monkeypatch.setattr(studio, "_studios", {})
    at = AppTest.from_function(page, default_timeout=60).run()
    at.button("train").click().run()
    assert not at.button("stop").disabled
    at.button("stop").click().run()
    assert not at.exception
    assert at.button("stop").disabled
