"""The first view of "Architectures": the layers of one, at any input size, and what each of them costs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.networks.architecture_formula import cost_formula, failure_formula, pooling_formula
from explainer.networks.architectures import published
from explainer.networks.counting_code import counting_code
from explainer.networks.factoring import factored
from explainer.networks.folding import Architecture
from explainer.networks.sizes import Pooled, hides_size
from explainer.ui.frame import page
from explainer.ui.language import say
from explainer.words.book import Said
from explainer.words.numbers import decimal
from pages.networks.architectures import choice, comparison, memory, seeing
from pages.networks.architectures.choice import Chosen
from pages.networks.architectures.cost_picture import cost_picture
from pages.networks.architectures.layer_table import layer_table
from pages.networks.architectures.resizing import about_size, failed
from pages.networks.architectures.rows import to_csv
from pages.networks.architectures.words import both_counts, large, notice, seen

PICTURE, TABLE = "ar_picture", "ar_table"  # the components


def controls(place: DeltaGenerator) -> None:
    """The choices, and what the architecture is in numbers."""
    with place:
        choice.choose()
        st.markdown("  \n".join(map(say, _facts(choice.chosen()))))


def picture(place: DeltaGenerator, below: DeltaGenerator) -> None:
    """The columns, what they say and what one layer costs; below them the table, memory and the comparison."""
    chosen = choice.chosen()
    found = chosen.architecture
    with place:
        cost_picture(found, chosen.name, chosen.layer.name, PICTURE, partial(choice.take, PICTURE))
        page.notice(failed(chosen, found.failure) if found.failure else notice(found))
        _draw_layer(chosen)
    with below:
        st.subheader(say("architectures.table"), anchor=False)
        layer_table(found, chosen.name, chosen.layer.name, TABLE, partial(choice.take, TABLE))
        file = f"{chosen.key}.csv"
        st.download_button(say("architectures.download"), to_csv(found), file, "text/csv", on_click="ignore")
        page.pytorch_snippet(_code(chosen))
        if not found.failure:
            memory.draw(chosen)
            comparison.draw(chosen)


def _code(chosen: Chosen) -> str:
    does_fail = chosen.architecture.failure is not None
    return counting_code(chosen.name, chosen.config, chosen.side, chosen.head, does_fail=does_fail)


def _draw_layer(chosen: Chosen) -> None:
    names = say("architectures.formula.parameters"), say("architectures.formula.macs")
    pooled = adaptive(chosen.architecture)
    formulas = list(failure_formula(chosen.architecture)) or list(cost_formula(chosen.layer, *names))
    if pooled and pooled.layer == chosen.layer.name:
        formulas = [pooling_formula(pooled, say("architectures.formula.row"))]
    if formulas:
        page.formula(*formulas)
    sentences = about_size(chosen) if chosen.architecture.failure else (*about_size(chosen), *_about(chosen))
    st.markdown(" ".join(map(say, sentences)))


def adaptive(architecture: Architecture) -> Pooled | None:
    """The adaptive pooling that changes the size of maps to another than one number each."""
    pooled = hides_size(architecture)
    return pooled if pooled and pooled.given != pooled.made != (1, 1) else None


def _about(chosen: Chosen) -> Iterator[Said]:
    yield seen(chosen)
    layer = chosen.layer
    if not layer.macs:
        yield Said("architectures.no_weights")
    if layer.normalization:
        yield Said("architectures.normalized", count=layer.parameters - layer.step.parameters)
    if found := factored(chosen.architecture, layer):
        yield both_counts(found)
    if where := seeing.link(chosen):
        yield where


def _facts(chosen: Chosen) -> Iterator[Said]:
    found = chosen.architecture
    channels, rows, columns = chosen.input_shape
    yield Said("architectures.size", channels=channels, rows=rows, columns=columns)
    if not found.failure:
        yield Said("architectures.depth", depth=found.depth)
    yield Said("architectures.parameters", count=found.parameters)
    if found.failure:
        return
    if found.idle:
        yield Said("architectures.idle", parameters=found.parameters, idle=found.idle)
    yield Said("architectures.macs", macs=large(found.macs))
    yield Said("architectures.activations", numbers=large(found.activations))
    said = published(chosen.name) if chosen.is_as_made and not chosen.config else None
    if said:
        yield Said("architectures.accuracy", top1=decimal(said.top1, ".1f"), top5=decimal(said.top5, ".1f"))
