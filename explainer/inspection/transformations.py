"""Small random moves of a picture before a network sees it: what must excite a unit from everywhere cannot be noise.

C. Olah, A. Mordvintsev, L. Schubert 2017, "Feature Visualization", Distill, section "Transformation Robustness".
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True)
class Transformations:
    """How far a picture is moved at most, 0 for not at all.

    ``jitter`` pixels down and across, ``scale`` the share by which it is larger or smaller, ``rotation`` degrees.
    """

    jitter: int = 0
    scale: float = 0.0
    rotation: float = 0.0


@dataclass(frozen=True)
class Move:
    """What was drawn for one step: pixels down and across, times as large, degrees against the clock."""

    down: int = 0
    across: int = 0
    zoom: float = 1.0
    degrees: float = 0.0


def draw(limits: Transformations, generator: torch.Generator) -> Move:
    """A move within ``limits``, each part evenly distributed; draws nothing for a part that is off."""
    down, across, zoom, degrees = 0, 0, 1.0, 0.0
    if limits.jitter:
        down, across = torch.randint(-limits.jitter, limits.jitter + 1, (2,), generator=generator).tolist()
    if limits.scale:
        zoom += limits.scale * _between(generator)
    if limits.rotation:
        degrees = limits.rotation * _between(generator)
    return Move(down, across, zoom, degrees)


def moved(pictures: Tensor, move: Move) -> Tensor:
    """Pictures (n, channels, side, side), all moved alike.

    What jitter moves out of a picture comes in again at the opposite edge; where a smaller or turned picture leaves
    corners empty, it is mirrored.
    """
    if move.down or move.across:
        pictures = torch.roll(pictures, (move.down, move.across), (2, 3))
    if move.zoom == 1 and move.degrees == 0:
        return pictures
    grid = functional.affine_grid(_matrix(move).to(pictures), [1, *pictures.shape[1:]], align_corners=False)
    grid = grid.expand(len(pictures), -1, -1, -1)
    return functional.grid_sample(pictures, grid, padding_mode="reflection", align_corners=False)


def _matrix(move: Move) -> Tensor:
    """Where each place of the new picture is read in the old one: (1, 2, 3)."""
    angle = math.radians(move.degrees)
    cos, sin = math.cos(angle) / move.zoom, math.sin(angle) / move.zoom
    return torch.tensor([[[cos, -sin, 0.0], [sin, cos, 0.0]]])


def _between(generator: torch.Generator) -> float:
    """Evenly distributed from -1 to 1."""
    return 2 * float(torch.rand((), generator=generator)) - 1
