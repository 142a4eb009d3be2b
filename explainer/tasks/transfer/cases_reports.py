"""What the table of four cases reports while it fills."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from explainer.tasks.transfer.reports import TransferViews
from explainer.training.snapshot import Moment, Snapshot


@dataclass(frozen=True, eq=False)
class CasesResults:
    """``accuracy`` (cases, methods, splits), 0..1, on the held-out pictures; NaN where it is not known yet."""

    accuracy: NDArray[np.float64]

    @property
    def size(self) -> int:
        """Bytes of all arrays."""
        return self.accuracy.nbytes


CasesSnapshot: TypeAlias = Snapshot[Moment, TransferViews, CasesResults]
