"""The face detector: what it says of the sample photographs, to the literal numbers of its weights' description."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from torch.nn import functional
from torchvision.ops import nms

from explainer.data.assets import assets_path
from explainer.tasks.face_detector import ANCHORS, IOU, SCORE, SIDES, Candidates, _network, _read, candidates, decode

# Of each picture and side: mean and standard deviation of the raw output, how many scores are above one half, and the
# four best boxes: score, left, top, width, height, row, column, anchor
SAID = {
    ("astronaut.png", 224): (
        (-3.55514, 7.89726),
        2,
        [
            (0.6113, 164.7, 84.6, 118.9, 102.6, 1, 3, 0),
            (0.5105, 150.3, 79.9, 131.0, 106.0, 1, 2, 0),
            (0.1499, 3.1, 222.1, 249.2, 248.1, 4, 1, 2),
            (0.0451, 79.0, 227.6, 229.4, 220.0, 4, 2, 2),
        ],
    ),
    ("astronaut.png", 416): (
        (-3.08675, 6.82616),
        1,
        [
            (0.9732, 163.7, 75.3, 114.9, 110.6, 3, 5, 2),
            (0.0647, 361.1, 224.6, 55.2, 59.0, 6, 9, 0),
            (0.0417, 103.7, 305.6, 156.6, 132.5, 9, 4, 2),
            (0.0252, 81.7, 276.9, 194.0, 178.1, 9, 4, 3),
        ],
    ),
    ("camera.png", 224): (
        (-3.49580, 7.65744),
        0,
        [
            (0.1184, 148.4, 115.0, 103.2, 106.6, 2, 2, 0),
            (0.0789, 223.9, 140.4, 308.3, 331.7, 4, 5, 3),
            (0.0705, 151.0, 82.3, 97.5, 102.1, 1, 2, 0),
            (0.0682, 202.3, 138.9, 86.9, 87.4, 2, 3, 0),
        ],
    ),
    ("camera.png", 416): (
        (-2.87831, 6.26413),
        1,
        [
            (0.6690, 187.9, 129.3, 71.6, 72.5, 4, 5, 0),
            (0.0762, 183.5, 115.3, 69.8, 77.5, 3, 5, 0),
            (0.0728, 165.4, 116.5, 111.5, 101.9, 4, 5, 2),
            (0.0288, 220.1, 141.7, 60.6, 61.4, 4, 6, 0),
        ],
    ),
    ("chelsea.png", 224): (
        (-3.62656, 7.71653),
        0,
        [
            (0.0208, 61.5, -0.6, 308.1, 298.7, 2, 3, 3),
            (0.0165, 110.0, 52.8, 217.3, 210.1, 2, 3, 2),
            (0.0158, 112.0, 48.7, 112.1, 111.5, 1, 2, 0),
            (0.0124, -1.4, 2.1, 300.7, 292.4, 2, 2, 3),
        ],
    ),
    ("chelsea.png", 416): (
        (-3.00855, 6.51259),
        0,
        [
            (0.0375, 134.3, -15.0, 412.3, 338.0, 4, 9, 4),
            (0.0345, 10.2, 94.9, 155.3, 177.5, 5, 2, 3),
            (0.0173, -30.3, -72.0, 370.3, 373.9, 3, 4, 4),
            (0.0165, 6.9, 59.2, 158.5, 178.3, 4, 2, 3),
        ],
    ),
    ("coffee.png", 224): (
        (-3.78992, 7.96817),
        0,
        [
            (0.0070, 196.0, 46.6, 179.1, 176.0, 1, 3, 0),
            (0.0052, 138.4, 20.7, 283.3, 252.0, 1, 3, 2),
            (0.0030, 98.1, 18.5, 270.9, 264.4, 1, 2, 2),
            (0.0026, 157.8, 58.1, 154.2, 136.3, 1, 2, 0),
        ],
    ),
    ("coffee.png", 416): (
        (-3.21648, 6.86942),
        0,
        [
            (0.0222, 174.9, 227.1, 70.1, 81.0, 5, 4, 0),
            (0.0098, 389.7, 115.5, 196.9, 243.3, 5, 10, 3),
            (0.0095, 27.9, 351.4, 83.4, 60.3, 8, 1, 0),
            (0.0085, 214.5, 45.5, 71.1, 65.5, 1, 5, 0),
        ],
    ),
}


def photograph(name: str) -> NDArray[np.uint8]:
    return np.asarray(Image.open(assets_path() / "images" / name).convert("RGB"))


@pytest.mark.parametrize(("name", "side"), SAID)
def test_it_finds_what_its_description_says(name: str, side: int) -> None:
    found = candidates(photograph(name), side)
    (mean, spread), over, best = SAID[name, side]
    assert found.raw.shape == (25, side // 32, side // 32)
    assert (found.raw.mean(), found.raw.std(ddof=1)) == pytest.approx((mean, spread), abs=2e-3)
    assert (found.scores > SCORE).sum() == over
    order = np.argsort(-found.scores, kind="stable")[: len(best)]
    for number, (score, left, top, width, height, *place) in zip(order, best, strict=True):
        assert found.scores[number] == pytest.approx(score, abs=2e-3)
        assert found.boxes[number] == pytest.approx((left, top, left + width, top + height), abs=0.5)
        assert found.places[number].tolist() == place


def test_the_astronaut_is_found_twice_and_suppression_leaves_one() -> None:
    found = candidates(photograph("astronaut.png"), 224)
    sure = found.scores > SCORE
    kept = nms(torch.from_numpy(found.boxes[sure]), torch.from_numpy(found.scores[sure]), IOU)
    assert (sure.sum(), len(kept)) == (2, 1)


def test_the_layers_are_those_that_the_functions_of_torch_give() -> None:
    network, given = _network(), _read(photograph("chelsea.png"), 224)
    state = {name: values.detach() for name, values in network.state_dict().items()}
    with torch.inference_mode():
        maps = functional.leaky_relu(functional.conv2d(given, state["conv0.weight"], state["conv0.bias"]), 0.1)
        for number in range(1, 6):
            maps = functional.max_pool2d(maps, 2, ceil_mode=True)
            depthwise = state[f"conv{number}.depthwise.weight"]
            maps = functional.conv2d(maps, depthwise, padding=1, groups=len(depthwise))
            pointwise, bias = (state[f"conv{number}.pointwise.{part}"] for part in ("weight", "bias"))
            maps = functional.leaky_relu(functional.conv2d(maps, pointwise, bias), 0.1)
        framed = functional.pad(maps, (0, 1, 0, 1), value=float("-inf"))
        expected = functional.conv2d(
            functional.max_pool2d(framed, 2, stride=1), state["head.weight"], state["head.bias"]
        )
        torch.testing.assert_close(network(given), expected, rtol=0, atol=1e-4)
    assert sum(values.numel() for values in state.values()) == 193_321


def by_hand(raw: NDArray[np.float32], extent: int) -> Candidates:
    """One number at a time."""
    cells, boxes, scores, places = raw.shape[1], [], [], []
    for row in range(cells):
        for column in range(cells):
            for anchor, (width, height) in enumerate(ANCHORS):
                x, y, w, h, sure = raw[5 * anchor : 5 * anchor + 5, row, column].astype(float)
                centre_x = (column + 1 / (1 + np.exp(-x))) / cells * extent
                centre_y = (row + 1 / (1 + np.exp(-y))) / cells * extent
                wide, high = width * np.exp(w) / cells * extent, height * np.exp(h) / cells * extent
                boxes.append([centre_x - wide / 2, centre_y - high / 2, centre_x + wide / 2, centre_y + high / 2])
                scores.append(1 / (1 + np.exp(-sure)))
                places.append([row, column, anchor])
    return Candidates(np.array(boxes), np.array(scores), np.array(places), raw)


def test_decoding_is_that_of_a_plain_loop() -> None:
    raw = np.random.default_rng(0).standard_normal((25, 4, 4)).astype(np.float32)
    found, expected = decode(raw, 300), by_hand(raw, 300)
    np.testing.assert_allclose(found.boxes, expected.boxes, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.scores, expected.scores, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(found.places, expected.places)


def test_a_picture_is_laid_at_the_top_left_of_a_black_square() -> None:
    white = np.full((30, 60, 3), 255, np.uint8)
    read = _read(white, 60 // 32 * 32)[0].numpy()
    light, dark = ((value - np.array([117.001, 114.697, 97.404])) / 255 for value in (255, 0))
    np.testing.assert_allclose(read[:, 0, 0], light, atol=1e-6)
    np.testing.assert_allclose(read[:, -1, -1], dark, atol=1e-6)


def test_other_sides_are_refused() -> None:
    for side in (0, 100, -32):
        with pytest.raises(ValueError, match="side="):
            candidates(photograph("coffee.png"), side)
    assert all(candidates(photograph("coffee.png"), side).scores.max() < SCORE for side in SIDES)
