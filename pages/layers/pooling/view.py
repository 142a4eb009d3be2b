"""What the page "Pooling" shows."""

from __future__ import annotations

from dataclasses import dataclass

from explainer.layers import pooling
from explainer.layers.pooling import Pooling
from explainer.ui.controls.inputs import Input


@dataclass(frozen=True, eq=False)
class View:
    """What the page shows: the input and the settings."""

    given: Input
    settings: Pooling

    @property
    def made(self) -> tuple[int, int]:
        """Height and width of the output. Raises GeometryError for impossible settings."""
        return pooling.output_shape(self.given.size, self.settings)
