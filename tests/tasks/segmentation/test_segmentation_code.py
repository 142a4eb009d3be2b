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

from explainer.data.assets import assets_path
from explainer.data.digits import load
from explainer.networks.config import ImpossibleNetworkError
from explainer.tasks.scene_run import Cadence
from explainer.tasks.scenes import digit_source
from explainer.tasks.segmentation.config import TASKS, UNetConfig
from explainer.tasks.segmentation.data import TEST_SEED, TESTED, DigitLessons, Examples, examples, unseen_examples
from explainer.tasks.segmentation.loop import train
from explainer.tasks.segmentation.reports import SegmentationSnapshot
from explainer.tasks.segmentation.segmentation_code import script
from explainer.tasks.segmentation.weights import from_bytes
from explainer.training.configuration import Controls
from explainer.training.messages import Change, Changed

TINY = UNetConfig(width=2, scenes=36, batch_size=16, seed=2)
BRAIN = replace(TINY, data="brain", batch_size=4, scenes=18)
CONFIGS = {
    "segment": TINY,
    "both losses, transposed, two skips": replace(TINY, loss="both", decoder="transposed", skips=(True, False, True)),
    "dice, unpooling, no votes": replace(TINY, loss="dice", decoder="unpooling", votes=False),
    "fcn": replace(TINY, network="fcn", decoder="transposed"),
    **{task: replace(TINY, task=task) for task in TASKS[1:]},
    "brain": BRAIN,
    "brain, poor, random split": replace(BRAIN, scanner="poor", split="random"),
    "brain, colourize": replace(BRAIN, task="colourize", scanner="poor"),
    "brain, denoise": replace(BRAIN, task="denoise"),
}
CHANGES = (
    Changed(1, Change("learning_rate", 0.01)),
    Changed(2, Change("background_weight", 0.5)),
    Changed(2, Change("background_weight", 1.0)),
)
FEW = 400  # digits of each part


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MNIST's four files with the first digits alone, and the brain."""
    path, mnist = tmp_path_factory.mktemp("data"), load("mnist")
    write_mnist(
        path, (mnist.train_images[:FEW], mnist.train_labels[:FEW]), (mnist.test_images[:FEW], mnist.test_labels[:FEW])
    )
    (path / "mni152_axial.npz").write_bytes((assets_path() / "brain" / "mni152_axial.npz").read_bytes())
    return path


def few_examples(config: UNetConfig) -> Examples:
    if config.data == "brain":
        return unseen_examples(config)
    mnist = load("mnist")
    return examples(config.task, digit_source(mnist.test_images[:FEW], mnist.test_labels[:FEW]), TESTED, TEST_SEED)


def trained_here(
    config: UNetConfig, changes: tuple[Changed, ...] = (), stop: int = 10**9
) -> list[SegmentationSnapshot]:
    """A point after every step, and weights at the end."""
    mnist = load("mnist")
    digits = digit_source(mnist.train_images[:FEW], mnist.train_labels[:FEW])
    lessons = DigitLessons(config, digits) if config.data == "digits" else None
    controls = Controls()
    run = train(
        config,
        controls,
        torch.device("cpu"),
        source=lessons,
        tests=few_examples(config),
        measured=Cadence(1, 10**9),
    )
    return followed(run, controls, changes, stop)


def same(here: list[SegmentationSnapshot], there: dict[str, NDArray[np.float32]]) -> None:
    """The loss of every step, and all weights at the end."""
    same_losses(here, there, rtol=1e-6)
    assert here[-1].weights is not None
    ours = from_bytes(here[-1].weights)[1].state_dict()
    assert ours.keys() == there.keys()
    for name, theirs in there.items():
        np.testing.assert_allclose(ours[name].numpy(), theirs, rtol=0, atol=1e-6)


@pytest.mark.processes
@pytest.mark.parametrize("name", CONFIGS)
def test_the_script_ends_with_the_losses_and_the_weights_of_the_run(name: str, folder: Path, tmp_path: Path) -> None:
    config = CONFIGS[name]
    here = trained_here(config)
    assert len(here) == config.steps + 1
    there, said = run_script(script(config), folder, tmp_path)
    same(here, there)
    losses = [item.point.loss or 0.0 for item in here[1:]]
    assert said.startswith(f"step {config.steps}: loss {np.mean(losses):.4f}\n")
    result = re.search(r"test pictures: (?:mean IoU|PSNR) ([\d.]+)", said)
    expected = here[-1].point.mean_iou if config.task == "segment" else here[-1].point.psnr
    assert result is not None and float(result[1]) == pytest.approx(expected, rel=1e-3, abs=2e-4)


@pytest.mark.processes
def test_a_run_that_was_changed_and_stopped_is_reproduced_so(folder: Path, tmp_path: Path) -> None:
    config = replace(TINY, scenes=80)
    here = trained_here(config, CHANGES, stop=4)
    assert here[-1].point.step == 4
    there, _ = run_script(script(config, CHANGES, 4), folder, tmp_path)
    same(here, there)


@pytest.mark.parametrize("name", CONFIGS)
def test_the_script_is_formatted_and_clean(name: str, tmp_path: Path) -> None:
    sources = (script(CONFIGS[name]), script(CONFIGS[name], CHANGES, 7))
    assert_clean(sources, tmp_path, "--line-length", "120")


def test_only_what_the_run_used_is_in_the_script() -> None:
    assert all("explainer" not in script(config) for config in CONFIGS.values())
    plain, brain = script(TINY), script(BRAIN)
    assert "class UNet" in plain and "def cross_entropy" in plain
    assert not any(each in plain for each in ("class FCN", "def dice", "mni152", "PALETTE", "def poor"))
    assert "mni152_axial.npz" in brain and "digit_scenes" not in brain and "def poor" not in brain
    assert "def poor" in script(replace(BRAIN, scanner="poor"))


def test_no_script_without_a_network() -> None:
    with pytest.raises(ImpossibleNetworkError):
        script(replace(TINY, width=99))


def test_no_script_holds_photographs() -> None:
    with pytest.raises(ValueError, match="data=cutouts"):
        script(UNetConfig(data="cutouts"))
