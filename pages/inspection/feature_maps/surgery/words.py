"""What the views of surgery say, in sentences and formulas."""

from __future__ import annotations

from typing import Literal

from explainer.inspection.surgery.answers import TEST_DIGITS, Change
from explainer.inspection.surgery.harm import Harm
from explainer.inspection.surgery.operated import cut, operated, step
from explainer.inspection.surgery.operations import (
    Operation,
    Operations,
    Prune,
    Round,
    Scale,
    named,
    short,
    weighted,
)
from explainer.networks.description import Layer
from explainer.networks.graph import Network
from explainer.ui.controls.layer_choice import title
from explainer.ui.language import say
from explainer.words.book import Said
from explainer.words.latex import grouped, latex


def name_of(network: Network, operations: Operations) -> str:
    """What the damaged network is called: at most two operations by name."""
    described = network.description.title
    parts = tuple(say(_named(network, each)) for each in operations[:2])
    rest = len(operations) - len(parts)
    name = say("surgery.name", network=described, parts=parts)
    return say("surgery.name_and_more", name=name, count=rest) if rest else name


def _named(network: Network, operation: Operation) -> Said:
    match operation:
        case Scale():
            return _scaled(operation, is_filter=named(network.description, operation.layer).is_maps)
        case Prune(layer=""):
            return Said("surgery.names.pruned", percent=operation.percent)
        case Prune():
            return Said("surgery.names.pruned_in", percent=operation.percent, layer=operation.layer)
        case Round(layer=""):
            return Said("surgery.names.rounded", count=operation.bits)
        case Round():
            return Said("surgery.names.rounded_in", count=operation.bits, layer=operation.layer)


def _scaled(operation: Scale, *, is_filter: bool) -> Said:
    if operation.factor == 0:
        key = "surgery.names.off" if is_filter else "surgery.names.unit_off"
        return Said(key, layer=operation.layer, unit=operation.unit)
    key = "surgery.names.scaled" if is_filter else "surgery.names.unit_scaled"
    return Said(key, layer=operation.layer, unit=operation.unit, factor=operation.factor)


def notice(change: Change, operations: Operations) -> Said:
    """What the operations came to."""
    right, before = change.right, change.right_before
    if not operations:
        return Said("surgery.whole", right=right, digits=TEST_DIGITS, share=right / TEST_DIGITS)
    values = {"digits": TEST_DIGITS, "share": right / TEST_DIGITS, "before": before}
    return Said("surgery.damaged", right=right, lost=len(change.lost), won=len(change.won), **values)


def what(layer: Layer) -> Literal["filters", "units"]:
    """What a layer has, as the keys of the book's sentences call it."""
    return "filters" if layer.is_maps else "units"


def harm_said(found: Harm, layer: Layer) -> Said:
    """Which filter or hidden unit is worth most, once all are known, and how many are worth nothing."""
    of = what(layer)
    worst = int(found.lost.argmax())
    fewer = int(found.whole - found.right[worst])
    useless = int((found.right >= found.whole).sum())
    if fewer <= 0:
        return Said(f"surgery.harm.{of}.none", layer=title(layer))
    worth = Said(f"surgery.harm.{of}.useless", count=useless) if useless else Said("surgery.harm.all_missed")
    return Said(f"surgery.harm.{of}.worst", layer=title(layer), unit=worst, count=fewer, worth=worth)


def accuracy_formula(change: Change, operations: Operations) -> str:
    """The accuracy with the present numbers."""
    whole, right = grouped(TEST_DIGITS), change.right
    percent = rf"{100 * right / TEST_DIGITS:.2f}\,\%"
    if not operations:
        return rf"\frac{{{grouped(right)}}}{{{whole}}} = {percent}"
    parts = (
        _below(grouped(change.right_before), "surgery.formula.before"),
        "-",
        _below(grouped(len(change.lost)), "surgery.formula.lost"),
        "+",
        _below(grouped(len(change.won)), "surgery.formula.won"),
    )
    return rf"\frac{{{' '.join(parts)}}}{{{whole}}} = {percent}"


def operation_formula(network: Network, operations: Operations) -> str:
    """The last operation with its numbers."""
    before, last = operated(network, operations[:-1]), operations[-1]
    match last:
        case Scale():
            return rf"y_{{{last.unit}}} \leftarrow {latex(last.factor)}\; y_{{{last.unit}}}"
        case Prune():
            found = cut(before, last)
            share = rf"{last.percent}\,\% \cdot {grouped(found.total)} = {grouped(found.zeros)}"
            return rf"w \leftarrow 0 \;\; (|w| \le {latex(found.largest, 3)}:\; {share})"
        case Round():
            name = last.layer or short(weighted(network.description)[0])
            found_step = step(before, name, last.bits)
            most = found_step.levels // 2
            sub = rf"_{{\text{{{name}}}}}"
            width = rf"\frac{{{latex(found_step.largest, 3)}}}{{2^{{{last.bits}-1}}-1}}"
            size = rf"\Delta{sub} = \frac{{\max|w|}}{{{most}}}"
            return (
                rf"{size} = {width} = {latex(found_step.step, 3)}, \quad "
                rf"\hat w = \Delta\, \mathrm{{round}}(w/\Delta)"
            )


def _below(number: str, key: str) -> str:
    return rf"\underbrace{{{number}}}_{{\text{{{say(key)}}}}}"
