"""Stacks of convolutions and poolings, written by hand as one short text: ``c3p1,p2,c3d2``.

A layer is its kind and its kernel, ``c`` convolution, ``p`` max pooling, ``a`` average pooling, then what is not at its
default: ``s`` stride (1; of a pooling its kernel), ``p`` padding (0), ``d`` dilation (1), ``l`` instead of ``p`` for
padding before the first unit alone, as causal convolutions have it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from explainer.layers.geometry import extent, output_size
from explainer.layers.receptive import ReceptiveField, Step, receptive_fields
from explainer.words.book import Said, SaidError

Kind = Literal["c", "p", "a"]
KINDS: tuple[Kind, ...] = ("c", "p", "a")
MOST_LAYERS = 20
LIMITS = {"kernel": (1, 31), "stride": (1, 31), "padding": (0, 64), "dilation": (1, 32)}
LONGEST = 400  # characters of a text
_LAYER = re.compile(r"([cpa])(\d{1,4})((?:[spdl]\d{1,4})*)")
_SETTING = re.compile(r"([spdl])(\d+)")
_NAMES = {"s": "stride", "p": "padding", "d": "dilation", "l": "padding"}


class StackError(SaidError, ValueError):
    """This is no stack, or one that does not fit the input; the message is a sentence that says what to change."""


@dataclass(frozen=True)
class Item:
    """One layer along one axis; ``step.padding`` lies before the first unit, ``after`` behind the last."""

    kind: Kind
    step: Step
    after: int = 0


@dataclass(frozen=True)
class Rung:
    """A layer of a ladder: what people and links call it, and how many units it has along an axis."""

    item: Item
    size: int
    title: Said | str
    key: str


@dataclass(frozen=True)
class Ladder:
    """Layers above an input of ``size`` pixels along an axis, each reading the one before; 0 is the input itself."""

    size: int
    rungs: tuple[Rung, ...]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units along an axis: of the input, then of every layer."""
        return self.size, *(rung.size for rung in self.rungs)

    @property
    def fields(self) -> tuple[ReceptiveField, ...]:
        """By the recurrence: of the input, then of every layer."""
        return receptive_fields(rung.item.step for rung in self.rungs)

    def to(self, layer: int) -> Ladder:
        """The first ``layer`` layers."""
        return Ladder(self.size, self.rungs[:layer])


def parse(text: str) -> tuple[Item, ...]:
    """The layers of a text. Raises StackError, a sentence that says which part to change."""
    parts = [part.strip() for part in text.lower().split(",")]
    if not text.strip() or len(text) > LONGEST:
        raise StackError(Said("receptive_field.errors.length", most=LONGEST))
    if len(parts) > MOST_LAYERS:
        raise StackError(Said("receptive_field.errors.layers", count=len(parts), most=MOST_LAYERS))
    return tuple(_layer(part, number) for number, part in enumerate(parts, 1))


def written(stack: tuple[Item, ...]) -> str:
    """The shortest text of which ``parse`` makes ``stack``."""
    return ",".join(map(_text, stack))


def built(stack: tuple[Item, ...], size: int) -> Ladder:
    """The stack above an input of ``size`` pixels. Raises StackError where a layer's window finds no place."""
    sizes, rungs, counts = size, [], dict.fromkeys(KINDS, 0)
    for number, item in enumerate(stack, 1):
        step = item.step
        padded = sizes + step.padding + item.after
        sizes = output_size(sizes, step.kernel, step.stride, (step.padding, item.after), step.dilation)
        if sizes < 1:
            spans = extent(step.kernel, step.dilation)
            raise StackError(Said("receptive_field.errors.no_room", number=number, spans=spans, padded=padded))
        counts[item.kind] += 1
        title = Said(f"receptive_field.kinds.{_name(item.kind)}_of", number=counts[item.kind])
        rungs.append(Rung(item, sizes, title, str(number)))
    return Ladder(size, tuple(rungs))


def fitting(text: str, size: int) -> tuple[Ladder, tuple[Item, ...], StackError | None]:
    """The ladder up to the first layer of ``text`` that cannot be, the layers that can be read, and what is wrong."""
    items, problem = _readable(text)
    for count in range(len(items), 0, -1):
        try:
            return built(items[:count], size), items, problem
        except StackError as error:
            problem = error  # the last one is that of the first layer that fails
    return Ladder(size, ()), items, problem


def _readable(text: str) -> tuple[tuple[Item, ...], StackError | None]:
    parts = text.split(",")[: MOST_LAYERS + 1]
    try:
        return parse(text), None
    except StackError as error:
        problem = error
    for count in range(len(parts) - 1, 0, -1):
        try:
            return parse(",".join(parts[:count])), problem
        except StackError:
            continue
    return (), problem


def seen(ladder: Ladder, layer: int, unit: int) -> tuple[NDArray[np.bool_], ...]:
    """Which units of every layer below, the input first, the ``unit`` of ``layer`` reads, itself the last.

    Exact: padding is no unit, and what dilation and strides pass over is not read. Raises IndexError for a unit that
    there is not.
    """
    if not 0 <= unit < ladder.sizes[layer]:
        raise IndexError(unit)
    read = [np.arange(ladder.sizes[layer]) == unit]
    for rung, size in zip(reversed(ladder.rungs[:layer]), reversed(ladder.sizes[:layer]), strict=True):
        places = taps(rung, np.flatnonzero(read[0])).ravel()
        below = np.zeros(size, bool)
        below[places[(places >= 0) & (places < size)]] = True
        read.insert(0, below)
    return tuple(read)


def taps(rung: Rung, units: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places (units, kernel) that units of a layer read of the one below; outside of it they are padding."""
    step = rung.item.step
    return units[:, None] * step.stride - step.padding + step.dilation * np.arange(step.kernel)


def never_read(ladder: Ladder, layer: int) -> NDArray[np.bool_]:
    """Which inputs (size,) no unit of ``layer`` reads: every stride passes over them, or no window reaches them."""
    read = np.ones(ladder.sizes[layer], bool)
    for rung, size in zip(reversed(ladder.rungs[:layer]), reversed(ladder.sizes[:layer]), strict=True):
        places = taps(rung, np.flatnonzero(read)).ravel()
        read = np.zeros(size, bool)
        read[places[(places >= 0) & (places < size)]] = True
    return ~read


def holes(ladder: Ladder, layer: int) -> NDArray[np.int64]:
    """Which pixels along an axis a field of ``layer`` passes over, far from the border; 0 is the field's first."""
    places = np.zeros(1, np.int64)
    for rung in reversed(ladder.rungs[:layer]):
        places = np.unique(taps(rung, places))
    return np.setdiff1d(np.arange(ladder.fields[layer].size), places - places[0])


def touching_padding(ladder: Ladder, layer: int) -> int:
    """How many units of ``layer``, along an axis, have padding somewhere in their window or in those below it."""
    outside: NDArray[np.bool_] = np.zeros(ladder.size, bool)
    for rung, (before, size) in zip(ladder.rungs[:layer], pairwise(ladder.sizes), strict=False):
        places = taps(rung, np.arange(size))
        inside = (places >= 0) & (places < before)
        outside = np.any(~inside | outside[np.clip(places, 0, before - 1)], axis=1)
    return int(outside.sum())


def weights(ladder: Ladder, layer: int, axes: int) -> tuple[int, int] | None:
    """Weights of the stack up to ``layer`` and of one convolution with its field, in squares of the channels C.

    Along 1 or 2 ``axes``. None where the stack is no plain one of two convolutions or more with stride 1.
    """
    items = [rung.item for rung in ladder.rungs[:layer]]
    if len(items) < 2 or any(item.kind != "c" or item.step.stride > 1 for item in items):
        return None
    return sum(item.step.kernel**axes for item in items), int(ladder.fields[layer].size) ** axes


def central(ladder: Ladder, layer: int) -> int:
    """The unit whose field has its middle nearest to that of the input; the first of two."""
    field = ladder.fields[layer]
    middles = field.start + field.jump * np.arange(ladder.sizes[layer])
    return int(np.abs(middles - (ladder.size - 1) / 2).argmin())


def _layer(part: str, number: int) -> Item:
    found = _LAYER.fullmatch(part)
    if found is None:
        raise StackError(Said("receptive_field.errors.layer", number=number, part=part[:20] or "…"))
    kind, kernel = found[1], int(found[2])
    settings = _SETTING.findall(found[3])
    letters = [letter for letter, _ in settings]
    if len({_NAMES[letter] for letter in letters}) < len(letters):
        raise StackError(Said("receptive_field.errors.twice", number=number, part=part[:20]))
    values = {"kernel": kernel, "stride": 1 if kind == "c" else kernel, "padding": 0, "dilation": 1}
    values |= {_NAMES[letter]: int(value) for letter, value in settings}
    item = Item(cast(Kind, kind), Step(**values), 0 if "l" in letters else values["padding"])
    _check(item, number)
    return item


def _check(item: Item, number: int) -> None:
    step = item.step
    for name, (least, most) in LIMITS.items():
        if not least <= getattr(step, name) <= most:
            what = Said(f"receptive_field.settings.{name}")
            value = getattr(step, name)
            raise StackError(
                Said("receptive_field.errors.range", number=number, what=what, value=value, least=least, most=most)
            )
    if item.kind == "c":
        return
    if item.after != step.padding:
        raise StackError(Said("receptive_field.errors.left_of_pooling", number=number))
    if item.kind == "a" and step.dilation > 1:
        raise StackError(Said("receptive_field.errors.dilated_average", number=number))
    if step.padding > step.kernel // 2:
        most = step.kernel // 2
        raise StackError(
            Said("receptive_field.errors.half", number=number, padding=step.padding, kernel=step.kernel, most=most)
        )


def _text(item: Item) -> str:
    step = item.step
    stride = f"s{step.stride}" if step.stride != (1 if item.kind == "c" else step.kernel) else ""
    side = "p" if item.after == step.padding else "l"
    padding = f"{side}{step.padding}" if step.padding else ""
    dilation = f"d{step.dilation}" if step.dilation > 1 else ""
    return f"{item.kind}{step.kernel}{stride}{padding}{dilation}"


def _name(kind: Kind) -> str:
    return {"c": "convolution", "p": "max_pooling", "a": "average_pooling"}[kind]
