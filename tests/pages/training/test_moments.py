"""A run at its earlier moments: one choice, in the address, moves Train's views and the pages that look inside."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from opening import data_of, in_address, opened, said
from streamlit.testing.v1 import AppTest

from explainer.data.digits import load
from explainer.networks.config import Block, NetworkConfig
from explainer.training.config import Recipe, RunConfig
from explainer.training.job import Job
from explainer.training.loop import Cadence, train
from explainer.training.snapshot import Mistakes, Snapshot
from explainer.ui.frame import studio
from explainer.ui.frame.studio import Run, Studio

CONFIG = RunConfig(NetworkConfig((Block(4, 5),)), Recipe(batch_size=50, epochs=1), subset=500)


@pytest.fixture(scope="module")
def job() -> Job:
    made = Job(CONFIG)
    for report in train(CONFIG, load("mnist"), measured=Cadence(100, 100)):
        if isinstance(report, Snapshot):
            made.take(report)
    made.become("finished")
    return made


@pytest.fixture
def mine(job: Job, monkeypatch: pytest.MonkeyPatch) -> Studio:
    one = Studio("me", runs=(Run("my run", job, key="run-1"),))
    monkeypatch.setattr(studio, "visitor", lambda: "me")
    monkeypatch.setattr(studio, "_studios", {"me": one})
    return one


def steps(job: Job) -> list[int]:
    return [stage.step for stage in job.state().stages]


def inside(moment: str = "") -> AppTest:
    return opened("inspection/feature_maps", {"i_net": "run-1"} | ({"i_moment": moment} if moment else {}))


def drawn(at: AppTest) -> bytes:
    """What the map of the network is given."""
    assert not at.exception
    protos = [each.proto for each in at.main if each.type == "bidi_component"]
    found: bytes = next(each for each in protos if each.component_name.endswith(".network_map")).SerializeToString()
    return found


def test_feature_maps_are_those_of_the_chosen_moment(mine: Studio, job: Job) -> None:
    latest, first = inside(), inside("0")
    assert drawn(latest) != drawn(first)
    player = data_of(first, "moments")
    assert player["shown"] == "0" and data_of(latest, "moments")["shown"] == "latest"
    assert player["moments"] == [*(str(step) for step in steps(job) if step < job.state().weights_step), "latest"]
    stage = job.state().stages[0]
    assert isinstance(stage.results, Mistakes)
    right = 100 * np.trace(stage.results.confusion) / stage.results.confusion.sum()
    assert player["names"][0].replace("\u00a0", " ") == f"Epoch 0.00: {right:.1f} % right"
    assert in_address(first)["i_moment"] == ["0"]
    assert "i_moment" not in {key for key, values in in_address(latest).items() if values}


def test_a_moment_that_is_kept_no_longer_becomes_the_nearest(mine: Studio, job: Job) -> None:
    kept = steps(job)
    assert kept[:3] == [0, 2, 4]
    for wanted, shown in (
        ("1", "0"),
        ("3", "2"),
        ("5", "4"),
        ("999", "latest"),
        ("nonsense", "latest"),
        ("-1", "latest"),
    ):
        at = inside(wanted)
        assert not at.exception
        assert data_of(at, "moments")["shown"] == shown, wanted
    at = inside("2")
    at.session_state["i_moment"] = "3"  # thinned away while the page was open
    at.run()
    assert not at.exception
    assert data_of(at, "moments")["shown"] == "2"


@pytest.mark.parametrize("name", ["inspection/attribution", "inspection/filters", "inspection/exemplars"])
def test_the_same_moment_moves_other_pages_too(mine: Studio, name: str) -> None:
    at = opened(name, {"i_net": "run-1", "i_moment": "2"})
    assert not at.exception
    assert data_of(at, "moments")["shown"] == "2"
    assert in_address(at)["i_moment"] == ["2"]


def test_a_network_without_moments_has_no_player(mine: Studio) -> None:
    at = opened("inspection/feature_maps", {"i_moment": "2"})  # the bundled reader
    assert not at.exception
    assert not [each for each in at.main if getattr(each.proto, "component_name", "").endswith(".moments")]


@pytest.mark.parametrize("view", ["watch", "mistakes", "draw", "take-home"])
def test_train_shows_the_moment(mine: Studio, view: str) -> None:
    at = opened("training/train", {"view": view, "i_moment": "2"})
    assert not at.exception
    assert data_of(at, "moments")["shown"] == "2"


@pytest.mark.parametrize("button", ["train", "both"])
def test_a_run_that_begins_is_looked_at_as_it_goes(
    button: str, mine: Studio, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Studio, "add", lambda *_: Run("another", job, key="run-2"))  # it has moments at once
    at = opened("training/train", {"i_moment": "0"})
    assert in_address(at)["i_moment"] == ["0"]
    at.button(button).click().run()
    assert not at.exception
    assert (at.session_state["i_moment"], in_address(at)["i_moment"]) == ("latest", [])


def test_watch_shows_the_filters_of_the_moment(mine: Studio, job: Job) -> None:
    rows = [data_of(opened("training/train", {"i_moment": moment}), "tiles")["rows"] for moment in ("0", "999")]
    assert rows[0] != rows[1]
    assert rows[0][0]["title"] == rows[1][0]["title"]


def test_mistakes_stand_beside_the_latest(mine: Studio, job: Job) -> None:
    at = opened("training/train", {"view": "mistakes", "i_moment": "0"})
    texts = said(at)
    assert "**Epoch 0.00:" in texts and "**Latest, epoch 1.00:" in texts


def test_the_weights_view_draws_bands_and_says_what_to_notice(mine: Studio, job: Job) -> None:
    at = opened("training/train", {"view": "weights"})
    assert "have changed their spread most" in said(at)
    figures = [json.loads(data["figure"]) for data in all_of(at, "live_chart")]
    assert [len(figure["data"]) for figure in figures] == [2 * 2 * 9, 2]


def test_filters_stand_beside_those_of_the_latest_moment(mine: Studio, job: Job) -> None:
    walls = data_of(opened("inspection/filters", {"i_net": "run-1", "i_moment": "0"}), "filter_wall")["walls"]
    assert [wall["title"] for wall in walls] == ["Epoch 0.00", "Latest"]
    assert walls[0]["names"] == walls[1]["names"]
    alone = data_of(opened("inspection/filters", {"i_net": "run-1"}), "filter_wall")["walls"]
    assert len(alone) == 1
    last = dict(zip(alone[0]["names"], alone[0]["details"], strict=True))
    assert last == dict(zip(walls[1]["names"], walls[1]["details"], strict=True))


def all_of(at: AppTest, name: str) -> list[dict[str, Any]]:
    protos = [each.proto for each in at.main if each.type == "bidi_component"]
    return [json.loads(each.json) for each in protos if each.component_name.endswith(f".{name}")]
