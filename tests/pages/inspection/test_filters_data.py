"""What the browser gets of filters and of their film."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from pages.inspection.filters import filter_film, filter_wall
from pages.inspection.filters.filter_wall import Given, Wall


def floats(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<f4")


def test_a_walls_weights_are_sent_exactly() -> None:
    weights = np.random.default_rng(0).normal(0, 1, (2, 3, 4, 5)).astype(np.float32)
    wall = Wall("title", weights, [7, np.int64(3)], ["a", "b"], ["one", "two"], [0, 3], [0.5, np.float32(0.25)])
    data = filter_wall.encode(wall)
    np.testing.assert_array_equal(floats(data["weights"]).reshape(2, 3, 4, 5), weights)
    assert data["shape"] == [3, 4, 5]
    assert (data["numbers"], data["first"], data["bias"]) == ([7, 3], [0, 3], [0.5, 0.25])
    assert filter_wall.encode(Wall("t", weights, [0, 1], "ab", "ab", [0, 0]))["bias"] is None


def test_the_input_is_pixels_or_maps() -> None:
    slide = ((2, 2), (1, 1), (1, 1), (3, 4))
    pixels = np.arange(5 * 6 * 3, dtype=np.uint8).reshape(5, 6, 3)
    data = filter_wall.encode_given(Given("cat", *slide, pixels=pixels[::-1], mean=(0.5,) * 3, std=(0.2,) * 3))
    sent = np.frombuffer(base64.b64decode(data["pixels"]), np.uint8).reshape(5, 6, 3)
    np.testing.assert_array_equal(sent, pixels[::-1])
    assert (data["height"], data["width"], data["size"], data["stride"]) == (5, 6, [3, 4], [2, 2])
    maps = np.random.default_rng(1).normal(0, 1, (2, 5, 6)).astype(np.float32)
    data = filter_wall.encode_given(Given("maps", *slide, maps=maps))
    np.testing.assert_array_equal(floats(data["values"]).reshape(2, 5, 6), maps)
    assert "pixels" not in data
    with pytest.raises(ValueError, match="pixels or maps"):
        filter_wall.encode_given(Given("nothing", *slide))


def test_all_frames_of_a_film_have_one_scale() -> None:
    frames = np.zeros((3, 2, 1, 2), np.float32)
    frames[1, 0, 0] = -2, 1
    frames[2, 1, 0] = np.nan, 4
    data = filter_film.encode("run", frames, ["a", "b", "c"])
    codes = np.frombuffer(base64.b64decode(data["frames"]), np.uint8).reshape(3, 2, 1, 2)
    assert (data["limit"], data["shape"], data["said"], data["name"]) == (4.0, [2, 1, 2], ["a", "b", "c"], "run")
    assert codes[0].tolist() == [[[128, 128]], [[128, 128]]]
    assert codes[1, 0, 0].tolist() == [128 - 64, 128 + 32]  # to the nearest even one
    assert codes[2, 1, 0].tolist() == [0, 255]


def test_a_film_of_zeros_and_impossible_ones() -> None:
    data = filter_film.encode("run", np.zeros((1, 1, 2, 2), np.float16), ["start"])
    assert data["limit"] == 1.0
    with pytest.raises(ValueError, match="not 0 and 0"):
        filter_film.encode("run", np.zeros((0, 1, 2, 2)), [])
    with pytest.raises(ValueError, match="not 2 and 1"):
        filter_film.encode("run", np.zeros((2, 1, 2, 2)), ["a"])
