"""The exported script is run in a process of its own and must end with the losses and weights of the run itself."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from exported_scripts import assert_clean, followed, run_script, same_losses, write_mnist
from numpy.typing import NDArray

from explainer.data.digits import load
from explainer.networks.config import ImpossibleNetworkError
from explainer.tasks.autoencoder.autoencoder_code import script
from explainer.tasks.autoencoder.config import NETWORKS, AutoencoderConfig
from explainer.tasks.autoencoder.data import Lessons, training_images
from explainer.tasks.autoencoder.loop import train
from explainer.tasks.autoencoder.reports import AutoencoderSnapshot
from explainer.tasks.autoencoder.weights import from_bytes
from explainer.tasks.scene_run import Cadence
from explainer.training.configuration import Controls
from explainer.training.messages import Change, Changed

FEW = 400  # training digits
TINY = AutoencoderConfig(scenes=700, batch_size=64, seed=2)
CONFIGS = {
    **{network: replace(TINY, network=network) for network in NETWORKS},
    "noise": replace(TINY, network="convolutional", code=16, noise=0.25),
}
CHANGES = (Changed(3, Change("learning_rate", 0.001)),)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MNIST's four files with the first training digits alone."""
    path, mnist = tmp_path_factory.mktemp("data"), load("mnist")
    write_mnist(path, (mnist.train_images[:FEW], mnist.train_labels[:FEW]), (mnist.test_images, mnist.test_labels))
    return path


def trained_here(
    config: AutoencoderConfig, changes: tuple[Changed, ...] = (), stop: int = 10**9
) -> list[AutoencoderSnapshot]:
    """A point after every step, and weights at the end."""
    source, controls = Lessons(training_images()[:FEW], config.seed, config.noise), Controls()
    run = train(config, controls, torch.device("cpu"), source=source, measured=Cadence(1, 10**9))
    return followed(run, controls, changes, stop)


def same(here: list[AutoencoderSnapshot], there: dict[str, NDArray[np.float32]]) -> None:
    """The loss of every step, and all weights at the end."""
    same_losses(here, there, rtol=1e-5)
    assert here[-1].weights is not None
    ours = from_bytes(here[-1].weights)[1].state_dict()
    assert ours.keys() == there.keys()
    for name, theirs in there.items():
        np.testing.assert_allclose(ours[name].numpy(), theirs, rtol=0, atol=1e-5)


@pytest.mark.processes
@pytest.mark.parametrize("name", CONFIGS)
def test_the_script_ends_with_the_losses_and_the_weights_of_the_run(name: str, folder: Path, tmp_path: Path) -> None:
    config = CONFIGS[name]
    here = trained_here(config)
    there, said = run_script(script(config), folder, tmp_path)
    same(here, there)
    result = re.search(r"2,000 test digits: mean squared error ([\d.]+)", said)
    assert result is not None and float(result[1]) == pytest.approx(here[-1].point.test_error, abs=6e-5)


@pytest.mark.processes
def test_a_run_that_was_changed_and_stopped_is_reproduced_so(folder: Path, tmp_path: Path) -> None:
    here = trained_here(TINY, CHANGES, stop=6)
    assert here[-1].point.step == 6
    there, _ = run_script(script(TINY, CHANGES, 6), folder, tmp_path)
    same(here, there)


@pytest.mark.parametrize("name", CONFIGS)
def test_the_script_is_formatted_and_clean(name: str, tmp_path: Path) -> None:
    sources = (script(CONFIGS[name]), script(CONFIGS[name], CHANGES, 7))
    assert not any("explainer" in source for source in sources)
    assert_clean(sources, tmp_path, "--line-length", "120")


def test_no_script_without_a_network() -> None:
    with pytest.raises(ImpossibleNetworkError):
        script(replace(TINY, code=5))
