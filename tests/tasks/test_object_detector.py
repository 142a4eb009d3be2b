"""What torchvision's detectors find in a photograph, against the plain networks."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from made_weights import DETECTOR, make_detector
from torchvision.transforms.v2.functional import to_dtype, to_image

from explainer.data.samples import original
from explainer.networks.fetched import fetched
from explainer.networks.pretrained import DETECTORS, weights
from explainer.tasks.object_detector import Objects, objects
from explainer.tasks.object_detector_code import object_detector_code

CAT = original("cat").rgb


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """PyTorch's folder, empty."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    fetched.cache.clear()
    yield
    fetched.cache.clear()


def test_boxes_scores_and_names_are_those_of_the_plain_network() -> None:
    plain = make_detector()
    with torch.inference_mode():
        expected = plain([to_dtype(to_image(CAT.copy()), torch.float32, scale=True)])[0]
    found = objects(DETECTOR, CAT)
    assert len(found.names) == len(expected["scores"]) > 10
    assert np.all(np.diff(found.scores) <= 0)
    np.testing.assert_allclose(found.scores, np.sort(expected["scores"].numpy())[::-1], rtol=1e-4)
    best = int(expected["scores"].argmax())
    np.testing.assert_allclose(found.boxes[0], expected["boxes"][best].numpy(), rtol=1e-3)
    assert found.names[0] == weights(DETECTOR).meta["categories"][expected["labels"][best]]


@pytest.mark.parametrize("name", [DETECTOR, pytest.param([*DETECTORS][1], marks=pytest.mark.thorough)])
@pytest.mark.parametrize("size", [(1, 1), (1, 512), (512, 2)])
def test_pictures_of_any_shape_are_read(name: str, size: tuple[int, int]) -> None:
    make_detector(name)
    found = objects(name, np.zeros((*size, 3), np.uint8))
    assert found.boxes.shape == (len(found.names), 4)
    assert np.all(found.boxes >= 0) and np.all(found.boxes <= np.tile(size[::-1], 2))


def test_boxes_above_a_score_by_hand() -> None:
    found = Objects(np.zeros((3, 4), np.float32), np.array([0.75, 0.5, 0.25], np.float32), ("cat", "dog", "cat"))
    assert [found.above(least) for least in (0.0, 0.25, 0.5, 0.75)] == [3, 2, 1, 0]


def test_the_code_finds_what_is_shown() -> None:
    make_detector()
    found = objects(DETECTOR, CAT)
    least = round(float(found.scores[5:7].mean()), 6)
    names: dict[str, Any] = {}
    code = object_detector_code(DETECTOR, "assets/images/chelsea.png", least=least)
    with contextlib.redirect_stdout(io.StringIO()) as told, contextlib.chdir(Path(__file__).parents[2]):
        exec(code, names)
    np.testing.assert_allclose(names["found"]["scores"], found.scores, rtol=1e-4)
    assert len(told.getvalue().splitlines()) == found.above(least)
