"""Cut-outs on their grounds: where they lie, what shines through, and that nothing else differs."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from explainer.data.cutouts import Cutout, cutouts, rgba
from explainer.tasks.transfer.pictures import cutout_pictures, laid

SIDE = 100


def first(kind: str) -> Cutout:
    return next(each for each in cutouts() if each.kind == kind)


@pytest.mark.parametrize("kind", ["mammals", "fruit", "vehicles"])
def test_a_cut_out_fills_nine_tenths_of_its_frame_and_lies_in_the_middle(kind: str) -> None:
    white = np.full((SIDE, SIDE, 3), 255, np.uint8)
    black = np.zeros_like(white)
    changed = (laid(first(kind), white) != 255).any(axis=2) | (laid(first(kind), black) != 0).any(axis=2)
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    longest = max(np.ptp(rows), np.ptp(columns)) + 1
    assert 86 <= longest <= 90
    for places in (rows, columns):
        assert abs(places[0] + places[-1] - (SIDE - 1)) <= 3


def test_it_is_laid_as_pillow_lays_it() -> None:
    cutout, ground = first("birds"), np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
    pixels = Image.fromarray(rgba(cutout)).convert("RGBa")  # colour times alpha
    scale = 90 / max(pixels.size)
    size = (round(pixels.width * scale), round(pixels.height * scale))
    expected = Image.fromarray(ground).convert("RGBA")
    place = ((SIDE - size[0]) // 2, (SIDE - size[1]) // 2)
    expected.alpha_composite(pixels.resize(size, Image.Resampling.BILINEAR).convert("RGBA"), place)
    difference = np.abs(laid(cutout, ground).astype(int) - np.asarray(expected.convert("RGB")).astype(int))
    assert difference.max() <= 4 and difference.mean() < 0.5  # Pillow rounds three times more


def test_all_of_the_classes_in_their_order() -> None:
    made = cutout_pictures(("fish", "insects"), side=32)
    assert made.names == ("fish", "insects") and made.rgb.shape == (15, 32, 32, 3)
    assert made.labels.tolist() == [0] * 9 + [1] * 6
    with pytest.raises(ValueError, match="cats"):
        cutout_pictures(("cats",), side=32)


def test_grounds_differ_and_repeat() -> None:
    white, red = (cutout_pictures(("fish",), ground, side=32).rgb for ground in ("white", "red"))
    assert (white[:, 0, 0] == 255).all() and (red[:, 0, 0] == (200, 30, 40)).all()
    random, again, other = (cutout_pictures(("fish",), "random", seed=seed, side=32).rgb for seed in (3, 3, 4))
    assert np.array_equal(random, again) and not np.array_equal(random, other)
    assert len(np.unique(random[:, 0, 0], axis=0)) == 9


def test_reduced_first_all_have_lost_the_same_detail() -> None:
    plain, blurred = (laid(first("mammals"), np.zeros((SIDE, SIDE, 3), np.uint8), reduced=each) for each in (None, 16))

    def rough(rgb: np.ndarray) -> float:
        return float(np.abs(np.diff(rgb.astype(float), axis=1)).mean())

    assert rough(blurred) < 0.7 * rough(plain)
