"""Two architectures beside each other, and all of torchvision's by accuracy and cost."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from explainer.figures.architectures import Point, accuracy_over_cost
from explainer.networks.architecture_names import TORCHVISION
from explainer.networks.architectures import Published, published
from explainer.networks.failing import Failure
from explainer.networks.memory import training
from explainer.ui.controls.choice import choice
from explainer.ui.frame import page
from explainer.ui.language import say
from explainer.words.book import Said
from pages.networks.architectures.choice import Chosen, keeps, known, names
from pages.networks.architectures.memory import gigabytes
from pages.networks.architectures.words import large

BATCH = 64  # for the memory of training, with momentum
FIRST = "resnet50"


def draw(chosen: Chosen) -> None:
    """The choice of the other architecture, the table of both, and the chart."""
    st.subheader(say("architectures.compare.title"), anchor=False)
    left, right = st.columns([1, 4.2], gap="medium")
    with left:
        offered = names()
        other = known(choice(say("architectures.compare.other"), offered, "other", first=FIRST))
        costs = {"macs": say("architectures.compare.macs"), "parameters": say("architectures.compare.parameters")}
        cost = choice(say("architectures.compare.cost"), costs, "cost")
    with right:
        both = [chosen, other]
        with st.container(key="wide_table"):
            st.markdown(table(both, [offered[each.name] for each in both]))
        marked = {TORCHVISION[each.name] for each in both if each.name in TORCHVISION}
        titles = (costs[cost], say("architectures.compare.accuracy"))
        figure = accuracy_over_cost(points(cost), marked, titles, page.is_dark())
        page.chart(figure, Said("architectures.compare.alt", count=len(TORCHVISION)), "ar_scatter")


def table(both: list[Chosen], titles: list[str]) -> str:
    """A Markdown table with a column for each."""
    rows = [["", *titles], ["---", "---:", "---:"]]
    rows += [[say(label), *map(say, values)] for label, values in _rows(both)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def points(cost: str) -> list[Point]:
    """All of torchvision's architectures: billions of MACs, or millions of parameters."""
    return [
        Point(title, said.giga_macs if cost == "macs" else said.parameters / 1e6, said.top1)
        for name, title in TORCHVISION.items()
        if (said := published(name))
    ]


def _rows(both: list[Chosen]) -> Iterator[tuple[Said, list[Said]]]:
    found = [each.architecture for each in both]
    yield Said("architectures.compare.depth"), [_count(each.depth) for each in found]
    yield Said("architectures.compare.row_parameters"), [_count(each.parameters) for each in found]
    yield Said("architectures.compare.row_macs"), [large(each.macs) for each in found]
    yield Said("architectures.compare.activations"), [large(each.activations) for each in found]
    yield Said("architectures.compare.memory", batch=BATCH), list(map(_memory, both))
    said = [None if each.config else published(each.name) for each in both]
    yield Said("architectures.compare.top1"), [_accuracy(each, "top1") for each in said]
    yield Said("architectures.compare.top5"), [_accuracy(each, "top5") for each in said]


def _memory(each: Chosen) -> Said:
    kept = keeps(each)
    if isinstance(kept, Failure):
        return Said("architectures.compare.none")
    return gigabytes(training(each.architecture, kept, BATCH, "momentum").total)


def _count(value: int) -> Said:
    return Said("architectures.few", value=value)


def _accuracy(said: Published | None, which: str) -> Said:
    if said is None:
        return Said("architectures.compare.none")
    return Said("architectures.compare.percent", share=getattr(said, which) / 100)
