"""A run's weights at some of its moments, in 16 bits: few enough to keep, enough to go back to.

A number of 16 bits has eleven binary digits (IEEE 754, binary16): between 6e-5 and 65504 it is off by 1 in 2,048 at
most.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import safetensors.numpy
from safetensors import SafetensorError

from explainer.training.snapshot import Kept
from explainer.training.thinned import Thinned

MOST_STAGES = 30
MOST_BYTES = 2**23  # of all stages of a run; those of large networks are fewer
LARGEST = float(np.finfo(np.float16).max)


@dataclass(frozen=True, eq=False)
class Stage:
    """The ``weights`` after ``step`` steps, ``epoch`` epochs, as a safetensors file, and what a test of them showed."""

    step: int
    epoch: float
    weights: bytes
    results: Kept | None = None

    @property
    def size(self) -> int:
        """Bytes of the file and of the results."""
        return len(self.weights) + (self.results.size if self.results else 0)


class Stages:
    """Stages of a run, evenly over its reports of weights: the first, and every n-th after it.

    ``n`` doubles whenever there are more than ``most``, or they take more than ``most_bytes``; the first stays always.
    The latest is not among them unless it is an n-th: a run's record has its weights as they are.
    """

    def __init__(self, stages: Iterable[Stage] = (), most: int = MOST_STAGES, most_bytes: int = MOST_BYTES) -> None:
        self._thinned = Thinned[Stage](most - 1, most_bytes, lambda stage: stage.size)  # with the latest ``most``
        for each in stages:
            self.add(each)

    @property
    def kept(self) -> tuple[Stage, ...]:
        """In the order of their steps."""
        return self._thinned.kept

    @property
    def size(self) -> int:
        """Bytes of all of them."""
        return self._thinned.size

    def add(self, new: Stage) -> None:
        """Takes the stage of the next report of weights, whose file may have 32 bits a number."""
        self._thinned.add(lambda: replace(new, weights=halved(new.weights)))


def halved(file: bytes) -> bytes:
    """A safetensors file with its numbers of 32 bits in 16, and all that it tells of itself.

    A tensor with a number too large for 16 bits stays as it is. So does what is no safetensors file.
    """
    try:
        tensors: dict[str, np.ndarray[Any, Any]] = safetensors.numpy.load(file)
    except SafetensorError:
        return file
    size = struct.unpack("<Q", file[:8])[0]
    told = json.loads(file[8 : 8 + size]).get("__metadata__")
    return safetensors.numpy.save({name: _half(values) for name, values in tensors.items()}, told)


def _half(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    is_large = values.dtype != np.float32 or bool((np.abs(values[np.isfinite(values)]) > LARGEST).any())
    return values if is_large else values.astype(np.float16)
