"""The code of the page "Transposed convolution" computes what it shows, and its pattern is that of the output."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from explainer.layers import transposed
from explainer.layers.code import literal
from explainer.layers.geometry import extent
from explainer.layers.transposed import Transposed
from explainer.layers.transposed_code import inner_sums, transposed_code

CASES = [
    Transposed(),
    Transposed((2, 3), (1, 0), (1, 2)),
    Transposed((1, 1), (0, 1), (0, 1), (2, 3)),  # a convolution of that size has more outputs than there are inputs
    Transposed((3, 2), (2, 1), dilation=(1, 2)),
]


@pytest.mark.parametrize("settings", CASES)
def test_the_code_computes_the_output_in_both_ways(settings: Transposed) -> None:
    rng = np.random.default_rng(2)
    inputs, kernel = rng.normal(size=(1, 4, 5)), rng.normal(size=(3, 2))
    names: dict[str, Any] = {}
    exec(transposed_code(literal("inputs", inputs[None]), (4, 5), kernel, settings), names)
    want = transposed.output(inputs, kernel[None], settings)
    np.testing.assert_allclose(names["output"][0, 0].numpy(), want, rtol=0, atol=1e-12)
    np.testing.assert_allclose(names["gradient"][0, 0].numpy(), want, rtol=0, atol=1e-12)


@pytest.mark.parametrize("settings", CASES)
@pytest.mark.parametrize("kernel", [(1, 1), (3, 2), (4, 4), (5, 6)])
def test_the_pattern_repeats_inside_the_output_of_ones(kernel: tuple[int, int], settings: Transposed) -> None:
    free = Transposed(settings.stride, dilation=settings.dilation)
    weights = np.random.default_rng(3).normal(size=kernel)
    whole = transposed.output(np.ones((1, 24, 24)), weights[None], free)  # wider than two stamps
    counts = transposed.checkerboard((24, 24), kernel, free)
    # The first stride of rows and columns, at a multiple of the stride, that all stamps around reach.
    first = [-(-extent(kernel[axis], free.dilation[axis]) // free.stride[axis]) * free.stride[axis] for axis in (0, 1)]
    inside = np.s_[first[0] : first[0] + free.stride[0], first[1] : first[1] + free.stride[1]]
    np.testing.assert_allclose(inner_sums((24, 24), weights, settings), whole[inside], rtol=0, atol=1e-12)
    np.testing.assert_array_equal(inner_sums((24, 24), np.ones(kernel), settings), counts[inside])


def test_the_pattern_in_literals() -> None:
    def counted(kernel: tuple[int, int], settings: Transposed, size: tuple[int, int] = (9, 9)) -> list[list[float]]:
        return inner_sums(size, np.ones(kernel), settings).tolist()

    assert counted((3, 3), Transposed((2, 2))) == [[4, 2], [2, 1]]
    assert counted((4, 4), Transposed((2, 2))) == [[4, 4], [4, 4]]
    assert counted((2, 2), Transposed((1, 3))) == [[2, 2, 0]]  # a gap
    assert counted((4, 1), Transposed((2, 1), dilation=(2, 1))) == [[4], [0]]
    assert counted((1, 3), Transposed((2, 2)), (1, 9)) == [[2, 1]]  # a signal has no rows to overlap
    assert counted((2, 3), Transposed((2, 2)), (1, 9)) == [[2, 1], [2, 1]]
    bilinear = np.outer([0.5, 1, 0.5], [0.5, 1, 0.5])
    assert inner_sums((9, 9), bilinear, Transposed((2, 2))).tolist() == [[1, 1], [1, 1]]  # uneven stamps, even sums
