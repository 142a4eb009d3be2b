"""The page's network, cut before its last layer, against the whole network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from explainer.data import digits, forward_pass
from explainer.data.assets import assets_path
from explainer.layers import fully_connected
from explainer.layers.softmax_code import score_map_code
from explainer.networks import digit_scores
from explainer.networks.build import normalize
from explainer.networks.plan import layers
from explainer.networks.weights import from_bytes

ROOT = Path(__file__).parents[2]
CONFIG, NETWORK, _ = from_bytes((assets_path() / "softmax" / "network.safetensors").read_bytes())


def test_every_digit_is_read_rightly_and_as_by_the_whole_network() -> None:
    pixels = np.stack([digit_scores.digit(label) for label in range(10)])
    with torch.inference_mode():
        want = NETWORK(normalize(torch.from_numpy(pixels)).unsqueeze(1))
    found = np.stack([digit_scores.digit_logits(label) for label in range(10)])
    np.testing.assert_allclose(found, want, rtol=0, atol=1e-4)
    assert found.argmax(1).tolist() == list(range(10))


def test_it_reads_as_many_digits_as_its_file_says() -> None:
    data = digits.load("mnist")
    with torch.inference_mode():
        logits = NETWORK(normalize(torch.from_numpy(data.test_images.copy())).unsqueeze(1))
    share = float((logits.argmax(1).numpy() == data.test_labels).mean())
    assert f"{share:.2%}".replace("%", " %") in (assets_path() / "softmax" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("labels", [(4,), (3, 1), (3, 1, 4, 1), (3, 1, 4, 1, 5), (0, 9, 8, 7, 6, 5, 4, 3)])
def test_the_convolution_gives_what_each_part_gives(labels: tuple[int, ...]) -> None:
    scores, parts = digit_scores.score_maps(labels, 1), digit_scores.scores_one_by_one(labels, 1)
    height, width = digit_scores.scene(labels, 1).shape
    assert scores.shape == parts.shape == (10, (height - 28) // 4 + 1, (width - 28) // 4 + 1)
    np.testing.assert_allclose(scores, parts, rtol=0, atol=1e-12)


def test_one_digit_has_one_score_a_class() -> None:
    np.testing.assert_allclose(digit_scores.score_maps((7,), 3)[:, 0, 0], digit_scores.digit_logits(7), atol=1e-12)


def test_where_its_digit_stands_a_class_scores_highest() -> None:
    """Each of four different digits, at the part nearest to it."""
    labels = (0, 4, 6, 7)
    scores = digit_scores.score_maps(labels, 1)
    for label, (top, left) in zip(labels, digit_scores.corners(4, 1), strict=True):
        assert scores[:, round(top / 4), round(left / 4)].argmax() == label


@pytest.mark.parametrize("seed", [0, 20])
@pytest.mark.parametrize("count", [1, 2, 4, 5, 8])
def test_digits_stand_whole_and_apart(count: int, seed: int) -> None:
    labels = tuple(range(count))
    picture = digit_scores.scene(labels, seed)
    assert picture.shape == digit_scores.scene_size(count)
    for label, (top, left) in zip(labels, digit_scores.corners(count, seed), strict=True):
        np.testing.assert_array_equal(picture[top : top + 28, left : left + 28], digit_scores.digit(label))
    assert picture.sum(dtype=np.int64) == sum(digit_scores.digit(label).sum(dtype=np.int64) for label in labels)


def test_multiplications_are_those_of_the_plan_and_grow_with_the_picture() -> None:
    assert digit_scores.multiplications(28, 28) == sum(layer.macs for layer in layers(CONFIG))
    # 36x156 and 14x74 places of 5x5 kernels, 4x34 of the 4x4 ones, counted by hand
    want = 36 * 156 * 6 * 25 + 14 * 74 * 8 * 6 * 25 + 4 * 34 * 10 * 8 * 16
    assert digit_scores.multiplications(40, 160) == want


def test_the_code_of_the_page_gives_the_map(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    labels, seed = (3, 1, 4, 1, 5), 2
    numbers = forward_pass.load().test_index
    places = zip(labels, digit_scores.corners(len(labels), seed), strict=True)
    code = score_map_code(digit_scores.scene_size(5), [(numbers[label], *corner) for label, corner in places])
    names: dict[str, Any] = {}
    exec(code, names)
    np.testing.assert_array_equal(names["picture"], digit_scores.scene(labels, seed))
    np.testing.assert_allclose(names["output"], digit_scores.score_maps(labels, seed), rtol=0, atol=1e-10)


def test_the_last_layer_reads_the_last_maps() -> None:
    layer = digit_scores.layer()
    assert layer.weights.shape == (10, np.prod(digit_scores.SHAPE))
    maps = digit_scores.maps(digit_scores.digit(3))
    assert maps.shape == digit_scores.SHAPE and (maps >= 0).all()
    np.testing.assert_array_equal(fully_connected.output(layer, maps), digit_scores.digit_logits(3))
