"""The page "Train a CNN" on CIFAR-10: before the download, and all views after a run."""

from __future__ import annotations

from pathlib import Path

import pytest
from opening import data_of, in_address, notice_of, opened, said
from small_cifar import TEST, downloaded_cifar

from explainer.data.digits import load
from explainer.networks.config import Block, NetworkConfig, Pool
from explainer.training.config import Recipe, RunConfig
from explainer.training.job import Job
from explainer.training.loop import Cadence, train
from explainer.training.snapshot import Snapshot
from explainer.ui.frame.studio import Run, Studio

TRAIN = "training/train"
CIFAR = {"data": "cifar-10"}
NETWORK = NetworkConfig((Block(6, 5, 2, pool=Pool()),), batch_norm=True, reads="colour")
CONFIG = RunConfig(NETWORK, Recipe(batch_size=50, epochs=2), dataset="cifar-10", subset=200)


@pytest.fixture
def cifar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    downloaded_cifar(tmp_path, monkeypatch)


@pytest.fixture
def ours(cifar: None, mine: Studio) -> Studio:
    """The visitor has a run on CIFAR-10 that has ended."""
    job = Job(CONFIG)
    for report in train(CONFIG, load("cifar-10"), measured=Cadence(100, 100)):
        if isinstance(report, Snapshot):
            job.take(report)
    job.become("finished")
    mine.runs = (Run("in colour", job, key="run-1"),)
    return mine


def test_before_the_download_the_page_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mine: Studio
) -> None:
    monkeypatch.setenv("EXPLAINER_CACHE", str(tmp_path))
    at = opened(TRAIN, CIFAR)
    assert not at.exception
    assert ["not on this computer yet: download it under Data" in each.value for each in at.error] == [True]
    assert at.button("train").disabled
    assert at.button("download_cifar-10").label == "Download CIFAR-10"
    assert any("A download of 170" in each.value for each in at.caption)
    at.session_state["view"] = "draw"
    assert "not on this computer yet" in at.run().info[0].value


def test_pictures_are_shown_in_colour_and_trained_on(cifar: None, mine: Studio) -> None:
    at = opened(TRAIN, CIFAR | {"preset": "lenet-5"})
    (row,) = data_of(at, "tiles")["rows"]
    assert (row["scale"], row["height"], row["width"]) == ("colour", 32, 32)
    assert row["tiles"][2]["caption"] == "bird"
    assert "will see 50,000 pictures" in notice_of(at)
    assert in_address(at)["data"] == ["cifar-10"]
    at.button("train").click().run()
    (run,) = mine.of(RunConfig)
    assert (run.job.config.dataset, run.job.config.network.reads) == ("cifar-10", "colour")
    assert run.name == "LeNet-5, cifar-10"


def test_another_data_set_is_another_network_and_back(cifar: None, mine: Studio) -> None:
    at = opened(TRAIN, {"view": "network"})
    assert "122,270 parameters" in said(at)
    at.selectbox("data").set_value("cifar-10").run()
    # 4 filters of 5x5 over two more channels, and maps of 8x8 instead of 7x7 before the 200 neurons
    assert f"{122_270 + 2 * 4 * 25 + 12 * (64 - 49) * 200:,} parameters" in said(at)
    at.selectbox("data").set_value("mnist").run()
    assert "122,270 parameters" in said(at)


@pytest.mark.parametrize("view", ["watch", "weights", "mistakes", "network", "compare", "take-home"])
def test_every_view_shows_a_run_in_colour(ours: Studio, view: str) -> None:
    at = opened(TRAIN, CIFAR | {"view": view})
    assert not at.exception
    assert not at.error
    if view == "watch":
        kernels, wrong, maps = data_of(at, "tiles")["rows"]
        assert (kernels["scale"], wrong["scale"], maps["scale"]) == ("signed-colour", "colour", "sequential")
        assert maps["title"] == "One test picture after convolution 1: 6 maps"


def test_a_test_picture_stands_in_the_place_of_a_drawing(ours: Studio) -> None:
    at = opened(TRAIN, CIFAR | {"view": "draw", "picture": "7"})
    (row,) = data_of(at, "tiles")["rows"]
    assert row["tiles"][0]["caption"] == "horse"
    assert "**in colour** after 8 steps reads" in said(at)
    at = opened(TRAIN, CIFAR | {"view": "draw", "picture": str(TEST)})
    assert not at.exception  # there is no such picture
