"""The size that a convolution makes, as a formula with its numbers put in."""

from __future__ import annotations

from collections.abc import Iterator

from explainer.layers import geometry
from explainer.layers.convolution import Convolution, padding_of


def sizes_formula(size: tuple[int, int], kernel: tuple[int, int], settings: Convolution) -> Iterator[str]:
    """Height and width of the output, in LaTeX, also where they are below 1: the settings are then impossible.

    ``size`` and ``kernel`` are (height, width). Raises GeometryError for a stride or dilation below 1.
    """
    names = ("H", "W")
    for axis, sides in enumerate(padding_of(size, kernel, settings)):
        stride, dilation = settings.stride[axis], settings.dilation[axis]
        made = geometry.positions(size[axis], kernel[axis], stride, sides, dilation)
        yield (
            rf"{names[axis]}_{{\text{{out}}}} = \left\lfloor \frac{{"
            rf"{size[axis]} + {sides[0]} + {sides[1]} - {dilation} \cdot ({kernel[axis]} - 1) - 1}}"
            rf"{{{stride}}} \right\rfloor + 1 = {geometry.result(made)}"
        )
