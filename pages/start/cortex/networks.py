"""The later steps: a network each, its stages to scale, and what of it the app shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import streamlit as st

from explainer.networks.milestones import Milestone, milestone
from explainer.ui.frame import page
from explainer.ui.language import say
from explainer.words.book import Said
from pages.start.cortex.page_links import Link, page_links
from pages.start.cortex.stage_picture import stage_picture

# What each step had: a key of the book, and the pages that show it, each by its key, its page and its controls.
Shown = tuple[str, tuple[tuple[str, str, Mapping[str, str]], ...]]
HAD: dict[str, tuple[Shown, ...]] = {
    "cells": (
        ("field", (("receptive_field", "receptive_field", {}),)),
        ("sum", (("convolution", "convolution", {}), ("filters", "filters", {}))),
        ("threshold", (("activation", "activation", {}),)),
        ("maximum", (("pooling", "pooling", {}),)),
    ),
    "neocognitron": (
        ("s_cells", (("convolution", "convolution", {}), ("channels", "channels", {}))),
        ("rectified", (("activation", "activation", {}),)),
        ("c_cells", (("pooling", "pooling", {}),)),
        ("hierarchy", (("receptive_field", "receptive_field", {}),)),
    ),
    "lenet-1989": (
        ("shared", (("convolution", "convolution", {}), ("channels", "channels", {}))),
        ("backpropagation", (("x_or_o", "x_or_o", {"xo_view": "steps"}),)),
        ("strided", (("convolution", "convolution", {"sy": "2", "sx": "2"}),)),
    ),
    "lenet-5": (
        ("whole", (("train", "train", {"preset": "lenet-5"}), ("architectures", "architectures", {}))),
        ("subsampling", (("pooling", "pooling", {}),)),
        ("mnist", (("train", "train", {}), ("feature_maps", "feature_maps", {}))),
    ),
    "alexnet": (
        ("relu", (("activation", "activation", {}),)),
        ("dropout", (("dropout", "dropout", {}), ("regularization", "regularization", {}))),
        ("depth", (("architectures", "architectures", {"network": "alexnet"}),)),
        ("inside", (("attribution", "attribution", {"i_net": "squeezenet"}),)),
    ),
}


@st.cache_data(max_entries=8, show_spinner=False)
def _milestone(name: str) -> Milestone:
    return milestone(name)


def picture(step: str) -> None:
    """Draws the network of ``step``, and says what it has."""
    found = _milestone(step)
    stage_picture(found, "co_stages")
    page.notice(notice(step, found))
    if formula := formula_of(found):
        page.formula(formula)


def links(step: str) -> None:
    """Draws what ``step`` had, and where the app shows it."""
    rows = [
        (say(f"cortex.had.{had}"), [Link(say(f"cortex.pages.{name}"), path, query) for name, path, query in pages])
        for had, pages in HAD[step]
    ]
    st.subheader(say("cortex.shown"), anchor=False)
    page_links(rows, "co_links")


def notice(step: str, found: Milestone) -> Said:
    """The numbers of a network in a sentence."""
    if step == "neocognitron":
        return Said("cortex.networks.neocognitron", units=found.units, planes=found.stages[1].maps)
    if step == "alexnet":
        last = sum(stage.weights for stage in found.stages if stage.kind == "connected")
        return Said("cortex.networks.alexnet", parameters=found.weights, share=last / found.weights)
    told = {"units": found.units, "parameters": found.weights, "connections": found.connections}
    fold = found.connections / found.weights
    if step == "lenet-1989":
        return Said("cortex.networks.lenet_1989", **told, fold=fold)
    return Said("cortex.networks.lenet_5", **told, fold=fold)


def formula_of(found: Milestone) -> str:
    """How the parameters of a network add up; "" for the Neocognitron, whose are not counted."""
    parts = list(_weights(found))
    if not parts:
        return ""
    return f"{' + '.join(parts)} = {_count(found.weights)}"


def _weights(found: Milestone) -> Iterator[str]:
    for stage in found.stages:
        if stage.weights:
            yield rf"\underbrace{{{_count(stage.weights)}}}_{{\text{{{stage.name}}}}}"


def _count(weights: int) -> str:
    return f"{weights:,}".replace(",", "{,}")
