"""What is asked of a picture: what the network is given, and what it should say. Pictures are float32, 0..1."""

from __future__ import annotations

import torch
from torch import Generator, Tensor
from torch.nn import functional

from explainer.tasks.scenes import Scenes

SPREAD = 0.2  # standard deviation of what is to be taken away
HOLES, HOLE = 4, (10, 26)  # rectangles blanked in a picture, and their sides in pixels
LUMA = (0.299, 0.587, 0.114)  # of red, green and blue
REDUCED = 4  # times smaller, along a side
PALETTE = (
    (230, 25, 75), (60, 180, 75), (255, 225, 25), (0, 130, 200), (245, 130, 48),
    (145, 30, 180), (70, 240, 240), (240, 50, 230), (210, 245, 60), (154, 99, 36),
)  # red, green and blue of the digits 0 to 9, of 255  # fmt: skip


def spoiled(pictures: Tensor, task: str, chance: Generator) -> Tensor:
    """Pictures (n, channels, h, w) from which the whole ones are to be found again."""
    if task == "denoise":
        return noisy(pictures, chance)
    return holed(pictures, chance) if task == "inpaint" else reduced(pictures)


def noisy(pictures: Tensor, chance: Generator) -> Tensor:
    """Gaussian noise on every pixel, cut to 0..1."""
    return (pictures + SPREAD * torch.randn(pictures.shape, generator=chance)).clamp(0, 1)


def holed(pictures: Tensor, chance: Generator) -> Tensor:
    """Rectangles that lie inside are 0."""
    count, _, height, width = pictures.shape
    inside = []
    for side in (height, width):
        size = torch.randint(HOLE[0], HOLE[1] + 1, (count, HOLES, 1), generator=chance)
        start = (torch.rand(count, HOLES, 1, generator=chance) * (side - size + 1)).floor()
        place = torch.arange(side)
        inside.append((place >= start) & (place < start + size))
    is_hole = (inside[0].unsqueeze(3) & inside[1].unsqueeze(2)).any(dim=1, keepdim=True)  # (n, 1, h, w)
    return pictures * ~is_hole


def reduced(pictures: Tensor) -> Tensor:
    """Means of 4 x 4 pixels, enlarged again bilinearly; both sides are multiples of 4."""
    small = functional.avg_pool2d(pictures, REDUCED)
    return functional.interpolate(small, scale_factor=float(REDUCED), mode="bilinear", align_corners=False)


def grey(pictures: Tensor) -> Tensor:
    """Pictures (n, 3, h, w) without their colours, (n, 1, h, w): the luma of ITU-R BT.601, section 2.5.1."""
    return (pictures * pictures.new_tensor(LUMA).view(3, 1, 1)).sum(dim=1, keepdim=True)


def coloured(scenes: Scenes) -> Tensor:
    """The scenes (n, 3, h, w) with every digit in the colour of its class, as bright as it is; the rest stays grey."""
    palette = torch.tensor(PALETTE) / 255
    most, which = scenes.ink.max(dim=1)  # (n, h, w)
    of_pixel = scenes.classes.gather(1, which.flatten(1)).clamp(min=0).view_as(which)
    colours = palette[of_pixel].permute(0, 3, 1, 2)
    return scenes.pictures * (1 + most.unsqueeze(1) * (colours - 1))
