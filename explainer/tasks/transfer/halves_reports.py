"""What is reported while networks that read 0 to 4 learn 5 to 9."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from explainer.tasks.transfer.reports import TransferViews
from explainer.training.snapshot import Moment, Snapshot


@dataclass(frozen=True, eq=False)
class HalvesResults:
    """``accuracy`` (ways, counts, seeds), 0..1, on all test digits 5 to 9; NaN where it is not known yet.

    ``first`` is the accuracy on the test digits 0 to 4 of the network that was begun with, where it was trained here.
    """

    accuracy: NDArray[np.float64]
    first: float | None = None

    @property
    def size(self) -> int:
        """Bytes of all arrays."""
        return self.accuracy.nbytes


HalvesSnapshot: TypeAlias = Snapshot[Moment, TransferViews, HalvesResults]
