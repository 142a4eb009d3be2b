"""A detector of cut-outs: colour in, classes of its own out, and files of detectors of digits open as before."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import numpy as np
import pytest
import safetensors.torch
import torch

from explainer.tasks.cutout_scenes import cutout_source
from explainer.tasks.detection.cell_view import cell_of, first_views
from explainer.tasks.detection.config import CLASSES, DetectionConfig, is_possible
from explainer.tasks.detection.detection_code import script
from explainer.tasks.detection.examples import Examples, examples, source_of, unseen_settings, watched
from explainer.tasks.detection.loop import Cadence, train
from explainer.tasks.detection.network import build
from explainer.tasks.detection.weights import FORMAT, from_bytes, to_bytes
from explainer.training.snapshot import Snapshot

TINY = DetectionConfig(width=4, scenes=320, seed=3, kind="cutouts")
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def tests() -> Examples:
    return examples(cutout_source(training=False), unseen_settings(0), 30, 1)


def test_a_configuration_says_how_many_classes_and_colours_there_are() -> None:
    assert CLASSES["cutouts"] == ("mammals", "birds", "flowers", "food", "vehicles")
    assert len(CLASSES["cutouts"]) == len(cutout_source(training=True).counts)
    assert (TINY.classes, TINY.channels) == (5, 10)
    assert replace(TINY, loss="yolo-v1", boxes=2).channels == 15
    assert (DetectionConfig().classes, DetectionConfig().channels) == (10, 15)
    assert build(TINY)(torch.zeros(2, 3, 112, 112)).shape == (2, 10, 7, 7)
    assert is_possible(TINY) and not is_possible(replace(TINY, clutter=1))
    assert not is_possible(replace(TINY, kind="cats"))  # type: ignore[arg-type]


@pytest.mark.parametrize("config", [TINY, replace(TINY, loss="yolo-v1", boxes=2)], ids=["modern", "v1"])
def test_a_run_on_cut_outs_repeats_and_learns(config: DetectionConfig, tests: Examples) -> None:
    once, again = (
        [
            item
            for item in train(config, device=CPU, tests=tests, measured=Cadence(80, 10**9))
            if isinstance(item, Snapshot)
        ]
        for _ in range(2)
    )
    assert [item.point.loss for item in once] == [item.point.loss for item in again]
    losses = [item.point.loss for item in once if item.point.loss is not None]
    assert losses[-1] < 0.95 * losses[0]
    results, weights = once[-1].results, once[-1].weights
    assert results is not None and results.scenes == 30 and results.average_precision.shape == (5,)
    assert results.truths.tolist() == torch.bincount(tests.classes[tests.classes >= 0], minlength=5).tolist()
    assert weights is not None and from_bytes(weights)[0] == config


def test_the_watched_scenes_are_in_colour_and_of_the_test_cut_outs() -> None:
    seen = watched(0, "cutouts")
    assert seen.pictures.shape == (6, 112, 112, 3) and seen.pictures.dtype == np.uint8
    assert (seen.pictures.max(axis=3) > seen.pictures.min(axis=3)).any(axis=(1, 2)).all()
    assert source_of("cutouts", training=False) is cutout_source(training=False)
    drawn = examples(cutout_source(training=False), unseen_settings(0), 50, 112)
    np.testing.assert_array_equal(seen.pictures, drawn.pictures[:6].permute(0, 2, 3, 1).numpy())
    np.testing.assert_array_equal(seen.boxes, drawn.boxes[:6].numpy())


def test_a_cell_of_an_untrained_network_has_five_classes() -> None:
    seen, views = watched(0, "cutouts"), first_views(TINY)
    left, top, right, bottom = seen.boxes[0, 0]
    row, column = int((top + bottom) / 32), int((left + right) / 32)
    cell = cell_of(TINY, views.outputs[0], seen.boxes[0], seen.classes[0], row=row, column=column)
    assert cell.truth == seen.classes[0, 0] and len(cell.classes) == 5
    assert sum(cell.classes) == pytest.approx(1)


def test_files_from_before_there_were_kinds_are_of_digits() -> None:
    old = DetectionConfig(width=2)
    state = safetensors.torch.load(to_bytes(build(old), old))
    told = {name: value for name, value in asdict(old).items() if name != "kind"}
    config, network = from_bytes(safetensors.torch.save(state, {"format": FORMAT, "run": json.dumps(told)}))
    assert config == old and network(torch.zeros(1, 1, 112, 112)).shape == (1, 15, 7, 7)


def test_there_is_no_script_without_the_pictures() -> None:
    with pytest.raises(ValueError, match="kind=cutouts"):
        script(TINY)
