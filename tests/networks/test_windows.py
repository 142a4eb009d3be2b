"""A convolution's padding, as PyTorch pads."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional

from explainer.networks.windows import padding, pair


def test_one_number_or_two() -> None:
    assert pair(3) == (3, 3)
    assert pair((2, 5)) == (2, 5)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")  # the case is what is tested
@pytest.mark.parametrize("given", [0, 2, (1, 3), "valid", "same"])
@pytest.mark.parametrize(("kernel", "dilation"), [(3, 1), ((4, 5), 1), ((4, 3), (3, 2))])
def test_padded_by_hand_it_gives_the_same(
    given: int | tuple[int, int] | str, kernel: int | tuple[int, int], dilation: int | tuple[int, int]
) -> None:
    torch.manual_seed(0)
    module = nn.Conv2d(1, 2, kernel, padding=given, dilation=dilation, dtype=torch.float64)
    inputs = torch.randn(1, 1, 14, 15, dtype=torch.float64)
    top, bottom, left, right = padding(module)
    by_hand = functional.conv2d(
        functional.pad(inputs, (left, right, top, bottom)), module.weight, module.bias, dilation=module.dilation
    )
    torch.testing.assert_close(by_hand, module(inputs), rtol=0, atol=1e-12)
