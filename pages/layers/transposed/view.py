"""What the page "Transposed convolution" shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.layers.transposed import Transposed
from explainer.ui.controls.inputs import Input


@dataclass(frozen=True, eq=False)
class View:
    """What the page shows: the input, the kernel (height, width), and the settings."""

    given: Input
    kernel: NDArray[np.float64]
    settings: Transposed

    @property
    def arguments(self) -> tuple[NDArray[Any], NDArray[Any], Transposed]:
        """For the functions of ``explainer.layers.transposed``: inputs, kernels, settings."""
        return self.given.planes, self.kernel[None], self.settings

    @property
    def sizes(self) -> tuple[tuple[int, int], tuple[int, int], Transposed]:
        """For those that need no numbers: height and width of the input and of the kernel, settings."""
        return self.given.size, (self.kernel.shape[0], self.kernel.shape[1]), self.settings
