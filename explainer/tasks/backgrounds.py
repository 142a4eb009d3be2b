"""What lies behind the objects of coloured scenes: a colour, a slope of colours, noise, or a blurred photograph."""

from __future__ import annotations

import functools

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Generator, Tensor

from explainer.data.samples import photograph
from explainer.tasks.resampling import drawn

# None in which an animal, a flower, a fruit or a vehicle is to be seen
PHOTOGRAPHS = ("photographer", "astronaut", "coffee", "bricks")
PHOTO_SIDE = 40  # pixels of a half of a photograph, along a side
CROPS = (12, 36)  # sides of what is cut out of it, and made as large as the scene: blurred
SLOPE = 0.8  # the most that red, green and blue rise or fall across the picture
PATCHES = (4, 20)  # of noise, along a side
CONTRAST = 0.7  # between the brightest and the darkest patch
GRAIN = 0.06  # the most of fine noise on any background


@functools.lru_cache(maxsize=2)
def photographs(*, training: bool) -> Tensor:
    """Halves of four photographs, the left ones to train with, the right ones to test with: (4, 3, 40, 40), 0..1.

    In memory they lie as ``drawn`` is fastest with.
    """
    halves = np.stack([_half(photograph(name).rgb, is_left=training) for name in PHOTOGRAPHS])
    return torch.from_numpy(halves / np.float32(255)).transpose(2, 3).contiguous().transpose(1, 2)


def _half(rgb: NDArray[np.uint8], *, is_left: bool) -> NDArray[np.uint8]:
    """A square (40, 40, 3) in the middle of the left or of the right half."""
    side = rgb.shape[1] // 2
    top = (rgb.shape[0] - side) // 2
    square = rgb[top : top + side, :side] if is_left else rgb[top : top + side, -side:]
    return np.asarray(Image.fromarray(square).resize((PHOTO_SIDE, PHOTO_SIDE), Image.Resampling.BILINEAR))


def backgrounds(photos: Tensor, side: int, count: int, chance: Generator) -> Tensor:
    """(count, 3, side, side) float32, not yet cut off at 0 and 1: each of the four sorts as often as the others.

    ``photos`` are those of ``photographs``. All have some fine grey noise.
    """
    sort = torch.randint(4, (count,), generator=chance)
    sloped, noisy, photographed = ((sort == each).nonzero().squeeze(1) for each in (1, 2, 3))
    colour = torch.rand(count, 3, 1, 1, generator=chance).index_fill_(0, photographed, 0)
    made = colour.repeat(1, 1, side, side)
    made.index_add_(0, sloped, _slopes(side, len(sloped), chance))
    made.index_add_(0, noisy, _patches(side, len(noisy), chance), alpha=CONTRAST)
    made.index_add_(0, photographed, _crops(photos, side, len(photographed), chance))
    strength = GRAIN * torch.rand(count, 1, 1, 1, generator=chance)
    return made.addcmul_(strength, torch.randn(count, 1, side, side, generator=chance))


def _slopes(side: int, count: int, chance: Generator) -> Tensor:
    """A plane for each colour, 0 in the middle."""
    down, right = SLOPE * (2 * torch.rand(2, count, 3, 1, 1, generator=chance) - 1)
    across = torch.linspace(-0.5, 0.5, side)
    planes: Tensor = down * across[:, None] + right * across
    return planes


def _patches(side: int, count: int, chance: Generator) -> Tensor:
    """Coloured noise of some size, smooth from patch to patch, -0.5 to 0.5."""
    fewest, most = PATCHES
    noise = torch.rand(count, 3, most, most, generator=chance) - 0.5
    number = torch.randint(fewest, most + 1, (count, 1), generator=chance)
    return drawn(noise, _whole(side, count), number * torch.tensor([0, 0, 1, 1]), side)


def _crops(photos: Tensor, side: int, count: int, chance: Generator) -> Tensor:
    low, high = CROPS
    size = torch.randint(low, high + 1, (count, 1), generator=chance)
    corner = (torch.rand(count, 2, generator=chance) * (PHOTO_SIDE + 1 - size)).floor()
    which = torch.randint(len(photos), (count,), generator=chance)
    return drawn(photos[which], _whole(side, count), torch.cat([corner, corner + size], dim=1), side)


def _whole(side: int, count: int) -> Tensor:
    """The picture's own bounds, (count, 4)."""
    return torch.tensor([0, 0, side, side]).expand(count, 4)
