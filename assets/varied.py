"""Digits of MNIST that lean, and whose strokes are thinner or thicker: what a hand draws on the pad, for training."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from explainer.data.drawing import BOX, FIELD

LEANING = 0.6  # share of the digits that lean
MOST_SLANT = 0.8  # how far to either side a digit as high as 1 then leans
THINNER = 1.25  # of a stroke of 2.5 pixels, what a scale of 0 would take from either side
MOST_WIDER, EVENNESS = 0.8, 0.25  # shares of a pixel on either side
_PIXEL = 2 / FIELD  # side of a pixel where the field reaches from -1 to 1


def varied(pixels: Tensor) -> Tensor:
    """Normalized digits (n, 1, 28, 28) at random slants and widths, as ``explainer.data.drawing.prepared`` gives them.

    ``LEANING`` of them lean, by up to ``MOST_SLANT``, and fill the box of 20 pixels again. That makes them smaller, so
    their strokes are widened to about what they were; all strokes become up to ``EVENNESS`` thinner or thicker.
    """
    count = len(pixels)
    slants = (2 * torch.rand(count) - 1) * MOST_SLANT * (torch.rand(count) < LEANING)
    scales = torch.where(slants == 0, 1.0, scale(pixels[:, 0] > 0, slants))
    more = (1 - scales) * THINNER + (2 * torch.rand(count) - 1) * EVENNESS
    return widened(leaned(pixels, slants, scales), more)


def scale(ink: Tensor, slants: Tensor) -> Tensor:
    """By what digits (n, 28, 28) that lean must be scaled, (n,), for the longer side of their ink to be 20 pixels."""
    places = torch.linspace(_PIXEL / 2 - 1, 1 - _PIXEL / 2, FIELD)
    across = places - slants[:, None, None] * places[:, None]
    sides = torch.maximum(_extent(across, ink), _extent(places[:, None].expand_as(ink), ink))
    return BOX * _PIXEL / (sides + _PIXEL)


def leaned(pixels: Tensor, slants: Tensor, scales: Tensor) -> Tensor:
    """Digits (n, 1, 28, 28) that lean to the right by ``slants`` (n,) of their height, scaled by ``scales`` (n,)."""
    none, paper = torch.zeros_like(slants), pixels.min()
    rows = torch.stack([torch.stack([1 / scales, slants / scales, none]), torch.stack([none, 1 / scales, none])])
    grid = functional.affine_grid(rows.permute(2, 0, 1), list(pixels.shape), align_corners=False)
    return functional.grid_sample(pixels - paper, grid, align_corners=False) + paper


def widened(pixels: Tensor, more: Tensor) -> Tensor:
    """Digits (n, 1, 28, 28) whose strokes are wider on either side by about ``more`` (n,) of a pixel, or thinner."""
    shares = more.clamp(max=MOST_WIDER)[:, None, None, None]
    most, least = functional.max_pool2d(pixels, 3, 1, 1), -functional.max_pool2d(-pixels, 3, 1, 1)
    return torch.lerp(pixels, torch.where(shares > 0, most, least), shares.abs())


def _extent(places: Tensor, ink: Tensor) -> Tensor:
    """From the first to the last of the ``places`` (n, 28, 28) that have ink, (n,)."""
    highest = places.masked_fill(~ink, -torch.inf).amax((1, 2))
    return highest - places.masked_fill(~ink, torch.inf).amin((1, 2))
