"""Pictures made from arrays, and made smaller."""

from __future__ import annotations

import numpy as np
import pytest

from explainer.data.images import fit, picture_from_rgb

RGB = np.random.default_rng(0).integers(0, 256, (6, 9, 3), dtype=np.uint8)
RAMP = np.linspace(0, 255, 64, dtype=np.uint8)
SMOOTH = np.stack([np.tile(RAMP, (48, 1)), np.tile(RAMP[:48, None], (1, 64)), np.full((48, 64), 90, np.uint8)], 2)


def test_arrays_are_read_only_and_copies() -> None:
    own = RGB.copy()
    picture = picture_from_rgb(own)
    own[:] = 0
    assert (picture.rgb == RGB).all()
    for array in (picture.rgb, picture.grey):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


@pytest.mark.parametrize(
    ("size", "side", "expected"),
    [((300, 451), 100, (67, 100)), ((451, 300), 100, (100, 67)), ((40, 50), 64, (40, 50)), ((1, 900), 90, (1, 90))],
)
def test_fit_keeps_the_aspect_and_never_enlarges(size: tuple[int, int], side: int, expected: tuple[int, int]) -> None:
    picture = picture_from_rgb(np.full((*size, 3), 77, np.uint8))
    small = fit(picture, side)
    assert small.size == expected
    assert (small.rgb == 77).all()
    assert small.grey.shape == expected


def test_fit_takes_means_so_that_a_fine_pattern_becomes_grey() -> None:
    board = np.indices((256, 256)).sum(axis=0) % 2 * 255
    small = fit(picture_from_rgb(np.repeat(board[:, :, None], 3, 2).astype(np.uint8)), 64)
    assert np.abs(small.grey[2:-2, 2:-2].astype(int) - 127.5).max() < 3
    smooth = fit(picture_from_rgb(SMOOTH), 32)
    means = SMOOTH[:, :, 0].reshape(24, 2, 32, 2).mean(axis=(1, 3))
    assert np.abs(smooth.rgb[4:-4, 4:-4, 0] - means[4:-4, 4:-4]).max() < 3


def test_pictures_of_other_arrays_are_refused() -> None:
    for array in (RGB[:, :, :2], RGB[:, :, 0], RGB.astype(float), np.zeros((0, 3, 3), np.uint8)):
        with pytest.raises(ValueError, match="A picture is a uint8 array"):
            picture_from_rgb(array)
