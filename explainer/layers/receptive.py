"""What a unit deep in a stack of layers sees of the input: receptive field, jump and start, in plain integers.

Source: Araujo, Norris and Sim 2019, "Computing Receptive Fields of Convolutional Neural Networks", Distill,
equations 2 to 4, with dilation as its section on dilated convolution says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from explainer.layers.geometry import GeometryError, extent
from explainer.words.book import Said


@dataclass(frozen=True)
class Step:
    """One convolution or pooling along one axis; ``padding`` is that before the input."""

    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1


@dataclass(frozen=True)
class ReceptiveField:
    """What the units of a layer see along one axis, in pixels of the input, whose first pixel is 0.

    The first unit sees ``size`` pixels from ``first`` on (negative: that many lie in the padding); each next unit sees
    as many, ``jump`` pixels further. Strides above the kernel and dilation may leave gaps inside the field.
    """

    size: int = 1
    jump: int = 1
    first: int = 0

    @property
    def start(self) -> float:
        """The centre of the first unit's field: 0 is the centre of the first pixel, 0.5 the edge after it."""
        return self.first + (self.size - 1) / 2

    def of(self, unit: int) -> tuple[int, int]:
        """First and last pixel (both included) that a unit sees; they may lie in the padding."""
        first = self.first + unit * self.jump
        return first, first + self.size - 1

    def after(self, step: Step) -> ReceptiveField:
        """The field of the units that one more layer adds."""
        return ReceptiveField(
            self.size + (extent(step.kernel, step.dilation) - 1) * self.jump,
            self.jump * step.stride,
            self.first - step.padding * self.jump,
        )


def receptive_fields(stack: Iterable[Step]) -> tuple[ReceptiveField, ...]:
    """The field of the input itself, then that after every layer of ``stack``.

    Raises GeometryError for a kernel, stride or dilation below 1 or a padding below 0, naming the layer.
    """
    fields = [ReceptiveField()]
    for number, step in enumerate(stack, 1):
        if min(step.kernel, step.stride, step.dilation) < 1 or step.padding < 0:
            raise GeometryError(Said("geometry.layer", number=number))
        fields.append(fields[-1].after(step))
    return tuple(fields)
