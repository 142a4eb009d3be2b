"""Sizes, parameters and MACs against torch's own layers, TensorFlow's formula in literals, and worked examples."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from explainer.layers import geometry


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding", "expected"),
    [
        # The examples of Dumoulin and Visin's figures 2.1 to 2.7.
        (4, 3, 1, (0, 0), 2),
        (5, 4, 1, (2, 2), 6),
        (5, 3, 1, (1, 1), 5),
        (5, 3, 1, (2, 2), 7),
        (5, 3, 2, (0, 0), 2),
        (5, 3, 2, (1, 1), 3),
        (6, 3, 2, (1, 1), 3),
        # One side only, and windows that do not fit.
        (28, 5, 2, (1, 2), 14),
        (3, 3, 7, (0, 0), 1),
        (3, 4, 1, (0, 0), 0),
        (3, 9, 2, (1, 1), 0),
    ],
)
def test_output_size_of_worked_examples(
    size: int, kernel: int, stride: int, padding: tuple[int, int], expected: int
) -> None:
    assert geometry.output_size(size, kernel, stride, padding) == expected


@settings(max_examples=80, deadline=None)
@given(
    size=st.integers(1, 40),
    kernel=st.integers(1, 12),
    stride=st.integers(1, 6),
    before=st.integers(0, 6),
    after=st.integers(0, 6),
)
def test_output_size_is_that_of_torchs_pooling_and_never_negative(
    size: int, kernel: int, stride: int, before: int, after: int
) -> None:
    expected = 0
    if size + before + after >= kernel:
        padded = nn.functional.pad(torch.zeros(1, 1, size), (before, after))
        expected = nn.functional.max_pool1d(padded, kernel, stride).shape[-1]
    assert geometry.output_size(size, kernel, stride, (before, after)) == expected


@settings(max_examples=60, deadline=None)
@given(size=st.integers(1, 30), kernel=st.integers(1, 12), seed=st.integers(0, 9))
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
def test_same_padding_of_stride_1_gives_torchs_values(size: int, kernel: int, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    signal = torch.randn(1, 1, size, generator=generator, dtype=torch.float64)
    weight = torch.randn(1, 1, kernel, generator=generator, dtype=torch.float64)
    padded = nn.functional.pad(signal, geometry.same_padding(size, kernel))
    expected = nn.functional.conv1d(signal, weight, padding="same")
    torch.testing.assert_close(nn.functional.conv1d(padded, weight), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "expected"),
    [
        # tf.nn.conv2d, padding "SAME": total = max((ceil(size / stride) - 1) * stride + kernel - size, 0).
        (28, 5, 2, (1, 2)),  # 13 * 2 + 5 - 28 = 3
        (14, 4, 2, (1, 1)),  # 6 * 2 + 4 - 14 = 2
        (28, 3, 2, (0, 1)),  # 13 * 2 + 3 - 28 = 1
        (7, 3, 2, (1, 1)),  # 3 * 2 + 3 - 7 = 2
        (28, 6, 1, (2, 3)),  # 27 + 6 - 28 = 5
        (28, 2, 4, (0, 0)),  # 6 * 4 + 2 - 28 < 0: the stride jumps over pixels, none is missing
        (10, 7, 3, (3, 3)),  # 3 * 3 + 7 - 10 = 6
        (1, 4, 3, (1, 2)),  # 4 - 1 = 3
    ],
)
def test_same_padding_is_tensorflows(size: int, kernel: int, stride: int, expected: tuple[int, int]) -> None:
    assert geometry.same_padding(size, kernel, stride) == expected


@given(size=st.integers(1, 100), kernel=st.integers(1, 100), stride=st.integers(1, 20))
def test_same_padding_gives_one_position_a_stride_with_no_pixel_too_many(size: int, kernel: int, stride: int) -> None:
    before, after = geometry.same_padding(size, kernel, stride)
    positions = (size + stride - 1) // stride
    assert geometry.output_size(size, kernel, stride, (before, after)) == positions
    assert after - before in (0, 1)
    if before + after:  # one pixel fewer is not enough
        assert geometry.output_size(size, kernel, stride, (before, after - 1)) == positions - 1


@settings(max_examples=40, deadline=None)
@given(inputs=st.integers(1, 9), outputs=st.integers(1, 9), kernel=st.integers(1, 6), bias=st.booleans())
def test_parameters_are_those_of_torchs_layers(inputs: int, outputs: int, kernel: int, bias: bool) -> None:
    def count(module: nn.Module) -> int:
        return sum(parameter.numel() for parameter in module.parameters())

    convolution = nn.Conv2d(inputs, outputs, kernel, bias=bias)
    assert geometry.convolution_parameters(inputs, outputs, kernel, bias) == count(convolution)
    assert geometry.linear_parameters(inputs, outputs, bias) == count(nn.Linear(inputs, outputs, bias=bias))
    assert geometry.batch_norm_parameters(outputs) == count(nn.BatchNorm2d(outputs))


def test_macs_of_a_worked_example() -> None:
    # 6 filters of 5x5 on a 28x28 picture at 24x24 places: LeNet-5's C1 without padding.
    assert geometry.convolution_macs(1, 6, 5, 24, 24) == 86_400
    # Each of 3 x 2 places x 4 filters reads 2 maps x 3 x 3 values.
    assert geometry.convolution_macs(2, 4, 3, 3, 2) == 432
