"""Settings that no layer can have: each is one sentence that says which value to change."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn

from explainer.layers import geometry
from explainer.layers.geometry import GeometryError, PaddingMode


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: geometry.convolution_size(5, 9, padding=(1, 1)),
            "The kernel spans 9 rows, but the padded input has only 7: "
            "choose a kernel of at most 7 rows, or more padding.",
        ),
        (
            lambda: geometry.convolution_size(1, 3),
            "The kernel spans 3 rows, but the padded input has only 1: "
            "choose a kernel of at most 1 row, or more padding.",
        ),
        (
            lambda: geometry.convolution_size(5, 3, dilation=4, axis="columns"),
            "The kernel spans 9 columns, but the padded input has only 5: "
            "choose a smaller kernel or dilation, or more padding.",
        ),
        (
            lambda: geometry.convolution_size(5, 3, padding=(0, 5), mode="reflect"),
            "Reflection cannot pad 5 rows when the input has 5: choose a padding of at most 4.",
        ),
        (
            lambda: geometry.convolution_size(5, 3, padding=(6, 0), mode="circular", axis="columns"),
            "Circular padding cannot add 6 columns when the input has 5: choose at most 5.",
        ),
        (
            lambda: geometry.convolution_size(5, 3, padding=(2000, 2000)),
            "The padded input would have 4,005 rows: choose a smaller padding, so that it has at most 2,048.",
        ),
        (
            lambda: geometry.convolution_size(5, 3, padding=(-1, 0)),
            "Choose a padding of at least 0 along the rows, not -1.",
        ),
        (lambda: geometry.convolution_size(5, 3, 0), "Choose a stride of at least 1 along the rows, not 0."),
        (lambda: geometry.convolution_size(0, 3), "Choose a size of the input of at least 1 along the rows, not 0."),
        (
            lambda: geometry.pooling_size(8, 3, 1, 2),
            "A padding of 2 is more than half the window of 3 rows: choose a padding of at most 1, or a larger window.",
        ),
        (
            lambda: geometry.pooling_size(2, 3, 1, axis="columns"),
            "The window spans 3 columns, but the padded input has only 2: choose a smaller window.",
        ),
        (lambda: geometry.adaptive_bins(5, 0, "columns"), "Choose an output of 1 to 2,048 columns, not 0."),
        (
            lambda: geometry.transposed_size(5, 3, 2, output_padding=2),
            "An output padding of 2 rows needs a larger stride or dilation: choose an output padding of at most 1.",
        ),
        (
            lambda: geometry.transposed_size(2, 3, 1, 2),
            "A padding of 2 takes away all 4 rows of the output: choose a padding of at most 1.",
        ),
        (
            lambda: geometry.transposed_size(500, 3, 9),
            "The output would have 4,494 rows: choose a smaller stride, dilation or kernel, "
            "so that it has at most 2,048.",
        ),
        (
            lambda: geometry.transposed_size(5, 3, padding=-1),
            "Choose a padding and an output padding of at least 0 along the rows.",
        ),
        (
            lambda: geometry.check_groups(4, 6, 3),
            "3 groups do not divide 4 input channels: choose a number of groups that does, or other input channels.",
        ),
        (
            lambda: geometry.check_groups(4, 6, 4),
            "4 groups do not divide 6 filters: choose a number of groups that does, or other filters.",
        ),
        (lambda: geometry.check_groups(4, 6, 0), "Choose at least 1 group, not 0."),
    ],
)
def test_an_impossible_setting_is_a_sentence(call: Callable[[], object], sentence: str) -> None:
    with pytest.raises(GeometryError) as caught:
        call()
    assert str(caught.value) == sentence


@pytest.mark.parametrize(("mode", "widest"), [("reflect", 4), ("circular", 5)])
def test_the_widest_padding_of_a_mode_is_the_widest_that_torch_takes(mode: PaddingMode, widest: int) -> None:
    assert geometry.convolution_size(5, 3, padding=(widest, 0), mode=mode) == 3 + widest
    assert nn.functional.pad(torch.zeros(1, 1, 5), (widest, 0), mode=mode).shape[-1] == 5 + widest
    with pytest.raises(RuntimeError):
        nn.functional.pad(torch.zeros(1, 1, 5), (widest + 1, 0), mode=mode)
