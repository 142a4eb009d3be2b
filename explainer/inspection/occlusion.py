"""Which parts of a picture a class needs: a patch covers one place after the other, and the network looks again.

M. Zeiler and R. Fergus 2013, arXiv:1311.2901, section 4.2. Without gradients, so it is what the network does, not what
it would do next to the picture; but a patch is a shape, too, and two parts that say the same hide each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from explainer.inspection.target import Floats, Target, array, at_once, tensor
from explainer.networks.graph import Network, logits

MOST_POSITIONS = 900
_ROUNDING = 32  # units in the last place of the largest logit: batches round differently, and that is no finding


@dataclass(frozen=True, eq=False)
class Occlusion:
    """What the network says with a ``patch`` x ``patch`` square covered at every position.

    ``starts`` (n,) are the first rows, and the first columns, that it covers; ``logits`` (n, n, classes) those with it
    there, NaN where it was not yet, and ``base`` (classes,) those of the whole picture, which is ``size`` pixels wide.
    """

    size: int
    patch: int
    starts: tuple[int, ...]
    base: Floats
    logits: Floats

    @property
    def done(self) -> int:
        """Positions that have been tried."""
        return int(np.isfinite(self.logits[:, :, 0]).sum())

    @property
    def positions(self) -> int:
        """All positions."""
        return len(self.starts) ** 2

    def scores(self, target: Target) -> Floats:
        """The target (n, n) with the patch at each position."""
        return _score(self.logits, target)

    def drops(self, target: Target) -> Floats:
        """How far the target falls (n, n) with the patch at each position; NaN where it was not yet.

        What is within rounding is 0.
        """
        base, scores = _score(self.base, target), self.scores(target)
        drops: Floats = base - scores
        rounding = _ROUNDING * np.finfo(self.base.dtype).eps * np.abs(self.base).max()
        if target.of == "probability":  # by its slope, p (1 - p)
            rounding = rounding * np.maximum(scores * (1 - scores), base * (1 - base))
        return np.where(np.abs(drops) <= rounding, 0, drops)

    def heat(self, target: Target) -> Floats:
        """For every pixel (size, size) the mean drop over the patches that covered it, NaN where none did."""
        total, count = np.zeros((self.size, self.size)), np.zeros((self.size, self.size))
        for (row, column), drop in np.ndenumerate(self.drops(target)):
            if np.isfinite(drop):
                top, left = self.starts[row], self.starts[column]
                total[top : top + self.patch, left : left + self.patch] += drop
                count[top : top + self.patch, left : left + self.patch] += 1
        with np.errstate(invalid="ignore"):
            return np.asarray(total / count, dtype=self.base.dtype)


def starts(size: int, patch: int, stride: int) -> tuple[int, ...]:
    """The first rows, or columns, of the patches on ``size`` pixels: every ``stride``, and one at the far border."""
    return (*range(0, size - patch, stride), size - patch)


def least_stride(size: int, patch: int) -> int:
    """The smallest stride with which there are at most ``MOST_POSITIONS`` positions."""
    return next(step for step in range(1, size + 1) if len(starts(size, patch, step)) ** 2 <= MOST_POSITIONS)


def occlusion(
    network: Network, inputs: Floats, fill: Floats, *, patch: int, stride: int, batch: int = 0
) -> Iterator[Occlusion]:
    """Covers ``inputs`` (1, channels, size, size) with a part of ``fill``, of the same shape, at every position.

    Yields what is known so far, row by row, after every ``batch`` pictures; not given, it is as many as go through
    the network at once. Raises ValueError for a patch that does not fit, or for more than ``MOST_POSITIONS`` positions.
    """
    size = inputs.shape[-1]
    if not (1 <= patch <= size and stride >= least_stride(size, patch)):
        raise ValueError(f"A patch of {patch} pixels, every {stride}, on {size} pixels.")
    places = starts(size, patch, stride)
    corners = [(row, column) for row in range(len(places)) for column in range(len(places))]
    batch = batch or at_once(inputs)
    picture, cover = tensor(network, inputs), tensor(network, fill)
    with torch.no_grad():
        base = array(logits(network, picture)[0])
    found = np.full((len(places), len(places), len(base)), np.nan, base.dtype)
    for first in range(0, len(corners), batch):
        part = corners[first : first + batch]
        covered = picture.repeat(len(part), 1, 1, 1)
        for number, (row, column) in enumerate(part):
            rows, columns = (slice(places[at], places[at] + patch) for at in (row, column))
            covered[number, :, rows, columns] = cover[0, :, rows, columns]
        with torch.no_grad():
            values = array(logits(network, covered))
        found = found.copy()
        found[tuple(zip(*part, strict=True))] = values
        yield Occlusion(size, patch, places, base, found)


def _score(values: Floats, target: Target) -> Floats:
    """The target of logits (..., classes)."""
    if target.of == "logit":
        return values[..., target.label]
    powers = np.exp(values.astype(np.float64) - values.max(-1, keepdims=True))  # else 1 less a probability is lost
    result: Floats = powers[..., target.label] / powers.sum(-1)
    return result
