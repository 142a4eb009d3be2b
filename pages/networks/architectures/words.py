"""What the page "Architectures" says in numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from explainer.networks.factoring import Factored
from explainer.networks.folding import Architecture, Layer
from explainer.words.book import Said, Value
from pages.networks.architectures.choice import Chosen

_PLACES = {"convolution", "fully-connected", "attention", "normalization"}


def notice(architecture: Architecture) -> Said:
    """Which kind of layers holds most parameters, which computes most, and which layer hands on most numbers."""
    holder, share = _most(architecture, lambda layer: layer.parameters)
    worker, macs_share = _most(architecture, lambda layer: layer.macs)
    widest = max(architecture.layers[1:], key=lambda layer: layer.activations)
    counts: dict[str, Value] = {
        "parameters": architecture.parameters - architecture.idle,
        "macs": large(architecture.macs),
    }
    shares: dict[str, Value] = {"share": _share(share), "holder": holder, "macs_share": _share(macs_share)}
    largest: dict[str, Value] = {"widest": widest.name, "numbers": widest.activations}
    if holder == worker:
        return Said("architectures.notice_same", **counts, **shares, **largest)
    return Said("architectures.notice", **counts, **shares, worker=worker, **largest)


def large(value: int) -> Said:
    """A count as people say it: "15.5 billion"."""
    if value >= 1e9:
        return Said("architectures.many", value=value / 1e9)
    if value >= 1e6:
        return Said("architectures.some", value=value / 1e6)
    return Said("architectures.few", value=value)


def seen(chosen: Chosen) -> Said:
    """What a unit of the chosen layer sees of the input."""
    field, name = chosen.layer.field, chosen.layer.name
    if field == "whole":
        return Said("architectures.field_whole", layer=name)
    if field is None:
        return Said("architectures.field_other", layer=name)
    if field > max(chosen.input_shape[1:]):
        return Said("architectures.field_larger", layer=name, side=field)
    return Said("architectures.field", layer=name, side=field)


def both_counts(found: Factored) -> Said:
    """What small convolutions cost, and what stands in their place with large ones."""
    counts: dict[str, Value] = {
        "parameters": found.of.parameters,
        "macs": found.of.macs,
        "other_parameters": found.instead.parameters,
        "other_macs": found.instead.macs,
    }
    (rows, columns), count = found.window, found.count
    match found.how:
        case "reduced":
            return Said("architectures.factored.reduced", block=found.name, count=count, **counts)
        case "stacked":
            sizes = {"rows": rows, "columns": columns}
            return Said("architectures.factored.stacked", count=count, layer=found.name, **sizes, **counts)
        case "separable":
            return Said("architectures.factored.separable", rows=rows, columns=columns, **counts)


def _share(share: float) -> Said:
    return Said("architectures.all") if share == 1 else Said("architectures.portion", share=share)


def _most(architecture: Architecture, cost: Callable[[Layer], int]) -> tuple[Said, float]:
    """The kind of layers with most of ``cost``, how many of them have some, and their share."""
    sums: dict[str, int] = defaultdict(int)
    counts: dict[str, int] = defaultdict(int)
    for layer in architecture.layers:
        kind = layer.step.kind if layer.step.kind in _PLACES else "other"
        sums[kind] += cost(layer)
        counts[kind] += cost(layer) > 0
    most = max(sums, key=lambda kind: sums[kind])
    return _place(most, counts[most]), sums[most] / max(sum(sums.values()), 1)


def _place(kind: str, count: int) -> Said:
    return next(said for name, said in _places(count) if name == kind)


def _places(count: int) -> Iterator[tuple[str, Said]]:
    yield "convolution", Said("architectures.places.convolution", count=count)
    yield "fully-connected", Said("architectures.places.fully_connected", count=count)
    yield "attention", Said("architectures.places.attention", count=count)
    yield "normalization", Said("architectures.places.normalization", count=count)
    yield "other", Said("architectures.places.other", count=count)
