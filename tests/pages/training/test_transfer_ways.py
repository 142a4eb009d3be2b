"""The view "Three ways": what its controls ask for, what it says of runs, and that its networks can be looked into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from opening import notice_of, opened, said
from streamlit.runtime.context import ContextProxy

from explainer.tasks.transfer.config import RATES, TransferConfig
from explainer.tasks.transfer.loaded import is_taught, taught_run
from explainer.tasks.transfer.network import build
from explainer.tasks.transfer.reports import TransferPoint, TransferResults, TransferViews
from explainer.tasks.transfer.weights import to_bytes
from explainer.training.job import Job, State
from explainer.ui.controls import networks
from explainer.ui.frame import studio
from explainer.ui.frame.studio import Run, Studio
from pages.training.transfer import ways_state
from pages.training.transfer.cutout_state import FIRST

PAGE, VISITOR = "training/transfer", "the visitor of this test"
BASE = TransferConfig(FIRST)
CONFIGS = [replace(BASE, way="frozen", learning_rate=RATES["frozen"]), BASE, *ways_state.beside(BASE)[1:]]
SHARES = [0.8, 0.9, 0.5]


def job(config: TransferConfig, share: float) -> Any:
    labels = np.zeros(10, np.int64)
    found = np.where(np.arange(10) < 10 * share, 0, 1)
    point = TransferPoint(100, 1.0, 12.0, 80.0, 1e-6, 0.01, share, 10)
    results = TransferResults(found, np.ones(10, np.float32), labels)
    torch.manual_seed(0)
    weights = to_bytes(build(config), config)
    views = TransferViews(found.astype(np.uint8))
    return Job(config, state=State("finished", (point,), views, results, weights))


@pytest.fixture
def mine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """A visitor whose three networks are trained."""
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _context: {}))
    monkeypatch.setattr(studio, "visitor", lambda: VISITOR)
    runs = [
        Run(config.way, job(config, share), key=f"run-{number}")
        for number, (config, share) in enumerate(zip(CONFIGS, SHARES, strict=True), 1)
    ]
    one = Studio(VISITOR, runs=tuple(runs))
    monkeypatch.setattr(studio, "_studios", {VISITOR: one})
    yield one
    studio.close()


def test_all_three_are_said_beside_each_other(mine: Studio) -> None:
    at = opened(PAGE, {"tl_view": "ways"})
    text = notice_of(at).replace("\u00a0", " ")
    assert "Of 10 test pictures are right: **80.0 %** with a new last layer only, **90.0 %** fine-tuned" in text
    assert "**50.0 %** from scratch" in text
    assert "from scratch: **50.0 %** after 12.0 s of training" in said(at)
    assert r"= 0.01 \cdot 0.002 = 0.00002" in said(at)


def test_other_settings_have_no_runs_yet_but_those_that_they_do_not_change(mine: Studio) -> None:
    at = opened(PAGE, {"tl_view": "ways", "tl_factor": "1"})
    assert "Three networks learn from the same 50 pictures" in notice_of(at)
    assert "from scratch: **50.0 %**" in said(at) and "fine-tuned: **" not in said(at)


def test_what_is_beside_differs_in_the_way_alone() -> None:
    wanted = replace(BASE, modules=2, factor=0.1, seed=3, augmented=True)
    frozen, scratch = ways_state.beside(wanted)
    assert (frozen.way, scratch.way) == ("frozen", "scratch")
    assert {frozen.seed, scratch.seed} == {3} and frozen.augmented and scratch.augmented
    assert ways_state.beside(replace(wanted, modules=5)) == [frozen, scratch]


def test_a_taught_network_is_one_of_the_visitors_networks(mine: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "studio", lambda: mine)
    network = networks.of_run("run-2")
    assert network.description.classes == ("mammals", "birds", "fruit", "flowers", "vehicles")
    assert network.description.transform.channels == 3


@pytest.mark.parametrize("page", ["attribution", "feature_maps", "exemplars", "filters"])
def test_pages_that_look_inside_show_it(mine: Studio, page: str) -> None:
    at = opened(f"inspection/{page}", {"i_net": "run-2", "at_methods": "grad-cam"}, timeout=300)
    assert not at.exception
    assert at.selectbox(key="i_net").value == "run-2"


def test_a_saved_network_comes_back(mine: Studio) -> None:
    data = mine.runs[1].job.state().weights
    assert data is not None and is_taught(data) and not is_taught(b"nothing")
    back = taught_run(data)
    assert back.config == BASE and back.state().weights == data and not back.going


def test_pictures_that_a_run_carries_are_counted() -> None:
    config = replace(BASE, classes=("a", "b"), pictures=((b"12", b"34"), (b"5", b"6")))
    assert Job(config).size() == 6 == config.carried and Job(BASE).size() == 0
