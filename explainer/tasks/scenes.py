"""Pictures with several digits whose boxes, classes and pixels are known exactly, made as training asks for them."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from explainer.data.digits import load
from explainer.tasks.placing import places
from explainer.tasks.resampling import drawn

INK = 50  # of 255: what counts as ink where a digit is cut out
NOTHING = -1  # the class where there is no object
PIECE = 10  # pixels of a digit that make a piece of clutter
PIECES = (8, 15)  # sides of a piece in a scene, in pixels
LEVEL, SLOPE, NOISE = 0.3, 0.2, 0.08  # the most that a background has of each
FAINTEST = 0.6  # of ink at its thickest


@dataclass(frozen=True)
class SceneSettings:
    """``fewest`` to ``most`` digits on ``side`` x ``side`` pixels, their longer sides ``smallest`` to ``largest``.

    ``clutter`` is the number of pieces of digits that are no digits.
    """

    side: int = 112
    fewest: int = 1
    most: int = 4
    smallest: int = 20
    largest: int = 44
    clutter: int = 0


@dataclass(frozen=True, eq=False)
class Scenes:
    """``n`` pictures with at most ``m`` objects each, and the truth about them.

    ``pictures`` (n, channels, side, side) float32, 0..1; ``boxes`` (n, m, 4) float32: left, top, right, bottom in
    pixels; ``classes`` (n, m) int64, -1 where there is no object, whose box is then 0; ``ink`` (n, m, side, side)
    float32, 0..1: of each digit alone, or of each cut-out the share that is seen of it.
    """

    pictures: Tensor
    boxes: Tensor
    classes: Tensor
    ink: Tensor

    @functools.cached_property
    def labels(self) -> Tensor:
        """(n, side, side) int64: of each pixel 0 for the background, or 1 + the class of what has most ink there.

        More than a half it must be. Made when it is asked for: a fifth of the work, and boxes need no labels.
        """
        most, which = self.ink.max(dim=1)
        of_pixel = self.classes.gather(1, which.flatten(1)).view_as(which)
        return torch.where(most > 0.5, of_pixel + 1, 0)


@dataclass(frozen=True, eq=False)
class DigitSource:
    """Digits (n, 28, 28) uint8, their classes (n,) int64, and where their ink is (n, 4): left, top, right, bottom."""

    pictures: Tensor
    classes: Tensor
    ink: Tensor


def digit_source(pictures: NDArray[np.uint8], classes: NDArray[np.uint8]) -> DigitSource:
    """Of digits (n, 28, 28) and their classes (n,). Raises ValueError for a picture without ink."""
    is_ink = pictures > INK
    if not is_ink.any(axis=(1, 2)).all():
        raise ValueError("Every digit needs ink.")
    bounds = []
    for axis in (1, 2):  # columns, then rows
        along = np.asarray(is_ink.any(axis=axis))
        bounds += [along.argmax(axis=1), along.shape[1] - along[:, ::-1].argmax(axis=1)]
    left, right, top, bottom = bounds
    ink = torch.from_numpy(np.stack([left, top, right, bottom], axis=1))
    return DigitSource(torch.from_numpy(pictures.copy()), torch.from_numpy(classes.astype(np.int64)), ink)


@functools.lru_cache(maxsize=2)
def mnist_source(*, training: bool) -> DigitSource:
    """MNIST's training or test digits. Raises DatasetError where they are not there."""
    digits = load("mnist")
    if training:
        return digit_source(digits.train_images, digits.train_labels)
    return digit_source(digits.test_images, digits.test_labels)


def digit_scenes(source: DigitSource, settings: SceneSettings, count: int, chance: Generator) -> Scenes:
    """``count`` scenes. A digit that finds no free place in six tries is left out.

    A pixel belongs to a digit where that digit's own ink, as it is drawn, is above one half.
    """
    slots = settings.most + settings.clutter
    picked = torch.randint(len(source.pictures), (count, slots), generator=chance)
    parts = _parts(source.ink[picked], settings, chance)
    boxes, is_placed = places(sizes(parts, settings, chance), settings.side, chance)
    boxes = boxes * is_placed.unsqueeze(2)
    pixels = source.pictures[picked].flatten(0, 1).unsqueeze(1) / 255.0
    ink = drawn(pixels, boxes.flatten(0, 1), parts.flatten(0, 1), settings.side)
    ink = ink.view(count, slots, settings.side, settings.side)
    classes = torch.where(is_placed, source.classes[picked], NOTHING)[:, : settings.most]
    pictures = torch.maximum(_backgrounds(settings.side, count, chance), _strongest(ink, chance))
    return Scenes(pictures.clamp(0, 1), boxes[:, : settings.most], classes, ink[:, : settings.most])


def _parts(ink: Tensor, settings: SceneSettings, chance: Generator) -> Tensor:
    """What is cut out of each digit: all of its ink (n, m, 4), or for clutter a small piece of it."""
    pieces = ink[:, settings.most :].float()
    room = (pieces[..., 2:] - pieces[..., :2] - PIECE).clamp(min=0)
    start = pieces[..., :2] + (torch.rand(room.shape, generator=chance) * (room + 1)).floor().minimum(room)
    end = torch.minimum(start + PIECE, pieces[..., 2:])
    return torch.cat([ink[:, : settings.most].float(), torch.cat([start, end], dim=2)], dim=1)


def sizes(parts: Tensor, settings: SceneSettings, chance: Generator) -> Tensor:
    """Heights and widths (n, m, 2) in whole pixels for ``parts`` (n, m, 4), in their own proportions.

    They are 0 for a slot that stays empty: of each scene the objects after the number drawn for it.
    """
    count, slots, _ = parts.shape
    shape = (parts[..., 2:] - parts[..., :2]).flip(2)
    low = torch.full((slots,), float(settings.smallest))
    high = torch.full((slots,), float(settings.largest))
    low[settings.most :], high[settings.most :] = PIECES
    longest = low + torch.rand(count, slots, generator=chance) * (high - low)
    sizes = (shape * (longest / shape.amax(dim=2)).unsqueeze(2)).round().clamp(min=2)
    wanted = torch.randint(settings.fewest, settings.most + 1, (count, 1), generator=chance)
    number = torch.arange(slots)
    is_there = (number < wanted) | (number >= settings.most)
    return sizes * is_there.unsqueeze(2)


def _strongest(ink: Tensor, chance: Generator) -> Tensor:
    """Each object's ink (n, m, side, side) as light as it is drawn, the strongest of them: (n, 1, side, side)."""
    strength = FAINTEST + (1 - FAINTEST) * torch.rand(*ink.shape[:2], 1, 1, generator=chance)
    return (ink * strength).amax(dim=1, keepdim=True)


def _backgrounds(side: int, count: int, chance: Generator) -> Tensor:
    """(count, 1, side, side): a grey level, a slope across the picture, and noise."""
    level, *slopes, noise = torch.rand(4, count, 1, 1, 1, generator=chance)
    across = torch.linspace(-0.5, 0.5, side)
    down_slope, right_slope = (SLOPE * (2 * each - 1) for each in slopes)
    plane = LEVEL * level + down_slope * across[:, None] + right_slope * across[None, :]
    grain = torch.randn(count, 1, side, side, generator=chance)
    return torch.addcmul(plane, NOISE * noise, grain)
