"""Handwriting that is photographed: the ink is found, and read as the digit that was printed into the photograph."""

from __future__ import annotations

import collections
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from photographed import KINDS, photographed
from PIL import Image, ImageDraw

from explainer.data.digits import load
from explainer.data.drawing import to_mnist
from explainer.data.handwriting import NoInkError, read_handwriting
from explainer.data.images import Picture, picture_from_rgb, read_image
from explainer.networks.build import MEAN, STD
from explainer.networks.weights import from_bytes

READER = Path(__file__).parents[2] / "assets/readers/plain.safetensors"


@pytest.mark.thorough
def test_95_of_100_photographed_digits_are_read_as_the_originals_are() -> None:
    images = load("mnist").test_images[np.arange(500) * 19]
    kinds = [KINDS[n % len(KINDS)] for n in range(500)]
    found = [
        read_handwriting(read_image(photographed(image, kind, seed), "photo")).digit
        for seed, (image, kind) in enumerate(zip(images, kinds, strict=True))
    ]
    _, network, _ = from_bytes(READER.read_bytes())
    pixels = torch.from_numpy(np.stack([images, np.stack(found)], axis=1)).reshape(-1, 1, 28, 28)
    with torch.no_grad():
        original, photograph = network((pixels / 255 - MEAN) / STD).argmax(1).reshape(-1, 2).T
    same = (original == photograph).numpy()
    assert same.mean() >= 0.95
    by_kind = collections.defaultdict(list)
    for kind, right in zip(kinds, same, strict=True):
        by_kind[kind].append(right)
    assert min(np.mean(right) for right in by_kind.values()) >= 0.85, {k: np.mean(v) for k, v in by_kind.items()}


def drawn(*shapes: tuple[str, tuple[int, ...]], size: tuple[int, int] = (200, 160), paper: int = 230) -> Picture:
    """Lines of 8 pixels on a sheet of width and height ``size``."""
    image = Image.new("RGB", size, (paper, paper, paper))
    pen = ImageDraw.Draw(image)
    for kind, box in shapes:
        if kind == "line":
            pen.line(box, fill=(40, 40, 120), width=8)
        else:
            pen.ellipse(box, outline=(40, 40, 120), width=8)
    return picture_from_rgb(np.asarray(image))


RING, BAR = ("ring", (30, 40, 70, 110)), ("line", (130, 50, 130, 100))


def test_the_box_lies_around_the_ink_and_the_digit_is_that_of_the_pad() -> None:
    found = read_handwriting(drawn(RING))
    assert np.abs(np.subtract(found.box, (40, 30, 111, 71))).max() <= 1
    ring = np.zeros((160, 200), np.uint8)
    ring[found.ink > 0.5] = 255
    assert np.abs(found.digit.astype(int) - to_mnist(ring)).mean() < 6
    assert found.strength[75, 50] == pytest.approx(0, abs=0.02)
    assert found.strength[75, 33] == pytest.approx(1, abs=0.02)


def test_light_ink_on_a_dark_board_is_the_same_digit() -> None:
    dark = drawn(RING)
    light = picture_from_rgb(255 - dark.rgb)
    assert np.abs(read_handwriting(light).digit.astype(int) - read_handwriting(dark).digit).max() <= 40


def test_a_box_chooses_among_several() -> None:
    picture = drawn(RING, BAR)
    assert read_handwriting(picture).box[3] < 100  # the larger one
    chosen = read_handwriting(picture, box=(30, 100, 120, 160))
    assert 120 <= chosen.box[1] < chosen.box[3] <= 140
    both = read_handwriting(picture, box=(0, 0, 160, 200))
    assert both.box[1] < 40
    assert both.box[3] > 125


def test_less_is_ink_the_higher_the_threshold() -> None:
    soft = Image.fromarray(drawn(RING).rgb).resize((50, 40)).resize((200, 160))
    picture = picture_from_rgb(np.asarray(soft))
    areas = [(read_handwriting(picture, threshold).ink > 0).sum() for threshold in (0.2, 0.45, 0.7)]
    assert areas[0] > areas[1] > areas[2]


def width(digit: NDArray[np.uint8]) -> float:
    """Of the strokes, in pixels: 2 * area / perimeter, the perimeter from the gradient of the ink."""
    ink = digit / 255
    return float(2 * ink.sum() / np.hypot(*np.gradient(ink)).sum())


def test_thin_strokes_become_as_wide_as_mnists() -> None:
    sheet = np.full((300, 300, 3), 240, np.uint8)
    image = Image.fromarray(sheet)
    ImageDraw.Draw(image).ellipse((80, 40, 220, 260), outline=(0, 0, 0), width=3)
    usual = np.median([width(digit) for digit in load("mnist").test_images[:200]])
    assert width(read_handwriting(picture_from_rgb(np.asarray(image))).digit) == pytest.approx(usual, rel=0.25)


@pytest.mark.parametrize("size", [(1, 1), (1, 512), (512, 3), (40, 40)])
@pytest.mark.parametrize("noise", [0, 6])
def test_paper_without_a_mark_has_no_digit(size: tuple[int, int], noise: int) -> None:
    values = 200 + np.random.default_rng(0).integers(-noise, noise + 1, (*size, 3))
    picture = picture_from_rgb(values.astype(np.uint8))
    with pytest.raises(NoInkError):
        read_handwriting(picture)
    with pytest.raises(NoInkError):
        read_handwriting(picture, box=(0, 0, *size))


@pytest.mark.thorough
@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"desk", "shadow", "transparent"}))
def test_a_page_without_a_digit_has_none_whatever_its_light_lines_and_frames(kind: str) -> None:
    nothing = np.zeros((28, 28), np.uint8)
    nothing[14, 14] = 1  # far too faint to be printed
    for seed in range(12):
        with pytest.raises(NoInkError):
            read_handwriting(read_image(photographed(nothing, kind, seed), "photo"))


@pytest.mark.parametrize("seed", range(20))
def test_whatever_the_picture_it_is_a_digit_or_none(seed: int) -> None:
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (*rng.integers(1, 12, 2), 3), np.uint8)
    picture = picture_from_rgb(np.asarray(Image.fromarray(small).resize((97, 61), Image.Resampling.BICUBIC)))
    try:
        found = read_handwriting(picture)
    except NoInkError:
        return
    top, left, bottom, right = found.box
    assert found.digit.max() == 255
    assert (0 <= top < bottom <= 61, 0 <= left < right <= 97) == (True, True)


@pytest.mark.parametrize("box", [(0, 0, 161, 200), (-1, 0, 10, 10), (50, 10, 50, 20), (10, 30, 40, 20)])
def test_a_box_outside_is_refused(box: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="A box lies within"):
        read_handwriting(drawn(RING), box=box)


@pytest.mark.parametrize("threshold", [0, 1, -0.5, float("nan")])
def test_a_threshold_out_of_range_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match="A threshold is"):
        read_handwriting(drawn(RING), threshold)
