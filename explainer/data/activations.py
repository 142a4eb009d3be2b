"""Small activation tensors (N, C, H, W) of whole numbers, each with something to see when it is normalized."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

ActivationsName = Literal["random", "loud-channel", "bright-picture", "equal"]
NAMES: tuple[ActivationsName, ...] = get_args(ActivationsName)
EQUAL = 3.0


def activations(name: ActivationsName, shape: tuple[int, int, int, int], seed: int = 0) -> NDArray[np.float64]:
    """Whole numbers from -9 to 9, the same for the same ``shape`` and ``seed``.

    One channel is "loud": the second one (or the only one) is ten times as large. One picture is "bright": 20 is added
    to the first one. Or all numbers are ``EQUAL``.
    """
    if name == "equal":
        return np.full(shape, EQUAL)
    numbers = np.random.default_rng(seed).integers(-9, 10, shape).astype(np.float64)
    if name == "loud-channel":
        numbers[:, min(1, shape[1] - 1)] *= 10
    if name == "bright-picture":
        numbers[0] += 20
    return numbers
