"""The pages that look into a network, at one that a visitor trained on pictures in colour."""

from __future__ import annotations

from pathlib import Path

import pytest
from opening import opened
from small_cifar import downloaded_cifar

from explainer.data.digits import load
from explainer.networks.config import Block, NetworkConfig, Pool
from explainer.training.config import Recipe, RunConfig
from explainer.training.job import Job
from explainer.training.loop import Cadence, train
from explainer.training.snapshot import Snapshot
from explainer.ui.frame.studio import Run, Studio

NETWORK = NetworkConfig((Block(6, 5, 2, pool=Pool()),), batch_norm=True, reads="colour")
CONFIG = RunConfig(NETWORK, Recipe(batch_size=50, epochs=1), dataset="cifar-10", subset=100)


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mine: Studio) -> Studio:
    """The visitor has a run on CIFAR-10 that has ended."""
    downloaded_cifar(tmp_path, monkeypatch)
    job = Job(CONFIG)
    for report in train(CONFIG, load("cifar-10"), measured=Cadence(100, 100)):
        if isinstance(report, Snapshot):
            job.take(report)
    job.become("finished")
    mine.runs = (Run("in colour", job, key="run-1"),)
    return mine


@pytest.mark.parametrize("page", ["feature_maps", "attribution", "exemplars"])
def test_it_is_looked_into_with_its_own_test_pictures(ours: Studio, page: str) -> None:
    at = opened(f"inspection/{page}", {"i_net": "run-1"})
    assert not at.exception
    assert not at.error
    if page != "exemplars":
        assert at.session_state["i_small"] == "test-picture"
        at.number_input("i_digit").set_value(7).run()
        assert not at.exception


def test_the_film_of_filters_says_that_it_has_none_in_colour(ours: Studio) -> None:
    at = opened("inspection/filters", {"fi_view": "training"})
    assert not at.exception
    assert any("Runs on pictures in colour have no film here" in each.value for each in at.caption)
