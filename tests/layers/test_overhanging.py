"""What impossible settings would read, and what of a transposed convolution's output cannot be."""

from __future__ import annotations

import numpy as np
import pytest

from explainer.layers import convolution, pooling, transposed
from explainer.layers.convolution import Convolution
from explainer.layers.pooling import Pooling
from explainer.layers.transposed import Transposed
from explainer.layers.window import OUTSIDE, ZERO, padded, sources

INPUTS = np.arange(1.0, 7.0).reshape(1, 2, 3)


def test_a_kernel_hangs_out_over_the_edge_after_the_padding() -> None:
    settings = Convolution(padding=(0, 0, 1, 0), dilation=(1, 2))
    found = convolution.overhanging(INPUTS, np.ones((1, 1, 2, 3)), settings)
    assert found.rows.source == (0, 1)
    assert found.columns.source == (ZERO, 0, 1, 2, OUTSIDE)
    assert found.columns.taps == (((0, 0), (2, 1), (4, 2)),)
    assert padded(found)[0].tolist() == [[0, 1, 2, 3, 0], [0, 4, 5, 6, 0]]


def test_a_pooling_window_hangs_out_over_the_edge() -> None:
    found = pooling.overhanging(INPUTS, Pooling(window=(4, 2)))
    assert found.rows.source == (0, 1, OUTSIDE, OUTSIDE)
    assert found.columns.source == (0, 1, 2)
    assert found.shape == (1, 1)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("reflect", (OUTSIDE, 2, 1, 0, 1, 2)), ("circular", (OUTSIDE, 0, 1, 2, 0, 1, 2)), ("replicate", (0, 0, 0, 1, 2))],
)
def test_pixels_that_a_mode_cannot_copy_are_outside(mode: convolution.PaddingMode, expected: tuple[int, ...]) -> None:
    assert sources(3, (len(expected) - 3, 0), mode) == expected


def test_too_much_output_padding_leaves_rows_that_cannot_be() -> None:
    settings = Transposed(stride=(2, 1), output_padding=(3, 0))
    found, lost = transposed.impossible(INPUTS, np.ones((1, 2, 2)), settings)
    assert found.shape == (4 + 3, 4)
    assert lost == ((0, 2), (0, 0))


def test_padding_that_takes_all_away_is_left_out_and_all_is_lost() -> None:
    found, lost = transposed.impossible(INPUTS, np.ones((1, 2, 2)), Transposed(padding=(1, 2)))
    assert found.shape == (1, 4)
    assert lost == ((0, 0), (4, 0))
