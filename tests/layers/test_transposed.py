"""Transposed convolution: gathered, stamped, through torch, and as the gradient of a convolution, all the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.layers import transposed, window
from explainer.layers.geometry import GeometryError
from explainer.layers.transposed import Transposed


@dataclass(frozen=True, eq=False)
class Case:
    inputs: np.ndarray
    kernels: np.ndarray
    settings: Transposed
    bias: float


@st.composite
def cases(draw: st.DrawFn) -> Case:
    pair = lambda low, high: (draw(st.integers(low, high)), draw(st.integers(low, high)))  # noqa: E731
    channels, size, kernel = draw(st.integers(1, 3)), pair(1, 6), pair(1, 5)
    stride, dilation = pair(1, 4), pair(1, 3)
    padding, output_padding = [], []
    for axis in (0, 1):
        output_padding.append(draw(st.integers(0, max(stride[axis], dilation[axis]) - 1)))
        whole = (size[axis] - 1) * stride[axis] + (kernel[axis] - 1) * dilation[axis] + 1 + output_padding[axis]
        padding.append(draw(st.integers(0, min(3, (whole - 1) // 2))))
    random = np.random.default_rng(draw(st.integers(0, 999)))
    return Case(
        random.normal(size=(channels, *size)),
        random.normal(size=(channels, *kernel)),
        Transposed(stride, (padding[0], padding[1]), (output_padding[0], output_padding[1]), dilation),
        draw(st.sampled_from([0.0, -1.5])),
    )


def stamped(case: Case) -> np.ndarray:
    """Every input value times its kernel, added where it falls: the definition, written apart."""
    chosen = case.settings
    shape = transposed.output_shape(case.inputs.shape[1:], case.kernels.shape[1:], chosen)
    field = np.zeros([side + 2 * pad + 20 for side, pad in zip(shape, chosen.padding, strict=True)])
    for (channel, row, column), number in np.ndenumerate(case.inputs):
        top, left = row * chosen.stride[0], column * chosen.stride[1]
        kernel = case.kernels[channel]
        bottom, right = top + kernel.shape[0] * chosen.dilation[0], left + kernel.shape[1] * chosen.dilation[1]
        field[top : bottom : chosen.dilation[0], left : right : chosen.dilation[1]] += number * kernel
    return field[chosen.padding[0] :, chosen.padding[1] :][: shape[0], : shape[1]] + case.bias


@settings(max_examples=60, deadline=None)
@given(case=cases())
def test_gathering_stamping_and_torch_agree(case: Case) -> None:
    described = transposed.window(case.inputs, case.kernels, case.settings, case.bias)
    ours = transposed.output(case.inputs, case.kernels, case.settings, case.bias)
    chosen = case.settings
    expected = torch.nn.functional.conv_transpose2d(
        *(torch.tensor(case.inputs)[None], torch.tensor(case.kernels)[:, None], torch.tensor([case.bias]).double()),
        *(chosen.stride, chosen.padding, chosen.output_padding, 1, chosen.dilation),
    )[0, 0].numpy()
    assert described.shape == ours.shape == expected.shape
    for other in (ours, window.evaluate(described), stamped(case)):
        np.testing.assert_allclose(other, expected, rtol=0, atol=1e-9)
    row, column = described.shape[0] // 2, described.shape[1] - 1
    assert window.value(described, row, column) == pytest.approx(expected[row, column], abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(case=cases())
def test_it_is_the_gradient_of_a_convolution(case: Case) -> None:
    expected = transposed.output(case.inputs, case.kernels, case.settings)
    found = transposed.gradient_of_convolution(case.inputs, case.kernels, case.settings)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(case=cases())
def test_the_checkerboard_is_the_output_of_ones(case: Case) -> None:
    size, kernel = case.inputs.shape[1:], case.kernels.shape[1:]
    counts = transposed.checkerboard(size, kernel, case.settings)
    ones = transposed.output(np.ones((1, *size)), np.ones((1, *kernel)), case.settings)
    np.testing.assert_allclose(counts, ones, rtol=0, atol=1e-9)
    described = transposed.window(case.inputs[:1], case.kernels[:1], case.settings)
    assert len(window.taps(described, 0, 0)[0]) == counts[0, 0]


def test_the_checkerboard_in_literals() -> None:
    # Stride 2: a kernel of 3 overlaps unevenly, one of 4 evenly (away from the border).
    uneven = transposed.checkerboard((1, 4), (1, 3), Transposed((1, 2)))
    assert uneven.tolist() == [[1, 1, 2, 1, 2, 1, 2, 1, 1]]
    even = transposed.checkerboard((1, 4), (1, 4), Transposed((1, 2), (0, 1)))
    assert even.tolist() == [[1, 2, 2, 2, 2, 2, 2, 1]]
    assert transposed.checkerboard((2, 2), (3, 3), Transposed((2, 2))).tolist()[2] == [2, 2, 4, 2, 2]


def test_two_stamps_by_hand() -> None:
    inputs, kernels = np.array([[[1.0, 10.0]]]), np.array([[[1.0, 2.0, 3.0]]])
    assert transposed.output(inputs, kernels, Transposed((1, 2))).tolist() == [[1, 2, 13, 20, 30]]
    described = transposed.window(inputs, kernels, Transposed((1, 2)))
    assert [(tap.column, tap.kernel_column, tap.product) for tap in window.taps(described, 0, 2)[0]] == [
        *((0, 2, 3), (1, 0, 10)),
    ]


def test_cells_that_no_stamp_reaches_hold_the_bias_alone() -> None:
    described = transposed.window(np.ones((1, 1, 3)), np.ones((1, 1, 1)), Transposed((1, 3)), bias=0.5)
    assert window.evaluate(described).tolist() == [[1.5, 0.5, 0.5, 1.5, 0.5, 0.5, 1.5]]
    assert window.taps(described, 0, 1) == ((),)
    assert window.value(described, 0, 1) == 0.5
    unread = window.never_read(transposed.window(np.ones((1, 1, 3)), np.ones((1, 1, 1)), Transposed((1, 3), (0, 1))))
    assert unread.tolist() == [[True, False, True]]  # the padding takes the outer stamps away


def test_float32_stays_float32() -> None:
    inputs, kernels = np.ones((1, 2, 2), np.float32), np.ones((1, 2, 2))
    assert transposed.output(inputs, kernels).dtype == np.float32
    assert transposed.gradient_of_convolution(inputs, kernels).dtype == np.float32
    assert transposed.output(inputs.astype(int), kernels).dtype == np.float64


def test_an_impossible_setting_is_a_sentence_and_other_shapes_are_refused() -> None:
    for compute in (transposed.output, transposed.window, transposed.gradient_of_convolution):
        with pytest.raises(GeometryError) as caught:
            compute(np.ones((1, 3, 3)), np.ones((1, 2, 2)), Transposed((2, 2), output_padding=(0, 2)))
        assert str(caught.value) == (
            "An output padding of 2 columns needs a larger stride or dilation: choose an output padding of at most 1."
        )
        with pytest.raises(ValueError, match=r"not \(2, 3, 3\) and \(1, 2, 2\)"):
            compute(np.ones((2, 3, 3)), np.ones((1, 2, 2)))
