"""What smaller convolutions in a row cost, and one large convolution that reads and sees the same.

Rows of 3 x 3 (K. Simonyan, A. Zisserman 2014, arXiv:1409.1556, section 2.3), a 1 x 1 in front that makes fewer maps
(C. Szegedy et al. 2014, arXiv:1409.4842, section 4), and a depthwise convolution with a 1 x 1 behind it (A. Howard et
al. 2017, arXiv:1704.04861, section 3.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Literal

from explainer.layers.receptive import Step, receptive_fields
from explainer.networks.counting import Pair
from explainer.networks.folding import Architecture, Layer

How = Literal["stacked", "reduced", "separable"]
_POINT, _SMALL = (1, 1), (3, 3)


@dataclass(frozen=True)
class Costs:
    """Parameters, those of normalizations among them, and multiply-accumulates of one picture."""

    parameters: int
    macs: int


@dataclass(frozen=True)
class Factored:
    """``count`` small convolutions and their costs ``of``, and those of what would stand there ``instead``.

    "stacked" and "separable" are a row of convolutions, ``instead`` one with a ``window``. "reduced" is the block
    ``name``, with ``count`` convolutions of 1 x 1 in front of larger ones, ``instead`` the same block without them.
    """

    how: How
    name: str
    count: int
    of: Costs
    instead: Costs
    window: Pair


def factored(architecture: Architecture, layer: Layer) -> Factored | None:
    """Of a row of 3 x 3 that ends with ``layer``, of a block with it as a 1 x 1 in front, or of a depthwise one."""
    step = layer.step
    if step.kind != "convolution":
        return None
    if step.groups == step.inputs > 1:
        after = _only_reader(architecture, layer)
        is_point = after is not None and after.step.window == _POINT and after.step.groups == 1
        return _row("separable", (layer, after)) if after and is_point else None
    if _reduces(architecture, layer) and layer.block:
        return _block(architecture, layer)
    row = _stack(architecture, layer)
    return _row("stacked", row) if len(row) > 1 else None


def one_convolution(row: Sequence[Layer]) -> Costs:
    """Of the one that reads what the first of ``row`` reads, makes the maps of the last, and sees as much."""
    first, last = row[0], row[-1]
    weights = prod(_window(row)) * first.step.inputs * last.maps
    bias = last.maps if last.step.bias else 0
    normalization = last.parameters - last.step.parameters
    return Costs(weights + bias + normalization, weights * prod(last.size or _POINT))


def _row(how: How, row: Sequence[Layer]) -> Factored:
    return Factored(how, row[-1].name, len(row), _costs(row), one_convolution(row), _window(row))


def _block(architecture: Architecture, layer: Layer) -> Factored:
    block = [each for each in architecture.layers if each.block == layer.block]
    rows = [(each, after) for each in block if (after := _reduces(architecture, each))]
    replaced = {each.number for row in rows for each in row}
    parts = [_costs(each for each in block if each.number not in replaced), *map(one_convolution, rows)]
    instead = Costs(sum(part.parameters for part in parts), sum(part.macs for part in parts))
    return Factored("reduced", layer.block, len(rows), _costs(block), instead, _window(rows[0]))


def _costs(layers: Iterable[Layer]) -> Costs:
    found = list(layers)
    return Costs(sum(each.parameters for each in found), sum(each.macs for each in found))


def _window(row: Sequence[Layer]) -> Pair:
    """Rows and columns of the first one's input that a unit of the last one sees."""
    rows, columns = (
        receptive_fields(Step((each.step.window or _POINT)[axis], each.step.stride[axis]) for each in row)[-1].size
        for axis in (0, 1)
    )
    return rows, columns


def _only_reader(architecture: Architecture, layer: Layer) -> Layer | None:
    """The convolution that reads ``layer``, where nothing else does."""
    readers = [each for each in architecture.layers if layer.number in each.reads]
    return readers[0] if len(readers) == 1 and readers[0].step.kind == "convolution" else None


def _reduces(architecture: Architecture, layer: Layer) -> Layer | None:
    """The larger convolution of its block that reads ``layer``, a 1 x 1 that makes fewer maps of its input."""
    step = layer.step
    if step.kind != "convolution" or (step.window, step.stride, step.groups) != (_POINT, _POINT, 1):
        return None
    after = _only_reader(architecture, layer) if layer.maps < step.inputs else None
    is_larger = after is not None and after.step.window != _POINT and after.step.groups == 1
    return after if after and is_larger and after.block == layer.block else None


def _stack(architecture: Architecture, layer: Layer) -> list[Layer]:
    """The 3 x 3 convolutions in a row that end with ``layer``, all with as many maps as they read."""
    row: list[Layer] = []
    at: Layer | None = layer
    while at and _is_small(at) and at.maps == layer.maps and (not row or _only_reader(architecture, at) is row[0]):
        row.insert(0, at)
        at = architecture.layers[at.reads[0]] if len(at.reads) == 1 else None
    return row


def _is_small(layer: Layer) -> bool:
    step = layer.step
    is_plain = (step.window, step.stride, step.dilation, step.groups) == (_SMALL, _POINT, _POINT, 1)
    return step.kind == "convolution" and is_plain and step.inputs == layer.maps
