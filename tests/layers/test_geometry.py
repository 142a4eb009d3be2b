"""Sizes, parameters and MACs against torch's own layers, TensorFlow's formula in literals, and worked examples."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from explainer.layers import geometry
from explainer.layers.geometry import GeometryError


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


def test_square_and_tuple_kernels_count_alike() -> None:
    assert geometry.convolution_parameters(3, 4, (5, 5)) == geometry.convolution_parameters(3, 4, 5) == 304
    assert geometry.convolution_parameters(3, 4, (1, 7), bias=False) == 84


@pytest.mark.parametrize(
    ("inputs", "outputs", "kernel", "expected"),
    [
        (3, 1, 3, 28),  # 3 x 3 x 3 + 1
        (3, 10, 5, 760),  # (5 x 5 x 3 + 1) x 10
        (4, 2, 3, 74),  # (3 x 3 x 4 + 1) x 2
        (512, 512, 3, 2_359_808),  # (3 x 3 x 512 + 1) x 512
    ],
)
def test_parameters_of_the_textbook_cases(inputs: int, outputs: int, kernel: int, expected: int) -> None:
    assert geometry.convolution_parameters(inputs, outputs, kernel) == expected


def test_separable_convolution_against_the_standard_one_in_literals() -> None:
    # 512 channels, 3x3: 512 * 9 + 512 depthwise, 512 * 512 + 512 pointwise.
    assert geometry.separable_parameters(512, 512, 3) == 5_120 + 262_656
    # 1028 channels, 5x5, without biases: 1028 * 25 + 1028 * 1028, against 1028 * 1028 * 25.
    assert geometry.separable_parameters(1028, 1028, 5, bias=False) == 1_082_484
    assert geometry.convolution_parameters(1028, 1028, 5, bias=False) == 26_419_600
    # MobileNets, section 3.1: D_K² M D_F² + M N D_F² with M = 3, N = 8, D_K = 3, D_F = 10.
    assert geometry.separable_macs(3, 8, 3, 10, 10) == 9 * 3 * 100 + 3 * 8 * 100


@settings(max_examples=60, deadline=None)
@given(
    groups=st.integers(1, 4),
    inputs=st.integers(1, 3),
    outputs=st.integers(1, 3),
    kernel=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    bias=st.booleans(),
)
def test_grouped_parameters_and_macs_are_those_of_torch(
    groups: int, inputs: int, outputs: int, kernel: tuple[int, int], bias: bool
) -> None:
    module = nn.Conv2d(inputs * groups, outputs * groups, kernel, groups=groups, bias=bias)
    counted = sum(parameter.numel() for parameter in module.parameters())
    assert geometry.convolution_parameters(inputs * groups, outputs * groups, kernel, bias, groups) == counted
    # One MAC for every weight at every one of 6 x 7 positions.
    macs = geometry.convolution_macs(inputs * groups, outputs * groups, kernel, 6, 7, groups=groups)
    assert macs == module.weight.numel() * 42


def test_separable_parameters_are_those_of_two_torch_layers() -> None:
    layers = nn.Sequential(nn.Conv2d(6, 6, (3, 5), groups=6), nn.Conv2d(6, 10, 1))
    counted = sum(parameter.numel() for parameter in layers.parameters())
    assert geometry.separable_parameters(6, 10, (3, 5)) == counted


def test_a_fully_connected_layer_of_the_same_sizes() -> None:
    # 28x28 to 6 maps of 24x24: 784 * 3456 weights and 3456 biases, against 156 of the convolution.
    assert geometry.fully_connected_parameters((1, 28, 28), (6, 24, 24)) == 784 * 3456 + 3456
    assert geometry.convolution_parameters(1, 6, 5) == 156


@settings(max_examples=60, deadline=None)
@given(
    size=st.integers(1, 30),
    kernel=st.integers(1, 6),
    stride=st.integers(1, 5),
    dilation=st.integers(1, 5),
    padding=st.tuples(st.integers(0, 6), st.integers(0, 6)),
)
def test_dilated_sizes_are_those_of_torch(
    size: int, kernel: int, stride: int, dilation: int, padding: tuple[int, int]
) -> None:
    padded = nn.functional.pad(torch.zeros(1, 1, size), padding)
    try:
        expected = nn.functional.conv1d(padded, torch.zeros(1, 1, kernel), None, stride, 0, dilation).shape[-1]
    except RuntimeError:
        assert geometry.output_size(size, kernel, stride, padding, dilation) == 0
        with pytest.raises(GeometryError):
            geometry.convolution_size(size, kernel, stride, padding, dilation)
    else:
        assert geometry.output_size(size, kernel, stride, padding, dilation) == expected
        assert geometry.convolution_size(size, kernel, stride, padding, dilation) == expected


@settings(max_examples=40, deadline=None)
@given(size=st.integers(1, 20), kernel=st.integers(1, 7), dilation=st.integers(1, 4), seed=st.integers(0, 9))
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
def test_dilated_same_padding_of_stride_1_gives_torchs_values(size: int, kernel: int, dilation: int, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    signal = torch.randn(1, 1, size, generator=generator, dtype=torch.float64)
    weight = torch.randn(1, 1, kernel, generator=generator, dtype=torch.float64)
    padded = nn.functional.pad(signal, geometry.padding_sides("same", size, kernel, 1, dilation))
    expected = nn.functional.conv1d(signal, weight, padding="same", dilation=dilation)
    ours = nn.functional.conv1d(padded, weight, dilation=dilation)
    torch.testing.assert_close(ours, expected, rtol=0, atol=1e-12)


def test_named_paddings() -> None:
    assert geometry.padding_sides("valid", 9, 5) == (0, 0)
    assert geometry.padding_sides("full", 9, 3, 1, 2) == (4, 4)
    assert geometry.padding_sides("same", 28, 5, 2) == (1, 2)
    assert geometry.padding_sides((3, 1), 28, 5, 2) == (3, 1)
    # Dumoulin and Visin, 2.4: full padding makes size + kernel - 1 positions.
    assert geometry.output_size(5, 3, padding=geometry.full_padding(3)) == 7


@settings(max_examples=100, deadline=None)
@given(
    size=st.integers(1, 20),
    window=st.integers(1, 6),
    stride=st.integers(1, 7),
    padding=st.integers(0, 4),
    dilation=st.integers(1, 3),
    ceil_mode=st.booleans(),
)
def test_pooling_sizes_are_those_of_torch(
    *, size: int, window: int, stride: int, padding: int, dilation: int, ceil_mode: bool
) -> None:
    try:
        expected = nn.functional.max_pool1d(
            torch.zeros(1, 1, size), window, stride, padding, dilation, ceil_mode
        ).shape[-1]
    except RuntimeError:  # padding above half the window, or no position
        with pytest.raises(GeometryError):
            geometry.pooling_size(size, window, stride, padding, ceil_mode=ceil_mode, dilation=dilation)
    else:
        ours = geometry.pooling_size(size, window, stride, padding, ceil_mode=ceil_mode, dilation=dilation)
        assert ours == expected


def test_ceil_mode_in_literals() -> None:
    assert geometry.pooling_size(6, 3, 2) == 2
    assert geometry.pooling_size(6, 3, 2, ceil_mode=True) == 3
    # The third window would start at pixel 6, outside of the input: dropped.
    assert geometry.pooling_size(5, 1, 3, ceil_mode=True) == 2
    assert geometry.pooling_size(5, 2, 6, 1, ceil_mode=True) == 1


@settings(max_examples=60, deadline=None)
@given(size=st.integers(1, 20), bins=st.integers(1, 25))
def test_adaptive_bins_are_those_of_torch(size: int, bins: int) -> None:
    signal = torch.arange(size, dtype=torch.float64)[None, None].requires_grad_()
    pooled = nn.functional.adaptive_avg_pool1d(signal, bins)[0, 0]
    ours = geometry.adaptive_bins(size, bins)
    for (start, stop), value in zip(ours, pooled, strict=True):
        (gradient,) = torch.autograd.grad(value, signal, retain_graph=True)
        assert gradient[0, 0].nonzero().flatten().tolist() == list(range(start, stop))


@settings(max_examples=80, deadline=None)
@given(
    size=st.integers(1, 12),
    kernel=st.integers(1, 6),
    stride=st.integers(1, 5),
    padding=st.integers(0, 6),
    output_padding=st.integers(0, 5),
    dilation=st.integers(1, 4),
)
def test_transposed_sizes_are_those_of_torch(
    *, size: int, kernel: int, stride: int, padding: int, output_padding: int, dilation: int
) -> None:
    arguments = (size, kernel, stride, padding)
    try:
        expected = nn.functional.conv_transpose1d(
            *(torch.zeros(1, 1, size), torch.zeros(1, 1, kernel), None, stride, padding, output_padding, 1, dilation)
        ).shape[-1]
    except RuntimeError:
        with pytest.raises(GeometryError):
            geometry.transposed_size(*arguments, output_padding=output_padding, dilation=dilation)
    else:
        ours = geometry.transposed_size(*arguments, output_padding=output_padding, dilation=dilation)
        assert ours == expected
