"""The gradient of a convolution as a convolution: that of autograd, for every kernel and padding."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from explainer.networks.frozen_convolution import convolve, is_faster


def _module(**settings: object) -> nn.Conv2d:
    torch.manual_seed(0)
    made = {"in_channels": 1, "out_channels": 3, "kernel_size": (3, 4), "padding": 0, **settings}
    return nn.Conv2d(**made, dtype=torch.float64).requires_grad_(False)  # type: ignore[arg-type]


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(("kernel", "padding"), [((3, 4), 0), ((3, 4), (2, 1)), (1, 0), ((6, 6), 5), ((5, 2), (0, 1))])
def test_values_and_gradient(channels: int, kernel: int | tuple[int, int], padding: int | tuple[int, int]) -> None:
    module = _module(in_channels=channels, kernel_size=kernel, padding=padding)
    inputs = torch.randn(2, channels, 9, 8, dtype=torch.float64, requires_grad=True)
    assert is_faster(module, inputs)
    expected, found = module(inputs), convolve(module, inputs)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)
    back = torch.randn_like(expected)
    (wanted,), (got,) = (torch.autograd.grad(made, inputs, back) for made in (expected, found))
    torch.testing.assert_close(got, wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    "settings",
    [{"stride": 2}, {"dilation": 2}, {"in_channels": 3}, {"in_channels": 2, "out_channels": 2, "groups": 2},
     {"padding": "same"}, {"padding": (1, 4)}, {"padding": 1, "padding_mode": "reflect"}],
)  # fmt: skip
def test_where_pytorchs_own_way_is_left(settings: dict[str, object]) -> None:
    module = _module(**settings)
    assert not is_faster(module, torch.randn(1, module.in_channels, 9, 9, dtype=torch.float64, requires_grad=True))


def test_weights_that_learn_and_inputs_that_do_not() -> None:
    inputs = torch.randn(1, 1, 9, 9, dtype=torch.float64)
    assert not is_faster(_module(), inputs)
    assert not is_faster(_module().requires_grad_(), inputs.requires_grad_())
