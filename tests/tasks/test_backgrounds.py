"""Backgrounds of coloured scenes: four sorts, and none that training and test share."""

from __future__ import annotations

import numpy as np
import torch
from torch import Generator, Tensor
from torch.nn import functional

from explainer.data.samples import photograph
from explainer.tasks.backgrounds import GRAIN, PHOTOGRAPHS, SLOPE, backgrounds, photographs

SIDE = 40


def _made(photos: Tensor, count: int = 400, seed: int = 0) -> Tensor:
    return backgrounds(photos, SIDE, count, Generator().manual_seed(seed))


def _fitted(pictures: Tensor) -> tuple[Tensor, Tensor]:
    """Of each picture's colours the slopes of the nearest plane (n, 3, 2), and what is left (n, 3, side, side)."""
    across = torch.linspace(-0.5, 0.5, SIDE, dtype=torch.float64)
    down, right = torch.meshgrid(across, across, indexing="ij")
    design = torch.stack([torch.ones_like(down), down, right], dim=2).view(-1, 3)
    values = pictures.double().flatten(2)
    found = values @ torch.linalg.pinv(design).T  # (n, 3, 3)
    return found[..., 1:], (values - found @ design.T).view_as(pictures)


def test_half_of_them_are_planes_with_some_grain_and_half_of_these_have_no_slope() -> None:
    slopes, left = _fitted(_made(photographs(training=True)))
    is_plane = left.std(dim=(2, 3)).amax(dim=1) <= 1.05 * GRAIN
    assert 0.4 < is_plane.double().mean() < 0.6
    steepest = slopes[is_plane].abs().amax(dim=(1, 2))
    assert 0.4 < (steepest > 0.05).double().mean() < 0.6
    assert 0.7 * SLOPE < steepest.max() <= 1.05 * SLOPE
    grain = left[is_plane]
    torch.testing.assert_close(grain[:, 0], grain[:, 1], rtol=0, atol=1e-6)  # the noise is grey


def test_a_quarter_are_cut_out_of_the_photographs() -> None:
    """Of photographs that are red alone: no other sort has green and blue at exactly the noise's level."""
    red = torch.zeros(2, 3, 40, 40)
    red[:, 0] = torch.rand(2, 40, 40, generator=Generator().manual_seed(1))
    made = _made(red)
    is_red = (made[:, 1:].mean(dim=(2, 3)).abs() < 0.01).all(dim=1) & (made[:, 0].std(dim=(1, 2)) > 0.05)
    assert 0.19 < is_red.double().mean() < 0.31


def test_training_and_test_have_their_own_halves_of_the_photographs() -> None:
    left, right = photographs(training=True), photographs(training=False)
    assert left.shape == right.shape == (4, 3, 40, 40)
    for number, name in enumerate(PHOTOGRAPHS):
        rgb = torch.from_numpy(photograph(name).rgb.astype(np.float32) / 255).permute(2, 0, 1)
        middle = rgb[:, (rgb.shape[1] - rgb.shape[2] // 2) // 2 :][:, : rgb.shape[2] // 2]
        for half, made in zip(middle.chunk(2, dim=2), (left, right), strict=True):
            expected = functional.interpolate(half[None], (40, 40), mode="bilinear", antialias=True)[0]
            torch.testing.assert_close(made[number], expected, rtol=0, atol=1.01 / 255)


def test_the_same_seed_makes_the_same_backgrounds() -> None:
    photos = photographs(training=True)
    once, again, other = (_made(photos, 20, seed) for seed in (3, 3, 4))
    assert torch.equal(once, again) and not torch.equal(once, other)
    assert once.shape == (20, 3, SIDE, SIDE) and once.dtype == torch.float32
    assert _made(photos, 0).shape == (0, 3, SIDE, SIDE)
