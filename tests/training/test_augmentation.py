"""Shifts are exact copies, moved; rotations are torchvision's; what is off leaves the digits alone."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Generator, Tensor
from torchvision.transforms.functional import InterpolationMode
from torchvision.transforms.functional import rotate as torchvision_rotate

from explainer.data.digits import load
from explainer.training.augmentation import augment


def _seeded(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


def _pictures(count: int, height: int = 9, width: int = 7) -> Tensor:
    """Pictures without any zero, so that the background that comes in is seen."""
    return torch.rand(count, 1, height, width, generator=_seeded(1)) + 0.5


def _moved(picture: Tensor, down: int, right: int) -> Tensor:
    """``picture`` (height, width) moved, one pixel after the other."""
    height, width = picture.shape
    result = torch.zeros_like(picture)
    for row in range(height):
        for column in range(width):
            if 0 <= row - down < height and 0 <= column - right < width:
                result[row, column] = picture[row - down, column - right]
    return result


@pytest.mark.parametrize("shift", [1, 2, 3])
def test_every_result_is_an_exact_copy_moved_and_every_move_occurs(shift: int) -> None:
    pictures = _pictures(400)
    results = augment(pictures, shift, 0.0, _seeded())
    assert results.shape == pictures.shape
    moves = [(down, right) for down in range(-shift, shift + 1) for right in range(-shift, shift + 1)]
    seen = []
    for picture, result in zip(pictures[:, 0], results[:, 0], strict=True):
        candidates = [move for move in moves if torch.equal(_moved(picture, *move), result)]
        assert len(candidates) == 1
        seen += candidates
    assert set(seen) == set(moves)
    # Each of the moves is as likely as the others: 400 draws, expected 400 / n, at most 5 deviations off.
    expected = len(seen) / len(moves)
    assert all(abs(seen.count(move) - expected) < 5 * math.sqrt(expected) for move in moves)


def test_nothing_is_drawn_and_nothing_changes_where_augmentation_is_off() -> None:
    generator = _seeded(3)
    pictures = _pictures(5)
    assert torch.equal(augment(pictures, 0, 0.0, generator), pictures)
    assert torch.equal(generator.get_state(), _seeded(3).get_state())


def test_the_digits_given_stay_as_they_are() -> None:
    pictures = _pictures(5)
    before = pictures.clone()
    augment(pictures, 2, 20.0, _seeded())
    assert torch.equal(pictures, before)


def test_a_rotation_by_nothing_is_the_same_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch, "rand", lambda count, **_: torch.full((count,), 0.5))
    digits = torch.from_numpy(load("mnist").test_images[:20].copy()).float().unsqueeze(1)
    torch.testing.assert_close(augment(digits, 0, 30.0, _seeded()), digits, rtol=0, atol=1e-2)


@pytest.mark.parametrize(("share", "quarters"), [(1.0, 1), (0.0, -1)])
def test_the_ends_of_the_range_are_the_largest_angle_both_ways(
    share: float, quarters: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch, "rand", lambda count, **_: torch.full((count,), share))
    digits = torch.from_numpy(load("mnist").test_images[:20].copy()).float().unsqueeze(1)
    expected = torch.rot90(digits, quarters, dims=(2, 3))
    torch.testing.assert_close(augment(digits, 0, 90.0, _seeded()), expected, rtol=0, atol=1e-2)


@settings(max_examples=20, deadline=None)
@given(st.floats(-45, 45))
def test_an_angle_in_between_is_torchvisions(angle: float) -> None:
    digits = torch.from_numpy(load("mnist").test_images[:5].copy()).float().unsqueeze(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch, "rand", lambda count, **_: torch.full((count,), (angle / 45 + 1) / 2))
        ours = augment(digits, 0, 45.0, _seeded())
    expected = torchvision_rotate(digits, angle, InterpolationMode.BILINEAR)
    torch.testing.assert_close(ours, expected, rtol=0, atol=0.05)  # of grey values 0..255


def test_a_round_blob_stays_as_it_is() -> None:
    place = torch.arange(28) - 13.5
    blob = 255 * torch.exp(-(place[:, None] ** 2 + place**2) / (2 * 4.0**2)).expand(30, 1, 28, 28)
    results = augment(blob, 0, 180.0, _seeded())
    # Bilinear interpolation of this blob errs by at most 255 / 4^2 / 8 grey values a direction.
    torch.testing.assert_close(results, blob, rtol=0, atol=255 / 16 / 4)
    assert len({result.sum().item() for result in results}) > 20  # each turned by its own angle


def test_the_angles_fill_the_range(monkeypatch: pytest.MonkeyPatch) -> None:
    angles: list[Tensor] = []
    grid = torch.nn.functional.affine_grid

    def noting(matrices: Tensor, *arguments: object, **named: object) -> Tensor:
        angles.append(torch.atan2(matrices[:, 1, 0], matrices[:, 0, 0]).rad2deg())
        return grid(matrices, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(torch.nn.functional, "affine_grid", noting)
    augment(torch.zeros(20_000, 1, 2, 2), 0, 12.0, _seeded())
    assert -12 <= angles[0].min() < -11.9
    assert 11.9 < angles[0].max() <= 12
    # A uniform distribution from -12 to 12: deviation 24 / sqrt(12), each within 5 standard errors.
    assert abs(angles[0].mean()) < 5 * 24 / math.sqrt(12 * 20_000)
    assert angles[0].std() == pytest.approx(24 / math.sqrt(12), rel=0.03)


def test_the_generator_decides() -> None:
    pictures = _pictures(10)
    first, again, other = (augment(pictures, 2, 15.0, _seeded(seed)) for seed in (0, 0, 1))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
