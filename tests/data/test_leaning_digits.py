"""What the readers of digits are shown while they are trained: digits that lean, of other widths."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from pen_strokes import strokes_of

from assets.varied import leaned, scale, varied, widened
from explainer.data.digits import load
from explainer.data.drawing import BOX, prepared

SLANTS = (-0.7, -0.3, 0.4, 0.7)


def bar() -> torch.Tensor:
    """A stroke (1, 1, 28, 28) of 2 x 20 pixels, upright in the middle."""
    pixels = torch.zeros(1, 1, 28, 28)
    pixels[..., 4:24, 13:15] = 1
    return pixels


def test_an_upright_digit_stays_as_it_is() -> None:
    pixels = torch.rand(3, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(leaned(pixels, torch.zeros(3), torch.ones(3)), pixels, atol=1e-5, rtol=0)


@pytest.mark.parametrize("slant", SLANTS)
def test_a_stroke_leans_by_so_much_of_its_height(slant: float) -> None:
    seen = leaned(bar(), torch.tensor([slant]), torch.ones(1))[0, 0, 6:22].numpy()  # ends of a stroke are half blank
    middles = seen @ np.arange(28) / seen.sum(axis=1)
    np.testing.assert_allclose(np.diff(middles), -slant, atol=0.01)  # rows count downwards


@pytest.mark.parametrize("slant", SLANTS)
def test_what_leans_fills_the_box_again(slant: float) -> None:
    pixels = torch.from_numpy(load("mnist").test_images[:50].astype(np.float32)).unsqueeze(1)
    slants = torch.full((50,), slant)
    ink = leaned(pixels, slants, scale(pixels[:, 0] > 0, slants))[:, 0] > 16
    sides = [max(np.ptp(axis) + 1 for axis in np.nonzero(digit)) for digit in ink.numpy()]
    assert abs(np.mean(sides) - BOX) < 0.5
    assert np.ptp(sides) <= 4


@pytest.mark.parametrize(("more", "width"), [(0.0, 2.0), (0.4, 2.8), (-0.25, 1.5), (3.0, 3.6)])
def test_a_stroke_is_wider_on_either_side(more: float, width: float) -> None:
    assert float(widened(bar(), torch.tensor([more]))[0, 0, 14].sum()) == pytest.approx(width)


@pytest.mark.parametrize("slant", SLANTS)
def test_it_is_what_a_drawing_that_leans_becomes(slant: float) -> None:
    """Digits that are sheared as pixels against the same strokes drawn leaning."""
    digits = load("mnist").test_images[:20]
    upright = torch.from_numpy(np.stack([prepared(strokes_of(digit)) for digit in digits]).astype(np.float32))
    slants = torch.full((20,), slant)
    scales = scale(upright > 0, slants)
    found = widened(leaned(upright.unsqueeze(1), slants, scales), 1.25 * (1 - scales)).flatten(1).numpy()
    drawn = np.stack([prepared(strokes_of(digit, slant=slant)) for digit in digits]).reshape(20, -1)
    straight = upright.flatten(1).numpy()
    alike = np.array([[np.corrcoef(a, b)[0, 1] for a, b in zip(x, drawn, strict=True)] for x in (found, straight)])
    assert alike[0].mean() > 0.85 > alike[1].mean() + 0.2


def test_some_digits_stand_and_all_stay_within_ink_and_paper() -> None:
    torch.manual_seed(0)
    pixels = bar().expand(400, -1, -1, -1) * 3 - 0.4
    seen = varied(pixels)
    assert seen.min() >= -0.4 - 1e-5 and seen.max() <= 2.6 + 1e-5
    leans = (seen[:, 0, 4:24].argmax(2).float().std(1) > 0.6).float().mean()
    assert 0.45 < float(leans) < 0.65  # of 60 %, those that lean enough to tell
