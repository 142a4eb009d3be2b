"""Made scenes: drawn as PyTorch would draw them, and the truth about them is exact."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Generator, Tensor
from torch.nn import functional

from explainer.tasks.placing import MOST_COVERED, places
from explainer.tasks.resampling import drawn
from explainer.tasks.scenes import NOTHING, PIECES, DigitSource, Scenes, SceneSettings, digit_scenes, digit_source


def generator(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def source() -> DigitSource:
    """Forty made digits: a bar, a frame, ... each with ink of another size."""
    made = np.zeros((40, 28, 28), np.uint8)
    for number, picture in enumerate(made):
        height, width = 8 + number % 13, 3 + number % 17
        picture[2 : 2 + height, 4 : 4 + width] = 100 + 3 * number
        picture[3:5, 5:6] = 20  # less than ink, within it
    return digit_source(made, (np.arange(40) % 10).astype(np.uint8))


@pytest.mark.parametrize(("extent", "part"), [((31, 44), (20, 12)), ((9, 14), (20, 12)), ((7, 40), (15, 15))])
def test_a_part_is_drawn_as_pytorch_resizes_it(extent: tuple[int, int], part: tuple[int, int]) -> None:
    pictures = torch.rand(1, 2, 28, 28, generator=generator())
    (height, width), (rows, columns) = extent, part
    boxes = torch.tensor([[6.0, 3.0, 6.0 + width, 3.0 + height]])
    parts = torch.tensor([[5.0, 7.0, 5.0 + columns, 7.0 + rows]])
    made = drawn(pictures, boxes, parts, 50)
    cut = pictures[:, :, 7 : 7 + rows, 5 : 5 + columns]
    expected = torch.zeros(1, 2, 50, 50)
    expected[:, :, 3 : 3 + height, 6 : 6 + width] = functional.interpolate(
        cut, extent, mode="bilinear", antialias=True, align_corners=False
    )
    torch.testing.assert_close(made, expected, rtol=0, atol=2e-6)


@given(seed=st.integers(0, 10_000), most=st.integers(1, 7))
def test_boxes_lie_inside_and_hardly_over_each_other(seed: int, most: int) -> None:
    chance = generator(seed)
    sizes = torch.randint(0, 30, (5, most, 2), generator=chance).float()
    boxes, is_placed = places(sizes, 64, chance)
    assert boxes.min() >= 0 and boxes.max() <= 64
    torch.testing.assert_close(boxes[..., 2:] - boxes[..., :2], sizes.flip(2))
    assert not is_placed[sizes.amin(dim=2) == 0].any()
    for of_one, there in zip(boxes, is_placed, strict=True):
        kept = of_one[there].tolist()
        for number, (left, top, right, bottom) in enumerate(kept):
            for x, y, end_x, end_y in kept[:number]:
                shared = max(min(right, end_x) - max(left, x), 0) * max(min(bottom, end_y) - max(top, y), 0)
                smaller = min((right - left) * (bottom - top), (end_x - x) * (end_y - y))
                assert shared <= MOST_COVERED * smaller + 1e-6


def test_what_fills_the_picture_is_placed_where_it_fits() -> None:
    boxes, is_placed = places(torch.full((3, 2, 2), 20.0), 20, generator())
    assert boxes[:, 0].tolist() == [[0, 0, 20, 20]] * 3
    assert is_placed.tolist() == [[True, False]] * 3


def test_the_ink_of_a_digit_is_found() -> None:
    picture = np.zeros((1, 28, 28), np.uint8)
    picture[0, 4:9, 11] = 51
    picture[0, 20, 20] = 50  # no ink yet
    assert digit_source(picture, np.array([7], np.uint8)).ink.tolist() == [[11, 4, 12, 9]]
    with pytest.raises(ValueError, match="needs ink"):
        digit_source(np.zeros((1, 28, 28), np.uint8), np.array([7], np.uint8))


def _scenes(source: DigitSource, settings: SceneSettings, seed: int = 0, count: int = 60) -> Scenes:
    return digit_scenes(source, settings, count, generator(seed))


def test_the_same_seed_makes_the_same_scenes(source: DigitSource) -> None:
    settings = SceneSettings(clutter=3)
    once, again, other = (_scenes(source, settings, seed) for seed in (1, 1, 2))
    for name in ("pictures", "boxes", "classes", "labels"):
        assert torch.equal(getattr(once, name), getattr(again, name))
    assert not torch.equal(once.pictures, other.pictures)


def test_counts_and_sizes_are_those_that_were_asked_for(source: DigitSource) -> None:
    scenes = _scenes(source, SceneSettings(fewest=2, most=5, smallest=10, largest=18), count=200)
    assert scenes.pictures.shape == (200, 1, 112, 112)
    assert scenes.pictures.min() >= 0 and scenes.pictures.max() <= 1
    counts = (scenes.classes != NOTHING).sum(dim=1)
    assert set(counts.tolist()) == {2, 3, 4, 5}
    sizes = (scenes.boxes[..., 2:] - scenes.boxes[..., :2]).amax(dim=2)
    assert set(sizes[scenes.classes != NOTHING].tolist()) == set(map(float, range(10, 19)))
    assert (scenes.boxes[scenes.classes == NOTHING] == 0).all()


def test_labels_are_the_ink_of_the_digits_alone(source: DigitSource) -> None:
    """Made digits fill their boxes, so a label lies inside the box of its class, and nearly fills it."""
    scenes = _scenes(source, SceneSettings(clutter=4))
    for labels, boxes, classes in zip(scenes.labels, scenes.boxes, scenes.classes, strict=True):
        left = labels.clone()
        for box, digit in zip(boxes.int().tolist(), classes.tolist(), strict=True):
            if digit != NOTHING:
                x, y, end_x, end_y = box
                left[y:end_y, x:end_x] = 0
        assert not left.any()
    assert {0, 1, 10} <= set(scenes.labels.unique().tolist())


def test_clutter_is_drawn_and_is_nothing(source: DigitSource) -> None:
    with_pieces = _scenes(source, SceneSettings(fewest=0, most=1, clutter=5))
    empty = (with_pieces.classes == NOTHING).all(dim=1)
    assert empty.any() and not with_pieces.labels[empty].any()
    assert with_pieces.boxes.shape == (60, 1, 4)
    bright = (with_pieces.pictures[empty] > 0.55).flatten(1).sum(dim=1)
    assert (bright >= PIECES[0]).float().mean() > 0.5


def test_a_background_is_a_plane_with_noise() -> None:
    blank = digit_source(np.full((1, 28, 28), 255, np.uint8), np.array([0], np.uint8))
    scenes = _scenes(blank, SceneSettings(fewest=0, most=1, smallest=2, largest=2), count=400)
    bare = scenes.pictures[(scenes.classes == NOTHING).all(dim=1), 0].double()
    assert len(bare) > 100
    residuals = torch.stack([_without_plane(each) for each in bare if each.min() > 0])
    assert residuals.std(dim=(1, 2)).max() <= 0.081
    assert residuals.mean(dim=0).abs().max() < 0.05


def _without_plane(picture: Tensor) -> Tensor:
    side = torch.linspace(-0.5, 0.5, len(picture), dtype=torch.float64)
    down, right = torch.meshgrid(side, side, indexing="ij")
    design = torch.stack([torch.ones_like(down), down, right], dim=2).view(-1, 3)
    found = torch.linalg.lstsq(design, picture.flatten().unsqueeze(1)).solution
    assert found[1:].abs().max() <= 0.21
    return (picture.flatten() - (design @ found).squeeze(1)).view_as(picture)
