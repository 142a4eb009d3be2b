"""What the table of four cases says for and against the textbooks' advice."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from explainer.tasks.transfer.cases_config import METHODS, Case, Method

Judgement = Literal["agrees", "open", "differs"]
# Of Student's t with one degree of freedom less than there are splits, at 97.5 %
QUANTILES = {2: 12.706205, 3: 4.302653, 4: 3.182446, 5: 2.776445}


@dataclass(frozen=True)
class Verdict:
    """Of a cell: the ``advised`` method, the better one where there are two, against the best ``other``.

    ``lead`` is how much higher the advised one's accuracy is, by pairs of one split; negative where the other's is.
    ``reach`` is how far its 95 % t-interval goes to either side. ``means`` and ``spreads`` (methods,) are over splits.
    """

    advised: Method
    other: Method
    lead: float
    reach: float
    means: NDArray[np.float64]
    spreads: NDArray[np.float64]

    @property
    def judgement(self) -> Judgement:
        """Whether the advised one is ahead, behind, or neither by more than chance would make it."""
        if abs(self.lead) <= self.reach:
            return "open"
        return "agrees" if self.lead > 0 else "differs"

    @property
    def best(self) -> Method:
        """The method with the highest mean."""
        return self.advised if self.lead >= 0 else self.other


def verdict(case: Case, accuracy: NDArray[np.float64]) -> Verdict | None:
    """Of a cell's ``accuracy`` (methods, splits); None as long as one is not known."""
    if not np.isfinite(accuracy).all():
        return None
    means = accuracy.mean(axis=1)
    advised = max(case.advised, key=lambda method: means[METHODS.index(method)])
    others = [method for method in METHODS if method not in case.advised]
    other = max(others, key=lambda method: means[METHODS.index(method)])
    leads = accuracy[METHODS.index(advised)] - accuracy[METHODS.index(other)]
    splits = len(leads)
    reach = QUANTILES[splits] * leads.std(ddof=1) / sqrt(splits)
    return Verdict(advised, other, float(leads.mean()), float(reach), means, accuracy.std(axis=1, ddof=1))
