"""The layers of a network as people list them: batch norm and activation in the row of what they follow, blocks folded.

A block is a module whose layers stand together in the paper: a residual block, an Inception module, a Fire module.
Blocks in a row that are built alike, whatever the number of their maps, are one group with a count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as replaced
from itertools import groupby
from typing import Literal

from explainer.networks.counting import Counted, Pair, Step
from explainer.networks.failing import Failure

Field = int | Literal["whole"] | None  # pixels of a receptive field's side; None where it has no fixed size

_OPEN = {"Sequential", "ModuleList", "ModuleDict", "_DenseBlock", "Encoder", "MaxVitBlock"}  # rows of blocks
_FOLLOWS = {"normalization", "activation"}


@dataclass(frozen=True)
class Layer:
    """One row: a ``step``, the normalization and the activation that follow it, and the sum of what they cost.

    ``name`` is unique; ``reads`` are the numbers of other layers; ``field`` the side of the receptive field.
    """

    number: int
    name: str
    step: Step
    reads: tuple[int, ...]
    block: str
    field: Field
    normalization: str = ""
    activation: str = ""
    parameters: int = 0

    @property
    def key(self) -> str:
        """Its name in small letters, as in an address."""
        return self.name.lower()

    @property
    def macs(self) -> int:
        """Of one picture."""
        return self.step.macs

    @property
    def activations(self) -> int:
        """Numbers that it hands on."""
        return self.step.activations

    @property
    def maps(self) -> int:
        """Maps or features."""
        shape = self.step.shape
        return shape[0] if self.has_maps_first else shape[-1]

    @property
    def size(self) -> Pair | None:
        """Rows and columns; tokens in a row are one column of a picture; None for a vector."""
        shape = self.step.shape
        if len(shape) == 3:
            return (shape[1], shape[2]) if self.has_maps_first else (shape[0], shape[1])
        return (shape[0], 1) if len(shape) == 2 else None

    @property
    def has_maps_first(self) -> bool:
        """Whether the shape is (maps, height, width): of two sides that are alike, the last two are the picture's."""
        shape = self.step.shape
        return len(shape) == 3 and (shape[1] == shape[2] or shape[0] != shape[1])


@dataclass(frozen=True)
class Group:
    """``repeats`` blocks built alike of ``length`` layers each from layer ``first`` on, or one layer of no block."""

    first: int
    length: int
    repeats: int
    title: str

    @property
    def layers(self) -> range:
        """The numbers of its layers."""
        return range(self.first, self.first + self.length * self.repeats)


@dataclass(frozen=True)
class Architecture:
    """All layers in order, the input first, in groups; ``idle`` of the ``parameters`` are read in training alone.

    Where a layer cannot compute an input of this size, ``failure`` says which and why, and the layers end before it.
    """

    layers: tuple[Layer, ...]
    groups: tuple[Group, ...]
    parameters: int
    idle: int
    failure: Failure | None = None

    @property
    def macs(self) -> int:
        """Of one picture."""
        return sum(layer.macs for layer in self.layers)

    @property
    def activations(self) -> int:
        """Numbers that all layers put out for one picture, without the input."""
        return sum(layer.activations for layer in self.layers[1:])

    @property
    def jump(self) -> int:
        """Pixels of the input between two neighbours of the last map."""
        jump, at = 1, self.layers[-1]
        while at.reads:
            jump *= at.step.stride[0]
            at = self.layers[at.reads[0]]
        return jump

    @property
    def depth(self) -> int:
        """Layers with weights that are multiplied, one after the other: what the number in "ResNet-50" counts."""
        longest: list[int] = []
        for layer in self.layers:
            own = layer.step.kind in ("convolution", "fully-connected")
            longest.append(max((longest[i] for i in layer.reads), default=0) + own)
        return longest[-1]

    def layer(self, name: str) -> Layer | None:
        """The layer called ``name``, or that in small letters; None where there is none."""
        return next((layer for layer in self.layers if name in (layer.name, layer.key)), None)


def fold(counted: Counted) -> Architecture:
    """Rows and groups of what was counted."""
    layers = tuple(_rows(counted))
    groups = tuple(_groups(layers, counted.blocks))
    return Architecture(layers, groups, counted.parameters, counted.idle, counted.failure)


def _rows(counted: Counted) -> list[Layer]:
    rows: list[Layer] = []
    row_of: dict[int, int] = {}  # the number of a step -> that of its row
    last: dict[int, int] = {}  # the number of a row -> that of its last step
    readers = Counter(source for step in counted.steps for source in step.reads)
    fields: list[Field] = []
    names = Counter[str]()
    for step in counted.steps:
        fields.append(_field(step, counted.steps, fields))
        block = _block(step.path, counted.blocks)
        before = rows[-1] if rows else None
        if before and _belongs(step, before, block, last[before.number], readers):
            rows[-1] = _joined(before, step)
            row_of[step.number] = before.number
            last[before.number] = step.number
            continue
        number = row_of[step.number] = len(rows)
        last[number] = step.number
        reads = tuple(sorted({row_of[source] for source in step.reads}))
        row = Layer(number, _name(step, names), step, reads, block, fields[-1], parameters=step.parameters)
        rows.append(replaced(row, activation=step.type) if step.kind == "activation" else row)
    return rows


def _belongs(step: Step, row: Layer, block: str, last: int, readers: Mapping[int, int]) -> bool:
    """Whether the step is the normalization or the activation of what stands in the row, and of nothing else."""
    alone = step.reads == (last,) and readers[last] == 1 and last > 0
    taken = row.activation or (step.kind == "normalization" and row.normalization)
    return alone and step.kind in _FOLLOWS and not taken and row.block == block


def _joined(row: Layer, step: Step) -> Layer:
    parameters = row.parameters + step.parameters
    if step.kind == "normalization":
        return replaced(row, normalization=step.type, parameters=parameters)
    return replaced(row, activation=step.type, parameters=parameters)


def _name(step: Step, names: Counter[str]) -> str:
    is_function = step.type.islower() or not step.path
    name = f"{step.path}.{step.type}".strip(".") if is_function else step.path
    names[name] += 1
    return name if names[name] == 1 else f"{name}-{names[name]}"


def _block(path: str, blocks: Mapping[str, str]) -> str:
    """The outermost block around ``path``, "" for none."""
    parts = path.split(".")
    outer = (".".join(parts[: i + 1]) for i in range(len(parts)))
    return next((each for each in outer if each and blocks.get(each, "Sequential") not in _OPEN), "")


def _groups(layers: Sequence[Layer], blocks: Mapping[str, str]) -> Iterator[Group]:
    first = 0
    units: list[tuple[int, tuple[object, ...], str]] = []  # length, what is alike, block
    for block, members in groupby(layers, lambda layer: layer.block or f"#{layer.number}"):
        unit = list(members)
        shape = tuple(_alike(layer, unit[0].number) for layer in unit)
        units.append((len(unit), (blocks.get(block), *shape), block if len(unit) > 1 else ""))
    for _, alike in groupby(units, lambda unit: unit[1] if unit[2] else id(unit)):
        same = list(alike)
        length, block = same[0][0], same[0][2]
        title = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", blocks[block].strip("_")) if block else ""
        yield Group(first, length, len(same), title)
        first += length * len(same)


def _alike(layer: Layer, first: int) -> tuple[object, ...]:
    """What a layer shares with that at its place in a block built alike: all but how many maps it reads and makes."""
    step = layer.step
    settings = (step.window, step.stride, step.padding, step.dilation)
    inside = tuple(each - first for each in layer.reads if each >= first)
    return step.kind, layer.size, settings, step.groups > 1, layer.normalization, layer.activation, inside


def _field(step: Step, steps: Sequence[Step], before: Sequence[Field]) -> Field:
    """The receptive field along the rows, by the largest of the branches."""
    if step.kind == "input":
        return 1
    known = [before[i] for i in step.reads]
    if "whole" in known or _sees_all(step, steps):
        return "whole"
    if None in known or step.kind in ("attention", "matrix-product"):
        return None
    size = max(each for each in known if isinstance(each, int))
    extent = (step.window[0] - 1) * step.dilation[0] if step.window else 0
    return size + extent * _jump(step.reads[0], steps)


def _sees_all(step: Step, steps: Sequence[Step]) -> bool:
    given = steps[step.reads[0]].shape
    match step.kind:
        case "attention":
            return step.type == "MultiheadAttention"
        case "fully-connected":
            return len(step.shape) == 1
        case "average-pooling" | "max-pooling":
            return step.window is None and step.shape != given
        case _:
            return False


def _jump(number: int, steps: Sequence[Step]) -> int:
    """Pixels of the input between two neighbours of a step's output."""
    jump = 1
    while number:
        jump *= steps[number].stride[0]
        number = steps[number].reads[0]
    return jump
