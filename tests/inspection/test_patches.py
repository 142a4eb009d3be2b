"""The squares of the sample photographs."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from PIL import Image

from explainer.data.samples import PHOTOGRAPHS, original
from explainer.inspection.patches import PARTS, cut, pictures, squares
from explainer.networks.description import Transform

COLOR = Transform(32, 36, (0.5, 0.5, 0.5), (1.0, 1.0, 1.0))


def test_squares_are_few_and_inside_and_cover_nearly_everything() -> None:
    assert len(squares()) <= 120
    for number, photo in enumerate(PHOTOGRAPHS):
        height, width = original(photo.name).size
        mine = [square for square in squares() if square.photo == number]
        assert {square.side for square in mine} == {min(height, width) // part for part in PARTS}
        for part in PARTS:
            covered = np.zeros((height, width), bool)
            for square in mine:
                assert square.name == photo.name
                assert 0 <= square.top <= height - square.side and 0 <= square.left <= width - square.side
                if square.side == min(height, width) // part:
                    covered[square.top : square.top + square.side, square.left : square.left + square.side] = True
            assert covered.mean() > 0.9


def test_no_square_comes_twice() -> None:
    assert max(Counter(squares()).values()) == 1


@pytest.mark.parametrize("number", [0, 5, 40])
def test_a_square_is_cut_and_resized(number: int) -> None:
    square = squares()[number]
    box = (square.left, square.top, square.left + square.side, square.top + square.side)
    whole = Image.fromarray(original(square.name).rgb)
    wanted = np.asarray(whole.crop(box).resize((32, 32), Image.Resampling.BILINEAR))
    np.testing.assert_array_equal(cut(square, COLOR), wanted)
    np.testing.assert_array_equal(pictures(COLOR)[number], wanted)


def test_grey_networks_see_grey() -> None:
    assert cut(squares()[3], Transform(28, 28, (0.1,), (0.3,))).shape == (28, 28)
    with pytest.raises(ValueError, match="read-only"):
        pictures(COLOR)[0, 0, 0, 0] = 1
