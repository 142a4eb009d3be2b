"""Where the objects of made scenes lie: at random, inside the picture, and hardly over each other."""

from __future__ import annotations

import torch
from torch import Generator, Tensor

TRIES = 6  # places that are tried for an object before it is left out
MOST_COVERED = 0.1  # of the smaller of two boxes


def places(sizes: Tensor, side: int, chance: Generator) -> tuple[Tensor, Tensor]:
    """Boxes (n, m, 4) of the given ``sizes`` (n, m, 2), heights and widths in whole pixels, in ``n`` pictures.

    A box is left, top, right, bottom; each lies inside the picture of ``side`` x ``side`` and shares at most a tenth of
    the smaller box with any other of its picture. The second result (n, m) is False for those that found no place in
    six tries, and for sizes of 0.
    """
    count, most, _ = sizes.shape
    boxes = torch.zeros(count, most, 4)
    is_placed = torch.zeros(count, most, dtype=torch.bool)
    for number in range(most):
        tried = _tried(sizes[:, number], side, chance)  # (n, tries, 4)
        fits = _is_free(tried, boxes[:, :number], is_placed[:, :number])
        first = fits.int().argmax(dim=1)
        boxes[:, number] = tried[torch.arange(count), first]
        is_placed[:, number] = fits.any(dim=1) & (sizes[:, number].amin(dim=1) > 0)
    return boxes, is_placed


def _tried(sizes: Tensor, side: int, chance: Generator) -> Tensor:
    """Boxes (n, tries, 4) of ``sizes`` (n, 2), each anywhere inside."""
    room = (side - sizes).unsqueeze(1) + 1  # (n, 1, 2): places of the top and the left edge
    drawn = torch.rand(len(sizes), TRIES, 2, generator=chance)
    top_left = torch.minimum((drawn * room).floor(), room - 1.0)
    bottom_right = top_left + sizes.unsqueeze(1)
    return torch.cat([top_left.flip(2), bottom_right.flip(2)], dim=2)


def _is_free(tried: Tensor, boxes: Tensor, is_placed: Tensor) -> Tensor:
    """(n, tries): whether a box shares little enough with those (n, k, 4) that are placed already."""
    ours, theirs = tried.unsqueeze(2), boxes.unsqueeze(1)
    low, high = torch.maximum(ours[..., :2], theirs[..., :2]), torch.minimum(ours[..., 2:], theirs[..., 2:])
    shared = (high - low).clamp(min=0).prod(dim=-1)  # (n, tries, k)
    smaller = torch.minimum(_areas(ours), _areas(theirs))
    return ((shared <= MOST_COVERED * smaller) | ~is_placed.unsqueeze(1)).all(dim=2)


def _areas(boxes: Tensor) -> Tensor:
    return (boxes[..., 2:] - boxes[..., :2]).prod(dim=-1)
