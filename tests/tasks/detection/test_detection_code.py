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
from torch import Generator

from explainer.data.digits import load
from explainer.networks.config import ImpossibleNetworkError
from explainer.tasks.detection.cells import decode
from explainer.tasks.detection.config import DetectionConfig
from explainer.tasks.detection.detection_code import script
from explainer.tasks.detection.examples import TEST_SEED, examples, training_settings, unseen_settings
from explainer.tasks.detection.loop import train
from explainer.tasks.detection.measuring import detections
from explainer.tasks.detection.reports import DetectionSnapshot
from explainer.tasks.detection.weights import from_bytes
from explainer.tasks.scene_run import Cadence
from explainer.tasks.scenes import digit_scenes, digit_source
from explainer.training.configuration import Controls
from explainer.training.messages import Change, Changed

TINY = DetectionConfig(width=3, scenes=72, batch_size=16, seed=2)
CONFIGS = {
    "modern": TINY,
    "modern, clutter, other weights": replace(TINY, clutter=3, box_weight=3.0, digit_weight=1.0, learning_rate=0.01),
    "yolo v1": replace(TINY, loss="yolo-v1"),
    "yolo v1, two boxes, no roots": replace(TINY, loss="yolo-v1", boxes=2, square_roots=False, lambda_noobj=0.25),
}
CHANGES = (
    Changed(1, Change("learning_rate", 0.01)),
    Changed(2, Change("lambda_coord", 2.0)),
    Changed(2, Change("lambda_noobj", 1.5)),
    Changed(2, Change("lambda_noobj", 1.0)),
    Changed(3, Change("digit_weight", 1.0)),
)
FEW = 400  # digits of each part


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MNIST's four files with the first digits alone."""
    path, mnist = tmp_path_factory.mktemp("mnist"), load("mnist")
    write_mnist(
        path, (mnist.train_images[:FEW], mnist.train_labels[:FEW]), (mnist.test_images[:FEW], mnist.test_labels[:FEW])
    )
    return path


def trained_here(
    config: DetectionConfig, changes: tuple[Changed, ...] = (), stop: int = 10**9
) -> list[DetectionSnapshot]:
    """A point after every step, and weights at the end."""
    mnist = load("mnist")
    source = digit_source(mnist.train_images[:FEW], mnist.train_labels[:FEW])
    tests = examples(source, unseen_settings(0), 6, seed=0)
    controls = Controls()
    run = train(config, controls, torch.device("cpu"), source=source, tests=tests, measured=Cadence(1, 10**9))
    return followed(run, controls, changes, stop)


def same(here: list[DetectionSnapshot], there: dict[str, NDArray[np.float32]]) -> None:
    """The loss of every step, and all weights at the end."""
    same_losses(here, there, rtol=1e-6)
    assert here[-1].weights is not None
    ours = [value.numpy() for value in from_bytes(here[-1].weights)[1].state_dict().values()]
    assert len(ours) == len(there)
    for mine, theirs in zip(ours, there.values(), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-6)


@pytest.mark.processes
@pytest.mark.parametrize("name", CONFIGS)
def test_the_script_ends_with_the_losses_and_the_weights_of_the_run(name: str, folder: Path, tmp_path: Path) -> None:
    here = trained_here(CONFIGS[name])
    assert len(here) == 6
    there, said = run_script(script(CONFIGS[name]), folder, tmp_path)
    same(here, there)
    assert said.startswith(f"step 5: loss {np.mean([item.point.loss or 0.0 for item in here[1:]]):.4f}\n")


@pytest.mark.processes
@pytest.mark.parametrize("name", ["modern", "yolo v1"])
def test_a_run_that_was_changed_and_stopped_is_reproduced_so(name: str, folder: Path, tmp_path: Path) -> None:
    here = trained_here(CONFIGS[name], CHANGES, stop=4)
    assert here[-1].point.step == 4
    there, _ = run_script(script(CONFIGS[name], CHANGES, 4), folder, tmp_path)
    same(here, there)


@pytest.mark.processes
@pytest.mark.parametrize("name", ["modern", "yolo v1, two boxes, no roots"])
def test_the_script_finds_what_the_run_finds(name: str, folder: Path, tmp_path: Path) -> None:
    weights = trained_here(CONFIGS[name])[-1].weights
    assert weights is not None
    config, network = from_bytes(weights)
    mnist = load("mnist")
    unseen = digit_source(mnist.test_images[:FEW], mnist.test_labels[:FEW])
    scenes = digit_scenes(unseen, unseen_settings(config.clutter), 3, Generator().manual_seed(TEST_SEED))
    with torch.no_grad():
        found = detections(decode(config, network(scenes.pictures)))
    said = run_script(script(config), folder, tmp_path)[1].split("test scene ")[1:]
    assert len(said) == 3
    for scene, text in enumerate(said):
        own = (found.scene == scene).nonzero().squeeze(1)[:6]
        lines = re.findall(r"found (\d), score ([\d.]+), box (.*)", text)
        assert [int(digit) for digit, _, _ in lines] == found.classes[own].tolist()
        for (_, score, box), row in zip(lines, own.tolist(), strict=True):
            assert float(score) == pytest.approx(float(found.scores[row]), abs=6e-4)
            assert [float(edge) for edge in box.split(", ")] == pytest.approx(found.boxes[row].tolist(), abs=0.06)


@pytest.mark.parametrize("name", CONFIGS)
def test_the_script_is_formatted_and_clean(name: str, tmp_path: Path) -> None:
    sources = (script(CONFIGS[name]), script(CONFIGS[name], CHANGES, 7))
    assert_clean(sources, tmp_path, "--line-length", "120")


def test_only_what_the_run_used_is_in_the_script() -> None:
    modern, first = script(CONFIGS["modern"]), script(CONFIGS["yolo v1"])
    assert "def modern_parts" in modern and "def v1_parts" not in modern
    assert "def v1_parts" in first and "generalized" not in first
    assert "explainer" not in modern + first
    assert f"SceneSettings({', '.join(map(str, vars(training_settings(0)).values()))})" in modern


def test_no_script_without_a_network() -> None:
    with pytest.raises(ImpossibleNetworkError):
        script(replace(TINY, boxes=9))
