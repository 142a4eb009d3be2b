"""One small trained network caught in the act: what each of its parts holds for ten test digits."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explainer.data.assets import assets_path

PARTS = (
    "input",
    "convolution_1",
    "pooling_1",
    "convolution_2",
    "pooling_2",
    "fully_connected",
    "probabilities",
)


@dataclass(frozen=True, eq=False)
class Part:
    """The values of one part for the ten digits, and the window it slides over the part before it.

    ``values`` float32, read-only: (10, channels, height, width) for maps, (10, n) for neurons; those of a
    convolution and of the fully connected layer are after the ReLU. ``kernel`` is 0 where nothing slides.
    """

    name: str
    values: NDArray[np.float32]
    kernel: int = 0
    stride: int = 1
    padding: int = 0


@dataclass(frozen=True, eq=False)
class ForwardPass:
    """``parts`` from the digit to the probabilities; digit i, of class i, is number ``test_index[i]`` of MNIST's
    test set. ``accuracy`` (0..1) on all 10,000 test digits and ``parameters`` describe the network."""

    parts: tuple[Part, ...]
    test_index: tuple[int, ...]
    accuracy: float
    parameters: int


@functools.cache
def load() -> ForwardPass:
    """The recording shipped in assets/welcome, read once per process."""
    with np.load(assets_path() / "welcome" / "forward_pass.npz", allow_pickle=False) as stored:
        parts = tuple(_part(name, stored[name], *stored["windows"][i]) for i, name in enumerate(PARTS))
        index = tuple(int(i) for i in stored["test_index"])
        return ForwardPass(parts, index, float(stored["accuracy"]), int(stored["parameters"]))


def _part(name: str, stored: NDArray[np.floating], kernel: int, stride: int, padding: int) -> Part:
    values = stored.astype(np.float32)
    values.flags.writeable = False
    return Part(name, values, int(kernel), int(stride), int(padding))
