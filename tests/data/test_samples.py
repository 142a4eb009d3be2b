"""The bundled photographs are the files that are credited; the digit is MNIST's; the grids are what pages expect."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from explainer.data import samples
from explainer.data.assets import assets_path
from explainer.data.digits import load
from explainer.data.samples import COMPOSED, PHOTOGRAPHS, original_size, photograph

SIZES = {
    "cat": (300, 451),
    "photographer": (512, 512),
    "astronaut": (512, 512),
    "coffee": (341, 512),  # 400 x 600, shrunk
    "rocket": (342, 512),  # 427 x 640, shrunk
    "bricks": (512, 512),
    "engine": (256, 256),
}


@pytest.mark.parametrize("name", SIZES)
def test_every_photograph_opens_at_its_size(name: str) -> None:
    picture = photograph(name)
    assert picture.size == SIZES[name]
    assert picture.grey.std() > 20  # not an empty picture
    assert photograph(name) is picture


def test_photographs_that_are_not_shrunk_are_their_files_pixel_by_pixel() -> None:
    for name, file in (("cat", "chelsea.png"), ("photographer", "camera.png")):
        with Image.open(assets_path() / "images" / file) as image:
            assert (photograph(name).rgb == np.asarray(image.convert("RGB"))).all()


def test_photographs_at_a_smaller_side() -> None:
    small = photograph("cat", 64)
    assert small.size == (43, 64)
    assert small.grey.mean() == pytest.approx(photograph("cat").grey.mean(), abs=2)
    assert photograph("cat", 10_000) is not None
    assert photograph("cat", 10_000).size == SIZES["cat"]


def test_names_are_unique_and_every_file_is_shipped_and_credited() -> None:
    every = (*PHOTOGRAPHS, *COMPOSED)
    assert {photo.name for photo in every} == set(SIZES)
    credit_lines = (assets_path() / "README.md").read_text(encoding="utf-8")
    shipped = {path.name for path in (assets_path() / "images").iterdir()}
    assert shipped == {photo.file for photo in every}
    for photo in every:
        (line,) = [line for line in credit_lines.splitlines() if line.startswith(f"| {photo.file} |")]
        author, licence = photo.source.split(", ")
        assert author in line
        assert licence in line
    with pytest.raises(KeyError):
        photograph("dog")


def test_the_photographs_stay_small() -> None:
    assert sum(path.stat().st_size for path in (assets_path() / "images").iterdir()) < 2_000_000


def test_the_digit_is_the_first_of_mnists_test_set() -> None:
    digit = samples.digit()
    mnist = load("mnist")
    assert mnist.test_labels[0] == samples.DIGIT_LABEL
    assert (digit * 255 == mnist.test_images[0]).all()
    assert digit.dtype == np.float64
    assert digit.max() <= 1
    with pytest.raises(ValueError, match="read-only"):
        digit[0] = 1


def test_grids_are_rectangles_of_the_sizes_that_pages_show() -> None:
    assert np.array(samples.GRID, float).shape == (7, 7)
    assert np.array(samples.SIGNAL, float).shape == (1, 18)
    assert np.array(samples.POOLING_GRID).shape == (4, 6)
    assert hash(samples.GRID) != hash(samples.SIGNAL)  # keys of caches


def test_the_size_of_the_file_is_that_of_its_pixels() -> None:
    assert original_size("cat") == photograph("cat").size == (300, 451)
    assert original_size("coffee") == (400, 600)
    assert photograph("coffee").size == (341, 512)
