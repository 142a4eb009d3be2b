"""The buttons of a run say what it does after they were pressed, not before."""

from __future__ import annotations

import pytest
from opening import in_address, opened
from streamlit.testing.v1 import AppTest
from waiting_engine import Waiting

from explainer.training.config import RunConfig
from explainer.ui.frame import studio
from pages.training.train import actions, compare, watch


def page() -> None:
    from explainer.networks.presets import PRESETS
    from explainer.training.config import RunConfig
    from pages.training.train import actions

    actions.buttons(RunConfig(PRESETS["first-steps"]))


@pytest.fixture(autouse=True)
def no_place_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (studio, compare, watch):
        monkeypatch.setattr(module, "pool", Waiting)
    monkeypatch.setattr(studio, "_studios", {})


def test_a_run_that_waited_cannot_be_stopped_twice() -> None:
    at = AppTest.from_function(page, default_timeout=300).run()
    at.button("train").click().run()
    assert not at.button("stop").disabled
    at.button("stop").click().run()
    assert not at.exception
    assert at.button("stop").disabled


@pytest.mark.parametrize("button", ["train", "both", "step"])
def test_a_run_that_starts_is_watched(button: str) -> None:
    at = opened("training/train", {"view": "network"})
    assert in_address(at)["view"] == ["network"]
    at.button(button).click().run()
    assert not at.exception
    assert (at.session_state["view"], in_address(at)["view"]) == ("watch", [])


def test_runs_are_known_by_their_keys_and_shown_by_their_names() -> None:
    at = opened("training/train")
    at.button("both").click().run()
    chosen = at.selectbox("look")
    assert (chosen.value, at.session_state["shown"]) == ("run-2", ["run-1", "run-2"])
    assert chosen.options == ["First steps", "First steps, dropout 0.25"]
    chosen.set_value("run-1").run()
    assert not at.exception
    assert at.session_state["look"] == "run-1"
    at.button("train").click().run()
    assert (at.session_state["look"], at.session_state["shown"]) == ("run-3", ["run-1", "run-2", "run-3"])


@pytest.mark.parametrize("view", ["compare", "mistakes", "draw"])
def test_a_run_that_ends_after_its_buttons_were_drawn_has_them_drawn_again(
    view: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("training/train", {})
    at.button("train").click().run()
    buttons = actions.buttons

    def ends(config: RunConfig) -> None:
        buttons(config)
        if run := actions.chosen():
            run.job.become("stopped")

    monkeypatch.setattr(actions, "buttons", ends)
    at.session_state["view"] = view
    at.run()
    assert not at.exception
    assert at.button("stop").disabled
