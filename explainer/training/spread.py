"""How the weights of every layer were spread at moments of a run, and how large the gradients of their steps were.

The bands of weights over training: M. Görner, "Learn TensorFlow and deep learning, without a Ph.D.", 2017, as
TensorBoard's distributions draw them. The percentiles are those of a normal distribution at 0, ±1/2, ±1 and ±3/2
standard deviations, and the ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explainer.networks.plan import title
from explainer.training.thinned import Thinned
from explainer.words.book import Said, Value

PERCENTILES = (0.0, 7.0, 16.0, 31.0, 50.0, 69.0, 84.0, 93.0, 100.0)
LOW, HIGH = PERCENTILES.index(16.0), PERCENTILES.index(84.0)
MOST_SPREADS = 120
MOST_BYTES = 2**18  # of all that are kept of a run
OVERHEAD = 1_000  # bytes of one in memory beside its numbers


@dataclass(frozen=True, eq=False)
class Spread:
    """One moment: for the ``layers``, keys of a plan, ``weights`` and ``biases`` (layers, 9) float32 at PERCENTILES.

    ``gradients`` (layers,) float32 are the norms of the gradient of the step before, weights and bias together. NaN
    where there is none, or where numbers are not finite.
    """

    epoch: float
    layers: tuple[str, ...]
    weights: NDArray[np.float32]
    biases: NDArray[np.float32]
    gradients: NDArray[np.float32]

    @property
    def size(self) -> int:
        """Bytes of all of it."""
        return self.weights.nbytes + self.biases.nbytes + self.gradients.nbytes + OVERHEAD


class Spreads:
    """Spreads of a run, evenly over its reports: the first, every n-th, and the latest."""

    def __init__(self, spreads: Iterable[Spread] = ()) -> None:
        self._thinned = Thinned[Spread](MOST_SPREADS - 1, MOST_BYTES, lambda spread: spread.size)
        self._latest: tuple[Spread, ...] = ()
        for each in spreads:
            self.add(each)

    @property
    def kept(self) -> tuple[Spread, ...]:
        """In the order of their steps."""
        kept = self._thinned.kept
        return kept if kept[-1:] == self._latest else (*kept, *self._latest)

    @property
    def size(self) -> int:
        """Bytes of all of them."""
        return sum(each.size for each in self.kept)

    def add(self, new: Spread) -> None:
        """Takes that of the next report."""
        self._latest = (new,)
        self._thinned.add(lambda: new)


def notice(spreads: Sequence[Spread]) -> Said | None:
    """Which layer's weights have spread most since the start, and between which layers the gradients differ most.

    None before a step.
    """
    if len(spreads) < 2 or not np.isfinite(spreads[-1].gradients).all():
        return None
    first, last = spreads[0], spreads[-1]
    before, after = (each.weights[:, HIGH] - each.weights[:, LOW] for each in (first, last))
    growth = after / np.maximum(before, np.finfo(np.float32).tiny)
    most = int(np.abs(np.log(np.maximum(growth, np.finfo(np.float32).tiny))).argmax())
    small, large = int(last.gradients.argmin()), int(last.gradients.argmax())
    wide, weak, strong = (title(last.layers[number]) for number in (most, small, large))
    moved: dict[str, Value] = {"wide": wide, "times": float(growth[most])}
    moved |= {"before": float(before[most]), "after": float(after[most])}
    if small == large or not last.gradients[small]:
        return Said("spread.moved", **moved)
    ratio = float(last.gradients[large] / last.gradients[small])
    norm = float(last.gradients[small])
    return Said("spread.both", **moved, weak=weak, strong=strong, norm=norm, ratio=ratio)
