"""Pictures of X and O, and pictures and weights as texts."""

from __future__ import annotations

import numpy as np
import pytest

from explainer.networks.xo_pictures import (
    PICTURES,
    PictureError,
    numbers_of,
    numbers_text,
    pixels_of,
    text_of,
    training_set,
)


def test_there_are_as_many_of_each_and_no_two_alike() -> None:
    pictures, classes = training_set()
    assert pictures.shape == (12, 9, 9) and set(np.unique(pictures)) == {-1.0, 1.0}
    assert classes.sum() == 6
    assert len({text_of(each) for each in pictures}) == 12


def test_shifted_and_noisy_ones_come_from_the_plain_ones() -> None:
    for name in ("x", "o"):
        plain = PICTURES[name].pixels
        np.testing.assert_array_equal(PICTURES[f"{name}-shifted"].pixels[1:, 1:], plain[:-1, :-1])
        assert (PICTURES[f"{name}-noisy"].pixels != plain).sum() == 5


def test_a_picture_as_a_text_and_back() -> None:
    assert text_of(PICTURES["x"].pixels) == "000411105010141110400"
    for each in PICTURES.values():
        np.testing.assert_array_equal(pixels_of(text_of(each.pixels)), each.pixels)


@pytest.mark.parametrize("text", ["", "x", "0" * 20, "0" * 22, "f" * 21, "-" + "0" * 20, "0x" + "0" * 19, "٠" * 21])
def test_what_is_no_picture_gets_a_sentence(text: str) -> None:
    with pytest.raises(PictureError, match="21 hexadecimal digits"):
        pixels_of(text)


def test_weights_as_a_text_and_back() -> None:
    values = np.array([1.0, -0.5, 0.25, -0.0])
    assert numbers_text(values) == "1_-0.5_0.25_0"
    np.testing.assert_array_equal(numbers_of("1_-0.5_0.25_0", 4, 2.0), values)


@pytest.mark.parametrize("text", ["", "1_2", "1_2_3_4", "1_a_2", "1_nan_0", "1_inf_0", "1_2.1_0", "1_" * 100])
def test_what_are_no_weights_gets_a_sentence(text: str) -> None:
    with pytest.raises(PictureError, match="3 numbers between −2 and 2"):
        numbers_of(text, 3, 2.0)
