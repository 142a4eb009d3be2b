"""A network that may say "I don't know": it answers only where its largest probability reaches a threshold.

Coverage and the accuracy of what is answered: C. K. Chow 1970, "On optimum recognition error and reject tradeoff".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explainer.inspection.surgery.answers import Answers


@dataclass(frozen=True, eq=False)
class Abstaining:
    """At each of ``thresholds`` (n,): how many digits are ``answered`` (n,), and how many of those are ``right`` (n,).

    ``digits`` there are.
    """

    thresholds: NDArray[np.float64]
    answered: NDArray[np.int64]
    right: NDArray[np.int64]
    digits: int

    @property
    def coverage(self) -> NDArray[np.float64]:
        """The share (n,) that is answered, 0 to 1."""
        return self.answered / self.digits

    @property
    def accuracy(self) -> NDArray[np.float64]:
        """The share (n,) of the answered that is right, 0 to 1; NaN where none is."""
        return np.where(self.answered > 0, self.right / np.maximum(self.answered, 1), np.nan)


def abstaining(found: Answers, true: NDArray[np.uint8], thresholds: NDArray[np.float64]) -> Abstaining:
    """What is answered of the digits of the classes ``true`` (n,) with a probability of at least each threshold."""
    order = np.argsort(found.confidence, kind="stable")
    sure = found.confidence[order].astype(np.float64)
    right = (found.predicted == true)[order]
    below = np.searchsorted(sure, thresholds, side="left")
    right_below = np.concatenate([[0], np.cumsum(right)])
    return Abstaining(thresholds, len(sure) - below, right_below[-1] - right_below[below], len(sure))


def rejected(found: Answers, threshold: float) -> NDArray[np.int64]:
    """The numbers of the digits that are not answered, the least sure first."""
    order = np.argsort(found.confidence, kind="stable")
    return order[found.confidence[order].astype(np.float64) < threshold]
