"""Operations on a network's weights, and the text that names them in an address: ``conv2.7*0,prune.30,bits.4.fc1``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from explainer.networks.description import Description, Layer
from explainer.words.book import Said, SaidError

FACTORS = (-2.0, 2.0)
BITS = (2, 8)
MOST = 40  # operations
WHOLE = ""  # in the place of a layer: all layers with weights
_SCALE = re.compile(r"([a-z]+\d*)\.(\d{1,5})\*(-?\d{1,2}(?:\.\d{1,3})?)")
_OTHER = re.compile(r"(prune|bits)\.(\d{1,3})(?:\.([a-z]+\d*))?")
_SHORT = (("convolution-", "conv"), ("fully-connected-", "fc"))


@dataclass(frozen=True)
class Scale:
    """The numbers that filter ``unit`` of ``layer`` gives, normalized where a batch norm follows, times ``factor``."""

    layer: str
    unit: int
    factor: float


@dataclass(frozen=True)
class Prune:
    """The ``percent`` of the weights of the smallest magnitude become 0, of ``layer`` or of all layers together."""

    percent: int
    layer: str = WHOLE


@dataclass(frozen=True)
class Round:
    """The weights of ``layer``, or of each layer for itself, are rounded to 2^bits - 1 levels around 0."""

    bits: int
    layer: str = WHOLE


Operation = Scale | Prune | Round
Operations = tuple[Operation, ...]


class OperationError(SaidError, ValueError):
    """The text names no operation on this network; the message is a sentence that says what to write."""


def short(layer: Layer) -> str:
    """What a layer is called in the text of operations: ``conv2``, ``fc1``, ``logits``."""
    name = layer.key
    for long, brief in _SHORT:
        name = name.replace(long, brief)
    return name


def weighted(description: Description) -> tuple[Layer, ...]:
    """The layers with weights that can be pruned and rounded: convolutions and fully connected ones."""
    return tuple(layer for layer in description.layers if layer.kind in ("convolution", "fully connected"))


def filtering(description: Description) -> tuple[Layer, ...]:
    """Those of them whose filters, or hidden units, can be scaled: all but the one that gives the logits."""
    return tuple(layer for layer in weighted(description) if layer is not description.layers[-1])


def named(description: Description, name: str) -> Layer:
    """The layer that the text of operations calls ``name``. Raises OperationError."""
    known = {short(layer): layer for layer in weighted(description)}
    if name not in known:
        raise OperationError(Said("surgery.problems.layer", name=name, known=tuple(known)))
    return known[name]


def parse(text: str, description: Description) -> Operations:
    """The operations that ``text`` names, in their order; none for an empty text.

    Raises OperationError for nonsense, another network's layers and filters, numbers out of range, and more than
    ``MOST`` operations.
    """
    parts = [part for part in (each.strip().lower() for each in text.split(",")) if part]
    if len(parts) > MOST:
        raise OperationError(Said("surgery.problems.many", count=len(parts), most=MOST))
    return tuple(_parsed(part, description) for part in parts)


def write(operations: Iterable[Operation]) -> str:
    """The text that ``parse`` reads as these operations."""
    return ",".join(map(_written, operations))


def _written(operation: Operation) -> str:
    if isinstance(operation, Scale):
        return f"{operation.layer}.{operation.unit}*{operation.factor:g}"
    place = f".{operation.layer}" if operation.layer else ""
    return f"prune.{operation.percent}{place}" if isinstance(operation, Prune) else f"bits.{operation.bits}{place}"


def _parsed(part: str, description: Description) -> Operation:
    if found := _SCALE.fullmatch(part):
        return _scale(part, description, found[1], int(found[2]), float(found[3]))
    found = _OTHER.fullmatch(part)
    if found is None:
        raise OperationError(Said("surgery.problems.nonsense", text=part[:40]))
    number, place = int(found[2]), found[3] or WHOLE
    if place:
        named(description, place)
    if found[1] == "prune":
        if number > 100:
            raise OperationError(Said("surgery.problems.percent", text=part))
        return Prune(number, place)
    if not BITS[0] <= number <= BITS[1]:
        raise OperationError(Said("surgery.problems.bits", text=part, least=BITS[0], most=BITS[1]))
    return Round(number, place)


def _scale(part: str, description: Description, name: str, unit: int, factor: float) -> Scale:
    layer = named(description, name)
    if layer not in filtering(description):
        raise OperationError(Said("surgery.problems.logits", text=part))
    if unit >= layer.channels:
        key = "surgery.problems.filter" if layer.is_maps else "surgery.problems.unit"
        raise OperationError(Said(key, text=part, layer=name, last=layer.channels - 1))
    if not FACTORS[0] <= factor <= FACTORS[1]:
        raise OperationError(Said("surgery.problems.factor", text=part, least=FACTORS[0], most=FACTORS[1]))
    return Scale(name, unit, factor + 0.0)
