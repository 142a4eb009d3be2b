"""Small random changes of the training pictures, drawn anew for every batch."""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor
from torch.nn import functional


def augment(images: Tensor, shift: int, rotate: float, generator: Generator) -> Tensor:
    """Moves each image by up to ``shift`` whole pixels on both axes and turns it by up to ``rotate`` degrees.

    ``images`` is (n, channels, height, width) float on any device, black (the background) being 0; so is the result.
    """
    if shift:
        images = _shift(images, shift, generator)
    if rotate:
        images = _rotate(images, rotate, generator)
    return images


def _shift(images: Tensor, shift: int, generator: Generator) -> Tensor:
    count, _, height, width = images.shape
    # (n, channels, 2 shift + 1, 2 shift + 1, height, width): every shifted copy, as a view of the padded image
    windows = functional.pad(images, (shift,) * 4).unfold(2, height, 1).unfold(3, width, 1)
    down, right = torch.randint(0, 2 * shift + 1, (2, count), generator=generator).to(images.device)
    return windows[torch.arange(count, device=images.device), :, down, right]


def _rotate(images: Tensor, degrees: float, generator: Generator) -> Tensor:
    shares = torch.rand(len(images), generator=generator) * 2 - 1  # of the largest angle
    angles = (shares * math.radians(degrees)).to(images.device)
    cos, sin, zero = angles.cos(), angles.sin(), torch.zeros_like(angles)
    # (n, 2, 3): output coordinates to input coordinates, both in -1..1
    matrices = torch.stack([cos, -sin, zero, sin, cos, zero], dim=1).view(-1, 2, 3)
    grid = functional.affine_grid(matrices, list(images.shape), align_corners=False)
    return functional.grid_sample(images, grid.to(images.dtype), align_corners=False)
