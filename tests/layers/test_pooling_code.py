"""The code of the page "Pooling" computes what it shows."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest

from explainer.data.samples import POOLING_GRID
from explainer.layers.code import literal
from explainer.layers.pooling import Pooling, PoolingKind, output
from explainer.layers.pooling_code import pooling_code

KINDS = get_args(PoolingKind)


def run(inputs: np.ndarray, settings: Pooling) -> np.ndarray:
    names: dict[str, Any] = {}
    exec(pooling_code(literal("inputs", inputs[None]), inputs.shape[1:], settings), names)
    return names["output"][0].numpy()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"window": (3, 2), "stride": (2, 1), "padding": (1, 1)},
        {"window": (3, 3), "stride": (2, 4), "ceil_mode": True},
        {"window": (4, 3), "stride": (3, 2), "padding": (2, 1), "ceil_mode": True, "count_include_pad": False},
        {"bins": (2, 3)},
        {"bins": (3, 4)},
        {"bins": (1, 1)},
    ],
)
def test_the_code_computes_the_output(kind: PoolingKind, options: dict[str, Any]) -> None:
    inputs = np.random.default_rng(4).normal(size=(2, 8, 7))
    settings = Pooling(kind, **options)
    np.testing.assert_allclose(run(inputs, settings), output(inputs, settings), rtol=0, atol=1e-12)


def test_the_grid_of_the_page() -> None:
    grid = np.array(POOLING_GRID)[None]
    assert run(grid, Pooling("max")).tolist() == [[[0.7, 0.1, 1.2], [0.6, 0.9, 0.6]]]
    assert run(grid, Pooling("max", bins=(2, 2))).tolist() == [[[0.7, 1.2], [0.9, 0.6]]]
