"""A simple cell is a convolution's sum, a complex cell a maximum: by hand, and against PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from explainer.layers.visual_cells import MIDDLE, SHIFTS, bar, best, complex_cell, field, parts, simple
from explainer.layers.visual_cells_code import cells_code

BARS = [(0, 0), (0, 3), (0, -4), (30, 0), (45, 2), (90, 0), (137, -5), (179, 8)]


def test_by_hand() -> None:
    """Eleven rows of three pixels with the weight 2; uniform light excites as much as it inhibits."""
    assert best() == simple(bar(0, 0)) == 11 * 3 * 2
    assert field().sum() == 0 and simple(np.ones((17, 17))) == 0
    assert parts(bar(0, 0)) == (66, 0)
    assert parts(bar(0, 1)) == (44, -11) and simple(bar(0, 1)) == 33
    assert simple(bar(0, 3)) == 0 and complex_cell(bar(0, 3)) == 66
    assert simple(bar(90, 0)) == pytest.approx(0, abs=1e-12)
    assert complex_cell(bar(90, 3)) == pytest.approx(0, abs=1e-12)  # every row of every field sums to 0
    assert complex_cell(bar(0, 8)) == 0  # it lies behind the last field: columns 7 to 9, of which the retina has two


def test_a_bar_is_three_pixels_wide_wherever_it_is() -> None:
    upright = bar(0, 2)
    assert upright.sum() == 17 * 3 and upright[:, MIDDLE + 1 : MIDDLE + 4].all()
    np.testing.assert_allclose(bar(90, 0), bar(0, 0).T, atol=1e-12)
    np.testing.assert_allclose(bar(180, 2), bar(0, -2), atol=1e-12)


@pytest.mark.parametrize(("angle", "shift"), BARS)
def test_cells_are_a_convolution_a_relu_and_a_maximum(angle: int, shift: int) -> None:
    light = torch.from_numpy(bar(angle, shift))[None, None]
    kernel = torch.from_numpy(field())[None, None, 3:14, 4:13]
    cells = functional.conv2d(light, kernel).relu()[0, 0, 3]
    expected = [simple(bar(angle, shift), moved) for moved in SHIFTS]
    np.testing.assert_allclose(cells.numpy(), expected, atol=1e-12)
    assert complex_cell(bar(angle, shift)) == pytest.approx(float(cells.max()), abs=1e-12)


@pytest.mark.parametrize(("angle", "shift"), BARS)
def test_the_code_gives_both_answers(angle: int, shift: int) -> None:
    made: dict[str, Any] = {}
    exec(cells_code(angle, shift), made)
    light = bar(angle, shift)
    assert made["simple"] == pytest.approx(simple(light), abs=1e-12)
    assert made["complex_cell"] == pytest.approx(complex_cell(light), abs=1e-12)
