"""The code of the page about channels computes what it shows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from explainer.layers.channels_code import separable_code
from explainer.layers.code import literal
from explainer.layers.convolution import Convolution, depthwise_separable
from explainer.layers.filters import filters, mixtures


@pytest.mark.parametrize(
    ("count", "side", "settings"),
    [
        (1, 1, Convolution()),
        (4, 3, Convolution(padding="same")),
        (10, 2, Convolution(padding="same")),
        (4, 5, Convolution(stride=(2, 1), padding=(1, 0, 2, 1), mode="replicate")),
    ],
)
def test_separable(count: int, side: int, settings: Convolution) -> None:
    rng = np.random.default_rng(2)
    inputs, bias = rng.normal(size=(3, 6, 8)), rng.normal(size=count)
    kernels, mixing = filters(1, side)[0], mixtures(count, 3)
    code = separable_code(literal("inputs", inputs[None]), (6, 8), kernels, mixing, settings=settings, bias=bias)
    names: dict[str, Any] = {}
    exec(code, names)
    expected = depthwise_separable(inputs, kernels, mixing, settings).output + bias[:, None, None]
    np.testing.assert_allclose(names["output"][0].numpy(), expected, rtol=0, atol=1e-12)
