"""Cut-out photographs: what the index says is what is there, and training and test share no picture."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from explainer.data.assets import assets_path
from explainer.data.cutouts import CLASSES, cutouts, rgba, split

FOLDER = assets_path() / "cutouts"
COUNTS = {
    "mammals": 64,
    "birds": 34,
    "fish": 9,
    "insects": 6,
    "fruit": 17,
    "vegetables": 18,
    "flowers": 24,
    "vehicles": 15,
    "household": 23,
}


def test_every_picture_is_in_the_index_and_every_row_has_its_picture() -> None:
    files = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.webp")}
    assert {cutout.file for cutout in cutouts()} == files
    assert len(cutouts()) == 210
    assert Counter(cutout.kind for cutout in cutouts()) == COUNTS
    assert list(dict.fromkeys(cutout.kind for cutout in cutouts())) == list(CLASSES)


def test_each_says_what_it_is_and_whose() -> None:
    for cutout in cutouts():
        assert cutout.file.startswith(f"{cutout.kind}/")
        assert cutout.english.strip() and cutout.french.strip() and cutout.licence.strip()
    chimp = next(cutout for cutout in cutouts() if cutout.file == "mammals/chimp.webp")
    assert (chimp.english, chimp.french) == ("A chimpanzee.", "Un chimpanzé.")
    assert (chimp.licence, chimp.height, chimp.width) == ("GPL-2 (package)", 128, 87)
    assert Counter(cutout.licence for cutout in cutouts())["GPL-2 (package)"] == 176
    assert (FOLDER / "LICENSE").read_text(encoding="utf-8").lstrip().startswith("GNU GENERAL PUBLIC LICENSE")


def test_pictures_are_as_large_as_the_index_says_and_cut_out() -> None:
    for cutout in cutouts():
        pixels = rgba(cutout)
        assert pixels.shape == (cutout.height, cutout.width, 4) and max(pixels.shape) <= 128
        assert pixels[..., 3].max() == 255  # solid somewhere
        assert min(pixels[[0, -1], :, 3].min(), pixels[:, [0, -1], 3].min()) == 0  # and see-through at its border
    with pytest.raises(ValueError, match="read-only"):
        pixels[0, 0, 0] = 1


def test_a_picture_is_decoded_once_as_pillow_does() -> None:
    cutout = cutouts()[100]
    assert rgba(cutout) is rgba(replace(cutout))
    with Image.open(FOLDER / cutout.file) as image:
        np.testing.assert_array_equal(rgba(cutout), np.asarray(image))
    assert rgba.cache_info().maxsize == 256
    with pytest.raises(FileNotFoundError):
        rgba(replace(cutout, file="birds/dodo.webp"))


def test_training_and_test_share_no_picture_and_both_have_a_quarter_of_every_class() -> None:
    train, test = split()
    assert set(train).isdisjoint(test) and {*train, *test} == set(cutouts())
    assert split() == (train, test)
    tested = Counter(cutout.kind for cutout in test)
    assert tested == {kind: (count + 1) // 4 for kind, count in COUNTS.items()}
    pictures = [rgba(cutout).tobytes() for cutout in cutouts()]
    assert len(set(pictures)) == len(pictures)
