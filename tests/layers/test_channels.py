"""Which planes a filter reads: several filters, groups, depthwise, 1x1 and depthwise separable convolution."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from explainer.layers import convolution, window
from explainer.layers.convolution import Convolution
from explainer.layers.geometry import GeometryError, convolution_parameters, separable_parameters

RANDOM = np.random.default_rng(0)


def test_planes_that_a_filter_reads() -> None:
    assert [list(convolution.planes_read(6, 3, 3, number)) for number in range(3)] == [[0, 1], [2, 3], [4, 5]]
    assert [list(convolution.planes_read(2, 4, 2, number)) for number in range(4)] == [[0], [0], [1], [1]]
    assert list(convolution.planes_read(3, 5, 1, 4)) == [0, 1, 2]
    with pytest.raises(GeometryError, match=r"^2 groups do not divide 3 input channels: "):
        convolution.planes_read(3, 4, 2, 0)


@pytest.mark.parametrize("groups", [1, 2, 4])
def test_a_filter_reads_the_planes_whose_gradient_torch_reports(groups: int) -> None:
    inputs = torch.ones(1, 4, 3, 3, requires_grad=True)
    maps = nn.functional.conv2d(inputs, torch.ones(8, 4 // groups, 3, 3), groups=groups)
    for number in range(8):
        (gradient,) = torch.autograd.grad(maps[0, number].sum(), inputs, retain_graph=True)
        reached = gradient[0].sum(dim=(1, 2)).nonzero().flatten().tolist()
        assert list(convolution.planes_read(4, 8, groups, number)) == reached


def test_red_green_and_blue_by_hand() -> None:
    inputs = np.array([[[1.0, 2.0]], [[3.0, 4.0]], [[5.0, 6.0]]])
    weights = np.array([[[[1.0]], [[10.0]], [[100.0]]]])
    described = convolution.window(inputs, weights, bias=np.array([0.25]))
    assert window.partials(described).tolist() == [[[1, 2]], [[30, 40]], [[500, 600]]]
    assert window.evaluate(described).tolist() == [[531.25, 642.25]]
    assert window.value(described, 0, 1) == 642.25
    assert [channel[0].product for channel in window.taps(described, 0, 1)] == [2, 40, 600]


def test_a_1x1_convolution_mixes_channels_pixel_by_pixel() -> None:
    inputs, mixing = RANDOM.normal(size=(3, 4, 5)), RANDOM.normal(size=(2, 3))
    ours = convolution.output(inputs, mixing[:, :, None, None])
    np.testing.assert_allclose(ours, np.einsum("fc,chw->fhw", mixing, inputs), rtol=0, atol=1e-12)


def test_depthwise_is_one_convolution_a_channel() -> None:
    inputs, kernels = RANDOM.normal(size=(3, 6, 6)), RANDOM.normal(size=(3, 3, 3))
    grouped = convolution.output(inputs, kernels[:, None], Convolution(groups=3))
    for channel in range(3):
        alone = convolution.output(inputs[channel : channel + 1], kernels[channel][None, None])
        np.testing.assert_allclose(grouped[channel], alone[0], rtol=0, atol=1e-12)
        described = convolution.window(inputs, kernels[:, None], Convolution(groups=3), channel)
        assert (described.inputs == inputs[channel : channel + 1]).all()


def test_separable_is_the_standard_convolution_of_the_product_of_its_weights() -> None:
    inputs, kernels, mixing = (RANDOM.normal(size=shape) for shape in ((3, 7, 6), (3, 3, 2), (4, 3)))
    settings = Convolution(stride=(2, 1), padding=(1, 0, 0, 1))
    steps = convolution.depthwise_separable(inputs, kernels, mixing, settings)
    standard = mixing[:, :, None, None] * kernels[None]
    expected = convolution.output(inputs, standard, settings)
    np.testing.assert_allclose(steps.output, expected, rtol=0, atol=1e-12)
    assert steps.depthwise.shape == (3, *expected.shape[1:])
    described = convolution.window(steps.depthwise, mixing[:, :, None, None], number=3)
    np.testing.assert_allclose(window.evaluate(described), expected[3], rtol=0, atol=1e-9)
    # The price of both, in weights: 3 * 6 + 3 * 4 against 4 * 3 * 6.
    assert separable_parameters(3, 4, (3, 2), bias=False) == kernels.size + mixing.size == 30
    assert convolution_parameters(3, 4, (3, 2), bias=False) == standard.size == 72
