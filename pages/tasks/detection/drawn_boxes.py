"""Which of the boxes that are left after suppression are drawn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def above(boxes: NDArray[np.float32], least: float) -> NDArray[np.float32]:
    """The boxes (s, k, 6) with those of a score below ``least`` taken out: all their numbers are 0."""
    return np.where(boxes[..., 4:5] >= least, boxes, np.float32(0))
